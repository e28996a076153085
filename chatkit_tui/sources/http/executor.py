"""Execute a request: send it, wait, and retry where that is safe."""

from __future__ import annotations

import asyncio
import logging
import random as chance
import sys
import time
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Final, NamedTuple, TypeVar

from chatkit_tui.errors import APIConnectionError, APIError, ConfigError, ReadOnlyError
from chatkit_tui.models.json import TooMuchError
from chatkit_tui.sources.base import Retry
from chatkit_tui.sources.http.connection_errors import (
    ConnectionFailure,
    describe_bad_body,
    fault_of_transfer,
    unusable_response,
)
from chatkit_tui.sources.http.deadlines import report_late
from chatkit_tui.sources.http.request import Request
from chatkit_tui.sources.http.response import LARGE_ANSWER, RawResponse
from chatkit_tui.sources.http.retry import may_retry, requested_delay, retry_delay, retry_reason
from chatkit_tui.sources.http.status_errors import may_have_worked, status_error
from chatkit_tui.sources.http.transport import Transport, in_thread

T = TypeVar("T")

_ITEMS: Final = "chatkit_tui.models.items"
"""Where the models of items are, with all that a list of threads does without."""

logger = logging.getLogger("chatkit_tui.sources.http")


class RequestOptions(NamedTuple):
    """How requests are made, and which callbacks observe them."""

    read_only: bool = False
    """Whether requests that may change something are rejected."""
    max_retries: int = 2
    """How often a request is retried where that is safe."""
    background: bool = False
    """Whether requests wait until no other is pending."""
    on_retry: Callable[[Retry], object] | None = None
    """Called before each wait; an exception from it ends the request."""
    on_reach: Callable[[bool], object] | None = None
    """Called after each try with whether the server was reached."""
    on_late: Callable[[], object] | None = None
    """Called when a try, or reading its response, takes longer than `LATE_AFTER`."""
    before_read: Callable[[], Awaitable[object]] | None = None
    """Awaited before a response is read, which keeps the event loop busy for milliseconds."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Wait for a number of seconds."""
    clock: Callable[[], float] = time.time
    """Unix seconds."""
    random: Callable[[], float] = chance.random
    """Return 0 to 1."""


class CallResult(NamedTuple):
    """The result of a request and of its retries."""

    result: RawResponse | ConnectionFailure
    """The result of the last try."""
    in_doubt: bool
    """Whether any of the tries may have had its effect unconfirmed."""


class RequestExecutor:
    """Executes the requests of one client, with retries, limits and read-only mode."""

    def __init__(self, transport: Transport, options: RequestOptions) -> None:
        """Use the connections of `transport`. Raise `ConfigError` for less than 0 retries."""
        if options.max_retries < 0:
            raise ConfigError(f"max_retries must be 0 or more, not {options.max_retries}.")
        self._transport = transport
        self.endpoint = transport.endpoint
        self.options = options

    async def answer(self, request: Request) -> RawResponse:
        """Execute a request and return a complete 2xx response; raise for anything else."""
        report = await self.report(request)
        if error := self.error(report.result, request):
            error.in_doubt = report.in_doubt
            raise error
        assert isinstance(report.result, RawResponse)  # noqa: S101 - what has no error is one
        return report.result

    async def report(self, request: Request) -> CallResult:
        """Execute a request and return its result. Raise `ReadOnlyError` if it is not allowed."""
        if self.options.read_only and request.effect:
            raise ReadOnlyError(
                f"Nothing is changed in read-only mode: {request.subject} was left alone."
            )
        retries, in_doubt = 0, False
        while True:
            with report_late(self.options.on_late):
                result = await self._transport.send(request, background=self.options.background)
            if self.options.on_reach:
                self.options.on_reach(_was_reached(result))
            in_doubt = in_doubt or may_have_worked(result, request)
            if isinstance(result, RawResponse) and result.ok and not result.cut_short:
                return CallResult(result, in_doubt)
            demanded = None
            if isinstance(result, RawResponse):
                demanded = requested_delay(result.headers, self.options.clock())
            if retries == self.options.max_retries or not may_retry(result, request, demanded):
                return CallResult(result, in_doubt)
            delay = retry_delay(retries, demanded, self.options.random)
            retries += 1
            await self._wait(Retry(retries, delay, retry_reason(result), self.options.max_retries))

    def error(self, result: RawResponse | ConnectionFailure, request: Request) -> APIError | None:
        """Return the error in a result; None for a usable response."""
        if isinstance(result, ConnectionFailure):
            return result.error
        if not result.ok:
            wait = requested_delay(result.headers, self.options.clock())
            return status_error(result, request, self.endpoint, retry_after=wait)
        if not request.answer_needed:
            return None
        fault = fault_of_transfer(result)
        return unusable_response(result, request, self.endpoint, fault) if fault else None

    async def read(self, answer: RawResponse, request: Request, reader: Callable[[bytes], T]) -> T:
        """Return what `reader` makes of the body; its `ValueError` marks the response as unusable.

        A large body is read in a thread, which ends on cancellation.
        """
        if self.options.before_read:
            await self.options.before_read()
        try:
            if len(answer.body) < LARGE_ANSWER:
                return reader(answer.body)
            with report_late(self.options.on_late):
                return await in_thread(reader, answer.body)
        except TooMuchError as error:
            reason = str(error)
            answer = answer._replace(too_large=True)
        except ValueError:
            reason = describe_bad_body(answer.body, self.endpoint.wording.address)
        except RecursionError:
            reason = "is nested too deeply to be read"
        unread = unusable_response(answer, request, self.endpoint, reason)
        unread.in_doubt = bool(request.effect)
        raise unread

    async def _wait(self, retry: Retry) -> None:
        logger.info("retry %d in %.1f s: %s", retry.attempt, retry.delay, retry.reason)
        if self.options.on_retry:
            self.options.on_retry(retry)
        await self.options.sleep(retry.delay)


async def with_item_models(request: Awaitable[T]) -> T:
    """Return the answer to a request for items, with their models imported.

    They are imported in a thread while the request is in flight, so that keys are handled.
    """
    if _ITEMS in sys.modules:
        return await request
    answer, _ = await asyncio.gather(request, asyncio.to_thread(import_module, _ITEMS))
    return answer


def _was_reached(result: RawResponse | ConnectionFailure) -> bool:
    return isinstance(result, RawResponse) or not isinstance(result.error, APIConnectionError)

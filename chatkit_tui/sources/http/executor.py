"""Making a call: sending it, waiting, sending it again where that is safe."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from chatkit_tui.errors import APIConnectionError, APIError, ReadOnlyError
from chatkit_tui.models.json import TooMuchError
from chatkit_tui.sources.base import Retry
from chatkit_tui.sources.http.account import Account
from chatkit_tui.sources.http.connection_errors import (
    ConnectionFailure,
    describe_bad_body,
    fault_of_transfer,
    unusable_response,
)
from chatkit_tui.sources.http.deadlines import report_late
from chatkit_tui.sources.http.request import Request
from chatkit_tui.sources.http.response import LARGE_ANSWER, RawResponse
from chatkit_tui.sources.http.retry import (
    LONGEST_DEMAND,
    requested_delay,
    retry_delay,
    should_retry,
)
from chatkit_tui.sources.http.status_errors import may_have_worked, status_error
from chatkit_tui.sources.http.transport import Transport, in_thread

T = TypeVar("T")

logger = logging.getLogger("chatkit_tui.sources.openai")


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the client gets its time and chance from."""

    sleep: Callable[[float], Awaitable[None]]
    """Waits for so many seconds."""
    clock: Callable[[], float]
    """Unix seconds."""
    random: Callable[[], float]
    """From 0 to 1."""


@dataclass(frozen=True, slots=True)
class RequestOptions:
    """How calls are made, and who is told of them on the way."""

    max_retries: int = 2
    """How often a call is sent again where that is safe."""
    background: bool = False
    """Whether calls wait for their turn behind those that are wanted more."""
    on_retry: Callable[[Retry], object] | None = None
    """Told of each wait before it begins; what it raises ends the call."""
    on_reach: Callable[[bool], object] | None = None
    """Told after each try whether the server was reached."""
    on_late: Callable[[], object] | None = None
    """Called when a try, or reading its answer, takes longer than `LATE_AFTER`."""


@dataclass(frozen=True, slots=True)
class CallResult:
    """How a call ended."""

    result: RawResponse | ConnectionFailure
    """What the last try brought."""
    tries: int
    in_doubt: bool
    """Whether any of the tries may have had its effect without saying so."""


class RequestExecutor:
    """Makes calls of one client: knows its patience, and whether it may change anything."""

    def __init__(
        self,
        transport: Transport,
        *,
        read_only: bool,
        manner: RequestOptions,
        pace: Clock,
    ) -> None:
        self._transport = transport
        self._read_only = read_only
        self.manner = manner
        self._pace = pace

    def mannered(self, manner: RequestOptions) -> RequestExecutor:
        """The same over the same connections, in another manner."""
        return RequestExecutor(
            self._transport, read_only=self._read_only, manner=manner, pace=self._pace
        )

    @property
    def account(self) -> Account:
        """On whose behalf calls are made."""
        return self._transport.account

    async def answer(self, call: Request) -> RawResponse:
        """Make `call`; gives a 2xx answer that came whole, and raises for everything else."""
        report = await self.report(call)
        if error := self.error(report.result, call):
            error.in_doubt = report.in_doubt
            raise error
        assert isinstance(report.result, RawResponse)  # noqa: S101 - what has no error is one
        return report.result

    async def report(self, call: Request) -> CallResult:
        """Make `call` and tell how it ended. Raises `ReadOnlyError` if it may not be made."""
        if self._read_only and call.method != "GET":
            raise ReadOnlyError(
                f"Nothing is changed in read-only mode: {call.subject} was left alone."
            )
        retries, in_doubt = 0, False
        while True:
            with report_late(self.manner.on_late):
                result = await self._transport.send(call, background=self.manner.background)
            if self.manner.on_reach:
                self.manner.on_reach(_was_reached(result))
            in_doubt = in_doubt or may_have_worked(result, call)
            demanded = None
            if isinstance(result, RawResponse):
                demanded = requested_delay(result.headers, self._pace.clock())
            if retries >= self.manner.max_retries or not _is_worth_another(result, call, demanded):
                return CallResult(result, retries + 1, in_doubt)
            delay = retry_delay(retries, demanded, self._pace.random)
            retries += 1
            await self._wait(Retry(retries, delay, retry_reason(result), self.manner.max_retries))

    def error(self, result: RawResponse | ConnectionFailure, call: Request) -> APIError | None:
        """The error that a result is, or None for a good answer."""
        if isinstance(result, ConnectionFailure):
            return result.error
        if not result.ok:
            wait = requested_delay(result.headers, self._pace.clock())
            return status_error(result, call, self.account, retry_after=wait)
        if not call.answer_needed:
            return None
        fault = fault_of_transfer(result)
        return unusable_response(result, call, self.account, fault) if fault else None

    async def read(self, answer: RawResponse, call: Request, reader: Callable[[bytes], T]) -> T:
        """What `reader` makes of the body; a `ValueError` of its means that the answer is bad.

        Cancelling it ends the thread that a large body is read in.
        """
        try:
            if len(answer.body) < LARGE_ANSWER:
                return reader(answer.body)
            with report_late(self.manner.on_late):
                return await in_thread(reader, answer.body)
        except TooMuchError as error:
            reason = str(error)
            answer = replace(answer, too_large=True)
        except ValueError:
            reason = describe_bad_body(answer.body)
        except RecursionError:
            reason = "is nested too deeply to be read"
        unread = unusable_response(answer, call, self.account, reason)
        unread.in_doubt = bool(call.effect)
        raise unread

    async def _wait(self, retry: Retry) -> None:
        logger.info("retry %d in %.1f s: %s", retry.attempt, retry.delay, retry.reason)
        if self.manner.on_retry:
            self.manner.on_retry(retry)
        await self._pace.sleep(retry.delay)


def _is_worth_another(
    result: RawResponse | ConnectionFailure, call: Request, demanded: float | None
) -> bool:
    if isinstance(result, ConnectionFailure):
        return result.fate.again and (call.repeatable or not result.fate.sent)
    if result.ok:
        return result.cut_short and call.repeatable and call.answer_needed
    if demanded is not None and demanded > LONGEST_DEMAND:
        return False
    return should_retry(result.status, result.headers, repeatable=call.repeatable)


def _was_reached(result: RawResponse | ConnectionFailure) -> bool:
    return isinstance(result, RawResponse) or not isinstance(result.error, APIConnectionError)


def retry_reason(result: RawResponse | ConnectionFailure) -> str:
    """Why a try was not enough, in a few words for a person."""
    if isinstance(result, ConnectionFailure):
        return result.words
    if result.ok:
        return f"the answer {'came too slowly' if result.too_slow else 'was cut short'}"
    if result.status == 429:
        return "too many requests (429)"
    if result.status < 500:
        return f"the server answered {result.status}"
    return f"the server failed ({result.status})"

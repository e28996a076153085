"""Making a call: sending it, waiting, sending it again where that is safe."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from chatkit_tui.api.account import Account
from chatkit_tui.api.answer import LARGE_ANSWER, Answer
from chatkit_tui.api.call import Call
from chatkit_tui.api.deadlines import report_late
from chatkit_tui.api.failures import Failure, fault_of_body, fault_of_transfer, unusable
from chatkit_tui.api.refusals import may_have_worked, refusal
from chatkit_tui.api.retry import (
    LONGEST_DEMAND,
    Retry,
    demanded_delay,
    retry_delay,
    should_retry,
)
from chatkit_tui.api.transport import Transport, in_thread
from chatkit_tui.errors import APIConnectionError, APIError, ReadOnlyError
from chatkit_tui.models.limits import TooMuchError

T = TypeVar("T")

logger = logging.getLogger("chatkit_tui.api")


@dataclass(frozen=True, slots=True)
class Pace:
    """Where the client gets its time and chance from."""

    sleep: Callable[[float], Awaitable[None]]
    """Waits for so many seconds."""
    clock: Callable[[], float]
    """Unix seconds."""
    random: Callable[[], float]
    """From 0 to 1."""


@dataclass(frozen=True, slots=True)
class Manner:
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
class Report:
    """How a call ended."""

    result: Answer | Failure
    """What the last try brought."""
    tries: int
    in_doubt: bool
    """Whether any of the tries may have had its effect without saying so."""


class Caller:
    """Makes calls of one client: knows its patience, and whether it may change anything."""

    def __init__(
        self,
        transport: Transport,
        *,
        read_only: bool,
        manner: Manner,
        pace: Pace,
    ) -> None:
        self._transport = transport
        self._read_only = read_only
        self.manner = manner
        self._pace = pace

    def mannered(self, manner: Manner) -> Caller:
        """The same over the same connections, in another manner."""
        return Caller(self._transport, read_only=self._read_only, manner=manner, pace=self._pace)

    @property
    def account(self) -> Account:
        """On whose behalf calls are made."""
        return self._transport.account

    async def answer(self, call: Call) -> Answer:
        """Make `call`; gives a 2xx answer that came whole, and raises for everything else."""
        report = await self.report(call)
        if error := self.error(report.result, call):
            error.in_doubt = report.in_doubt
            raise error
        assert isinstance(report.result, Answer)  # noqa: S101 - what has no error is one
        return report.result

    async def report(self, call: Call) -> Report:
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
            if isinstance(result, Answer):
                demanded = demanded_delay(result.headers, self._pace.clock())
            if retries >= self.manner.max_retries or not _is_worth_another(result, call, demanded):
                return Report(result, retries + 1, in_doubt)
            delay = retry_delay(retries, demanded, self._pace.random)
            retries += 1
            await self._wait(Retry(retries, delay, reason_of(result), self.manner.max_retries))

    def error(self, result: Answer | Failure, call: Call) -> APIError | None:
        """The error that a result is, or None for a good answer."""
        if isinstance(result, Failure):
            return result.error
        if not result.ok:
            wait = demanded_delay(result.headers, self._pace.clock())
            return refusal(result, call, self.account, retry_after=wait)
        if not call.answer_needed:
            return None
        fault = fault_of_transfer(result)
        return unusable(result, call, self.account, fault) if fault else None

    async def read(self, answer: Answer, call: Call, reader: Callable[[bytes], T]) -> T:
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
            reason = fault_of_body(answer.body)
        except RecursionError:
            reason = "is nested too deeply to be read"
        unread = unusable(answer, call, self.account, reason)
        unread.in_doubt = bool(call.effect)
        raise unread

    async def _wait(self, retry: Retry) -> None:
        logger.info("retry %d in %.1f s: %s", retry.attempt, retry.delay, retry.reason)
        if self.manner.on_retry:
            self.manner.on_retry(retry)
        await self._pace.sleep(retry.delay)


def _is_worth_another(result: Answer | Failure, call: Call, demanded: float | None) -> bool:
    if isinstance(result, Failure):
        return result.fate.again and (call.repeatable or not result.fate.sent)
    if result.ok:
        return result.cut_short and call.repeatable and call.answer_needed
    if demanded is not None and demanded > LONGEST_DEMAND:
        return False
    return should_retry(result.status, result.headers, repeatable=call.repeatable)


def _was_reached(result: Answer | Failure) -> bool:
    return isinstance(result, Answer) or not isinstance(result.error, APIConnectionError)


def reason_of(result: Answer | Failure) -> str:
    """Why a try was not enough, in a few words for a person."""
    if isinstance(result, Failure):
        return result.words
    if result.ok:
        return f"the answer {'came too slowly' if result.too_slow else 'was cut short'}"
    if result.status == 429:
        return "too many requests (429)"
    if result.status < 500:
        return f"the server answered {result.status}"
    return f"the server failed ({result.status})"

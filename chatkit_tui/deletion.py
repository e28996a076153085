"""Deleting threads, one by one: what goes, and what became of each.

The screen and `threads delete` share this, so that the same rules hold for both: the threads are
fixed before the first call, each is asked for once, a refused key or a long wait stops the rest.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from chatkit_tui.errors import (
    APIStatusError,
    AuthenticationError,
    ChatKitError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ReadOnlyError,
    whole_line,
)

LONGEST_WAIT = 120.0
"""Seconds; a server that asks for a longer wait is not asked again for the next thread."""


class Outcome(StrEnum):
    """What became of one thread."""

    DELETED = "deleted"
    FAILED = "failed"
    """The server said no, or was not reached: the thread is still there."""
    UNKNOWN = "unknown"
    """The request went out and nothing could be learnt of what it did."""
    NOT_TRIED = "not tried"
    """Something before it stopped the rest."""


@dataclass(frozen=True, slots=True)
class DeletionResult:
    """The outcome for one thread.

    `reason` is one line with the request id, as it came; empty for a deleted thread.
    """

    thread_id: str
    outcome: Outcome
    reason: str = ""


async def delete_threads(
    delete: Callable[[str], Awaitable[object]],
    thread_ids: Sequence[str],
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> AsyncIterator[DeletionResult]:
    """Delete each thread once, in order, and tell of each as soon as it is known.

    `delete` is the client's call. `stopped` is asked before each thread: once it is true, nothing
    more is sent. What `why_stop` names stops the rest as well. Nothing the client raises gets
    through; it becomes a result.
    """
    stop = ""
    for thread_id in dict.fromkeys(thread_ids):
        if not stop and stopped():
            stop = "stopped before its turn"
        if stop:
            yield DeletionResult(thread_id, Outcome.NOT_TRIED, stop)
            continue
        try:
            await delete(thread_id)
        except ChatKitError as error:
            unknown = isinstance(error, OutcomeUnknownError)
            outcome = Outcome.UNKNOWN if unknown else Outcome.FAILED
            stop = why_stop(error)
            yield DeletionResult(thread_id, outcome, whole_line(error))
        else:
            yield DeletionResult(thread_id, Outcome.DELETED)


def why_stop(error: ChatKitError) -> str:
    """Why there is no use in going on to the next thread after this error; empty where there is."""
    if isinstance(error, AuthenticationError | PermissionDeniedError | ReadOnlyError):
        return "the one before was not allowed"
    if isinstance(error, APIStatusError) and (error.retry_after or 0) > LONGEST_WAIT:
        return "the server asks to wait"
    return ""

"""The deletion of threads, one by one, for the screen and for `threads delete`.

The threads are fixed before the first request. Each is requested once, and only after the journal
recorded it. A rejected key or a long wait stops the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from chatkit_tui.deletion.backup import OpenedBackup, SaveThread
from chatkit_tui.deletion.journal import DeletionJournal, DeletionRecord, ThreadOutcome
from chatkit_tui.errors import (
    APIError,
    APIStatusError,
    ArchiveError,
    AuthenticationError,
    BackupError,
    ChatKitError,
    JournalError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ReadOnlyError,
    error_line,
)
from chatkit_tui.sources.base import Deletion, Outcome

LONGEST_WAIT: Final = 120.0
"""Seconds; if the server asks for a longer wait, the next thread is not requested."""

UNRECORDED: Final = "the previous deletion could not be recorded"
STOPPED: Final = "stopped before its turn"
_STOP_CHECK: Final = 0.1
"""Seconds between looks whether the user stopped a backup."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DeletionResult:
    """The outcome for one thread.

    `reason` is one line, which may contain untrusted text. It is empty for a deleted thread, unless
    the outcome could not be recorded.
    """

    thread_id: str
    outcome: Outcome
    reason: str = ""
    request_id: str | None = None
    """The server's id of the request, untrusted."""


async def delete_threads(
    delete: Callable[[str], Awaitable[Deletion]],
    thread_ids: Sequence[str],
    journal: DeletionJournal,
    *,
    titles: Mapping[str, str | None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
    seen: Callable[[], bool] = lambda: True,
    backup: OpenedBackup | None = None,
    on_save: Callable[[bool], object] = lambda is_saving: None,  # noqa: ARG005
) -> AsyncIterator[DeletionResult]:
    """Delete each thread once, in order, and yield each result as soon as it is known.

    `delete` is the client's method; its `ChatKitError`s become results. `titles` are the known
    titles, of which only hashes are recorded. Once `stopped` returns true, no further request is
    sent. `seen` returns at the end whether the user saw the results: if not, a later start reports
    them. Errors with a `stop_reason` stop the rest, and so does a failure of the journal.

    With a `backup`, each thread is saved right before it is deleted, and not deleted if that fails
    or is stopped. `on_save` gets true before it is saved, and false afterwards.
    """
    ids = list(dict.fromkeys(thread_ids))
    known = titles or {}
    try:
        record = await asyncio.to_thread(journal.begin, {name: known.get(name) for name in ids})
    except JournalError as error:
        for name, reason in zip(ids, [str(error), *[UNRECORDED] * len(ids)], strict=False):
            yield DeletionResult(name, Outcome.NOT_TRIED, reason)
        return
    try:
        remaining, stop = ids, ""
        async with AsyncExitStack() as stack:
            saving = _Saving(record, stopped, on_save)
            if backup is not None:
                stop = await saving.open(stack, backup)
            while remaining and not stop:
                if stopped():
                    stop = STOPPED
                    break
                failed = await saving.save(remaining[0])
                result, stop = failed or await _delete_one(delete, remaining[0], record)
                remaining = remaining[1:]
                yield result
        with suppress(JournalError):  # a later start reports the deletion as cut short
            await asyncio.to_thread(record.end, remaining, stop, seen=seen())
        for name in remaining:
            yield DeletionResult(name, Outcome.NOT_TRIED, saving.failure or stop)
    finally:
        record.close()


class _StoppedError(Exception):
    """The user stopped what was under way."""


class _Saving:
    """Saves threads before they are deleted; without an open backup, nothing."""

    def __init__(
        self, record: DeletionRecord, stopped: Callable[[], bool], on_save: Callable[[bool], object]
    ) -> None:
        self.failure = ""
        """Why the backup could not be opened; the journal has only that it was not."""
        self._record = record
        self._stopped = stopped
        self._on_save = on_save
        self._save: SaveThread | None = None

    async def open(self, stack: AsyncExitStack, backup: OpenedBackup) -> str:
        """Open the backup until the end of `stack`; return why nothing can be deleted, if so."""
        try:
            self._save = await self._unless_stopped(stack.enter_async_context(backup))
        except _StoppedError:
            return STOPPED
        except ChatKitError as error:
            self.failure = _not_saved(error_line(error))
            return _not_saved(recorded_reason(error))
        return ""

    async def save(self, thread_id: str) -> tuple[DeletionResult, str] | None:
        """Save a thread. If it is not saved, return its result and the reason to stop after it."""
        if self._save is None:
            return None
        request_id = None
        try:
            await self._unless_stopped(self._save(thread_id))
        except _StoppedError:
            stop = STOPPED
            reason = recorded = "stopped while it was saved"
        except ChatKitError as error:
            stop = stop_reason(error)
            reason, recorded = _not_saved(error_line(error)), _not_saved(recorded_reason(error))
            request_id = error.request_id if isinstance(error, APIError) else None
        else:
            return None
        entry = ThreadOutcome(Outcome.NOT_TRIED, recorded, request_id)
        try:
            await asyncio.to_thread(self._record.answered, thread_id, entry)
        except JournalError:
            stop = UNRECORDED
        return DeletionResult(thread_id, Outcome.NOT_TRIED, reason, request_id), stop

    async def _unless_stopped(self, work: Awaitable[T]) -> T:
        """Return the result of some work. Cancel it and raise `_StoppedError` on a stop."""
        task = asyncio.ensure_future(work)
        self._on_save(True)  # noqa: FBT003
        try:
            while not task.done():
                await asyncio.wait((task,), timeout=_STOP_CHECK)
                if self._stopped():
                    raise _StoppedError
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._on_save(False)  # noqa: FBT003


def _not_saved(reason: str) -> str:
    return f"not backed up: {reason}"


async def _delete_one(
    delete: Callable[[str], Awaitable[Deletion]], thread_id: str, record: DeletionRecord
) -> tuple[DeletionResult, str]:
    """Return the result for one thread, and the reason to stop after it."""
    try:
        await asyncio.to_thread(record.asked, thread_id)
    except JournalError as error:
        return DeletionResult(thread_id, Outcome.NOT_TRIED, str(error)), UNRECORDED
    stop = ""
    try:
        deleted = await delete(thread_id)
    except ChatKitError as error:
        unknown = isinstance(error, OutcomeUnknownError)
        outcome = Outcome.UNKNOWN if unknown else Outcome.FAILED
        stop = stop_reason(error)
        request_id = error.request_id if isinstance(error, APIError) else None
        result = DeletionResult(thread_id, outcome, error_line(error), request_id)
        entry = ThreadOutcome(outcome, recorded_reason(error), request_id)
    else:
        result = DeletionResult(thread_id, Outcome.DELETED, request_id=deleted.request_id)
        entry = ThreadOutcome(Outcome.DELETED, deleted.proof, deleted.request_id)
    try:
        await asyncio.to_thread(record.answered, thread_id, entry)
    except JournalError as error:
        reason = f"{result.reason} This could not be recorded ({error.cause}).".strip()
        return replace(result, reason=reason), UNRECORDED
    return result, stop


def stop_reason(error: ChatKitError) -> str:
    """Return why the next thread would fail with the same error; empty if it may succeed."""
    if isinstance(error, OutcomeUnknownError) and isinstance(error.__cause__, APIError):
        error = error.__cause__
    if isinstance(error, AuthenticationError | PermissionDeniedError | ReadOnlyError):
        return "the previous deletion was not permitted"
    if isinstance(error, ArchiveError):
        return "the previous thread could not be written to the backup"
    if isinstance(error, APIStatusError) and (error.retry_after or 0) > LONGEST_WAIT:
        return "the server asks to wait"
    return ""


def recorded_reason(error: ChatKitError) -> str:
    """Return the reason of a failure without text of the server.

    It is the program's own reason, else the status and code of the error, else its class.
    """
    if isinstance(error, APIError) and error.reason:
        return error.reason
    if isinstance(error, BackupError):
        return str(error)
    if isinstance(error, ArchiveError):  # its message has the path, which may name a person
        return "the file cannot be read or written"
    if not isinstance(error, APIStatusError):
        return type(error).__name__
    code = error.code or ""
    plain = code.isascii() and code.replace("_", "").isalnum() and code == code.lower()
    return f"{error.status} {code}" if plain and len(code) <= 64 else str(error.status)

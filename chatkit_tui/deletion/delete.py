"""Deleting threads, one by one: what goes, and what became of each.

The screen and `threads delete` share this, so that the same rules hold for both: the threads are
fixed before the first call, each is asked for once, nothing is asked for without a record of it,
a refused key or a long wait stops the rest.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from chatkit_tui.deletion.journal import (
    DeletionJournal,
    DeletionRecord,
    PastDeletion,
    ThreadOutcome,
    UnreportedDeletion,
)
from chatkit_tui.errors import (
    APIError,
    APIStatusError,
    AuditError,
    AuthenticationError,
    ChatKitError,
    NotFoundError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ReadOnlyError,
    whole_line,
)
from chatkit_tui.sources.base import Deletion, Outcome

LONGEST_WAIT = 120.0
"""Seconds; a server that asks for a longer wait is not asked again for the next thread."""
LOOK_WITHIN = 10.0
"""Seconds in which a later start looks up all that is not known; the rest stays not known."""
LINES_AT_MOST = 10
"""Deletions that a later start reports with a line each; one line counts the older ones."""
NAMES_AT_MOST = 5
"""Threads that a line names for one outcome; it counts the others."""

UNRECORDED = "the one before could not be recorded"
_GONE, _STILL_THERE = "gone when looked up", "still there when looked up"
_FOUND_OUT = (
    (_GONE, "is gone", "are gone"),
    (_STILL_THERE, "was still there just now", "were still there just now"),
)
_COUNTED = {
    Outcome.DELETED: "deleted",
    Outcome.FAILED: "not deleted",
    Outcome.UNKNOWN: "not known",
    Outcome.NOT_TRIED: "left alone",
}


@dataclass(frozen=True, slots=True)
class DeletionResult:
    """The outcome for one thread.

    `reason` is one line with the request id, as it came; empty for a deleted thread, unless its
    outcome could not be recorded.
    """

    thread_id: str
    outcome: Outcome
    reason: str = ""
    request_id: str | None = None
    """The server's name of the request, as it came."""


async def delete_threads(
    delete: Callable[[str], Awaitable[Deletion]],
    thread_ids: Sequence[str],
    audit: DeletionJournal,
    *,
    titles: Mapping[str, str | None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
    seen: Callable[[], bool] = lambda: True,
) -> AsyncIterator[DeletionResult]:
    """Delete each thread once, in order, and tell of each as soon as it is known.

    `delete` is the client's call. `titles` are the true titles, as far as they are known; only
    their hashes are recorded. `stopped` is asked before each thread: once it is true, nothing more
    is sent. `seen` is asked at the end: whether somebody sees the results; if not, a later start
    tells them. What `why_stop` names stops the rest as well, and so does a record that cannot be
    written. Nothing the client raises gets through; it becomes a result.
    """
    ids = list(dict.fromkeys(thread_ids))
    known = titles or {}
    try:
        record = await asyncio.to_thread(audit.begin, {name: known.get(name) for name in ids})
    except AuditError as error:
        for name, reason in zip(ids, [str(error), *[UNRECORDED] * len(ids)], strict=False):
            yield DeletionResult(name, Outcome.NOT_TRIED, reason)
        return
    try:
        left, stop = ids, ""
        while left and not stop:
            if stopped():
                stop = "stopped before its turn"
                break
            result, stop = await _delete_one(delete, left[0], record)
            left = left[1:]
            yield result
        with suppress(AuditError):  # a later start will tell it as cut short
            await asyncio.to_thread(record.end, left, stop, seen=seen())
        for name in left:
            yield DeletionResult(name, Outcome.NOT_TRIED, stop)
    finally:
        record.close()


async def _delete_one(
    delete: Callable[[str], Awaitable[Deletion]], thread_id: str, record: DeletionRecord
) -> tuple[DeletionResult, str]:
    """The result for one thread, and why to stop after it."""
    try:
        await asyncio.to_thread(record.asked, thread_id)
    except AuditError as error:
        return DeletionResult(thread_id, Outcome.NOT_TRIED, str(error)), UNRECORDED
    stop = ""
    try:
        answer = await delete(thread_id)
    except ChatKitError as error:
        unknown = isinstance(error, OutcomeUnknownError)
        outcome = Outcome.UNKNOWN if unknown else Outcome.FAILED
        stop = why_stop(error)
        request_id = error.request_id if isinstance(error, APIError) else None
        result = DeletionResult(thread_id, outcome, whole_line(error), request_id)
        fate = ThreadOutcome(outcome, recorded_reason(error), request_id)
    else:
        result = DeletionResult(thread_id, Outcome.DELETED, request_id=answer.request_id)
        fate = ThreadOutcome(Outcome.DELETED, answer.proof, answer.request_id)
    try:
        await asyncio.to_thread(record.answered, thread_id, fate)
    except AuditError as error:
        words = f"{result.reason} This could not be recorded ({error.cause}).".strip()
        return replace(result, reason=words), UNRECORDED
    return result, stop


def why_stop(error: ChatKitError) -> str:
    """Why there is no use in going on to the next thread after this error; empty where there is."""
    if isinstance(error, OutcomeUnknownError) and isinstance(error.__cause__, APIError):
        error = error.__cause__
    if isinstance(error, AuthenticationError | PermissionDeniedError | ReadOnlyError):
        return "the one before was not allowed"
    if isinstance(error, APIStatusError) and (error.retry_after or 0) > LONGEST_WAIT:
        return "the server asks to wait"
    return ""


def recorded_reason(error: ChatKitError) -> str:
    """Return why a deletion was not proved, without a word of the server: the client's reason, else
    the status and code of the error, else its class."""
    if isinstance(error, APIError) and error.reason:
        return error.reason
    if not isinstance(error, APIStatusError):
        return type(error).__name__
    code = error.code or ""
    plain = code.isascii() and code.replace("_", "").isalnum() and code == code.lower()
    return f"{error.status} {code}" if plain and len(code) <= 64 else str(error.status)


# -- what an earlier run left behind ---------------------------------------------------------------


async def look_up(
    retrieve: Callable[[str], Awaitable[object]], past: PastDeletion, until: float | None = None
) -> dict[str, ThreadOutcome]:
    """Return what became of the threads of unknown outcome, by looking for each.

    Those that are not in it are still not known: only the API's own 404 means that a thread is
    gone. `retrieve` is the client's call, for the same account; `until` is the time of the event
    loop at which the look-up ends, by default in `LOOK_WITHIN`.
    """
    found: dict[str, ThreadOutcome] = {}
    now = asyncio.get_running_loop().time()
    end = now + LOOK_WITHIN if until is None else until
    if now >= end:
        return found
    with suppress(TimeoutError, ChatKitError):
        async with asyncio.timeout_at(end):
            for name in past.unknown:
                try:
                    thread = await retrieve(name)
                except NotFoundError as error:
                    if error.from_api:
                        found[name] = ThreadOutcome(Outcome.DELETED, _GONE, error.request_id)
                else:
                    if getattr(thread, "id", name) == name:
                        found[name] = ThreadOutcome(Outcome.FAILED, _STILL_THERE)
    return found


async def report_unreported(
    audit: DeletionJournal,
    retrieve: Callable[[str], Awaitable[object]],
    zone: tzinfo = UTC,
    *,
    last: int | None = None,
) -> list[str]:
    """Return a line for each deletion whose end was not reported, once; the oldest first.

    Beyond `LINES_AT_MOST` one line counts the older ones. Threads of unknown outcome are looked up
    where the account is the same, all of them within `LOOK_WITHIN`; `retrieve` is called only
    where there is something to look up. With `last`, only so many bytes at the end of the record
    are read.
    """
    try:
        claims = await asyncio.to_thread(audit.claim_untold, last)
    except AuditError as error:
        return [str(error)]
    until = asyncio.get_running_loop().time() + LOOK_WITHIN
    older, newest = claims[:-LINES_AT_MOST], claims[-LINES_AT_MOST:]
    try:
        lines = [await _tell(claim, audit, retrieve, zone, until) for claim in newest]
        if older:
            await asyncio.to_thread(audit.tell, {claim: {} for claim in older})
            lines.append(older_words([claim.past for claim in older]))
    finally:
        for claim in claims:
            claim.leave()
    return lines


async def _tell(
    claim: UnreportedDeletion,
    audit: DeletionJournal,
    retrieve: Callable[[str], Awaitable[object]],
    zone: tzinfo,
    until: float,
) -> str:
    past = claim.past
    found = await look_up(retrieve, past, until) if past.account == audit.account else {}
    await asyncio.to_thread(claim.tell, found)
    line = describe_past(replace(past, fates={**past.fates, **found}), zone)
    if past.account != audit.account:
        profile = f", profile {past.account.profile}" if past.account.profile else ""
        line += f" That was at {past.account.host or 'an unknown host'}{profile}."
    return line


def describe_past(past: PastDeletion, zone: tzinfo = UTC) -> str:
    """How a deletion that nobody saw the end of ended, and what to do about what is not known."""
    many = len(past.fates)
    what = "1 thread" if many == 1 else f"{many:,} threads"
    reached_all = Outcome.NOT_TRIED not in {fate.outcome for fate in past.fates.values()}
    how = "ended after you had left" if past.ended and reached_all else "was cut short"
    line = f"The deletion of {what} on {when(past, zone)} {how}: {count_outcomes(past)}."
    for reason, one, more in _FOUND_OUT:
        names = [name for name, fate in past.fates.items() if fate.reason == reason]
        line += "".join(f" {name} {one}." for name in names[:NAMES_AT_MOST])
        if len(names) > NAMES_AT_MOST:
            line += f" {len(names) - NAMES_AT_MOST:,} more {more}."
    if past.unknown:
        names = past.unknown[:NAMES_AT_MOST]
        if len(past.unknown) > NAMES_AT_MOST:
            names.append(f"{len(past.unknown) - NAMES_AT_MOST:,} more")
        line += (
            f" Not known: {', '.join(names)}. `chatkit-tui threads show ID` says whether a "
            "thread is still there; deleting it again does no harm."
        )
    return line


def older_words(pasts: Sequence[PastDeletion]) -> str:
    """How many older deletions were not reported either, and where to read of them."""
    many = f"{len(pasts):,} older deletion{'s' if len(pasts) > 1 else ''}"
    fates = [fate for past in pasts for fate in past.fates.values()]
    return (
        f"{many} had not been reported either: {counted(fates)}. "
        "`chatkit-tui threads deletions` lists them."
    )


def count_outcomes(past: PastDeletion) -> str:
    """How many threads had which outcome, in words."""
    return counted(past.fates.values())


def counted(results: Iterable[ThreadOutcome | DeletionResult]) -> str:
    """Return how many results there are of each outcome, in words."""
    numbers = Counter(result.outcome for result in results)
    return ", ".join(
        f"{numbers[outcome]:,} {words}" for outcome, words in _COUNTED.items() if numbers[outcome]
    )


def when(past: PastDeletion, zone: tzinfo = UTC) -> str:
    """When a deletion was confirmed, to the minute, with the zone's name."""
    try:
        moment = datetime.fromisoformat(past.time).astimezone(zone)
    except (ValueError, OverflowError):
        return "an unknown day"
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname() or ''}".rstrip()

"""Deleting threads, one by one: what goes, and what became of each.

The screen and `threads delete` share this, so that the same rules hold for both: the threads are
fixed before the first call, each is asked for once, nothing is asked for without a record of it,
a refused key or a long wait stops the rest.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from chatkit_tui.audit import (
    Claim,
    DeletionAudit,
    DeletionRecord,
    Fate,
    Outcome,
    PastDeletion,
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

LONGEST_WAIT = 120.0
"""Seconds; a server that asks for a longer wait is not asked again for the next thread."""
LOOK_WITHIN = 10.0
"""Seconds in which a later start looks up what is not known; then it is told as not known."""

UNRECORDED = "the one before could not be recorded"
_GONE, _STILL_THERE = "gone when looked up", "still there when looked up"
_COUNTED = {
    Outcome.DELETED: "deleted",
    Outcome.FAILED: "not deleted",
    Outcome.UNKNOWN: "not known",
    Outcome.NOT_TRIED: "left alone",
}


class Deleted(Protocol):
    """What the client's call gives."""

    @property
    def request_id(self) -> str | None:
        """What the server calls the request."""
        ...


@dataclass(frozen=True, slots=True)
class DeletionResult:
    """The outcome for one thread.

    `reason` is one line with the request id, as it came; empty for a deleted thread, unless its
    outcome could not be recorded.
    """

    thread_id: str
    outcome: Outcome
    reason: str = ""


async def delete_threads(
    delete: Callable[[str], Awaitable[Deleted]],
    thread_ids: Sequence[str],
    audit: DeletionAudit,
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
    delete: Callable[[str], Awaitable[Deleted]], thread_id: str, record: DeletionRecord
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
        result = DeletionResult(thread_id, outcome, whole_line(error))
        request_id = error.request_id if isinstance(error, APIError) else None
        fate = Fate(outcome, recorded_reason(error), request_id)
    else:
        result = DeletionResult(thread_id, Outcome.DELETED)
        fate = Fate(Outcome.DELETED, "", answer.request_id)
    try:
        await asyncio.to_thread(record.answered, thread_id, fate)
    except AuditError as error:
        words = f"{result.reason} This could not be recorded ({error.cause}).".strip()
        return replace(result, reason=words), UNRECORDED
    return result, stop


def why_stop(error: ChatKitError) -> str:
    """Why there is no use in going on to the next thread after this error; empty where there is."""
    if isinstance(error, AuthenticationError | PermissionDeniedError | ReadOnlyError):
        return "the one before was not allowed"
    if isinstance(error, APIStatusError) and (error.retry_after or 0) > LONGEST_WAIT:
        return "the server asks to wait"
    return ""


def recorded_reason(error: ChatKitError) -> str:
    """An error by its status and code, or else by its kind: no word of the server's own."""
    if not isinstance(error, APIStatusError):
        return type(error).__name__
    code = error.code or ""
    plain = code.isascii() and code.replace("_", "").isalnum() and code == code.lower()
    return f"{error.status} {code}" if plain and len(code) <= 64 else str(error.status)


# -- what an earlier run left behind ---------------------------------------------------------------


async def look_up(
    retrieve: Callable[[str], Awaitable[object]], past: PastDeletion
) -> dict[str, Fate]:
    """What became of the threads of unknown outcome, by looking for each; those that are not in it
    are still not known. `retrieve` is the client's call, for the same account."""
    found: dict[str, Fate] = {}
    with suppress(TimeoutError, ChatKitError):
        async with asyncio.timeout(LOOK_WITHIN):
            for name in past.unknown:
                try:
                    await retrieve(name)
                except NotFoundError as error:
                    found[name] = Fate(Outcome.DELETED, _GONE, error.request_id)
                else:
                    found[name] = Fate(Outcome.FAILED, _STILL_THERE)
    return found


async def tell_untold(
    audit: DeletionAudit, retrieve: Callable[[str], Awaitable[object]], zone: tzinfo = UTC
) -> list[str]:
    """A line for each deletion that an earlier run was cut short in, once; looked up where the
    account is the same. `retrieve` is called only where there is something to look up."""
    try:
        claims = await asyncio.to_thread(audit.claim_untold)
    except AuditError as error:
        return [str(error)]
    lines = []
    while claims:
        claim = claims.pop(0)
        try:
            lines.append(await _tell(claim, audit, retrieve, zone))
        except BaseException:
            for other in (claim, *claims):
                other.leave()
            raise
    return lines


async def _tell(
    claim: Claim,
    audit: DeletionAudit,
    retrieve: Callable[[str], Awaitable[object]],
    zone: tzinfo,
) -> str:
    past = claim.past
    found = await look_up(retrieve, past) if past.account == audit.account else {}
    await asyncio.to_thread(claim.tell, found)
    line = past_words(replace(past, fates={**past.fates, **found}), zone)
    if past.account != audit.account:
        profile = f", profile {past.account.profile}" if past.account.profile else ""
        line += f" That was at {past.account.host or 'an unknown host'}{profile}."
    return line


def past_words(past: PastDeletion, zone: tzinfo = UTC) -> str:
    """How a deletion that nobody saw the end of ended, and what to do about what is not known."""
    many = len(past.fates)
    what = "1 thread" if many == 1 else f"{many:,} threads"
    reached_all = Outcome.NOT_TRIED not in {fate.outcome for fate in past.fates.values()}
    how = "ended after you had left" if past.ended and reached_all else "was cut short"
    line = f"The deletion of {what} on {when(past, zone)} {how}: {counts(past)}."
    for name, fate in past.fates.items():
        if fate.reason == _GONE:
            line += f" {name} is gone."
        elif fate.reason == _STILL_THERE:
            line += f" {name} was still there just now."
    if past.unknown:
        line += (
            f" Not known: {', '.join(past.unknown)}. `chatkit-tui threads show ID` says whether a "
            "thread is still there; deleting it again does no harm."
        )
    return line


def counts(past: PastDeletion) -> str:
    """How many threads had which outcome, in words."""
    outcomes = [fate.outcome for fate in past.fates.values()]
    return ", ".join(
        f"{outcomes.count(outcome):,} {words}"
        for outcome, words in _COUNTED.items()
        if outcome in outcomes
    )


def when(past: PastDeletion, zone: tzinfo = UTC) -> str:
    """When a deletion was confirmed, to the minute, with the zone's name."""
    try:
        moment = datetime.fromisoformat(past.time).astimezone(zone)
    except (ValueError, OverflowError):
        return "an unknown day"
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname() or ''}".rstrip()

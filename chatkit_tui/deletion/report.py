"""Deletions in words, and the report of those that an earlier run of the program did not report."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, tzinfo
from typing import Final

from chatkit_tui.deletion.journal import DeletionJournal, PastDeletion, ThreadOutcome
from chatkit_tui.errors import ChatKitError, JournalError, NotFoundError
from chatkit_tui.sources.base import Outcome
from chatkit_tui.text.plain import counted

LOOKUP_TIMEOUT: Final = 10.0
"""Seconds for the lookup of all unknown outcomes."""
MAX_LINES: Final = 10
"""Deletions that are reported with a line each; one line counts the older ones."""
MAX_NAMES: Final = 5
"""Threads that a line names for one outcome; it counts the others."""

_GONE: Final = "gone when looked up"
_STILL_THERE: Final = "still there when looked up"
_LOOKED_UP: Final = (
    (_GONE, "is gone", "are gone"),
    (_STILL_THERE, "was still there just now", "were still there just now"),
)
_COUNTED: Final = {
    Outcome.DELETED: "deleted",
    Outcome.FAILED: "not deleted",
    Outcome.UNKNOWN: "not known",
    Outcome.NOT_TRIED: "left alone",
}


# -- words -----------------------------------------------------------------------------------------


def count_outcomes(outcomes: Iterable[Outcome]) -> str:
    """Return how often each outcome occurs: "3 deleted, 1 not known"."""
    numbers = Counter(outcomes)
    return ", ".join(
        f"{numbers[outcome]:,} {words}" for outcome, words in _COUNTED.items() if numbers[outcome]
    )


def confirmation_time(past: PastDeletion, zone: tzinfo | None = UTC) -> str:
    """Return the time of the confirmation, to the minute; None is the machine's time zone."""
    try:
        moment = datetime.fromisoformat(past.time).astimezone(zone)
    except (ValueError, OverflowError):
        return "an unknown day"
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname() or ''}".rstrip()


def describe_deletion(past: PastDeletion, zone: tzinfo | None = UTC) -> str:
    """Describe how an unreported deletion ended, and what to do about unknown outcomes."""
    what = counted(len(past.outcomes), "thread")
    outcomes = [entry.outcome for entry in past.outcomes.values()]
    was_ended = past.ended and Outcome.NOT_TRIED not in outcomes
    how = "ended after you had left" if was_ended else "was cut short"
    day = confirmation_time(past, zone)
    line = f"The deletion of {what} on {day} {how}: {count_outcomes(outcomes)}."
    for reason, singular, plural in _LOOKED_UP:
        names = [name for name, entry in past.outcomes.items() if entry.reason == reason]
        line += "".join(f" {name} {singular}." for name in names[:MAX_NAMES])
        if len(names) > MAX_NAMES:
            line += f" {len(names) - MAX_NAMES:,} more {plural}."
    if past.unknown:
        names = past.unknown[:MAX_NAMES]
        if len(past.unknown) > MAX_NAMES:
            names.append(f"{len(past.unknown) - MAX_NAMES:,} more")
        line += (
            f" Not known: {', '.join(names)}. `chatkit-tui threads show ID` says whether a "
            "thread is still there; deleting it again does no harm."
        )
    return line


def _describe_older(pasts: Sequence[PastDeletion]) -> str:
    count = counted(len(pasts), "older deletion")
    outcomes = count_outcomes(entry.outcome for past in pasts for entry in past.outcomes.values())
    return (
        f"{count} had not been reported either: {outcomes}. "
        "`chatkit-tui threads deletions` lists them."
    )


# -- deletions that were not reported --------------------------------------------------------------


async def report_unreported(
    journal: DeletionJournal,
    retrieve: Callable[[str], Awaitable[object]],
    zone: tzinfo | None = UTC,
    *,
    last: int | None = None,
    shows_all: bool = True,
) -> list[str]:
    """Return a line for each unreported deletion, the oldest first, and mark it as reported.

    Beyond `MAX_LINES`, one line counts the older ones. Threads of unknown outcome are looked up
    with `retrieve` if the account is the same. With `last`, only that many bytes at the end of
    the journal are read. Unless the source `shows_all`, a thread that is not found may be another
    user's, and stays unknown.
    """
    with ExitStack() as stack:
        claim = journal.claim_unreported(last)
        try:
            unreported = await asyncio.to_thread(stack.enter_context, claim)
        except JournalError as error:
            return [str(error)]
        until = asyncio.get_running_loop().time() + LOOKUP_TIMEOUT
        older, newest = unreported[:-MAX_LINES], unreported[-MAX_LINES:]
        lines = [
            await _report(past, journal, retrieve, zone, until, shows_all=shows_all)
            for past in newest
        ]
        if older:
            await asyncio.to_thread(journal.mark_reported, {past.id: {} for past in older})
            lines.append(_describe_older(older))
    return lines


async def _report(
    past: PastDeletion,
    journal: DeletionJournal,
    retrieve: Callable[[str], Awaitable[object]],
    zone: tzinfo | None,
    until: float,
    *,
    shows_all: bool,
) -> str:
    is_same = past.account == journal.account
    found = await look_up(retrieve, past, until, shows_all=shows_all) if is_same else {}
    await asyncio.to_thread(journal.mark_reported, {past.id: found})
    line = describe_deletion(past._replace(outcomes={**past.outcomes, **found}), zone)
    if not is_same:
        profile = f", profile {past.account.profile}" if past.account.profile else ""
        line += f" That was at {past.account.host or 'an unknown host'}{profile}."
    return line


async def look_up(
    retrieve: Callable[[str], Awaitable[object]],
    past: PastDeletion,
    until: float,
    *,
    shows_all: bool = True,
) -> dict[str, ThreadOutcome]:
    """Look for the threads of unknown outcome, and return the outcomes that are now known.

    Only the API's own 404 proves that a thread is gone, and none of a source that does not show
    all threads (`shows_all`). `retrieve` is the source's method, for the same account. `until` is a
    time of the event loop, after which nothing is requested.
    """
    found: dict[str, ThreadOutcome] = {}
    if asyncio.get_running_loop().time() >= until:
        return found
    with suppress(TimeoutError, ChatKitError):
        async with asyncio.timeout_at(until):
            for name in past.unknown:
                try:
                    thread = await retrieve(name)
                except NotFoundError as error:
                    if error.from_api and shows_all:
                        found[name] = ThreadOutcome(Outcome.DELETED, _GONE, error.request_id)
                else:
                    if getattr(thread, "id", name) == name:
                        found[name] = ThreadOutcome(Outcome.FAILED, _STILL_THERE)
    return found

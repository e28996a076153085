"""Deletions in words, for the screen and for `threads delete`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final, Protocol

from chatkit_tui.deletion.journal import PastDeletion
from chatkit_tui.sources.base import Outcome

MAX_NAMES: Final = 5
"""Threads that a line names for one outcome; it counts the others."""
GONE: Final = "gone when looked up"
STILL_THERE: Final = "still there when looked up"

_LOOKED_UP: Final = (
    (GONE, "is gone", "are gone"),
    (STILL_THERE, "was still there just now", "were still there just now"),
)
_COUNTED: Final = {
    Outcome.DELETED: "deleted",
    Outcome.FAILED: "not deleted",
    Outcome.UNKNOWN: "not known",
    Outcome.NOT_TRIED: "left alone",
}


class HasOutcome(Protocol):
    """The result of the deletion of a thread."""

    @property
    def outcome(self) -> Outcome:
        """Its outcome."""


def count_outcomes(results: Iterable[HasOutcome]) -> str:
    """Return the number of results of each outcome."""
    numbers = Counter(result.outcome for result in results)
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
    count = len(past.outcomes)
    what = "1 thread" if count == 1 else f"{count:,} threads"
    tried_all = all(entry.outcome is not Outcome.NOT_TRIED for entry in past.outcomes.values())
    how = "ended after you had left" if past.ended and tried_all else "was cut short"
    counts = count_outcomes(past.outcomes.values())
    line = f"The deletion of {what} on {confirmation_time(past, zone)} {how}: {counts}."
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


def describe_older(pasts: Sequence[PastDeletion]) -> str:
    """Summarize older deletions that were not reported either."""
    count = f"{len(pasts):,} older deletion{'s' if len(pasts) > 1 else ''}"
    outcomes = count_outcomes(entry for past in pasts for entry in past.outcomes.values())
    return (
        f"{count} had not been reported either: {outcomes}. "
        "`chatkit-tui threads deletions` lists them."
    )

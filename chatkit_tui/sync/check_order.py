"""The order in which known threads are asked for new items."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from typing import Final, NamedTuple

from chatkit_tui.models.thread_summary import ENDED

_SHORTEST_SILENCE: Final = 600.0
"""Seconds: the silence of a thread that was active just now."""


class ThreadCheck(NamedTuple):
    """A known thread, as far as the order of checks needs it."""

    id: str
    last_item_at: int
    """Unix seconds."""
    checked_at: int
    status: str | None


def in_order_of_checks(threads: Sequence[ThreadCheck], now: float) -> list[str]:
    """Return the ids of threads in the order in which they are to be asked.

    The list of threads says neither how many items a thread has nor when it last changed. Half of
    the requests go to the threads with the youngest last item, where news is most likely; half to
    those that are most overdue, so that none is left out for long.
    """
    youngest = sorted(threads, key=lambda thread: -thread.last_item_at)
    overdue = sorted(threads, key=lambda thread: -_overdue(thread, now))
    return list(dict.fromkeys(_ids(chain.from_iterable(zip_longest(youngest, overdue)))))


def _ids(threads: Iterator[ThreadCheck | None]) -> Iterator[str]:
    return (thread.id for thread in threads if thread)


def _overdue(thread: ThreadCheck, now: float) -> float:
    """Return how overdue a check is: a thread that was silent for long is asked less often."""
    silence = max(now - thread.last_item_at, _SHORTEST_SILENCE)
    due = (now - thread.checked_at) / (silence / 10)
    return due / 3 if thread.status in ENDED else due

"""A set of hashes that takes 8 bytes for each, so that a list of any length can be followed."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection
from heapq import merge
from typing import Final

_RECENT: Final = 4_096


class HashSet:
    """A set of 64-bit numbers, which only grows: the last ones, and sorted runs of the others."""

    __slots__ = ("_recent", "_runs")

    def __init__(self) -> None:
        self._recent: set[int] = set()
        self._runs: list[array[int]] = []
        """Each is at least twice as long as the next one."""

    def __contains__(self, number: int) -> bool:
        return number in self._recent or any(_has(run, number) for run in self._runs)

    def isdisjoint(self, numbers: Collection[int]) -> bool:
        """Return whether none of the numbers is in the set."""
        if not self._recent.isdisjoint(numbers):
            return False
        return not any(_has(run, number) for run in self._runs for number in numbers)

    def update(self, numbers: Collection[int]) -> None:
        """Add numbers."""
        self._recent.update(numbers)
        if len(self._recent) < _RECENT:
            return
        run = array("q", sorted(self._recent))
        self._recent = set()
        while self._runs and len(self._runs[-1]) < 2 * len(run):
            run = array("q", merge(self._runs.pop(), run))
        self._runs.append(run)


def _has(run: array[int], number: int) -> bool:
    place = bisect_left(run, number)
    return place < len(run) and run[place] == number

"""One side of a feed: the rows from one end of time inwards, and where its next page begins."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Generic, TypeVar

from chatkit_tui.models.pages import Entry
from chatkit_tui.sources.paging import Progress

T = TypeVar("T")

LADDER = 4
"""How much further back each next cursor is taken from when the server refused the one before."""


class Run(Generic[T]):
    """Rows in the order of one side, each key once, and the cursor behind the last of them.

    Finding a row by key takes constant time, also after rows were put in front: a key maps to a
    number that never changes, and `_base` is the number of the first row.
    """

    __slots__ = (
        "_base",
        "_numbers",
        "broken",
        "cursor",
        "progress",
        "refused",
        "rows",
        "starts",
    )

    def __init__(self) -> None:
        self.rows: list[Entry[T]] = []
        self._numbers: dict[str, int] = {}
        self._base = 0
        self.cursor: str | None = None
        """What the next page comes after; None for the end of the list where this side begins."""
        self.progress = Progress()
        self.refused: set[str] = set()
        """Cursors that the server knew no more."""
        self.starts = 0
        """How many times this side was loaded from its very end."""
        self.broken: str | None = None
        """Why this side cannot be followed further; None while it can."""

    def __contains__(self, key: str) -> bool:
        return key in self._numbers

    def index_of(self, key: str) -> int | None:
        """The place of a row, 0 for the outermost; None when it is not here."""
        number = self._numbers.get(key)
        return None if number is None else number - self._base

    def append(self, entries: Sequence[Entry[T]]) -> None:
        """Add rows at the inner end. None of their keys may be here already."""
        for number, entry in enumerate(entries, self._base + len(self.rows)):
            self._numbers[entry.key] = number
        self.rows += entries

    def put_in_front(self, entries: Sequence[Entry[T]]) -> None:
        """Add rows at the outer end, outermost first. None of their keys may be here already."""
        self._base -= len(entries)
        self.rows[0:0] = entries
        for place, entry in enumerate(entries):
            self._numbers[entry.key] = self._base + place

    def splice(self, start: int, stop: int, entries: Sequence[Entry[T]]) -> None:
        """Put rows in the place of those from `start` to `stop`.

        Costs time for those rows alone if as many come as go, else for those at the nearer end too.
        """
        for entry in self.rows[start:stop]:
            del self._numbers[entry.key]
        more = len(entries) - (stop - start)
        self.rows[start:stop] = entries
        first, last = start, start + len(entries)
        if more and start < len(self.rows) - last:
            self._base -= more
            first = 0
        elif more:
            last = len(self.rows)
        for place in range(first, last):
            self._numbers[self.rows[place].key] = self._base + place

    def drop(self, gone: Callable[[Entry[T]], bool]) -> int:
        """Take rows out and return how many there were; the cursor moves back to one that stays."""
        stay = [entry for entry in self.rows if not gone(entry)]
        count = len(self.rows) - len(stay)
        if count:
            lost = {entry.id for entry in self.rows} - {entry.id for entry in stay}
            self._keep(stay)
            self.leave_cursor(lost)
        return count

    def leave_cursor(self, lost: Collection[str]) -> None:
        """Move the cursor back to a row that is here, if it is one of those ids."""
        if self.cursor in lost:
            self.cursor = next((entry.id for entry in reversed(self.rows) if entry.has_id), None)

    def begin_again(self) -> None:
        """Forget every row, to be loaded from the end of the list."""
        self._keep([])
        self.cursor = None
        self.progress = Progress()
        self.starts += 1

    def _keep(self, rows: list[Entry[T]]) -> None:
        self.rows = rows
        self._base = 0
        self._numbers = {entry.key: place for place, entry in enumerate(rows)}

    def cursors(self, is_cursor: Callable[[Entry[T]], bool]) -> list[str | None]:
        """What the next page may come after, best first.

        After the cursor itself come ids of loaded rows, each four times as far back, in case the
        row was deleted on the server meanwhile, and last None: begin again.
        """
        if self.cursor is None:
            return [None]
        behind = (self.rows[-1 - rung] for rung in rungs(len(self.rows)))
        known = [entry.id for entry in behind if is_cursor(entry) and entry.id != self.cursor]
        return [self.cursor, *known, None]


def rungs(count: int) -> list[int]:
    """0, 1, 4, 16, 64 … as far as they are below a count."""
    ladder = [0]
    while ladder[-1] < count:
        ladder.append(max(1, ladder[-1] * LADDER))
    return ladder[:-1]

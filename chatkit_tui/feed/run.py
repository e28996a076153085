"""One side of a feed: the rows from one end of time inwards, and where its next page begins."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Generic, TypeVar

from chatkit_tui.models.pages import Entry

T = TypeVar("T")

LADDER = 4
"""How much further back each next cursor is taken from when the server refused the one before."""


class Run(Generic[T]):
    """Rows in the order of one side, each id once, and the cursor behind the last of them.

    Finding a row by id takes constant time, also after rows were put in front: an id maps to a
    number that never changes, and `_base` is the number of the first row.
    """

    __slots__ = (
        "_base",
        "_numbers",
        "broken",
        "cursor",
        "refused",
        "replaying",
        "rows",
        "seen",
        "starts",
    )

    def __init__(self) -> None:
        self.rows: list[Entry[T]] = []
        self._numbers: dict[str, int] = {}
        self._base = 0
        self.cursor: str | None = None
        """What the next page comes after; None for the end of the list where this side begins."""
        self.seen: set[str] = set()
        """Cursors that were followed; one that comes again would lead in a circle."""
        self.refused: set[str] = set()
        """Cursors that the server knew no more."""
        self.replaying = False
        """Whether pages may hold known rows alone, since the walk went back behind the last row."""
        self.starts = 0
        """How many times this side was loaded from its very end."""
        self.broken: str | None = None
        """Why this side cannot be followed further; None while it can."""

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._numbers

    def index_of(self, identifier: str) -> int | None:
        """The place of a row, 0 for the outermost; None when it is not here."""
        number = self._numbers.get(identifier)
        return None if number is None else number - self._base

    def append(self, entry: Entry[T]) -> bool:
        """Add a row at the inner end; False when its id is here already."""
        if entry.id in self._numbers:
            return False
        self._numbers[entry.id] = self._base + len(self.rows)
        self.rows.append(entry)
        return True

    def put_in_front(self, entries: Sequence[Entry[T]]) -> None:
        """Add rows at the outer end, outermost first. None of their ids may be here already."""
        self._base -= len(entries)
        self.rows[0:0] = entries
        for place, entry in enumerate(entries):
            self._numbers[entry.id] = self._base + place

    def drop(self, identifiers: Collection[str]) -> int:
        """Take rows out and return how many there were; the cursor moves back to one that stays."""
        before = len(self.rows)
        self._keep([entry for entry in self.rows if entry.id not in identifiers])
        if self.cursor in identifiers:
            self.cursor = next((entry.id for entry in reversed(self.rows) if entry.has_id), None)
        return before - len(self.rows)

    def begin_again(self) -> None:
        """Forget every row, to be loaded from the end of the list."""
        self._keep([])
        self.cursor = None
        self.seen.clear()
        self.starts += 1

    def _keep(self, rows: list[Entry[T]]) -> None:
        self.rows = rows
        self._base = 0
        self._numbers = {entry.id: place for place, entry in enumerate(rows)}

    def cursors(self) -> list[str | None]:
        """What the next page may come after, best first.

        After the cursor itself come ids of loaded rows, each four times as far back, in case the
        row was deleted on the server meanwhile, and last None: begin again.
        """
        if self.cursor is None:
            return [None]
        behind = [self.rows[-1 - rung] for rung in rungs(len(self.rows))]
        known = [entry.id for entry in behind if entry.has_id and entry.id != self.cursor]
        return [self.cursor, *known, None]


def rungs(count: int) -> list[int]:
    """0, 1, 4, 16, 64 … as far as they are below a count."""
    ladder = [0]
    while ladder[-1] < count:
        ladder.append(max(1, ladder[-1] * LADDER))
    return ladder[:-1]

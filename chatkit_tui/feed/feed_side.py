"""One side of a feed: the rows from one end of time inwards, and where its next page begins."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from chatkit_tui.models.page import RawRow
from chatkit_tui.sources.paging import Progress

Order: TypeAlias = Literal["asc", "desc"]

BACKOFF: Final = 4
"""How much further back each next cursor is taken from when the server refused the one before."""


class Side(StrEnum):
    """The two ends of time."""

    OLD = "old"
    NEW = "new"

    @property
    def opposite(self) -> Side:
        """The other end."""
        return Side.NEW if self is Side.OLD else Side.OLD

    @property
    def order(self) -> Order:
        """The order in which a list leads away from this end."""
        return "asc" if self is Side.OLD else "desc"


class FeedSide:
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
        self.rows: list[RawRow] = []
        self._numbers: dict[str, int] = {}
        self._base = 0
        self.cursor: str | None = None
        """What the next page comes after; None for the end of the list where this side begins."""
        self.progress = Progress()
        self.refused: set[str] = set()
        """Cursors that the server no longer knew."""
        self.starts = 0
        """How many times this side was loaded from its very end."""
        self.broken: str | None = None
        """Why this side cannot be followed further; None while it can."""

    def __contains__(self, key: str) -> bool:
        return key in self._numbers

    def index_of(self, key: str) -> int | None:
        """Return the index of a row, 0 for the outermost; None if it is not on this side."""
        number = self._numbers.get(key)
        return None if number is None else number - self._base

    def get(self, key: str) -> RawRow | None:
        """Return the row with a key; None if it is not on this side."""
        number = self._numbers.get(key)
        return None if number is None else self.rows[number - self._base]

    def append(self, entries: Sequence[RawRow]) -> None:
        """Add rows at the inner end. None of their keys may be here already."""
        for number, entry in enumerate(entries, self._base + len(self.rows)):
            self._numbers[entry.key] = number
        self.rows += entries

    def put_in_front(self, entries: Sequence[RawRow]) -> None:
        """Add rows at the outer end, outermost first. None of their keys may be here already."""
        self.splice(0, 0, entries)

    def splice(self, start: int, stop: int, entries: Sequence[RawRow]) -> None:
        """Replace the rows from `start` to `stop`.

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
        for index in range(first, last):
            self._numbers[self.rows[index].key] = self._base + index

    def rename(self, entry: RawRow, key: str) -> None:
        """Give a row of this side another key, which must not be here already."""
        self._numbers[key] = self._numbers.pop(entry.key)
        entry.key = key

    def drop(self, is_gone: Callable[[RawRow], bool]) -> list[RawRow]:
        """Remove rows and return them. The cursor stays: see `leave_cursor`."""
        gone = [entry for entry in self.rows if is_gone(entry)]
        if gone:
            lost = {entry.key for entry in gone}
            self._keep([entry for entry in self.rows if entry.key not in lost])
        return gone

    def leave_cursor(self, lost: Collection[str], is_unique: Callable[[RawRow], bool]) -> None:
        """Move the cursor back to a row that is loaded if it is one of the ids in `lost`.

        An id of its own is preferred; without any id left, the side begins again.
        """
        if self.cursor in lost:
            unique = (entry.name for entry in reversed(self.rows) if is_unique(entry))
            others = (entry.name for entry in reversed(self.rows) if entry.has_id)
            self.cursor = next(unique, None) or next(others, None)

    def begin_again(self) -> None:
        """Forget every row, to be loaded from the end of the list."""
        self._keep([])
        self.cursor = None
        self.progress = Progress()
        self.starts += 1

    def _keep(self, rows: list[RawRow]) -> None:
        self.rows = rows
        self._base = 0
        self._numbers = {entry.key: index for index, entry in enumerate(rows)}

    def cursors(self, is_unique: Callable[[RawRow], bool]) -> list[str | None]:
        """Return what the next page may come after, best first.

        After the cursor itself come ids of loaded rows, each four times as far back, in case the
        row was deleted on the server meanwhile, and last None: begin again.
        """
        if self.cursor is None:
            return [None]
        behind = (self.rows[-1 - index] for index in backoff_indices(len(self.rows)))
        known = [entry.name for entry in behind if is_unique(entry) and entry.name != self.cursor]
        return [self.cursor, *known, None]


def backoff_indices(count: int) -> list[int]:
    """Return 0, 1, 4, 16, 64 … as far as they are below a count."""
    indices = [0]
    while indices[-1] < count:
        indices.append(max(1, indices[-1] * BACKOFF))
    return indices[:-1]

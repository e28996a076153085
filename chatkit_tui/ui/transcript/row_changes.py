"""What came to one side of a feed since one last looked, for whoever counts something per row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Side


class SideChange(NamedTuple):
    """Rows that came to a side."""

    front: int = 0
    """In front of its first row, at the end of the thread."""
    back: int = 0
    """Behind its last row, into the gap."""
    anew: bool = False
    """Whether rows went, so that no place is what it was; then `back` counts all that are there."""


class RowChanges:
    """The outermost and the innermost row of a side, and how many lay between them."""

    def __init__(self, feed: Feed[Any], side: Side, *, texts: bool = False) -> None:
        """With `texts`, rows replaced between the ends count as rows that went and came."""
        self._texts = texts
        self._replaced = feed.replaced
        self._feed = feed
        self._side = side
        self._ends: tuple[str, str] | None = None
        self._count = 0

    def look(self) -> SideChange:
        """What changed since the last look; all rows are new at the first."""
        rows = self._feed.old if self._side == "old" else self._feed.new
        change = self._change(rows)
        self._ends = (rows[0].key, rows[-1].key) if rows else None
        self._count = len(rows)
        return change

    def _change(self, rows: Sequence[Any]) -> SideChange:
        if self._ends is None:
            return SideChange(back=len(rows))
        if self._texts and self._replaced != self._feed.replaced:
            self._replaced = self._feed.replaced
            return SideChange(back=len(rows), anew=True)
        first, last = (self._place(key) for key in self._ends)
        if first is None or last is None or last - first != self._count - 1:
            return SideChange(back=len(rows), anew=True)
        return SideChange(first, len(rows) - 1 - last)

    def _place(self, key: str) -> int | None:
        found = self._feed.side_and_index(key)
        return found[1] if found and found[0] == self._side else None

"""A feed as a list on the screen: its rows in display order, and a row for the gap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol

from chatkit_tui.feed.feed import Feed
from chatkit_tui.feed.feed_side import Side
from chatkit_tui.models.page import RawRow

GAP: Final = "\0gap"
"""The key of the gap row. No loaded row has it: the feed prefixes ids that begin with NUL."""


class Loaded(Protocol):
    """The loaded rows of a list: a live `Feed`, or a `LoadedCopy` of one."""

    @property
    def old(self) -> Sequence[RawRow]: ...

    @property
    def new(self) -> Sequence[RawRow]: ...

    @property
    def whole(self) -> bool: ...

    @property
    def revision(self) -> int: ...

    def side_and_index(self, key: str) -> tuple[Side, int] | None: ...


class LoadedCopy:
    """The rows that were loaded at one moment: all, or those that pass a filter.

    A filtered copy has no gap.
    """

    revision = 0

    def __init__(self, feed: Loaded, is_shown: Callable[[RawRow], bool] | None = None) -> None:
        self.old = [entry for entry in feed.old if is_shown is None or is_shown(entry)]
        self.new = [entry for entry in feed.new if is_shown is None or is_shown(entry)]
        self.whole = feed.whole or is_shown is not None
        self._places: dict[str, tuple[Side, int]] | None = None

    def side_and_index(self, key: str) -> tuple[Side, int] | None:
        """Return where a row is in `old` or `new`; None if it is not here."""
        if self._places is None:
            self._places = self._indexed()
        return self._places.get(key)

    def make_index(self) -> None:
        """Do now what the first `side_and_index` would do; it looks at each row."""
        self._places = self._indexed()

    def _indexed(self) -> dict[str, tuple[Side, int]]:
        return {
            entry.key: (side, index)
            for side, entries in ((Side.OLD, self.old), (Side.NEW, self.new))
            for index, entry in enumerate(entries)
        }


class RowView:
    """The loaded rows in display order, with one more row for those that are missing.

    The view copies nothing and every look-up takes constant time. Indices move when the feed
    grows; keys stay. The gap row is between the two ends of the list. With `gap_at_edge`, it is
    also behind the only end that is loaded.
    """

    def __init__(
        self, feed: Loaded, *, newest_first: bool = False, gap_at_edge: bool = True
    ) -> None:
        self.feed = feed
        self.newest_first = newest_first
        self.above, self.below = (Side.NEW, Side.OLD) if newest_first else (Side.OLD, Side.NEW)
        """The side of the feed above the gap, which grows downwards, and the one below it."""
        self.sides = (self.above, self.below)
        self._gap_at_edge = gap_at_edge
        self._gap: int | None = None
        self._revision = -1

    def has(self, side: Side) -> bool:
        """Return whether an end of the list is loaded."""
        return self.feed.whole or bool(self.feed.old if side is Side.OLD else self.feed.new)

    def side_to_load(self, index: int, margin: int) -> Side | None:
        """Return the side to load if a row is within `margin` rows of the gap; else None."""
        if self.feed.whole:
            return None
        upper = len(self._upper)
        if self._lower and index >= upper:
            return self.below if index - upper < margin else None
        return self.above if upper - index <= margin else None

    @property
    def gap(self) -> int | None:
        """The index of the gap row, or None."""
        feed = self.feed
        if self._revision != feed.revision:  # every key asks hundreds of times
            self._revision, self._gap = feed.revision, None
            edges = (feed.old, feed.new)
            has_gap = any(edges) if self._gap_at_edge else all(edges)
            if has_gap and not feed.whole:
                self._gap = len(self._upper)
        return self._gap

    def __len__(self) -> int:
        return len(self.feed.old) + len(self.feed.new) + (self.gap is not None)

    def key(self, index: int) -> str:
        """Return the key of a row, or `GAP`. Raise `IndexError` for a row out of range."""
        return GAP if index == self.gap else self.entry(index).key

    def index(self, key: str) -> int | None:
        """Return the index of a row or of the gap; None if there is no such row."""
        if key == GAP:
            return self.gap
        found = self.feed.side_and_index(key)
        if found is None:
            return None
        side, index = found
        return index if side is self.above else len(self) - 1 - index

    def entry(self, index: int) -> RawRow:
        """Return the loaded row at an index. Raise `IndexError` for the gap and out of range."""
        upper = self._upper
        if 0 <= index < len(upper):
            return upper[index]
        lower, count = self._lower, len(self)
        if index == self.gap or not 0 <= index < count:
            raise IndexError(f"row {index} of {count} is not loaded")
        return lower[count - 1 - index]

    def place(self, index: int) -> int:
        """Return the number of a row among the loaded rows; for the gap, of the row below it."""
        gap = self.gap
        return index if gap is None or index <= gap else index - 1

    def row(self, place: int) -> int:
        """Return the index of a row from its number among the loaded rows."""
        gap = self.gap
        return place + (gap is not None and place >= gap)

    def side_and_number(self, index: int) -> tuple[Side, int]:
        """Return the side of a row and its place there, counted inwards.

        Raise `IndexError` for the gap.
        """
        if index == self.gap:
            raise IndexError("the gap is not a loaded row")
        if index < len(self._upper):
            return self.above, index
        return self.below, len(self) - 1 - index

    @property
    def _upper(self) -> Sequence[RawRow]:
        return self.feed.new if self.newest_first else self.feed.old

    @property
    def _lower(self) -> Sequence[RawRow]:
        return self.feed.old if self.newest_first else self.feed.new


class SideChange(NamedTuple):
    """Rows that were added to a side of a feed."""

    front: int = 0
    """Before its first row, at the end of the list."""
    back: int = 0
    """Behind its last row, into the gap."""
    reset: bool = False
    """Whether rows were removed, so that no index is valid. Then `back` counts all rows."""


class RowChanges:
    """Reports what was added to a side of a feed, for a caller that counts something per row."""

    def __init__(self, feed: Feed, side: Side, *, texts: bool = False) -> None:
        """With `texts`, a replaced row counts as removed and added."""
        self._texts = texts
        self._replaced = feed.rows.replaced
        self._feed = feed
        self._side = side
        self._ends: tuple[str, str] | None = None
        self._count = 0

    def take(self) -> SideChange:
        """Return what changed since the last call; all rows are new in the first."""
        rows = self._feed.old if self._side is Side.OLD else self._feed.new
        change = self._change(rows)
        self._ends = (rows[0].key, rows[-1].key) if rows else None
        self._count = len(rows)
        return change

    def _change(self, rows: Sequence[RawRow]) -> SideChange:
        if self._ends is None:
            return SideChange(back=len(rows))
        if self._texts and self._replaced != self._feed.rows.replaced:
            self._replaced = self._feed.rows.replaced
            return SideChange(back=len(rows), reset=True)
        first, last = (self._index(key) for key in self._ends)
        if first is None or last is None or last - first != self._count - 1:
            return SideChange(back=len(rows), reset=True)
        return SideChange(first, len(rows) - 1 - last)

    def _index(self, key: str) -> int | None:
        found = self._feed.side_and_index(key)
        return found[1] if found and found[0] is self._side else None

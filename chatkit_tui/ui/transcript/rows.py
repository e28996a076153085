"""The loaded items of a thread as rows of the screen, with one row more for what is not loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Side
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.page import Entry

GAP: Final = "\0gap"
"""The key of the row that stands for items that are not loaded. No item has it: the feed gives
ids that begin with NUL other keys."""


class RowKeys(Protocol):
    """Rows that have a key each. Indices move when rows come or go, keys stay."""

    def __len__(self) -> int: ...

    def key(self, index: int) -> str:
        """The key of a row; `GAP` for the one that is no item."""

    def index(self, key: str) -> int | None:
        """Where a row stands now; None when there is no such row."""


class TranscriptRows:
    """A live view of a feed: nothing is copied, every look-up takes constant time.

    There is a gap row exactly when some items are loaded and something between the two ends of
    the thread, or beyond the only loaded one, is not.
    """

    def __init__(self, feed: Feed[Item], *, newest_first: bool) -> None:
        # Whoever has a feed has paid for this import; the first paint, which has none, has not.
        from chatkit_tui.feed import Rows

        self.feed = feed
        self._rows = Rows(feed, newest_first=newest_first)
        self._newest_first = newest_first
        self._gap: int | None = None
        self._revision = -1

    @property
    def newest_first(self) -> bool:
        """Whether the newest item is the first row."""
        return self._newest_first

    @property
    def above(self) -> Side:
        """The side of the feed that stands above the gap."""
        return self._rows.above

    @property
    def below(self) -> Side:
        """The side of the feed that stands below the gap."""
        return self._rows.below

    @property
    def sides(self) -> tuple[Side, Side]:
        """The side above the gap, and the one below it."""
        return self.above, self.below

    @property
    def gap(self) -> int | None:
        """The index of the gap row, or None."""
        feed = self.feed
        if self._revision != feed.revision:  # asked for hundreds of times with every key
            self._revision, self._gap = feed.revision, None
            if not feed.whole and (feed.old or feed.new):
                self._gap = len(feed.new if self._newest_first else feed.old)
        return self._gap

    def __len__(self) -> int:
        return len(self._rows) + (self.gap is not None)

    def key(self, index: int) -> str:
        """The key of the item in a row, or `GAP`. Raises `IndexError` for a row out of range."""
        return GAP if index == self.gap else self.entry(index).key

    def index(self, key: str) -> int | None:
        """Where an item, or the gap, stands; None when it is not loaded."""
        if key == GAP:
            return self.gap
        place = self._rows.index_of(key)
        return place if place is None else place + self._shift(place)

    def entry(self, index: int) -> Entry[Item]:
        """The item of a row. Raises `IndexError` for the gap and for rows that are not there."""
        gap = self.gap
        if index == gap:
            raise IndexError("the gap is no item")
        return self._rows.entry(index if gap is None or index < gap else index - 1)

    def asked_at(self, index: int) -> float | None:
        """When a row was asked for, in Unix seconds, if later ones were asked for again and this
        one was not; None for a row that is as current as any, and for the gap."""
        if index == self.gap:
            return None
        entry = self.entry(index)
        return None if self.feed.is_current(entry) else entry.page.asked[1]

    def place(self, index: int) -> int:
        """The number of an item's row among the loaded items, 0 for the first.

        For the gap, that of the item below it.
        """
        gap = self.gap
        return index if gap is None or index <= gap else index - 1

    def row(self, place: int) -> int:
        """The row of an item from its number among the loaded items."""
        return place + self._shift(place)

    def _shift(self, place: int) -> int:
        gap = self.gap
        return int(gap is not None and place >= gap)

    def side_and_number(self, index: int) -> tuple[Side, int]:
        """The side of the feed that an item's row belongs to, and its place there, counted inwards.

        Raises `IndexError` for the gap.
        """
        if index == self.gap:
            raise IndexError("the gap is no item")
        upper = self.feed.new if self.newest_first else self.feed.old
        if index < len(upper):
            return self.above, index
        return self.below, len(self) - 1 - index

"""A feed as a screen shows it: one sequence in one direction, with a gap where rows are missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from chatkit_tui.feed.feed import Feed
from chatkit_tui.feed.feed_side import Side
from chatkit_tui.models.page import Entry

T = TypeVar("T")


class Rows(Generic[T]):
    """The loaded rows of a feed in display order: a live view that copies nothing.

    Every look-up takes constant time. Indices run from 0 at the top of the screen; they move
    when the feed grows, so a position that must last is kept as an id.
    """

    __slots__ = ("feed", "newest_first")

    def __init__(self, feed: Feed[T], *, newest_first: bool = False) -> None:
        self.feed = feed
        self.newest_first = newest_first

    @property
    def above(self) -> Side:
        """The side that stands above the gap, and grows downwards."""
        return Side.NEW if self.newest_first else Side.OLD

    @property
    def below(self) -> Side:
        """The side that stands below the gap, and grows upwards."""
        return Side.OLD if self.newest_first else Side.NEW

    @property
    def gap_index(self) -> int | None:
        """The index of the first row below the gap, 0 to the length; None when nothing is missing.

        While the side below is not loaded, that is the length itself: the gap is the end.
        """
        return None if self.feed.whole else len(self._upper)

    def __len__(self) -> int:
        return len(self.feed)

    def entry(self, index: int) -> Entry[T]:
        """The row at an index from 0 to the length less 1. Raises `IndexError` for any other."""
        count = len(self.feed)
        if not 0 <= index < count:
            raise IndexError(f"row {index} of {count}")
        upper = self._upper
        return upper[index] if index < len(upper) else self._lower[count - 1 - index]

    __getitem__ = entry

    def __iter__(self) -> Iterator[Entry[T]]:
        yield from self._upper
        yield from reversed(self._lower)

    def index_of(self, identifier: str) -> int | None:
        """Where a row stands; None when it is not loaded."""
        found = self.feed.side_and_index(identifier)
        if found is None:
            return None
        side, index = found
        return index if side is self.above else len(self.feed) - 1 - index

    @property
    def _upper(self) -> Sequence[Entry[T]]:
        return self.feed.new if self.newest_first else self.feed.old

    @property
    def _lower(self) -> Sequence[Entry[T]]:
        return self.feed.old if self.newest_first else self.feed.new

"""Heights of a transcript's rows, measured or estimated, with fast sums over many rows."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, repeat
from typing import TYPE_CHECKING

from chatkit_tui.feed import RowChanges

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, RowView

PAGE = 128
"""Rows per partial sum: a sum over 100,000 rows adds at most 128 numbers and looks one up."""
ESTIMATE = 9
"""Lines of an item that was not rendered yet: the mean of everyday transcripts at 80 columns."""
GAP_LINES = 3


class RowSums:
    """A number from 0 to 2³²−1 for each row, in four bytes, and sums over them.

    After a change, the next sum adds one number per 128 rows.
    """

    __slots__ = ("_pages", "_starts", "_values")

    def __init__(self) -> None:
        self._values = array("I")
        self._pages: list[int] = []
        self._starts: list[int] | None = [0]

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, index: int) -> int:
        return self._values[index]

    def __setitem__(self, index: int, value: int) -> None:
        change = value - self._values[index]
        if change:
            self._values[index] = value
            self._pages[index // PAGE] += change
            self._starts = None

    def append(self, values: Iterable[int]) -> None:
        """Add rows behind the last row."""
        start = len(self._values)
        self._values.extend(values)
        self._sum_up(start // PAGE)

    def prepend(self, values: Iterable[int]) -> None:
        """Add rows before the first row, in the given order."""
        self._values = array("I", values) + self._values
        self._sum_up(0)

    def clear(self) -> None:
        """Remove all rows."""
        self.fill(0, 0)

    def fill(self, count: int, value: int) -> None:
        """Replace all rows by `count` rows with one value, in microseconds for any number."""
        self._values = array("I", [value]) * count
        pages, rest = divmod(count, PAGE)
        self._pages = [value * PAGE] * pages + ([value * rest] if rest else [])
        self._starts = None

    def _sum_up(self, first_page: int) -> None:
        del self._pages[first_page:]
        self._pages.extend(
            sum(self._values[start : start + PAGE])
            for start in range(first_page * PAGE, len(self._values), PAGE)
        )
        self._starts = None

    @property
    def _page_starts(self) -> list[int]:
        if self._starts is None:
            self._starts = [0, *accumulate(self._pages)]
        return self._starts

    @property
    def total(self) -> int:
        return self._page_starts[-1]

    def before(self, index: int) -> int:
        """Return the sum of the rows before `index`, which may be one past the last row."""
        page = index // PAGE
        return self._page_starts[page] + sum(self._values[page * PAGE : index])

    def at(self, amount: int) -> tuple[int, int]:
        """Return the row that contains unit number `amount`, and the unit's number in that row.

        Raise `IndexError` if `amount` is not in `range(total)`.
        """
        starts = self._page_starts
        if not 0 <= amount < starts[-1]:
            raise IndexError(amount)
        page = bisect_right(starts, amount) - 1
        rest = amount - starts[page]
        index = page * PAGE
        while rest >= self._values[index]:
            rest -= self._values[index]
            index += 1
        return index, rest


class JoinedSums:
    """Two `RowSums` as one list of rows in display order.

    `leading` is first; then a gap row of `gap` units, if that is not 0; then `trailing` from its
    last row to its first, because both sides of a feed count inwards.
    """

    __slots__ = ("gap", "leading", "trailing")

    def __init__(self, leading: RowSums, trailing: RowSums, gap: int = 0) -> None:
        self.leading = leading
        self.trailing = trailing
        self.gap = gap

    def __len__(self) -> int:
        return len(self.leading) + (self.gap > 0) + len(self.trailing)

    @property
    def total(self) -> int:
        return self.leading.total + self.gap + self.trailing.total

    def before(self, row: int) -> int:
        """Return the sum of the rows above `row`, which may be one past the last row."""
        if row <= len(self.leading):
            return self.leading.before(row)
        return self.total - self.trailing.before(len(self) - row)

    def at(self, amount: int) -> tuple[int, int]:
        """Return the row that contains unit number `amount`, and the unit's number in that row.

        Raise `IndexError` if `amount` is not in `range(total)`.
        """
        if amount < self.leading.total:
            return self.leading.at(amount)
        beyond = amount - self.leading.total
        if beyond < self.gap:
            return len(self.leading), beyond
        index, rest = self.trailing.at(self.total - 1 - amount)
        return len(self) - 1 - index, self.trailing[index] - 1 - rest


class HeightIndex:
    """The heights of a transcript's rows in lines.

    An estimate only decides how early a page is requested, and the percentage of the position.
    Call `follow` after the feed has changed.
    """

    def __init__(self, rows: RowView, feed: Feed) -> None:
        self._rows = rows
        self._sides = {side: (RowSums(), RowChanges(feed, side)) for side in rows.sides}
        self.follow()

    def follow(self) -> None:
        """Add an estimate for each new row, and remove rows that are gone."""
        for heights, changes in self._sides.values():
            change = changes.take()
            if change.reset:
                heights.clear()
            if change.front:
                heights.prepend(repeat(ESTIMATE, change.front))
            if change.back:
                heights.append(repeat(ESTIMATE, change.back))

    def forget(self) -> None:
        """Replace all heights by estimates, as after a change of the width."""
        for heights, _ in self._sides.values():
            heights.fill(len(heights), ESTIMATE)

    def measure(self, row: int, lines: int) -> None:
        """Set the height of an item's row."""
        side, number = self._rows.side_and_number(row)
        heights = self._sides[side][0]
        if number < len(heights):
            heights[number] = lines

    @property
    def total(self) -> int:
        return self._joined.total

    def above(self, row: int) -> int:
        """Return the number of lines above a row, which may be one past the last row."""
        return self._joined.before(row)

    @property
    def _joined(self) -> JoinedSums:
        above, below = (self._sides[side][0] for side in self._rows.sides)
        return JoinedSums(above, below, GAP_LINES if self._rows.gap is not None else 0)

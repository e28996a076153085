"""A number for each of very many rows, and quick sums over them.

The transcript keeps heights in lines this way, find keeps counts of matches. Rows live at the two
ends of a list whose middle may not be loaded, as the feed has them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

PAGE = 128
"""Rows to one partial sum: a sum over 100,000 rows adds up at most 128 numbers and looks one up."""


class RowSums:
    """Numbers from 0 to 2³²−1, one for each row; four bytes a row, whatever the row is.

    Changing one costs nothing until the next sum, which then adds up one number for each 128 rows.
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
        """Add rows behind the last one."""
        start = len(self._values)
        self._values.extend(values)
        self._sum_up(start // PAGE)

    def prepend(self, values: Iterable[int]) -> None:
        """Add rows in front of the first one, in the order given."""
        self._values = array("I", values) + self._values
        self._sum_up(0)

    def clear(self) -> None:
        """Forget every row."""
        self._values = array("I")
        self._sum_up(0)

    def _sum_up(self, first_page: int) -> None:
        """Sum the pages from `first_page` on anew."""
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
        """The sum of all rows."""
        return self._page_starts[-1]

    def before(self, index: int) -> int:
        """The sum of the rows in front of `index`, which may be one past the last row."""
        page = index // PAGE
        return self._page_starts[page] + sum(self._values[page * PAGE : index])

    def at(self, amount: int) -> tuple[int, int]:
        """The row that the unit number `amount` belongs to, and how many of its units come before.

        Raises `IndexError` when `amount` is not in `range(total)`.
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
    """Two `RowSums` as one list of rows in the order of the screen.

    `leading` comes first, as it is; then a gap of `gap` units, which is a row of its own when it
    has any; then `trailing` from its last row to its first, for both ends of a feed count inwards.
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
        """The sum of all rows, the gap included."""
        return self.leading.total + self.gap + self.trailing.total

    def before(self, row: int) -> int:
        """The sum of the rows above `row`, which may be one past the last row."""
        if row <= len(self.leading):
            return self.leading.before(row)
        return self.total - self.trailing.before(len(self) - row)

    def at(self, amount: int) -> tuple[int, int]:
        """The row that the unit number `amount` belongs to, and how many of its units come before.

        Raises `IndexError` when `amount` is not in `range(total)`.
        """
        if amount < self.leading.total:
            return self.leading.at(amount)
        beyond = amount - self.leading.total
        if beyond < self.gap:
            return len(self.leading), beyond
        index, rest = self.trailing.at(self.total - 1 - amount)
        return len(self) - 1 - index, self.trailing[index] - 1 - rest

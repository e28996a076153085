"""Rows that moved up or down as a block, which a terminal can move by itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from chatkit_tui.terminal.cell_buffer import CellBuffer, Row

FEWEST: Final = 3
"""Rows that must have moved for it to be worth a try."""
_GUTTER: Final = 2
"""Columns at the left edge of what changed that are not looked at: a cursor moves in them."""


class ScrollRegion(NamedTuple):
    """The rows from `top` up to `bottom` moved by `by`: up where that is over 0, else down."""

    top: int
    bottom: int
    by: int

    @property
    def sequence(self) -> str:
        """What makes the terminal move them; the rows that become free are blank.

        The region, its first row, rows taken out or put in there, and the whole screen again.
        """
        act = f"{self.by}M" if self.by > 0 else f"{-self.by}L"
        return f"\x1b[{self.top + 1};{self.bottom}r\x1b[{self.top + 1}H\x1b[{act}\x1b[r"

    def moved(self, grid: CellBuffer) -> CellBuffer:
        """The grid as the terminal shows it afterwards; it shares rows with the one before."""
        result = CellBuffer(grid.width, 0)
        result.height = grid.height
        block = grid.rows[self.top : self.bottom]
        free = [Row.blank(grid.width) for _ in range(abs(self.by))]
        block = [*block[self.by :], *free] if self.by > 0 else [*free, *block[: self.by]]
        result.rows = [*grid.rows[: self.top], *block, *grid.rows[self.bottom :]]
        return result


def find_scroll_regions(
    old: CellBuffer, new: CellBuffer, changes: Mapping[int, Sequence[int]]
) -> Iterator[ScrollRegion]:
    """The likely shifts among the lines that changed, the likeliest first; often there is none.

    `changes` has the columns that changed in each of them, in order.
    """
    if len(changes) < FEWEST:
        return
    lines = list(changes)
    left = min(columns[0] for columns in changes.values())
    right = max(columns[-1] for columns in changes.values()) + 1
    left += _GUTTER if right - left > 4 * _GUTTER else 0
    top, bottom = lines[0], lines[-1] + 1
    places = defaultdict(list)
    for line in range(top, bottom):
        places[_words(old, line, left, right)].append(line)
    arrived: defaultdict[int, list[int]] = defaultdict(list)
    votes: Counter[int] = Counter()
    for line in range(top, bottom):
        words = _words(new, line, left, right)
        if not words or words.isspace():
            continue
        for before in places.get(words, ()):
            if before != line:
                votes[before - line] += 1
                arrived[before - line].append(line)
    for by, number in votes.most_common(2):
        if number >= FEWEST:
            first, last = min(arrived[by]), max(arrived[by])
            yield (
                ScrollRegion(first, last + by + 1, by)
                if by > 0
                else ScrollRegion(first + by, last + 1, by)
            )


def _words(grid: CellBuffer, line: int, left: int, right: int) -> str:
    return "".join(grid.rows[line].texts[left:right])

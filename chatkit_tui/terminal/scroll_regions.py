"""Rows that have scrolled between two screens, which the terminal can scroll by itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from chatkit_tui.terminal.cell_buffer import CellBuffer, Row

MIN_SCROLLED: Final = 3
"""Rows that must have scrolled for a scroll region to pay."""
_GUTTER: Final = 2
"""Columns at the left edge of the change to ignore: the selection moves in them."""


class ScrollRegion(NamedTuple):
    """The rows from `top` to before `bottom`, scrolled by `by`: up if positive, else down."""

    top: int
    bottom: int
    by: int

    def is_within(self, top: int, bottom: int) -> bool:
        """Return whether all of these rows are from `top` to before `bottom`."""
        return top <= self.top and self.bottom <= bottom

    def scroll(self, screen: CellBuffer, fill: int) -> CellBuffer:
        """Return what the terminal shows afterwards; the result shares rows with `screen`.

        `fill` is the style of rows that scroll in.
        """
        result = CellBuffer(screen.width, 0)
        result.height = screen.height
        block = screen.rows[self.top : self.bottom]
        free = [Row.blank(screen.width, fill) for _ in range(abs(self.by))]
        block = [*block[self.by :], *free] if self.by > 0 else [*free, *block[: self.by]]
        result.rows = [*screen.rows[: self.top], *block, *screen.rows[self.bottom :]]
        return result


def find_scroll_regions(
    old: CellBuffer, new: CellBuffer, changes: Mapping[int, Sequence[int]]
) -> Iterator[ScrollRegion]:
    """Yield the likely scrolled regions, the likeliest first; often none.

    `changes` has the changed columns, in order, of each changed line.
    """
    if len(changes) < MIN_SCROLLED:
        return
    lines = list(changes)
    left = min(columns[0] for columns in changes.values())
    right = max(columns[-1] for columns in changes.values()) + 1
    left += _GUTTER if right - left > 4 * _GUTTER else 0
    top, bottom = lines[0], lines[-1] + 1
    places = defaultdict(list)
    for line in range(top, bottom):
        places[_text(old, line, left, right)].append(line)
    arrived: defaultdict[int, list[int]] = defaultdict(list)
    votes: Counter[int] = Counter()
    for line in range(top, bottom):
        text = _text(new, line, left, right)
        if not text or text.isspace():
            continue
        for before in places.get(text, ()):
            if before != line:
                votes[before - line] += 1
                arrived[before - line].append(line)
    for by, number in votes.most_common(2):
        if number >= MIN_SCROLLED:
            first, last = min(arrived[by]), max(arrived[by])
            yield (
                ScrollRegion(first, last + by + 1, by)
                if by > 0
                else ScrollRegion(first + by, last + 1, by)
            )


def _text(screen: CellBuffer, line: int, left: int, right: int) -> str:
    return "".join(screen.rows[line].texts[left:right])

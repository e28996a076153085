"""The window of a transcript: scrolling over rows of which only those in the window are measured.

A position is a row's key and a line in that row. So the visible text stays in place when rows are
added above, or when heights change outside the window.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from chatkit_tui.feed import GAP


class KeyedRows(Protocol):
    """Rows with keys. Indices move when rows are added or removed; keys stay."""

    def __len__(self) -> int: ...

    def key(self, index: int) -> str:
        """Return the key of a row; `GAP` for the gap row."""

    def index(self, key: str) -> int | None:
        """Return the index of a row; None if there is no such row."""

    @property
    def gap(self) -> int | None:
        """The index of the gap row, or None."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a row."""

    key: str
    """The key of the row."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Anchor:
    """A line that stays in place while rows are added, removed or change their height."""

    place: Place
    y: int
    """Its distance from the top of the window."""
    height: int
    """How many lines its row has."""


class Viewport:
    """A window of `height` lines onto rows.

    `lines_of` returns the height of a row in lines, at least 1. It is called only for rows that
    touch the window or that are scrolled across.
    """

    def __init__(self, rows: KeyedRows, lines_of: Callable[[int], int]) -> None:
        self.rows = rows
        self.lines_of = lines_of
        self.height = 0
        self.top = Place(GAP)
        """The first line of the window."""

    def window(self) -> list[tuple[int, int]]:
        """Return row and line for each line of the window, from the top; fewer if rows end."""
        shown: list[tuple[int, int]] = []
        row, line = self._top()
        while len(shown) < self.height and row < len(self.rows):
            count = self.lines_of(row)
            shown += [(row, n) for n in range(line, min(count, line + self.height - len(shown)))]
            row, line = row + 1, 0
        return shown

    def scroll(self, lines: int) -> bool:
        """Move the window down, or up if negative; return False at the end of the rows."""
        row, line = self._top()
        return self._go(row, line + lines)

    def put(self, row: int, line: int, y: int) -> bool:
        """Bring a line of a row to line `y` of the window, or as near as possible."""
        return self._go(row, line - y)

    def hold(self, row: int | None, window: Sequence[tuple[int, int]]) -> Anchor | None:
        """Return an anchor for `row`; if it is not in the window, for the first item that is."""
        seen = [entry for entry in window if entry[0] == row] or [
            entry for entry in window if self.rows.key(entry[0]) != GAP
        ]
        if not seen:
            return None
        found, line = seen[0]
        place = Place(self.rows.key(found), line)
        return Anchor(place, window.index(seen[0]), self.lines_of(found))

    def restore(self, anchor: Anchor, *, scaled: bool = False) -> bool:
        """Scroll so that an anchor is in place; return False if its row is gone.

        With `scaled`, use the line at the same fraction of the row. A row that became too short
        for the line is shown from its first line.
        """
        row = self.rows.index(anchor.place.key)
        if row is None:
            return False
        count, line, y = self.lines_of(row), anchor.place.line, anchor.y
        if scaled:
            line = line * count // anchor.height
        elif line >= count:
            line, y = 0, 0
        if y >= self.height:  # the window shrank: as low as the whole row fits
            y = self.height - min(count, self.height)
        self.put(row, line, y)
        return True

    def _top(self) -> tuple[int, int]:
        """Return row and line of the top, adjusted if its row is gone or became shorter."""
        row = self.rows.index(self.top.key)
        if row is None or row >= len(self.rows):
            return 0, 0
        return row, min(self.top.line, self.lines_of(row) - 1)

    def _go(self, row: int, line: int) -> bool:
        """Make a line of a row the top. A line outside the row counts into its neighbours."""
        if not self.rows:
            return False
        last = len(self.rows) - 1
        while line < 0 and row > 0:
            row -= 1
            line += self.lines_of(row)
        while row < last and line >= (count := self.lines_of(row)):
            line -= count
            row += 1
        row, line = self._filled(row, max(0, line))
        before, self.top = self._top(), Place(self.rows.key(row), line)
        return before != (row, line)

    def _filled(self, row: int, line: int) -> tuple[int, int]:
        """Move a top up as far as needed to fill the window to its last line."""
        empty, below = self.height + line, row
        # Every row has at least one line, so this renders no more rows than the window has lines.
        while empty > 0 and below < len(self.rows):
            empty -= self.lines_of(below)
            below += 1
        while empty > line and row > 0:
            empty -= line
            row -= 1
            line = self.lines_of(row)
        return row, max(0, line - max(0, empty))

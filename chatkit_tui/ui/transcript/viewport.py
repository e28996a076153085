"""What stands in the window: scrolling over rows of which only those in the window have a height.

A position is a row's key and a line in that row. So rows may come above, and heights may change
anywhere outside the window, and what one reads stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatkit_tui.ui.transcript.rows import GAP, RowKeys


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a row: the row's key, and how many of its lines are above."""

    key: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """A line that is to stay where it is while rows come, go or change their height."""

    place: Place
    y: int
    """Where it stands, in lines from the top of the window."""
    height: int
    """How many lines its row has."""


class Viewport:
    """A window of `height` lines onto rows.

    `lines_of` gives the height of a row in lines, at least 1. It is called only for rows that
    touch the window, or that one scrolls across.
    """

    def __init__(self, rows: RowKeys, lines_of: Callable[[int], int]) -> None:
        self.rows = rows
        self.lines_of = lines_of
        self.height = 0
        self.top = Place(GAP)
        """What stands in the first line of the window."""

    def window(self) -> list[tuple[int, int]]:
        """Row and line in it for each line of the window, from the top; fewer when rows end."""
        shown: list[tuple[int, int]] = []
        row, line = self._top()
        while len(shown) < self.height and row < len(self.rows):
            count = self.lines_of(row)
            shown += [(row, n) for n in range(line, min(count, line + self.height - len(shown)))]
            row, line = row + 1, 0
        return shown

    def scroll(self, lines: int) -> bool:
        """Move the window down, or up when negative; False when it was at that end already."""
        row, line = self._top()
        return self._go(row, line + lines)

    def put(self, row: int, line: int, y: int) -> bool:
        """Bring a line of a row to line `y` of the window, or as near as the ends allow."""
        return self._go(row, line - y)

    def hold(self, row: int | None, window: Sequence[tuple[int, int]] | None = None) -> Held | None:
        """Remember where `row` stands; if it is not in the window, the first item that is.

        Who has the `window` at hand already gives it along.
        """
        window = self.window() if window is None else window
        seen = [entry for entry in window if entry[0] == row] or [
            entry for entry in window if self.rows.key(entry[0]) != GAP
        ]
        if not seen:
            return None
        found, line = seen[0]
        return Held(Place(self.rows.key(found), line), window.index(seen[0]), self.lines_of(found))

    def restore(self, held: Held, *, scaled: bool = False) -> bool:
        """Put a remembered line back to where it stood; False when its row is gone.

        The line is the one of the same number, or with `scaled` the one as far down its row as it
        was. A row whose lines do not reach that far any more is shown from its first line.
        """
        row = self.rows.index(held.place.key)
        if row is None:
            return False
        count, line, y = self.lines_of(row), held.place.line, held.y
        if scaled:
            line = line * count // held.height
        elif line >= count:
            line, y = 0, 0
        if y >= self.height:  # the window shrank: as low as the whole row fits
            y = self.height - min(count, self.height)
        self.put(row, line, y)
        return True

    def _top(self) -> tuple[int, int]:
        """Row and line of the top, mended when its row has gone or shrunk."""
        row = self.rows.index(self.top.key)
        if row is None or row >= len(self.rows):
            return 0, 0
        return row, min(self.top.line, self.lines_of(row) - 1)

    def _go(self, row: int, line: int) -> bool:
        """Make a line of a row the top one. A line outside the row counts into its neighbours."""
        if not self.rows:
            return False
        last = len(self.rows) - 1
        while line < 0 and row > 0:
            row -= 1
            line += self.lines_of(row)
        while row < last and line >= (count := self.lines_of(row)):
            line -= count
            row += 1
        row, line = self._without_void(row, max(0, line))
        before, self.top = self._top(), Place(self.rows.key(row), line)
        return before != (row, line)

    def _without_void(self, row: int, line: int) -> tuple[int, int]:
        """Move a top up as far as needed for the window to be filled to its last line."""
        void, below = self.height + line, row
        # Every row has a line at least, so this draws no more rows than the window has lines.
        while void > 0 and below < len(self.rows):
            void -= self.lines_of(below)
            below += 1
        while void > line and row > 0:
            void -= line
            row -= 1
            line = self.lines_of(row)
        return row, max(0, line - max(0, void))

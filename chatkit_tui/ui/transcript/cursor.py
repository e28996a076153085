"""The cursor of a transcript: an item, and how the window follows it.

An item that does not fit into the rest of the window is scrolled into it. An item taller than the
window is scrolled through first, `STEP` lines per key, so that no line is skipped.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatkit_tui.ui.transcript.viewport import KeyedRows, Viewport

STEP = 3
"""Lines that a key, or the mouse wheel, scrolls inside an item."""


class Moved(Enum):
    """What a move changed."""

    NOTHING = auto()
    CURSOR = auto()
    """Only the cursor: the window shows the same lines."""
    WINDOW = auto()
    BLOCKED = auto()
    """The next item is not loaded yet."""


class TranscriptCursor:
    """An item, and the window that follows it.

    Every item ends in a blank line, which may be outside the window. `may_cross_gap` returns
    whether the cursor may step over the gap, because loading cannot fill it.
    """

    def __init__(
        self, rows: KeyedRows, viewport: Viewport, may_cross_gap: Callable[[], bool]
    ) -> None:
        self.rows = rows
        self.viewport = viewport
        self._may_cross_gap = may_cross_gap
        self.key: str | None = None
        """The key of the item, or None."""

    @property
    def row(self) -> int | None:
        """The index of the item; None if it is gone or was never set."""
        return None if self.key is None else self.rows.index(self.key)

    def down(self) -> Moved:
        """Scroll through the item, then go to the next."""
        return self._step(1)

    def up(self) -> Moved:
        """Scroll back through the item, then go to the previous."""
        return self._step(-1)

    def _step(self, direction: int) -> Moved:
        row = self.row
        if row is None:
            return self.settle()
        above, below = self._hidden(row)
        if rest := below if direction > 0 else above:
            self.viewport.scroll(direction * min(STEP, rest))
            return Moved.WINDOW
        goal = row + direction
        if goal == self.rows.gap:
            self._reveal(goal, direction)
            if not self._may_cross_gap():
                return Moved.BLOCKED
            goal += direction
        if not 0 <= goal < len(self.rows):
            return Moved.WINDOW if self.viewport.scroll(direction) else Moved.NOTHING
        self.key = self.rows.key(goal)
        return Moved.WINDOW if self._reveal(goal, direction) else Moved.CURSOR

    def scroll(self, lines: int) -> Moved:
        """Scroll the window; the cursor stays on its item, or moves to the nearest in the window.

        Where the window cannot move further, the cursor goes to the last item.
        """
        if self.viewport.scroll(lines):
            self.settle()
            return Moved.WINDOW
        items = self._items_in_window()
        if not items or (row := items[-1 if lines > 0 else 0]) == self.row:
            return Moved.NOTHING
        self.key = self.rows.key(row)
        return Moved.CURSOR

    def go_to(self, row: int, line: int = 0, y: int = 0) -> Moved:
        """Go to an item and bring one of its lines to line `y` of the window."""
        self.key = self.rows.key(row)
        self.viewport.put(row, line, y)
        return Moved.WINDOW

    def choose(self, row: int) -> Moved:
        """Go to an item in the window without scrolling."""
        if row == self.rows.gap or row == self.row:
            return Moved.NOTHING
        self.key = self.rows.key(row)
        return Moved.CURSOR

    def reveal(self) -> Moved:
        """Scroll down to the end of the item, as far as its first line stays in the window."""
        row = self.row
        window = self.viewport.window()
        if row is None or (row, 0) not in window:
            return Moved.NOTHING
        _, below = self._hidden(row)
        moved = self.viewport.scroll(min(below, window.index((row, 0))))
        return Moved.WINDOW if moved else Moved.NOTHING

    def settle(self) -> Moved:
        """If the item is not in the window, go to the nearest item that is."""
        items = self._items_in_window()
        row = self.row
        if not items or row in items:
            return Moved.NOTHING
        self.key = self.rows.key(items[0] if row is None or row < items[0] else items[-1])
        return Moved.CURSOR

    def _items_in_window(self) -> list[int]:
        gap = self.rows.gap
        return [
            row for row in dict.fromkeys(row for row, _ in self.viewport.window()) if row != gap
        ]

    def _text_height(self, row: int) -> int:
        return max(1, self.viewport.lines_of(row) - 1)

    def _hidden(self, row: int) -> tuple[int, int]:
        """Return the lines of a row above and below the window; both 0 if none is in it."""
        lines = [line for shown, line in self.viewport.window() if shown == row]
        if not lines:
            return 0, 0
        return lines[0], max(0, self._text_height(row) - 1 - lines[-1])

    def _reveal(self, row: int, direction: int) -> bool:
        """Scroll until all of a row is in the window, or where reading it begins.

        That is its first line on the way down, and its last line on the way up.
        """
        height, text = self.viewport.height, self._text_height(row)
        lines = [line for shown, line in self.viewport.window() if shown == row]
        if lines and lines[0] == 0 and lines[-1] >= text - 1:
            return False
        if (text < height) == (direction > 0):
            return self.viewport.put(row, text - 1, height - 1)
        return self.viewport.put(row, 0, 0)

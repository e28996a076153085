"""The cursor of the transcript: an item, and how the window follows it.

`j` and `k` go item by item. An item that does not fit into what is left of the window is brought
into it; one that is taller than the window is read through first, `STEP` lines a key, so that no
line is ever jumped over. Scrolling by lines or pages takes the cursor along.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Protocol

from chatkit_tui.ui.transcript.rows import RowKeys
from chatkit_tui.ui.transcript.viewport import Viewport

STEP = 3
"""Lines that one key, or one turn of the mouse wheel, scrolls inside an item."""


class GappedRows(RowKeys, Protocol):
    """Rows of which one may stand for what is not loaded."""

    @property
    def gap(self) -> int | None:
        """The row that is no item."""


class Moved(Enum):
    """What a key changed."""

    NOTHING = auto()
    CURSOR = auto()
    """The cursor alone: the window shows what it showed."""
    WINDOW = auto()
    BLOCKED = auto()
    """The next item is not loaded yet."""


class TranscriptCursor:
    """An item, and the window it moves in.

    Every item ends in a blank line, which need not be in the window for the item to be read.
    `may_cross_gap` says whether the cursor may step over what is not loaded: it waits where
    loading helps, and passes where it has failed.
    """

    def __init__(
        self, rows: GappedRows, viewport: Viewport, may_cross_gap: Callable[[], bool]
    ) -> None:
        self.rows = rows
        self.viewport = viewport
        self._may_cross_gap = may_cross_gap
        self.key: str | None = None
        """The id of the item; None while there is none."""

    @property
    def row(self) -> int | None:
        """Where the cursor's item stands; None when it is gone or was never set."""
        return None if self.key is None else self.rows.index(self.key)

    def down(self) -> Moved:
        """On through the item, then to the next one."""
        return self._step(1)

    def up(self) -> Moved:
        """Back through the item, then to the one before."""
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
        """Move the window; the cursor stays on its item, or on the nearest one in the window.

        At an end of the rows, where the window cannot move, the cursor goes to the last item.
        """
        if self.viewport.scroll(lines):
            self.settle()
            return Moved.WINDOW
        return self._to_end(lines)

    def _to_end(self, direction: int) -> Moved:
        items = self._items_in_window()
        if not items or (row := items[-1 if direction > 0 else 0]) == self.row:
            return Moved.NOTHING
        self.key = self.rows.key(row)
        return Moved.CURSOR

    def go_to(self, row: int, line: int = 0, y: int = 0) -> Moved:
        """Put the cursor on an item and bring one of its lines to line `y` of the window."""
        self.key = self.rows.key(row)
        self.viewport.put(row, line, y)
        return Moved.WINDOW

    def choose(self, row: int) -> Moved:
        """Put the cursor on an item that is in the window, without moving the window."""
        if row == self.rows.gap or row == self.row:
            return Moved.NOTHING
        self.key = self.rows.key(row)
        return Moved.CURSOR

    def reveal(self) -> Moved:
        """Scroll down for what of the cursor's item is below the window, as far as its first line
        stays in it."""
        row = self.row
        window = self.viewport.window()
        if row is None or (row, 0) not in window:
            return Moved.NOTHING
        _, below = self._hidden(row)
        moved = self.viewport.scroll(min(below, window.index((row, 0))))
        return Moved.WINDOW if moved else Moved.NOTHING

    def settle(self) -> Moved:
        """If the cursor's item is not in the window, take the nearest one that is."""
        items = self._items_in_window()
        row = self.row
        if not items or row in items:
            return Moved.NOTHING
        self.key = self.rows.key(items[0] if row is None or row < items[0] else items[-1])
        return Moved.CURSOR

    def _items_in_window(self) -> list[int]:
        """The rows of the items in the window, each once, from the top."""
        gap = self.rows.gap
        return [
            row for row in dict.fromkeys(row for row, _ in self.viewport.window()) if row != gap
        ]

    def _text_height(self, row: int) -> int:
        return max(1, self.viewport.lines_of(row) - 1)

    def _hidden(self, row: int) -> tuple[int, int]:
        """How many lines of a row are above and below the window; both 0 when none is in it."""
        lines = [line for shown, line in self.viewport.window() if shown == row]
        if not lines:
            return 0, 0
        return lines[0], max(0, self._text_height(row) - 1 - lines[-1])

    def _reveal(self, row: int, direction: int) -> bool:
        """Scroll until a row is in the window: all of it, or where one begins to read it.

        That is its first line on the way down, its last one on the way up.
        """
        height, text = self.viewport.height, self._text_height(row)
        lines = [line for shown, line in self.viewport.window() if shown == row]
        if lines and lines[0] == 0 and lines[-1] >= text - 1:
            return False
        if (text < height) == (direction > 0):
            return self.viewport.put(row, text - 1, height - 1)
        return self.viewport.put(row, 0, 0)

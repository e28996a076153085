"""The window of a transcript, and its cursor: an item, and how the window follows it.

Only the rows in the window are measured. A position is a row's key and a line in that row. So the
visible text stays in place when rows are added above, or when heights change outside the window.
An item that does not fit into the rest of the window is scrolled into it. An item taller than the
window is scrolled through first, `STEP` lines per key, so that no line is skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto
from typing import NamedTuple, Protocol

# -- the window ------------------------------------------------------------------------------------


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


class Place(NamedTuple):
    """A line of a row."""

    key: str
    """The key of the row."""
    line: int = 0


class Anchor(NamedTuple):
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
        self.top = Place("")
        """The first line of the window; of the first row if no row has this key."""

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
            entry for entry in window if entry[0] != self.rows.gap
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
        """Make a line of a row the top. A line outside the row counts into its neighbors."""
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


# -- the cursor ------------------------------------------------------------------------------------

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

"""The stage: takes in what Textual writes, and sends the terminal what it needs of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from chatkit_tui.terminal.ansi_parser import AnsiParser
from chatkit_tui.terminal.cell_buffer import BLANK, CellBuffer
from chatkit_tui.terminal.diff import DiffWriter
from chatkit_tui.terminal.flow_control import FlowControl
from chatkit_tui.terminal.scroll_regions import find_scroll_regions
from chatkit_tui.terminal.styles import Styles

_FRAME_BEGINS: Final = "\x1b[?2026h"
_FRAME_ENDS: Final = "\x1b[?2026l"
_WORTH_A_FRAME: Final = 400
"""Bytes from which a picture could be seen half drawn."""
_WORTH_SHIFTING: Final = 150
"""Bytes of difference from which it is worth to look for rows that moved."""


class Renderer:
    """Between the toolkit and the terminal."""

    def __init__(
        self,
        send: Callable[[str], None],
        *,
        size: tuple[int, int],
        erases_in_colour: bool,
        pace: FlowControl | None = None,
    ) -> None:
        """`send` writes to the terminal; `size` is columns and rows; without a `pace` every frame
        goes out at once."""
        self._send = send
        self._erases_in_colour = erases_in_colour
        self.pace = pace
        self._knows_frames = False
        self._styles = Styles()
        self._shown: CellBuffer | None = None
        """What the terminal shows; None when that is not known."""
        self._reader = AnsiParser(CellBuffer(*size), self._styles)
        self._place = (0, 0)
        self._waiting = False

    def stands(self, grid: CellBuffer, styles: Styles) -> None:
        """The terminal shows this already; the styles are those of its cells."""
        self._styles = styles
        self._reader.begin(grid, styles)
        self._settle()

    # -- what comes in -----------------------------------------------------------------------------

    def write(self, written: str) -> bool:
        """Take in what the toolkit writes; what is no picture is sent on at once.

        Gives whether there is a picture in it, to be painted.
        """
        read = self._reader.read(written)
        if read.frames:
            self._knows_frames = True
        if read.screen_lost:
            self._shown = None
        if read.through:
            self._send("".join(read.through))
        return read.picture

    def resize(self, columns: int, rows: int) -> None:
        """The terminal has another size: what it makes of its old screen is its own affair."""
        grid = self._reader.grid
        if (columns, rows) != (grid.width, grid.height):
            self._reader.begin(grid.resized(columns, rows), self._styles)
            self._shown = None

    def repaint(self) -> None:
        """Send everything with the next frame: somebody else wrote to the terminal."""
        self._shown = None

    # -- what goes out -----------------------------------------------------------------------------

    def paint(self, now: float, *, ask: float | None = None) -> float:
        """Bring the terminal up to date, if it is its turn.

        `now` is in seconds of any clock. Gives 0 when that is done, else the seconds after which
        to try again unless an answer comes before. With `ask`, a question that was sent since that
        time is behind all of it then, be there anything to draw or not.
        """
        frame = self._frame()
        asks = ask is not None and self.pace is not None and not self.pace.is_asked(ask)
        if not frame and not asks:
            return 0
        length = len(frame.encode("utf-8", "replace"))
        if self.pace is not None and (delay := self.pace.delay(length, now)):
            return delay
        if self._knows_frames and length > _WORTH_A_FRAME:
            frame = f"{_FRAME_BEGINS}{frame}{_FRAME_ENDS}"
        question = self.pace.sent(length, now, ask=asks) if self.pace is not None else ""
        self._settle()
        if frame or question:
            self._send(frame + (self._at_safe_place(question) if question else ""))
        return 0

    def _at_safe_place(self, question: str) -> str:
        """Return the question as asked with the cursor outside the first row, or at its start.

        The answer from another column of that row would be the same bytes as F3 with modifiers.
        """
        line, column = self._place
        if line:
            return question
        back = f"\x1b[1;{column + 1}H" if column else ""  # 0, 0 is also a cursor left anywhere
        return f"\x1b[H{question}{back}"

    def _frame(self) -> str:
        """What brings the terminal up to date; empty when it is."""
        new, old = self._reader.grid, self._shown
        painter = self._painter()
        place = self._reader.line, self._reader.column
        if old is None:
            painter.write("\x1b[m\x1b[H\x1b[J")
            painter.rows(CellBuffer(new.width, new.height), new, range(new.height))
            return painter.end(*place)
        changes = {
            line: row.differences(new.rows[line])
            for line, row in enumerate(old.rows)
            if row != new.rows[line]
        }
        if not changes:
            if place == self._place or place == (0, 0):
                return ""
            return f"\x1b[{place[0] + 1};{place[1] + 1}H"
        least = _least(new, changes)
        moved = self._moved(old, new, changes) if least >= _WORTH_SHIFTING else ""
        if moved and len(moved) <= least:
            return moved
        painter.rows(old, new, changes)
        frame = painter.end(*place)
        if least < _WORTH_SHIFTING <= len(frame):
            moved = self._moved(old, new, changes)
        return moved if moved and len(moved) < len(frame) else frame

    def _moved(self, old: CellBuffer, new: CellBuffer, changes: Mapping[int, Sequence[int]]) -> str:
        """The same by moving rows first, in the shortest way; empty where none did move."""
        frames = []
        for shift in find_scroll_regions(old, new, changes):
            painter = self._painter()
            painter.write(shift.sequence)
            painter.rows(shift.moved(old), new, range(new.height))
            frames.append(painter.end(self._reader.line, self._reader.column))
        return min(frames, key=len, default="")

    def _painter(self) -> DiffWriter:
        return DiffWriter(self._styles, erases_in_colour=self._erases_in_colour)

    def _settle(self) -> None:
        """The terminal shows what it should."""
        grid = self._reader.grid
        self._place = self._reader.line, self._reader.column
        if self._styles.full:
            self._renumber()
        shown = self._shown
        if shown is None:
            shown = self._shown = CellBuffer(grid.width, grid.height)
        for line, row in enumerate(grid.rows):
            if shown.rows[line] != row:
                shown.rows[line] = row.copy()

    def _renumber(self) -> None:
        """Forget the styles that are not on the screen."""
        grid, styles = self._reader.grid, Styles()
        for row in grid.rows:
            row.styles = [styles.number(self._styles[style]) for style in row.styles]
        self._styles, self._shown = styles, None
        self._reader.begin(grid, styles)


def _least(new: CellBuffer, changes: Mapping[int, Sequence[int]]) -> int:
    """Bytes that the difference takes at least where no row is moved: its signs alone."""
    return sum(
        sum(new.rows[line].texts[column] != BLANK for column in columns)
        for line, columns in changes.items()
    )

"""The difference of two screens, in a terminal's language and in few bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chatkit_tui.terminal.cell_buffer import BLANK, REST, CellBuffer, Row, is_doubtful, may_run_on
from chatkit_tui.terminal.styles import PLAIN, Styles
from chatkit_tui.text.width import is_narrow

BRIDGED = 4
"""Cells that are written again rather than jumped over: a jump costs about as many bytes."""
WORTH_ERASING = 4
"""Blank cells at the end of a row from which erasing is shorter than writing them."""


class DiffWriter:
    """Writes rows; the cursor's place and the style are known from one to the next."""

    def __init__(self, styles: Styles, *, erases_in_colour: bool) -> None:
        """`erases_in_colour`: what is erased gets the background that is set at the moment."""
        self._styles = styles
        self._erases_in_colour = erases_in_colour
        self._out: list[str] = []
        self._style = PLAIN
        self._line: int | None = None
        self._column: int | None = None
        """Where the terminal's cursor is; None where that is not certain."""

    def write(self, sequence: str) -> None:
        """Add a sequence after which the cursor may be anywhere; the style is the plain one."""
        self._into(PLAIN)
        self._out.append(sequence)
        self._line = self._column = None

    def rows(self, old: CellBuffer, new: CellBuffer, lines: Iterable[int]) -> None:
        """Make these lines of the terminal, which shows `old`, show `new`."""
        for line in lines:
            self._row(line, old.rows[line], new.rows[line])

    def end(self, line: int, column: int) -> str:
        """All that is to be written, with the style plain and the cursor at a place at the end.

        Nothing where nothing changed. 0, 0 is no place: the cursor is hidden and may be anywhere.
        """
        if not self._out:
            return ""
        self._into(PLAIN)
        if (line, column) != (0, 0):
            self._move(line, column)
        return "".join(self._out)

    # -- one row -----------------------------------------------------------------------------------

    def _row(self, line: int, old: Row, new: Row) -> None:
        if old == new:
            return
        changed = old.differences(new)
        if any(_is_doubtful(row, changed) for row in (old, new)):
            self._row_anew(line, old, new, changed[0])
            return
        tail = self._blank_tail(new)
        blank = [column for column in changed if column >= tail]
        if not blank or blank[-1] - blank[0] < WORTH_ERASING:
            blank = []
        for start, end in self._runs(new, changed[: len(changed) - len(blank)]):
            self._write_cells(line, new, start, end)
        if blank:
            here = self._column if self._line == line and self._column is not None else -1
            self._erase(line, here if tail <= here <= blank[0] else blank[0], new.styles[-1])

    def _runs(self, row: Row, changed: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Where to write from and up to, so that everything that changed is written."""
        at = 0
        while at < len(changed):
            start, end = changed[at], changed[at] + 1
            at += 1
            while at < len(changed) and self._bridges(row, end, changed[at]):
                end = changed[at] + 1
                at += 1
            while start and row.texts[start] == REST:
                start -= 1
            while end < len(row.texts) and row.texts[end] == REST:
                end += 1
            yield start, end

    def _bridges(self, row: Row, start: int, end: int) -> bool:
        """Whether to write the cells between two changes rather than to jump over them."""
        if end - start > BRIDGED:
            return False
        style = row.styles[start - 1]
        for column in range(start, end):
            own = row.styles[column]
            if own != style and not (row.texts[column] == BLANK and self._looks_same(own, style)):
                return False
        return True

    def _row_anew(self, line: int, old: Row, new: Row, start: int) -> None:
        """Empty a row from the first cell on whose width terminals disagree, and write it.

        What a terminal drew over two cells where one was counted is gone then, too.
        """
        for column in range(start):
            if is_doubtful(old.texts[column]) or is_doubtful(new.texts[column]):
                start = column
                break
        while start and REST in (new.texts[start], old.texts[start]):
            start -= 1
        self._erase(line, start, PLAIN)
        end = len(new.texts)
        while end > start and new.texts[end - 1] == BLANK and new.styles[end - 1] == PLAIN:
            end -= 1
        self._write_cells(line, new, start, end)

    def _blank_tail(self, row: Row) -> int:
        """The column from which on a row is blank and can be erased; its width where it cannot."""
        width = len(row.texts)
        style = row.styles[-1]
        looks = self._styles[style]
        in_vain = bool(looks.background) and not self._erases_in_colour
        if row.texts[-1] != BLANK or looks.shows_on_blank or in_vain:
            return width
        tail = width
        while tail and row.texts[tail - 1] == BLANK and row.styles[tail - 1] == style:
            tail -= 1
        return tail

    def _erase(self, line: int, column: int, style: int) -> None:
        self._move(line, column)
        if not self._looks_same(style, self._style):
            self._into(style)
        self._out.append("\x1b[K")

    def _write_cells(self, line: int, row: Row, start: int, end: int) -> None:
        if start >= end:
            return
        self._move(line, start)
        texts, styles = row.texts, row.styles
        runs_on = False
        for column in range(start, end):
            text, style = texts[column], styles[column]
            if text == REST:
                continue
            if self._column is None and not (runs_on and self._goes_on(row, column)):
                self._move(line, column)
                runs_on = False
            if style != self._style and not (
                text == BLANK and self._looks_same(style, self._style)
            ):
                self._into(style)
            self._out.append(text)
            if is_doubtful(text):
                self._column = None  # wherever the terminal thinks that it is
                runs_on = runs_on or may_run_on(text)
        # Behind the last cell the cursor stays on it, or waits to wrap: terminals differ.
        if self._column is not None:
            self._column = end if end < len(texts) else None

    def _goes_on(self, row: Row, column: int) -> bool:
        """Whether a cell belongs to the text before it rather than to the next column of a table.

        What does is written wherever the text has come to; what does not is put in its place.
        """
        texts, styles = row.texts, row.styles
        if texts[column] == BLANK:
            return True
        gap = column >= 2 and texts[column - 1] == texts[column - 2] == BLANK
        before = column - 2 if texts[column - 1] == BLANK else column - 1
        return not gap and styles[column] == styles[max(0, before)]

    # -- the cursor and the style ------------------------------------------------------------------

    def _looks_same(self, style: int, other: int) -> bool:
        """Whether a space in `style` can be written while `other` is set."""
        return not self._styles[other].shows_on_blank and (
            self._styles.on_blank(style) == self._styles.on_blank(other)
        )

    def _into(self, style: int) -> None:
        if style != self._style:
            self._out.append(self._styles.step(self._style, style))
            self._style = style

    def _move(self, line: int, column: int) -> None:
        if self._line == line and self._column == column:
            return
        ways = [f"\x1b[{line + 1};{column + 1}H" if column else f"\x1b[{line + 1}H"]
        if self._line == line:
            ways.append(f"\x1b[{column + 1}G")
            if self._column is not None:
                distance = column - self._column
                ways.append(f"\x1b[{distance}C" if distance > 1 else "\x1b[C")
                if distance < 0:  # no \b: a control character in the output is never ours
                    ways[-1] = f"\x1b[{-distance}D" if distance < -1 else "\x1b[D"
        if self._line is not None and column == 0 and line >= self._line:
            ways.append("\r" + "\n" * (line - self._line))
        self._out.append(min(ways, key=len))
        self._line, self._column = line, column


def _is_doubtful(row: Row, changed: Sequence[int]) -> bool:
    """Whether terminals disagree about the width of what changed, or about its place."""
    texts = row.texts
    if is_narrow("".join(texts)):
        return False
    return any(is_doubtful(texts[column]) for column in changed) or any(
        may_run_on(text) for text in texts[: changed[-1]]
    )

"""The difference between two screens, as terminal sequences in few bytes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from chatkit_tui.terminal.bars import find_bars, is_last_cheaper
from chatkit_tui.terminal.cell_buffer import (
    BLANK,
    REST,
    UNKNOWN,
    CellBuffer,
    Row,
    is_doubtful,
    may_run_on,
)
from chatkit_tui.terminal.styles import PLAIN, Styles
from chatkit_tui.text.width import is_narrow

if TYPE_CHECKING:
    from chatkit_tui.terminal.scroll_regions import ScrollRegion

BRIDGED: Final = 4
"""Unchanged cells that are written again rather than skipped: a cursor move is as long."""
WORTH_ERASING: Final = 4
"""Blank cells at the end of a row from which erasing is shorter than writing."""
WORTH_SKIPPING: Final = 12
"""Blank cells from which erasing them and moving on is shorter than writing them."""
MIN_BEYOND: Final = 4
"""Adjacent changed lines beyond the bottom margin for which the margins are reset."""
_GAP: Final = re.compile(r" {6,}| +\Z")
"""Blanks between words that are longer than a cursor move, or at the edge."""
_GAP_TO_SKIP: Final = [BLANK] * WORTH_SKIPPING
_NO_MARGINS: Final = "\x1b[r"
"""Has the whole screen scroll, and moves the cursor to 0, 0, at least in most terminals."""
Margins: TypeAlias = tuple[int, int] | None
"""The rows that scroll: the first, and the one behind the last; None for the whole screen."""


class Modes(NamedTuple):
    """What a terminal keeps from one frame to the next."""

    margins: Margins = None
    style: int = PLAIN
    """The style that text is written in, and perhaps the background of rows that scroll in."""


RESET: Final = Modes()
"""The modes of a terminal that was reset."""


class DiffWriter:
    """Write rows, keeping track of the cursor and the style of the terminal."""

    def __init__(self, styles: Styles, *, erases_in_color: bool, modes: Modes = RESET) -> None:
        """`erases_in_color` is whether erased cells get the current background."""
        self._styles = styles
        self._erases_in_color = erases_in_color
        self._out: list[str] = []
        self._margins, self._style = modes
        self._line: int | None = None
        self._column: int | None = None
        """Where the terminal's cursor is; None if that is uncertain."""

    @property
    def is_below_first_row(self) -> bool:
        """Return whether the cursor is certain to be below the first row, or in column 0."""
        return bool(self._line) or self._column == 0

    @property
    def modes(self) -> Modes:
        """Return the modes of the terminal behind the output."""
        return Modes(self._margins, self._style)

    def clear(self) -> None:
        """Clear the screen, with the cursor in the first column of the first row."""
        self._out.append(f"{_NO_MARGINS}\x1b[m\x1b[H\x1b[J")
        self._margins, self._style = None, PLAIN
        self._line = self._column = 0

    def scroll(self, region: ScrollRegion, old: CellBuffer, new: CellBuffer) -> CellBuffer:
        """Scroll rows, and return what the terminal shows then of what `old` has.

        A line feed in the last row of the region scrolls up, and ESC M in its first row down.
        Rows that scroll in are blank; only some terminals fill them with the background.
        """
        top, bottom, by = region
        come = new.rows[bottom - 1 if by > 0 else top]
        if not self._looks_same(come.styles[-1], self._style):
            self._into(PLAIN)
        fill = UNKNOWN if self._styles[self._style].background else PLAIN
        if self._margins != (top, bottom):
            self._out.append(f"\x1b[{top + 1};{bottom}r")
            self._margins = top, bottom
        first, last = f"\x1b[{top + 1}H", f"\x1b[{bottom}H" + "\n" * by
        way = min(f"{first}\x1b[{by}M", last, key=len) if by > 0 else f"{first}\x1b[{-by}L"
        if by == -1:
            way = f"{first}\x1bM"
        self._out.append(way)
        self._line, self._column = (bottom - 1 if way is last else top), 0
        return region.scroll(old, fill)

    def rows(self, old: CellBuffer, new: CellBuffer, lines: Iterable[int]) -> None:
        """Change these lines from what `old` has to what `new` has."""
        changed = [line for line in lines if old.rows[line] != new.rows[line]]
        if self._margins is not None:
            self._reset_margins(self._margins, changed)
        rows = {line: old.rows[line] for line in changed}
        for bar in find_bars(rows, new):
            for line in bar:
                self._write_cells(line, new.rows[line], 0, 1)
                rows[line] = row = rows[line].copy()
                row.texts[0], row.styles[0] = new.rows[line].texts[0], new.rows[line].styles[0]
        for line in changed:
            self._row(line, rows[line], new.rows[line])

    def end(self, line: int, column: int, *, keeps_style: bool = False) -> str:
        """Return the output, ending with the cursor at a place.

        Empty if nothing changed. 0, 0 means a hidden cursor, which may be anywhere. It ends in the
        plain style; with `keeps_style`, in any in which blanks can be erased.
        """
        if not self._out:
            return ""
        if not keeps_style or not self._is_erasable(self._style):
            self._into(PLAIN)
        if (line, column) != (0, 0):
            self._move(line, column)
        return "".join(self._out)

    def _reset_margins(self, margins: tuple[int, int], changed: Sequence[int]) -> None:
        """Reset the margins if that saves more moves than scrolling again costs."""
        beyond = sum(after == line + 1 and after >= margins[1] for line, after in pairwise(changed))
        if beyond >= MIN_BEYOND:
            self._out.append(_NO_MARGINS)
            self._margins = self._line = self._column = None

    # -- one row -----------------------------------------------------------------------------------

    def _row(self, line: int, old: Row, new: Row) -> None:
        if old == new:
            return
        changed = old.differences(new)
        if any(_is_doubtful(row, changed) for row in (old, new)):
            self._rewrite_row(line, old, new, changed[0])
            return
        if is_last_cheaper(old, new, changed, self._style, self._styles):
            self._change(line, new, changed[1:])
            self._write_cells(line, new, 0, 1)
        else:
            self._change(line, new, changed)

    def _change(self, line: int, new: Row, changed: Sequence[int]) -> None:
        """Write or erase the changed cells of a row."""
        start = self._start_of_erasing(new, changed)
        if start is None:
            self._write_changed(line, new, changed)
            return
        style = new.styles[start]
        self._write_changed(line, new, changed[: bisect_left(changed, start)])
        if self._line == line and self._column is not None and self._column < start:
            here = self._column
            start = here if all(_is_filled(new, at, style) for at in range(here, start)) else start
        self._erase(line, start, style)
        rest = range(start, len(new.texts))
        self._write_changed(line, new, [at for at in rest if not _is_filled(new, at, style)])

    def _start_of_erasing(self, row: Row, changed: Sequence[int]) -> int | None:
        """Return the column from which to erase a row in the style of that cell; None for nowhere.

        That saves blanks between words, but costs words that did not change.
        """
        width = len(row.texts)
        runs = [run for run in _blank_runs(row) if self._is_erasable(run.style)]
        start, most, skips = None, WORTH_ERASING, self._erases_in_color
        for number, (left, right, style) in enumerate(runs):
            begin = bisect_left(changed, left)
            if begin == bisect_left(changed, right):
                continue
            saved = 0
            for run in runs[number:]:
                if run.style == style:
                    first, last = bisect_left(changed, run.start), bisect_left(changed, run.end)
                    if first < last and run.end == width:
                        saved += changed[last - 1] - changed[first] + 1
                    else:
                        gap = min(last - first, WORTH_SKIPPING) if skips else last - first
                        saved += max(0, gap - BRIDGED - 1)
            if saved > most:
                saved -= sum(not _is_filled(row, at, style) for at in range(left, width))
                saved += sum(not _is_filled(row, at, style) for at in changed[begin:])
                if saved > most:
                    start, most = changed[begin], saved
        return start

    def _is_erasable(self, style: int) -> bool:
        """Return whether erased cells look like blank cells of a style."""
        looks = self._styles[style]
        return not looks.shows_on_blank and (self._erases_in_color or not looks.background)

    def _write_changed(self, line: int, row: Row, changed: Sequence[int]) -> None:
        for start, end in self._runs(row, changed):
            self._write_cells(line, row, start, end)

    def _runs(self, row: Row, changed: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield the start and the end of each stretch of cells to write."""
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
        """Return whether to write the cells between two changes rather than skip them."""
        if end - start > BRIDGED:
            return False
        style = row.styles[start - 1]
        for column in range(start, end):
            own = row.styles[column]
            if own != style and not (row.texts[column] == BLANK and self._looks_same(own, style)):
                return False
        return True

    def _rewrite_row(self, line: int, old: Row, new: Row, start: int) -> None:
        """Erase and rewrite a row from the first cell on whose width terminals disagree.

        That also removes a character drawn over more cells than counted.
        """
        for column in range(start):
            if is_doubtful(old.texts[column]) or is_doubtful(new.texts[column]):
                start = column
                break
        while start and REST in (new.texts[start], old.texts[start]):
            start -= 1
        style = new.styles[-1]
        if new.texts[-1] != BLANK or not self._is_erasable(style):
            style = PLAIN
        self._erase(line, start, style)
        end = len(new.texts)
        while end > start and _is_filled(new, end - 1, style):
            end -= 1
        self._write_cells(line, new, start, end)

    def _erase(self, line: int, column: int, style: int) -> None:
        self._move(line, column)
        if not self._looks_same(style, self._style):
            self._into(style)
        self._out.append("\x1b[K")

    def _write_cells(self, line: int, row: Row, start: int, end: int) -> None:
        if start >= end:
            return
        self._move(line, start, row)
        texts, styles = row.texts, row.styles
        runs_on = False
        gap_end = start
        for column in range(start, end):
            text, style = texts[column], styles[column]
            if text == REST or column < gap_end:
                continue
            if column == gap_end > start:
                self._move(line, column)
            if self._column is None and not (runs_on and self._continues(row, column)):
                self._move(line, column)
                runs_on = False
            if style != self._style and not (
                text == BLANK and self._looks_same(style, self._style)
            ):
                self._into(style)
            if text == BLANK and not runs_on and self._column is not None:
                gap_end = self._end_of_gap(row, column, end)
                if gap_end - column >= WORTH_SKIPPING:
                    self._out.append(f"\x1b[{gap_end - column}X")
                    self._column = column  # erasing does not move the cursor
                    continue
                gap_end = start
            self._out.append(text)
            if is_doubtful(text):
                self._column = None  # terminals disagree
                runs_on = runs_on or may_run_on(text)
        if gap_end == end > start:
            return
        # After the last cell, terminals differ: the cursor stays on it, or is about to wrap.
        if self._column is not None:
            self._column = end if end < len(texts) else None

    def _end_of_gap(self, row: Row, start: int, end: int) -> int:
        """Return the column before `end` up to which one sequence erases blanks from `start` on."""
        texts, styles = row.texts, row.styles
        if texts[start : start + WORTH_SKIPPING] != _GAP_TO_SKIP or not self._erases_in_color:
            return start
        style = styles[start]
        if self._styles[style].shows_on_blank or not self._looks_same(style, self._style):
            return start
        column = start
        while column < end and texts[column] == BLANK and self._looks_same(styles[column], style):
            column += 1
        return column

    def _continues(self, row: Row, column: int) -> bool:
        """Return whether a cell continues the text before it rather than another table column.

        Text that continues is written wherever the text before it ended.
        """
        texts, styles = row.texts, row.styles
        if texts[column] == BLANK:
            return True
        gap = column >= 2 and texts[column - 1] == texts[column - 2] == BLANK
        before = column - 2 if texts[column - 1] == BLANK else column - 1
        return not gap and styles[column] == styles[max(0, before)]

    # -- the cursor and the style ------------------------------------------------------------------

    def _looks_same(self, style: int, other: int) -> bool:
        """Return whether a space in `style` can be written while `other` is set."""
        return not self._styles[other].shows_on_blank and (
            self._styles.on_blank(style) == self._styles.on_blank(other)
        )

    def _is_blank(self, row: Row, end: int) -> bool:
        """Return whether the first cells of a row can be written as spaces in the current style."""
        return row.texts[:end] == [BLANK] * end and all(
            self._looks_same(style, self._style) for style in row.styles[:end]
        )

    def _into(self, style: int) -> None:
        if style != self._style:
            self._out.append(self._styles.step(self._style, style))
            self._style = style

    def _move(self, line: int, column: int, row: Row | None = None) -> None:
        """Move the cursor; blank cells of `row`, which is on that line, may be written again."""
        if self._line == line and self._column == column:
            return
        ways = [f"\x1b[{line + 1};{column + 1}H" if column else f"\x1b[{line + 1}H"]
        if self._line == line:
            ways.append(f"\x1b[{column + 1}G")
            if self._column is not None:
                distance = column - self._column
                ways.append(f"\x1b[{distance}C" if distance > 1 else "\x1b[C")
                if distance < 0:  # not \b: the output has no control characters outside sequences
                    ways[-1] = f"\x1b[{-distance}D" if distance < -1 else "\x1b[D"
        # Line feeds scroll at the bottom margin; terminals differ in what they do beyond it.
        is_beyond = self._margins is not None and line >= self._margins[1]
        if self._line is not None and line >= self._line and not is_beyond:
            right = f"\x1b[{column}C" if column > 1 else "\x1b[C" * column
            if row is not None and column <= BRIDGED and self._is_blank(row, column):
                right = min(" " * column, right, key=len)
            ways.append("\r" + "\n" * (line - self._line) + right)
        self._out.append(min(ways, key=len))
        self._line, self._column = line, column


class _BlankRun(NamedTuple):
    """Blank cells of one style, from `start` to before `end`."""

    start: int
    end: int
    style: int


def _blank_runs(row: Row) -> Iterator[_BlankRun]:
    """Yield the blanks that are worth erasing: before the edge, and long ones between words."""
    text = "".join(row.texts)
    if is_narrow(text):
        gaps = [gap.span() for gap in _GAP.finditer(text)]
    else:  # characters are not cells
        width = len(row.texts)
        blanks = next((at for at in range(width) if row.texts[-1 - at] != BLANK), width)
        gaps = [(width - blanks, width)] if blanks else []
    for start, end in gaps:
        for style, cells in groupby(range(start, end), row.styles.__getitem__):
            columns = list(cells)
            yield _BlankRun(columns[0], columns[-1] + 1, style)


def _is_filled(row: Row, column: int, style: int) -> bool:
    """Return whether a cell is blank in a style."""
    return row.texts[column] == BLANK and row.styles[column] == style


def _is_doubtful(row: Row, changed: Sequence[int]) -> bool:
    """Return whether terminals disagree about the width or the place of what changed."""
    texts = row.texts
    if is_narrow("".join(texts)):
        return False
    return any(is_doubtful(texts[column]) for column in changed) or any(
        may_run_on(text) for text in texts[: changed[-1]]
    )

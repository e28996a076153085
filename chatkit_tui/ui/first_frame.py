"""The header and the first threads, drawn while the toolkit is still being imported.

The rows are those that the screen draws a moment later, in the same places, by the same functions;
colours and the rest of the screen come with it. Nothing here imports the toolkit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from chatkit_tui.commands.availability import TWO_PANES_FROM
from chatkit_tui.terminal.cell_buffer import CellBuffer
from chatkit_tui.terminal.diff import DiffWriter
from chatkit_tui.terminal.styles import PLAIN, Styles
from chatkit_tui.ui.header_text import header_parts
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.parts import Part, spread
from chatkit_tui.ui.threads.line import Bar, Setting, lines_for, thread_lines
from chatkit_tui.ui.threads.rows import Row
from chatkit_tui.ui.threads.status_text import head_parts

_WEIGHTS: Final[Mapping[str, str]] = {"strong": "1", "bar": "1", "chip": "1;7", "dim": "2"}
"""What is seen of a part's look where there are no colours, as SGR parameters."""
_NARROWEST_LIST, _WIDEST_LIST = 38, 62
"""Columns of the list beside the transcript, with the line between the two."""
_ABOVE, _BELOW = 2, 2
"""Lines of the screen that are not the list's: header and heading, status line and footer."""


class Size(NamedTuple):
    """Of a terminal."""

    columns: int
    lines: int


@dataclass(frozen=True, slots=True)
class FirstFrame:
    """What a terminal shows, and how."""

    size: Size
    grid: CellBuffer
    styles: Styles

    def written(self) -> str:
        """What draws it on an empty screen; the cursor may be anywhere afterwards."""
        painter = DiffWriter(self.styles, erases_in_colour=False)
        painter.rows(CellBuffer(*self.size), self.grid, range(self.size.lines))
        return painter.end(0, 0)


class Outline(Protocol):
    """What stands on the terminal before the screen does."""

    def hand_over(self) -> FirstFrame | None:
        """Leave the terminal to the screen: draw nothing any more, and treat what is typed as it
        was treated before. Gives what the terminal shows, on its other screen; None where that
        is not certain."""
        ...


def draw_first_frame(options: Options, rows: Sequence[Row], size: Size) -> FirstFrame:
    """The screen as it begins, as far as header and threads go."""
    width, height = _list_width(options, size.columns), size.lines - _ABOVE - _BELOW
    setting = Setting(options.clock(), options.zone, options.times, options.plain)
    lines = [
        spread(*header_parts(options, offline=False, slow=options.slow is True), size.columns),
        spread(*head_parts(newest_first=True, user=options.user, needle="", marks=0), width),
        *_list_lines(rows, width, height, setting),
    ]
    picture = FirstFrame(size, CellBuffer(*size), Styles())
    for number, line in enumerate(lines[: max(1, size.lines - _BELOW)]):
        column = 0
        for text, what in line:
            style = picture.styles.after(PLAIN, _WEIGHTS.get(what, ""))
            column = picture.grid.put(number, column, text, style, picture.styles)
    return picture


def _list_width(options: Options, columns: int) -> int:
    """As the style sheet has it."""
    if columns < TWO_PANES_FROM or options.slow:
        return columns
    return max(_NARROWEST_LIST, min(_WIDEST_LIST, columns * 2 // 5)) - 1


def _list_lines(
    rows: Sequence[Row], width: int, height: int, setting: Setting
) -> Iterator[list[Part]]:
    each = lines_for(width, height)
    # Where the last one has room for half of it, that half is drawn.
    for index, row in enumerate(rows[: -(-max(0, height) // each)]):
        yield from thread_lines(
            row,
            width,
            setting,
            two_lines=each == 2,
            bar=Bar.STRONG if index == 0 else None,
            marked=False,
            first_words=None,
        )

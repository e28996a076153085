"""Draw the header and the first threads while Textual is being imported.

The rows stand where the screen draws them a moment later, from the same functions. Colors and the
rest of the screen follow. Nothing here imports Textual.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from chatkit_tui.commands.command_context import TWO_PANES_FROM
from chatkit_tui.document.spans import Span, Style
from chatkit_tui.terminal.cell_buffer import CellBuffer
from chatkit_tui.terminal.diff import DiffWriter
from chatkit_tui.terminal.environment import erases_in_color, has_italics
from chatkit_tui.terminal.renderer import is_enabled
from chatkit_tui.terminal.styles import PLAIN, Styles
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.styled_lines import header_parts, spread
from chatkit_tui.ui.threads.line import (
    BAR,
    Setting,
    Shown,
    lines_for,
    list_heading,
    setting_of,
    thread_lines,
)
from chatkit_tui.ui.threads.rows import Row, row_of_entry
from chatkit_tui.ui.threads.status_text import head_parts
from chatkit_tui.ui.tokens import Fill, Scheme, fill_look, look_on, resolve, scheme_named, words_of

if TYPE_CHECKING:
    from chatkit_tui.models.page import Page

_MIN_LIST, _MAX_LIST = 38, 62
"""Columns of the list beside the transcript, with the border between them."""
_ABOVE, _BELOW = 2, 2
"""Lines outside the list: header and heading, status line and footer."""


class Size(NamedTuple):
    """The size of a terminal."""

    columns: int
    lines: int


class FirstFrame(NamedTuple):
    """A screen drawn without Textual."""

    options: Options
    rows: Sequence[Row]
    size: Size
    screen: CellBuffer
    styles: Styles
    cursor: int
    """The index of the thread under the cursor."""

    def written(self, before: CellBuffer | None = None) -> str:
        """Return what draws it over another screen, by default an empty one.

        The terminal's cursor ends anywhere.
        """
        writer = DiffWriter(self.styles, erases_in_color=erases_in_color(os.environ))
        writer.rows(before or CellBuffer(*self.size), self.screen, range(self.size.lines))
        return writer.end(0, 0)

    @property
    def visible(self) -> int:
        """How many threads are visible as a whole."""
        width, height = _list_size(self.options, self.size)
        return min(len(self.rows), height // lines_for(width, height))

    def with_cursor(self, cursor: int) -> FirstFrame:
        """Return the frame with the cursor on another visible thread."""
        return draw_first_frame(self.options, self.rows, self.size, cursor, self.styles)


def draw_page(options: Options, page: Page, size: Size) -> FirstFrame | None:
    """Return the first page of threads as a frame.

    Return None for an empty list, which is left to Textual. Without the renderer, everything is:
    it alone can continue from a drawn screen.
    """
    if not (page.rows and is_enabled(os.environ)):
        return None
    rows = [row_of_entry(entry) for entry in islice(page.rows, size.lines)]
    return draw_first_frame(options, rows, size)


def draw_first_frame(
    options: Options,
    rows: Sequence[Row],
    size: Size,
    cursor: int = 0,
    styles: Styles | None = None,
) -> FirstFrame:
    """Return the header and the threads of the first screen, with styles added to `styles`."""
    width, height = _list_size(options, size)
    setting = setting_of(options)
    lines = [
        spread(*header_parts(options, offline=False, slow=options.slow is True), size.columns),
        spread(*_heading(options, width, height, setting), width),
        *_list_lines(options, rows, cursor, width, height, setting),
    ]
    frame = FirstFrame(options, rows, size, CellBuffer(*size), styles or Styles(), cursor)
    scheme, italics = _scheme(options), has_italics(os.environ) and not options.plain
    fills: dict[int, Fill] = {0: "header", 1: "heading"}
    if rows:
        each = lines_for(width, height)
        top = _ABOVE + cursor * each
        fills |= dict.fromkeys(range(top, top + each), "chosen")
    for number, line in enumerate(lines[: max(1, size.lines - _BELOW)]):
        column = 0
        for text, style in line:
            if not italics:
                style = style._replace(italic=False)
            sgr = _sgr(style, fills.get(number), scheme, slow=options.slow is True)
            drawn = frame.styles.after(PLAIN, sgr)
            column = frame.screen.put(number, column, text, drawn, frame.styles)
    return frame


def _scheme(options: Options) -> Scheme:
    has_no_colors = options.plain or "NO_COLOR" in os.environ
    return "colorless" if has_no_colors else scheme_named(options.theme)


def _sgr(style: Style, fill: Fill | None, scheme: Scheme, *, slow: bool) -> str:
    """Return the SGR parameters of a style, in front of a filled line or not."""
    words = words_of(style)
    if fill is None:
        return resolve(words, scheme).sgr
    behind = fill_look(fill, scheme, slow=slow)
    look = look_on(fill, words, scheme, slow=slow)
    return ";".join(filter(None, (behind.sgr, look.sgr)))


def _list_size(options: Options, size: Size) -> Size:
    """Return the size of the list, as the style sheet has it."""
    columns, lines = size.columns, max(0, size.lines - _ABOVE - _BELOW)
    if columns < TWO_PANES_FROM or options.slow:
        return Size(columns, lines)
    return Size(max(_MIN_LIST, min(_MAX_LIST, columns * 2 // 5)) - 1, lines)


def _heading(
    options: Options, width: int, height: int, setting: Setting
) -> tuple[list[Span], list[Span]]:
    what = head_parts(newest_first=True, user=options.user, needle="", marks=0)
    return list_heading(what, width, setting, two_lines=lines_for(width, height) == 2)


def _list_lines(
    options: Options, rows: Sequence[Row], cursor: int, width: int, height: int, setting: Setting
) -> Iterator[list[Span]]:
    each = lines_for(width, height)
    # The last row is drawn even if only half of it fits.
    for index, row in enumerate(rows[: -(-height // each)]):
        bar = BAR if index == cursor else None
        yield from thread_lines(
            row,
            width,
            setting,
            Shown(bar, tinted=bar is not None and options.slow is True),
            two_lines=each == 2,
        )

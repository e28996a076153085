"""The transcript on the screen: what it is read from becomes strips, a line at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from chatkit_tui.render.context import Context
from chatkit_tui.render.lines import Line
from chatkit_tui.ui.theme import COLOURLESS, TextStyles
from chatkit_tui.ui.transcript.finding import TranscriptFind
from chatkit_tui.ui.transcript.gap import notice_lines
from chatkit_tui.ui.transcript.match_marks import Piece
from chatkit_tui.ui.transcript.reading import Reading
from chatkit_tui.ui.transcript.selection import number_of, selected_text
from chatkit_tui.ui.transcript.strips import line_segments, overlaid, padded

GUTTER = 2
"""Columns in front of the items, in which the cursor is shown."""
MARGIN = 1
"""Columns that stay empty behind them."""
STRIPS_KEPT = 500


class TranscriptCanvas(ScrollView, can_focus=True, inherit_bindings=False):
    """Draws a `Reading` and the matches of a search in it.

    The items' strips are kept while one scrolls; `redraw` forgets them. The cursor is a bar in the
    gutter, so that moving it repaints two columns of two items.
    """

    DEFAULT_CSS = """
    TranscriptCanvas {
        height: 1fr;
        overflow: hidden hidden;
        scrollbar-size: 0 0;
    }
    """
    ALLOW_SELECT: ClassVar[bool] = True

    def __init__(self, context: Context, placeholder: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.auto_links = False
        self.context = context
        self.placeholder = placeholder
        """What stands here while there is no thread."""
        self.reading: Reading | None = None
        self.found: TranscriptFind | None = None
        self._styles: TextStyles | None = None
        self._look: object = None
        """What the colours depend on."""
        self._code_coloured = True
        self._strips: dict[tuple[str, int], Strip] = {}
        """The items' lines, each by the key of its row and its number there."""
        self._whole: dict[tuple[str, int, Segment, int], Strip] = {}
        """The widget's lines as they are drawn, gutter included. A strip that is the same as
        before brings with it all that the toolkit made of it."""

    def fit(self) -> bool:
        """Fit what is read into the widget; False when it does already, or there is no room yet."""
        width, height = self.size
        if self.reading is None or not width or not height:
            return False
        return self.reading.resize(max(1, width - GUTTER - MARGIN), height)

    def redraw(self) -> None:
        """Draw every line anew."""
        self._forget()
        self.refresh()

    def redraw_gutter(self, row: int | None) -> None:
        """Draw the gutter of a row again."""
        window = self.reading.window if self.reading else []
        lines = [y for y, shown in enumerate(window) if shown[0] == row]
        if lines:
            self.refresh(Region(0, lines[0], GUTTER, len(lines)))

    def colour_code(self, coloured: bool) -> None:
        """Give the words of code and JSON colours of their own, or leave them all alike."""
        if coloured is not self._code_coloured:
            self._code_coloured, self._styles = coloured, None
            self.redraw()

    def notify_style_update(self) -> None:
        """Another theme: every colour is a different one. It is told of every change of the focus
        as well, with which no colour changes."""
        super().notify_style_update()
        look = (self.app.theme, self.app.no_color, self.visual_style)
        if look != self._look:
            self._look = look
            self._styles = None
            self._forget()

    def _forget(self) -> None:
        self._strips.clear()
        self._whole.clear()

    @property
    def styles_of_text(self) -> TextStyles:
        """The styles of the theme that is on."""
        if self._styles is None:
            bare = self.app.no_color
            self._styles = TextStyles(
                COLOURLESS if bare else self.app.theme_variables, code=self._code_coloured
            )
        return self._styles

    # -- lines -------------------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """A part of the widget, which has no border, padding or tint.

        The toolkit makes new strips of all its lines for each of these, with every key.
        """
        strips = [self.render_line(y) for y in crop.line_range]
        _, background = self.background_colors
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span == (0, self.size.width):
            return strips
        return [strip.crop(*crop.column_span) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """A line of the widget."""
        reading, width = self.reading, self.size.width
        base = self.visual_style.rich_style
        if reading is None or not len(reading.rows):
            return padded(self._notice(y), width, base)
        if reading.follow():
            self.call_later(self.redraw)  # lines of this frame may stand where they no longer do
        if y >= len(reading.window):
            return Strip.blank(width, base)
        row, line = reading.window[y]
        number = number_of(reading, row, line)
        gutter = self._gutter(reading, row, line)
        selection = self.text_selection
        span = selection.get_span(number) if selection else None
        # What is selected changes with the mouse, what the gap says with time.
        if span is None and row != reading.rows.gap:
            key = (reading.rows.key(row), number, gutter, width)
            if (kept := self._whole.get(key)) is not None:
                return kept
        else:
            key = None
        body = self._body(reading, row, line, max(0, width - GUTTER))
        strip = Strip([gutter, *body]).adjust_cell_length(width).apply_style(base)
        if span is not None:
            start, end = span
            style = self.screen.get_component_rich_style("screen--selection")
            strip = Strip(overlaid(strip, start, width if end < 0 else end, style), width)
        strip = strip.apply_offsets(0, number)
        if key is not None:
            if len(self._whole) >= STRIPS_KEPT:
                self._whole.clear()
            self._whole[key] = strip
        return strip

    def _gutter(self, reading: Reading, row: int, line: int) -> Segment:
        parting = line == len(reading.lines(row)) - 1  # the blank line behind the item
        if row != reading.cursor.row or parting:
            return Segment("  ")
        signs = ("> ", ": ") if self.context.plain else ("┃ ", "│ ")
        styles = self.styles_of_text
        if self.has_focus:
            return Segment(signs[0], styles.cursor)
        return Segment(signs[1], styles.resting_cursor)

    def _body(self, reading: Reading, row: int, line: int, width: int) -> Strip:
        key = (reading.rows.key(row), line)
        strip = None if row == reading.rows.gap else self._strips.get(key)
        if strip is None:
            pieces: Sequence[Piece] = ()
            current = None
            if self.found is not None and row != reading.rows.gap:
                pieces = self.found.marks(row).pieces.get(line, ())
                current = self.found.current_in(row) if pieces else None
            text = reading.lines(row)[line]
            segments = line_segments(text, self.styles_of_text, pieces, current)
            strip = Strip(segments).adjust_cell_length(width)
            if len(self._strips) >= STRIPS_KEPT:
                self._strips.clear()
            self._strips[key] = strip
        return strip

    def _notice(self, y: int) -> list[Segment]:
        lines = self._notice_lines(max(1, self.size.width - GUTTER - MARGIN))
        if y >= len(lines):
            return []
        return [Segment(" " * GUTTER), *line_segments(lines[y], self.styles_of_text)]

    def _notice_lines(self, width: int) -> Sequence[Line]:
        plain = self.context.plain
        if self.reading is None:
            return notice_lines(self.placeholder, width, plain=plain)
        failure = next(iter(self.reading.failures.values()), None)
        if failure is None and self.reading.feed.whole:
            return notice_lines("This thread has no items.", width, plain=plain)
        broken = self.reading.feed.broken
        return notice_lines(
            broken or "Loading the first items.", width, failure=failure, plain=plain
        )

    # -- selecting with the mouse ------------------------------------------------------------------

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text that the mouse selected."""
        text = selected_text(self.reading, selection, GUTTER) if self.reading else None
        return None if text is None else (text, "\n")

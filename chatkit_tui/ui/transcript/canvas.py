"""The transcript on the screen: what it is read from becomes strips, a line at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple

from rich.segment import Segment
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from chatkit_tui.document.spans import DIM, Line
from chatkit_tui.render.context import Context
from chatkit_tui.ui.theme import COLORLESS, TextStyles
from chatkit_tui.ui.transcript.find_session import FindSession
from chatkit_tui.ui.transcript.gap import notice_lines
from chatkit_tui.ui.transcript.highlights import Piece
from chatkit_tui.ui.transcript.selection import number_of, selected_text
from chatkit_tui.ui.transcript.strips import line_segments, overlaid, padded
from chatkit_tui.ui.transcript.transcript_state import TranscriptState
from chatkit_tui.ui.widgets.same_in_focus import SameInFocus

GUTTER = 2
"""Columns in front of the items, in which the cursor is shown."""
MARGIN = 1
"""Columns that stay empty behind them."""
UNSELECTED = Segment("  ")
NOT_CURRENT = "~ "
"""Before an item that was not asked for again when others were."""
STRIPS_KEPT = 1000


class _Shown(NamedTuple):
    """A row as its lines are drawn."""

    row: int
    key: str
    is_gap: bool
    number: int
    """That of its first line, for the mouse; those of the others are this one and theirs."""
    gutter: Segment
    text: Sequence[Line]
    first_gutter: Segment

    def gutter_of(self, line: int) -> Segment:
        """What stands before a line: nothing before the blank one behind the item."""
        if line == 0:
            return self.first_gutter
        return self.gutter if line < len(self.text) - 1 else UNSELECTED


class TranscriptCanvas(SameInFocus, ScrollView, can_focus=True, inherit_bindings=False):
    """Draws a `TranscriptState` and the matches of a search in it.

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
        self.reading: TranscriptState | None = None
        self.found: FindSession | None = None
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
        """Another theme: every colour is a different one. It is told of other changes as well, with
        which no colour changes."""
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
                COLORLESS if bare else self.app.theme_variables, code=self._code_coloured
            )
        return self._styles

    # -- lines -------------------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """A part of the widget, which has no border, padding or tint.

        The toolkit makes new strips of all its lines for each of these, with every key.
        """
        width = self.size.width
        strips = self._lines(crop.line_range, width)
        if filters := self.get_line_filters():
            _, background = self.background_colors
            for line_filter in filters:
                strips = [strip.apply_filter(line_filter, background) for strip in strips]
        if crop.column_span == (0, width):
            return strips
        return [strip.crop(*crop.column_span) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """A line of the widget."""
        return self._lines(range(y, y + 1), self.size.width)[0]

    def _lines(self, lines: range, width: int) -> list[Strip]:
        reading = self.reading
        if reading is None or not len(reading.rows):
            style = self.visual_style.rich_style
            return [padded(self._notice(y), width, style) for y in lines]
        if reading.follow_looks_new():
            self.call_later(self.redraw)  # lines of this frame may stand where they no longer do
        window, selection = reading.window, self.text_selection
        strips: list[Strip] = []
        for row, shown in groupby(window[lines.start : lines.stop], itemgetter(0)):
            item = self._item(reading, row, selected=row == reading.cursor.row)
            for _, line in shown:
                span = selection.get_span(item.number | line) if selection else None
                # What is selected changes with the mouse, what the gap says with time.
                if span is None and not item.is_gap:
                    strips.append(self._kept(item, line, width)[0])
                else:
                    strips.append(self._marked(item, line, width, span))
        missing = len(lines) - len(strips)
        if missing:
            strips += [Strip.blank(width, self.visual_style.rich_style)] * missing
        return strips

    def prepare(self, row: int, lines: Iterable[int]) -> bool:
        """Make lines of an item that may come into the window; False when they are all there."""
        reading, width = self.reading, self.size.width
        if reading is None or not width:
            return False
        made = False
        for selected in (False, True):
            item = self._item(reading, row, selected=selected)
            for line in lines:
                made |= self._kept(item, line, width)[1]
        return made

    def _item(self, reading: TranscriptState, row: int, *, selected: bool) -> _Shown:
        gutter = first = self._gutter() if selected else UNSELECTED
        if not selected and reading.rows.asked_at(row) is not None:
            first = Segment(NOT_CURRENT, self.styles_of_text[DIM])
        return _Shown(
            row,
            reading.rows.key(row),
            row == reading.rows.gap,
            number_of(reading, row, 0),
            gutter,
            reading.lines(row),
            first,
        )

    def _kept(self, item: _Shown, line: int, width: int) -> tuple[Strip, bool]:
        """A line of an item with nothing selected in it, and whether it had to be made."""
        number = item.number | line
        key = (item.key, number, item.gutter_of(line), width)
        if (kept := self._whole.get(key)) is not None:
            return kept, False
        strip = self._bare(item, line, width).apply_offsets(0, number)
        _make_room(self._whole)
        self._whole[key] = strip
        return strip, True

    def _marked(self, item: _Shown, line: int, width: int, span: tuple[int, int] | None) -> Strip:
        """A line with what the mouse selected in it."""
        strip = self._bare(item, line, width)
        if span is not None:
            start, end = span
            style = self.screen.get_component_rich_style("screen--selection")
            strip = Strip(overlaid(strip, start, width if end < 0 else end, style), width)
        return strip.apply_offsets(0, item.number | line)

    def _bare(self, item: _Shown, line: int, width: int) -> Strip:
        body = self._body(item, line, max(0, width - GUTTER))
        base = self.visual_style.rich_style
        return Strip([item.gutter_of(line), *body]).adjust_cell_length(width).apply_style(base)

    def _gutter(self) -> Segment:
        """What stands before the cursor's item."""
        signs = ("> ", ": ") if self.context.plain else ("┃ ", "│ ")
        styles = self.styles_of_text
        if self.has_focus:
            return Segment(signs[0], styles.cursor)
        return Segment(signs[1], styles.resting_cursor)

    def _body(self, item: _Shown, line: int, width: int) -> Strip:
        key = (item.key, line)
        strip = None if item.is_gap else self._strips.get(key)
        if strip is None:
            pieces: Sequence[Piece] = ()
            current = None
            if self.found is not None and not item.is_gap:
                pieces = self.found.marks(item.row).pieces.get(line, ())
                current = self.found.current_in(item.row) if pieces else None
            segments = line_segments(item.text[line], self.styles_of_text, pieces, current)
            strip = Strip(segments).adjust_cell_length(width)
            _make_room(self._strips)
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


def _make_room(strips: dict[Any, Strip]) -> None:
    """Forget the older half when there are too many, so that most of what is shown stays."""
    if len(strips) >= STRIPS_KEPT:
        for key in list(islice(strips, STRIPS_KEPT // 2)):
            del strips[key]

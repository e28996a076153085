"""The lines of a transcript as strips of the screen: styled, highlighted, cached."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from chatkit_tui.document.spans import DIM, DONE, Line, Role, Style
from chatkit_tui.terminal.environment import erases_in_color
from chatkit_tui.ui.theme import SLOW_CLASS, TextStyles, styles_of
from chatkit_tui.ui.tokens import Fill
from chatkit_tui.ui.transcript.selection import number_of

if TYPE_CHECKING:
    from chatkit_tui.ui.transcript.find_session import FindSession, Piece
    from chatkit_tui.ui.transcript.transcript_state import TranscriptState

GUTTER: Final = 2
"""Columns before the items, for a bar in the color of the role; it is thicker at the cursor.

The second column of a marked item's first line has its mark."""
NO_BAR: Final = Segment("  ")
NOT_CURRENT: Final = "~ "
"""The gutter of an item that was not requested again when others were."""
CACHED_STRIPS: Final = 1000
MOST_AHEAD: Final = 50
"""Lines above and below the window to prepare."""
LAST: Final = 1 << 30
"""A line behind the last line of any item."""


Bars: TypeAlias = tuple[Segment, Segment, Segment]
"""The bars of the first line, of further lines of the head, and of the lines below."""


class _Row(NamedTuple):
    """A row whose lines are rendered."""

    place: int
    """Its index."""
    key: str
    is_gap: bool
    number: int
    """The number of its first line, for mouse selections."""
    text: Sequence[Line]
    head: int
    """How many lines are the head."""
    bars: Bars
    fill: Fill | None
    """What the head is filled as."""

    def is_filled(self, line: int) -> bool:
        return self.fill is not None and line < self.head

    def bar(self, line: int) -> Segment:
        """Return the bar of a line; none for the blank line behind the item."""
        first, head, below = self.bars
        if line == 0:
            return first
        if line == len(self.text) - 1:
            return NO_BAR
        return head if line < self.head else below


class StripRenderer:
    """Makes the strips of a transcript for a widget, and caches them.

    The cursor is a thick bar and a filled head, so that moving it redraws two heads and two columns
    of two items. A strip that is the same object as before keeps everything that Textual has
    computed for it.
    """

    def __init__(self, widget: Widget, *, plain: bool) -> None:
        self._widget = widget
        self._plain = plain
        self._is_slow = False
        self._erases_in_color = erases_in_color(os.environ)
        self._styles: TextStyles | None = None
        self._theme: object = None
        """What the colors depend on."""
        self._bodies: dict[tuple[str, int], Strip] = {}
        """Lines without the gutter, by the key of the row and the line in it."""
        self.strips: dict[tuple[str, int, Segment, int], Strip] = {}
        """Whole lines as they are drawn."""
        self._made_bars: dict[tuple[Role, Fill | None, bool, bool], Bars] = {}

    def clear(self) -> None:
        """Forget all strips."""
        self._bodies.clear()
        self._made_bars.clear()
        self.strips.clear()

    def set_slow(self, *, slow: bool) -> bool:
        """Set whether the connection is slow; return False if nothing changes.

        Then code and JSON have one color, and only the first line of an item has a bar.
        """
        if slow is self._is_slow:
            return False
        self._is_slow, self._styles = slow, None
        self.clear()
        return True

    def theme_changed(self) -> None:
        """Forget all strips if their colors have changed."""
        app = self._widget.app
        theme = (app.theme, app.no_color, app.has_class(SLOW_CLASS), self._widget.visual_style)
        if theme != self._theme:
            self._theme, self._styles = theme, None
            self.clear()

    @property
    def styles(self) -> TextStyles:
        """The text styles of the current theme."""
        if self._styles is None:
            self._styles = styles_of(self._widget.app, code=not self._is_slow)
        return self._styles

    # -- the window --------------------------------------------------------------------------------

    def render(
        self, state: TranscriptState, session: FindSession | None, lines: range
    ) -> list[Strip]:
        """Return the strips of the lines of the window."""
        width, selection = self._widget.size.width, self._widget.text_selection
        strips: list[Strip] = []
        for index, shown in groupby(state.window[lines.start : lines.stop], itemgetter(0)):
            row = self._row(state, index, selected=index == state.cursor.row)
            for _, line in shown:
                span = selection.get_span(row.number | line) if selection else None
                # A selection changes with the mouse, and the gap row with time.
                if span is None and not row.is_gap:
                    strips.append(self._cached(row, line, width, session)[0])
                else:
                    strips.append(self._selected(row, line, width, session, span))
        missing = len(lines) - len(strips)
        return strips + [Strip.blank(width, self._base)] * missing

    @property
    def _base(self) -> RichStyle:
        return self._widget.visual_style.rich_style

    def _row(self, state: TranscriptState, index: int, *, selected: bool) -> _Row:
        is_gap = index == state.rows.gap
        head, bars = 0, (NO_BAR, NO_BAR, NO_BAR)
        fill: Fill | None = None
        if not is_gap:
            drawn = state.items.drawn(index)
            head = drawn.head
            if selected:
                fill = "chosen" if self._widget.has_focus else "chosen-other"
            bars = self._bars(
                drawn.role,
                fill,
                is_current=state.asked_at(index) is None,
                is_marked=state.rows.key(index) in state.marks,
            )
        return _Row(
            index,
            state.rows.key(index),
            is_gap,
            number_of(state, index, 0),
            state.lines(index),
            head,
            bars,
            fill,
        )

    def _bars(self, role: Role, fill: Fill | None, *, is_current: bool, is_marked: bool) -> Bars:
        key = (role, fill, is_current, is_marked)
        bars = self._made_bars.get(key)
        if bars is None:
            made = self._cursor_bars(fill, role) if fill else self._role_bars(role, is_current)
            if is_marked:
                made = self._marked(made[0]), *made[1:]
            bars = self._made_bars[key] = made
        return bars

    def _marked(self, bar: Segment) -> Segment:
        """Return a bar with the mark of an item."""
        return Segment(bar.text[0] + DONE.form(plain=self._plain), bar.style)

    def _cursor_bars(self, fill: Fill, role: Role) -> Bars:
        if fill == "chosen":
            text, style = "> " if self._plain else "▌ ", Style(role)
            below = Segment(text, self._hue(role))
        else:
            text, style = ": " if self._plain else "▌ ", DIM
            below = Segment(text, self.styles[DIM])
        on_fill, behind = self.styles.on(fill, style), self.styles.fill(fill)
        if fill == "chosen" and behind.bgcolor and on_fill.color == behind.color:
            on_fill += self._hue(role)  # the fills of themes have no hues but that of the bar
        head = Segment(text, on_fill)
        return head, head, below

    def _role_bars(self, role: Role, is_current: bool) -> Bars:
        bar = Segment("| " if self._plain else "▎ ", self._hue(role))
        first = bar if is_current else Segment(NOT_CURRENT, self.styles[DIM])
        return (first, NO_BAR, NO_BAR) if self._is_slow else (first, bar, bar)

    def _hue(self, role: Role) -> RichStyle:
        """Return the color of a role alone, which needs fewer bytes."""
        return RichStyle(color=self.styles[Style(role)].color)

    def _cached(
        self, row: _Row, line: int, width: int, session: FindSession | None
    ) -> tuple[Strip, bool]:
        """Return a line of an item without a selection, and whether it was not cached."""
        number = row.number | line
        key = (row.key, number, row.bar(line), width)  # a filled line has a bar of its own
        if (cached := self.strips.get(key)) is not None:
            return cached, False
        strip = self._line(row, line, width, session).apply_offsets(0, number)
        _make_room(self.strips)
        self.strips[key] = strip
        return strip, True

    def _selected(
        self,
        row: _Row,
        line: int,
        width: int,
        session: FindSession | None,
        span: tuple[int, int] | None,
    ) -> Strip:
        strip = self._line(row, line, width, session)
        if span is not None:
            start, end = span
            style = self._widget.screen.get_component_rich_style("screen--selection")
            strip = Strip(overlaid(strip, start, width if end < 0 else end, style), width)
        return strip.apply_offsets(0, row.number | line)

    def _line(self, row: _Row, line: int, width: int, session: FindSession | None) -> Strip:
        if row.is_filled(line):
            segments = self._filled(row, line, width)
        else:
            segments = [row.bar(line), *self._body(row, line, max(0, width - GUTTER), session)]
        return Strip(segments).adjust_cell_length(width).apply_style(self._base)

    def _filled(self, row: _Row, line: int, width: int) -> list[Segment]:
        """Return a line of the head, which find does not search, in front of its fill."""
        fill, styles = row.fill or "chosen", self.styles
        words = [Segment(text, styles.on(fill, style)) for text, style in row.text[line]]
        if not self._erases_in_color:  # the terminal would get each blank behind the words
            return [row.bar(line), *words]
        room = width - GUTTER - sum(segment.cell_length for segment in words)
        return [row.bar(line), *words, Segment(" " * max(0, room), styles.fill(fill))]

    def _body(self, row: _Row, line: int, width: int, session: FindSession | None) -> Strip:
        key = (row.key, line)
        strip = None if row.is_gap else self._bodies.get(key)
        if strip is None:
            pieces: Sequence[Piece] = ()
            current = None
            if session is not None and not row.is_gap:
                pieces = session.highlights(row.place).pieces.get(line, ())
                current = session.current_in(row.place) if pieces else None
            segments = line_segments(row.text[line], self.styles, pieces, current)
            strip = Strip(segments).adjust_cell_length(width)
            _make_room(self._bodies)
            self._bodies[key] = strip
        return strip

    # -- ahead of the window -----------------------------------------------------------------------

    def prepare_next(self, state: TranscriptState) -> bool:
        """Prepare an item that the next key may scroll into the window.

        Return False if all are prepared.
        """
        width = self._widget.size.width
        return bool(width and state.window) and any(
            self._prepare(state, row, lines, width)
            for step, edge in ((1, state.window[-1]), (-1, state.window[0]))
            for row, lines in _beyond(state, edge, step)
        )

    def _prepare(
        self, state: TranscriptState, index: int, lines: Iterable[int], width: int
    ) -> bool:
        made = False
        for selected in (False, True):
            row = self._row(state, index, selected=selected)
            for line in lines:
                made |= self._cached(row, line, width, None)[1]
        return made


def _beyond(
    state: TranscriptState, edge: tuple[int, int], step: int
) -> Iterator[tuple[int, range]]:
    """Yield rows and their lines on one side of the window, away from its edge.

    End at the gap, and at an item that is rendered in a thread.
    """
    left = min(state.viewport.height, MOST_AHEAD)
    row, line = edge
    line += step
    while left > 0 and 0 <= row < len(state.rows):
        if row == state.rows.gap or state.items.is_large(row):
            return
        count = len(state.lines(row))
        if step > 0:
            lines = range(line, min(count, line + left))
        else:
            line = min(line, count - 1)
            lines = range(max(0, line + 1 - left), line + 1)
        if lines:
            yield row, lines
        left -= len(lines)
        row, line = row + step, 0 if step > 0 else LAST


def _make_room(strips: dict[Any, Strip]) -> None:
    """Forget the older half if there are too many, so that most of the window stays."""
    if len(strips) >= CACHED_STRIPS:
        for key in list(islice(strips, CACHED_STRIPS // 2)):
            del strips[key]


def line_segments(
    line: Line, styles: TextStyles, pieces: Sequence[Piece] = (), current: int | None = None
) -> list[Segment]:
    """Return a line in the theme's styles with its matches highlighted.

    `current` is the number of the current match, if it is in this item.
    """
    segments = [Segment(span.text, styles[span.style]) for span in line]
    for piece in pieces:
        style = styles.current_match if piece.number == current else styles.match
        segments = overlaid(segments, piece.start, piece.end, style)
    return segments


def overlaid(segments: Iterable[Segment], start: int, end: int, style: RichStyle) -> list[Segment]:
    """Return segments with a style added to the characters from `start` to `end`."""
    result: list[Segment] = []
    offset = 0
    for text, own, _ in segments:
        first, last = (max(0, min(edge - offset, len(text))) for edge in (start, end))
        offset += len(text)
        if first >= last:
            result.append(Segment(text, own))
            continue
        if first:
            result.append(Segment(text[:first], own))
        result.append(Segment(text[first:last], own + style if own else style))
        if last < len(text):
            result.append(Segment(text[last:], own))
    return result


def cursor_regions(state: TranscriptState, row: int, width: int) -> list[Region]:
    """Return what the cursor changes in the lines of an item: its filled head, and the bar below.

    None of it for the gap, or if the item is not in the window.
    """
    lines = [(y, line) for y, (shown, line) in enumerate(state.window) if shown == row]
    if not lines or row == state.rows.gap:
        return []
    (top, line), head = lines[0], state.items.drawn(row).head
    filled = min(len(lines), max(0, head - line))
    regions = (
        Region(0, top, width, filled),
        Region(0, top + filled, GUTTER, len(lines) - filled),
    )
    return list(filter(None, regions))

"""Decoration around and between boxes: frames, rules, prefixes, bars, and limited lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from chatkit_tui.document.spans import DIM, Inline, Line, Span, Style, line_text
from chatkit_tui.render.layout.box import (
    LONGEST_RULE,
    MAX_NESTED,
    ROOM,
    Box,
    LayoutState,
    Note,
    Text,
    rule_line,
)
from chatkit_tui.render.layout.column import align_pictures
from chatkit_tui.render.layout.notes import WithNotes, extra, notes_below
from chatkit_tui.text.width import cells, line_width


class Edges(NamedTuple):
    """The characters of a frame."""

    across: str
    down: str
    corners: str
    """Left and right of the top, of a rule across, and of the bottom."""


ROUND: Final = Edges("─", "│", "╭╮├┤╰╯")
DASHED: Final = Edges("╌", "╎", "╭╮├┤╰╯")
ASCII: Final = Edges("-", "|", "++++++")


class Frame(Box):
    """Boxes in a frame, with a rule between each two. A narrow frame has no sides."""

    __slots__ = ("_sections", "dashed", "style")

    def __init__(
        self, sections: Sequence[Box], *, style: Style = DIM, dashed: bool = False
    ) -> None:
        self._sections = list(sections)
        super().__init__(
            4 + max((part.min_width for part in sections), default=0),
            4 + max((part.natural for part in sections), default=0),
        )
        self.style = style
        self.dashed = dashed
        self._take_notes()

    def _take_notes(self) -> None:
        self.noted = 4 + max((part.noted for part in self._sections), default=0)
        self.notes = tuple([note for part in self._sections for note in part.notes])
        self.notes_beside = any(part.notes_beside for part in self._sections)

    def note(self, notes: Sequence[Note]) -> None:
        """Add notes below the content."""
        self._sections[-1] = WithNotes(self._sections[-1], notes)
        self._take_notes()

    def parts(self) -> Sequence[Box]:
        return self._sections

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        edges = ASCII if state.plain else DASHED if self.dashed else ROUND
        width = min(width, LONGEST_RULE)
        inner = width - 4 if width - 4 >= ROOM else width
        if state.nested >= MAX_NESTED:
            return _bare(self._sections, width, state)
        rule = rule_line(inner, state)
        before, after = Span(f"{edges.down} ", self.style), f" {edges.down}"
        lines = [self._across(edges, 0, width)]
        ruled = True  # whether the last line is a rule: one of two adjacent rules is enough
        state.nested += 1
        for number, section in enumerate(self._sections):
            if number and not ruled:
                lines.append(self._across(edges, 2, width))
                ruled = True
            for line in section.draw_limited(inner, state):
                if line == rule:
                    if not ruled:
                        lines.append(self._across(edges, 2, width))
                elif inner == width:
                    lines.append(line)
                else:
                    space = " " * (inner - line_width(line)) + after
                    lines.append((before, *line, Span(space, self.style)))
                ruled = line == rule
        state.nested -= 1
        if ruled and len(lines) > 1:
            lines.pop()
        lines.append(self._across(edges, 4, width))
        return lines

    def _across(self, edges: Edges, corner: int, width: int) -> Line:
        left, right = edges.corners[corner], edges.corners[corner + 1]
        if width - 4 < ROOM:
            left = right = edges.across
        return (Span((left + edges.across * (width - 2) + right)[:width], self.style),)


def _bare(parts: Sequence[Box], width: int, state: LayoutState) -> list[Line]:
    lines: list[Line] = []
    for part in parts:
        lines += part.draw_limited(width, state)
    return lines


class Rule(Box):
    """A horizontal rule."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(1, 1)
        self.flex = 1.0

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        return [rule_line(width, state)]


class Stripe(Box):
    """A symbol of one cell, repeated down to the height of its row."""

    __slots__ = ("_plain", "span")

    stretches = True

    def __init__(self, symbol: str, plain: str, style: Style = DIM) -> None:
        super().__init__(1, 1)
        self.max_width = 1
        self.span = Span(symbol, style)
        self._plain = Span(plain, style)

    def draw(self, _width: int, state: LayoutState) -> list[Line]:
        return [(self._plain if state.plain else self.span,)]


class Dot(Stripe):
    """A symbol of one cell."""

    __slots__ = ()

    stretches = False


class Closed(Box):
    """A box that an open item has another one for."""

    __slots__ = ("_box",)

    def __init__(self, box: Box) -> None:
        super().__init__(box.min_width, box.natural)
        self.keep_notes(box)
        self._box = box

    def parts(self) -> Sequence[Box]:
        return (self._box,)

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        state.closed += 1
        return self._box.draw_limited(width, state)


class Prefixed(Box):
    """A box behind a prefix on each line: a bar, a marker, or padding."""

    __slots__ = ("_box", "_rest", "_right", "first")

    def __init__(self, box: Box, first: Span, rest: Span, *, right: int = 0) -> None:
        """Measure the box with its prefix.

        `first` stands before the first line, `rest` before the others; both are equally wide.
        `right` is the padding on the other side, in cells.
        """
        own = cells(first.text) + right
        super().__init__(box.min_width + own, box.natural + own)
        self.keep_notes(box)
        self._box = box
        self.first = first
        self._rest = rest
        self._right = right
        self.flex, self.share = box.flex, box.share

    def parts(self) -> Sequence[Box]:
        return (self._box,)

    def lead(self) -> int:
        return cells(self.first.text)

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        """Return the prefixed lines; without `ROOM` cells, the marker gets a line of its own."""
        if state.nested >= MAX_NESTED:
            return self._box.draw_limited(width, state)
        room = width - cells(self.first.text) - self._right
        if room < min(ROOM, self._box.min_width):
            lines = self._box.draw_limited(width, state)
            marker = self.first.text.strip()
            if self.first == self._rest or not marker or cells(marker) > width:
                return lines
            return [(Span(marker, self.first.style),), *lines]
        state.nested += 1
        lines = self._box.draw_limited(room, state) or [()]
        state.nested -= 1
        bare = not self._rest.text.strip()
        return [
            (self.first, *lines[0]),
            *((self._rest, *line) if line or not bare else line for line in lines[1:]),
        ]


class Bar(Box):
    """A bar of colored parts: one for progress, with its percentage, or several."""

    __slots__ = ("label", "shares")

    def __init__(self, parts: Sequence[tuple[float, Style]], label: str = "") -> None:
        """Make a bar of parts in percent; what is missing of 100 stays empty."""
        super().__init__(ROOM + len(label), 30)
        self.flex = 1.0
        self.shares = parts
        self.label = label

    def texts(self) -> Iterable[Sequence[Inline]]:
        return ((Span(self.label, DIM),),) if self.label else ()

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        """Return the bar; each part above zero has a cell of its own."""
        label = Span(self.label, DIM)
        room = width - len(self.label) - bool(self.label)
        if room < len(self.shares) + 2:
            return Text((label,)).draw(width, state) if self.label else []
        symbols = "#=+" if state.plain else "█▓▒"
        line: list[Span] = []
        end, total = 0.0, max(100.0, sum(part for part, _ in self.shares))
        drawn = 0
        for number, (part, style) in enumerate(self.shares):
            end += part
            left = sum(other > 0 for other, _ in self.shares[number + 1 :])
            most = room - drawn - left
            size = min(most, max(part > 0, round(room * end / total) - drawn))
            if size:
                line.append(Span(symbols[number % len(symbols)] * size, style))
            drawn += size
        line.append(Span(("." if state.plain else "░") * (room - drawn), DIM))
        return [(*line, Span(" "), label) if self.label else tuple(line)]


class LimitedList(Box):
    """Rows between rules; those beyond the limit are hidden until the item is opened."""

    __slots__ = ("_limit", "_rows")

    def __init__(self, rows: Sequence[Box], limit: int | None) -> None:
        self._rows = list(rows)
        self._limit = limit
        super().__init__(
            max((row.min_width for row in rows), default=1),
            max((row.natural for row in rows), default=1),
        )
        align_pictures(self._rows)
        self.noted = max((row.noted for row in rows), default=1)
        self.notes = tuple([note for row in rows for note in row.notes])

    def parts(self) -> Sequence[Box]:
        return self._rows

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        """Return the rows between two rules; rows of several lines are separated by rules, too.

        Rows that are frames have no rules around them. Notes that rows in succession share are
        below the last of them, unless they fit behind each.
        """
        rows, more = self._rows, 0
        if self._limit is not None and len(rows) > self._limit and state.fold():
            more = len(rows) - self._limit
            rows = rows[: self._limit]
        drawn: list[_ListRow] = []
        for actions, run in groupby(rows, _actions):
            drawn += _run(list(run), bool(actions), width, state)
        if more:
            dots = "..." if state.plain else "…"
            text = Text((Span(f"{dots} {more:,} more", DIM),))
            drawn.append(_ListRow(text.draw(width, state), []))
        return _ruled(drawn, width, state)


class _ListRow(NamedTuple):
    lines: list[Line]
    below: list[Line]
    """The notes of this row and of those above it."""


def _actions(row: Box) -> list[str]:
    return [note.action for note in row.notes]


def _run(rows: Sequence[Box], has_notes: bool, width: int, state: LayoutState) -> list[_ListRow]:
    """Return successive rows with the same actions, or without any."""
    shared = has_notes and len(rows) > 1 and state.notes == "apart"
    before = state.notes, state.brief
    below: list[Line] = []
    if shared and any(row.noted > width for row in rows):
        state.notes = "held"
        below = notes_below(rows[0].notes, rows[0].lead(), width, state, of="each row  ")
    elif shared:
        state.brief = any(row.noted + extra(row.notes) > width for row in rows)
    drawn = [_ListRow(lines, []) for row in rows if (lines := row.draw_limited(width, state))]
    state.notes, state.brief = before
    return [*drawn[:-1], _ListRow(drawn[-1].lines, below)] if drawn else []


def _ruled(rows: Sequence[_ListRow], width: int, state: LayoutState) -> list[Line]:
    """Return rows with rules around them, except beside a frame; rules of their own are dropped."""
    apart = any(len(row.lines) > 1 for row in rows)
    rule = rule_line(width, state)
    made: list[Line] = []
    framed = False
    for number, (lines, below) in enumerate(rows):
        while len(lines) > 1 and _is_rule(lines[-1]):
            lines.pop()
        first = next((at for at, line in enumerate(lines[:-1]) if not _is_rule(line)), 0)
        if (not number or apart) and not framed and not _is_edge(lines[first]):
            made.append(rule)
        made += lines[first:] + below
        framed = not below and _is_edge(lines[-1])
    return [*made, rule] if made and made[0] == rule and not framed else made


def _is_rule(line: Line) -> bool:
    text = line_text(line).strip(" ")
    return len(text) >= ROOM and line[-1].style == DIM and not text.strip("─-")


def _is_edge(line: Line) -> bool:
    """Return whether a line is the upper or lower edge of a frame."""
    text = line_text(line).strip(" ")
    return len(text) >= ROOM and text[0] in "╭╰+" and not text.strip("╭╮╰╯+─╌-")

"""What is drawn around and between words: frames, rules, bars, and lists with a limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from chatkit_tui.document.spans import DIM, PLAIN, Line, Span, Style
from chatkit_tui.render.widgets.layout import (
    LONGEST_RULE,
    MAX_NESTED,
    ROOM,
    Box,
    Sheet,
    line_width,
    rule_line,
)
from chatkit_tui.render.widgets.text_boxes import Words
from chatkit_tui.text.width import cells


class Edges(NamedTuple):
    """The signs that a frame is drawn of."""

    across: str
    down: str
    corners: str
    """Left and right: above, at a rule across, below."""


ROUND: Final = Edges("─", "│", "╭╮├┤╰╯")
DASHED: Final = Edges("╌", "╎", "╭╮├┤╰╯")
ASCII: Final = Edges("-", "|", "++++++")


class Frame(Box):
    """Boxes in a frame, with a rule between each two. Where it is narrow, the sides go first."""

    __slots__ = ("_dashed", "_sections", "_style")

    def __init__(
        self, sections: Sequence[Box], *, style: Style = DIM, dashed: bool = False
    ) -> None:
        self._sections = list(sections)
        super().__init__(
            4 + max((part.least for part in sections), default=0),
            4 + max((part.natural for part in sections), default=0),
        )
        self.tight = 4 + max((part.tight for part in sections), default=0)
        self._style = style
        self._dashed = dashed

    def parts(self) -> Sequence[Box]:
        return self._sections

    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        """As wide as it is told to be; with `ROOM` cells inside it or no sides."""
        edges = ASCII if sheet.plain else DASHED if self._dashed else ROUND
        width = min(width, LONGEST_RULE)
        inner = width - 4 if width - 4 >= ROOM else width
        if sheet.nested >= MAX_NESTED:
            return _bare(self._sections, width, sheet)
        rule = rule_line(inner, sheet)
        before, after = Span(f"{edges.down} ", self._style), f" {edges.down}"
        lines = [self._across(edges, 0, width)]
        ruled = True  # whether the last line is a rule: two in a row say no more than one
        sheet.nested += 1
        for number, section in enumerate(self._sections):
            if number and not ruled:
                lines.append(self._across(edges, 2, width))
                ruled = True
            for line in section.draw(section.limited(inner), sheet):
                if line == rule:
                    if not ruled:
                        lines.append(self._across(edges, 2, width))
                elif inner == width:
                    lines.append(line)
                else:
                    space = " " * (inner - line_width(line)) + after
                    lines.append((before, *line, Span(space, self._style)))
                ruled = line == rule
        sheet.nested -= 1
        if ruled and len(lines) > 1:
            lines.pop()
        lines.append(self._across(edges, 4, width))
        return lines

    def _across(self, edges: Edges, corner: int, width: int) -> Line:
        left, right = edges.corners[corner], edges.corners[corner + 1]
        if width - 4 < ROOM:
            left = right = edges.across
        return (Span((left + edges.across * (width - 2) + right)[:width], self._style),)


def _bare(parts: Sequence[Box], width: int, sheet: Sheet) -> list[Line]:
    lines: list[Line] = []
    for part in parts:
        lines += part.draw(part.limited(width), sheet)
    return lines


class Rule(Box):
    """A line across."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(1, 1)
        self.flex = 1.0

    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        return [rule_line(width, sheet)]


class Stripe(Box):
    """A narrow sign as high as its row."""

    __slots__ = ("_plain", "_span")

    stretches = True

    def __init__(self, sign: str, plain: str, style: Style = DIM) -> None:
        super().__init__(1, 1)
        self.most = 1
        self._span = Span(sign, style)
        self._plain = Span(plain, style)

    def draw(self, _width: int, sheet: Sheet) -> list[Line]:
        return [(self._plain if sheet.plain else self._span,)]


class Dot(Stripe):
    """A sign on one line."""

    __slots__ = ()

    stretches = False


class Panel(Box):
    """A box with something down its left side: a bar, a marker, or only room."""

    __slots__ = ("_box", "_first", "_rest", "_right")

    def __init__(self, box: Box, first: Span, rest: Span, *, right: int = 0) -> None:
        """`first` stands before the first line, `rest` before the others; equally wide. `right` is
        the cells that are left free on the other side."""
        own = cells(first.text) + right
        super().__init__(box.least + own, box.natural + own)
        self.tight = box.tight + own
        self._box = box
        self._first = first
        self._rest = rest
        self._right = right
        self.flex, self.share = box.flex, box.share

    def parts(self) -> Sequence[Box]:
        return (self._box,)

    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        """With its side, as long as that leaves `ROOM` cells; else only a marker of its own."""
        if sheet.nested >= MAX_NESTED:
            return self._box.draw(self._box.limited(width), sheet)
        first, rest = self._first, self._rest
        room = width - cells(first.text) - self._right
        if room < min(ROOM, self._box.least):
            lines = self._box.draw(self._box.limited(width), sheet)
            marker = first.text.strip()
            if first == rest or not marker or cells(marker) > width:
                return lines
            return [(Span(marker, first.style),), *lines]
        sheet.nested += 1
        lines = self._box.draw(self._box.limited(room), sheet) or [()]
        sheet.nested -= 1
        bare = not rest.text.strip()
        return [
            (first, *lines[0]),
            *((rest, *line) if line or not bare else line for line in lines[1:]),
        ]


class Progress(Box):
    """A bar of which a part is full, and the share in words."""

    __slots__ = ("_empty", "_full", "_label", "_share")

    def __init__(self, share: float, full: Style, empty: Style = DIM) -> None:
        """`share` is in per cent, from 0 to 100."""
        self._label = f"{share:g} %"
        super().__init__(ROOM + len(self._label), 30)
        self.most = 60
        self.flex = 1.0
        self._share = share / 100
        self._full = full
        self._empty = empty

    def words(self) -> Sequence[tuple[Span, ...]]:
        return ((Span(self._label, DIM),),)

    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        label = Span(self._label, DIM)
        room = width - cells(self._label) - 1
        if room < 3:
            return Words((label,)).draw(width, sheet)
        signs = "#-" if sheet.plain else "█░"
        full = round(room * self._share)
        return [
            (
                Span(signs[0] * full, self._full),
                Span(signs[1] * (room - full), self._empty),
                Span(" ", PLAIN),
                label,
            )
        ]


class Listed(Box):
    """Rows between rules; those past the limit are left out until the item is opened."""

    __slots__ = ("_limit", "_rows")

    def __init__(self, rows: Sequence[Box], limit: int | None) -> None:
        self._rows = list(rows)
        self._limit = limit
        super().__init__(
            max((row.least for row in rows), default=1),
            max((row.natural for row in rows), default=1),
        )

    def parts(self) -> Sequence[Box]:
        return self._rows

    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        """A rule above and below; one between rows where one of them has several lines."""
        rows, more = self._rows, 0
        if self._limit is not None and len(rows) > self._limit and sheet.fold():
            more = len(rows) - self._limit
            rows = rows[: self._limit]
        drawn = [lines for row in rows if (lines := row.draw(row.limited(width), sheet))]
        apart = any(len(lines) > 1 for lines in drawn)
        rule = rule_line(width, sheet)
        made: list[Line] = [rule]
        for number, lines in enumerate(drawn):
            if apart and number:
                made.append(rule)
            made += lines
        if more:
            if apart:
                made.append(rule)
            dots = "..." if sheet.plain else "…"
            made += Words((Span(f"{dots} {more:,} more", DIM),)).draw(width, sheet)
        return [*made, rule] if len(made) > 1 else []

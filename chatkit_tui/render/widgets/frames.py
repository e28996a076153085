"""What is drawn around and between words: frames, rules, bars, and lists with a limit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from chatkit_tui.render.lines import DIM, PLAIN, Line, Span, Style
from chatkit_tui.render.widgets.box import ROOM, Box, Sheet, line_width
from chatkit_tui.render.widgets.wording import Words
from chatkit_tui.text.width import cells

LONGEST: Final = 300
"""Cells of the widest frame: text that is copied is drawn without a width to speak of."""


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
        width = min(width, LONGEST)
        if width - 4 < ROOM:
            return self._without_sides(width, edges.across, sheet)
        inner = width - 4
        before = Span(f"{edges.down} ", self._style)
        lines: list[Line] = []
        rule = _rule(inner, sheet.plain)
        for number, section in enumerate(self._sections):
            lines.append(self._across(edges, 2 if number else 0, width))
            for line in section.draw(section.limited(inner), sheet):
                if len(line) == 1 and line[0] == rule:
                    lines.append(self._across(edges, 2, width))
                    continue
                space = Span(" " * (inner - line_width(line)) + f" {edges.down}", self._style)
                lines.append((before, *line, space))
        lines.append(self._across(edges, 4, width))
        return lines

    def _across(self, edges: Edges, corner: int, width: int) -> Line:
        left, right = edges.corners[corner], edges.corners[corner + 1]
        return (Span(left + edges.across * (width - 2) + right, self._style),)

    def _without_sides(self, width: int, across: str, sheet: Sheet) -> list[Line]:
        rule: Line = (Span(across * width, self._style),)
        lines: list[Line] = [rule]
        for section in self._sections:
            lines += section.draw(section.limited(width), sheet)
            lines.append(rule)
        return lines


def _rule(width: int, plain: bool) -> Span:
    return Span(("-" if plain else "─") * min(width, LONGEST), DIM)


class Rule(Box):
    """A line across."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(1, 1)
        self.flex = 1.0

    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        return [(_rule(width, sheet.plain),)]


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
        room = width - cells(self._first.text) - self._right
        if room < min(ROOM, self._box.least):
            lines = self._box.draw(self._box.limited(width), sheet)
            marker = self._first.text.strip()
            if self._first == self._rest or not marker or cells(marker) > width:
                return lines
            return [(Span(marker, self._first.style),), *lines]
        lines = self._box.draw(self._box.limited(room), sheet) or [()]
        bare = not self._rest.text.strip()
        return [
            (self._first, *lines[0]),
            *((self._rest, *line) if line or not bare else line for line in lines[1:]),
        ]


class Progress(Box):
    """A bar of which a part is full, and the share in words."""

    __slots__ = ("_empty", "_full", "_label", "_share")

    def __init__(self, share: float, full: Style, empty: Style = DIM) -> None:
        """`share` is in per cent; what is beyond 0 and 100 is told and drawn as that."""
        self._label = f"{share:g} %"
        super().__init__(ROOM + len(self._label), 30)
        self.most = 60
        self.flex = 1.0
        self._share = max(0.0, min(1.0, share / 100))
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
        rule: Line = (_rule(width, sheet.plain),)
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

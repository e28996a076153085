"""A table of boxes: columns where they fit, each row as `header: value` lines where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from chatkit_tui.document.spans import DIM, PLAIN, Line, Span, Style
from chatkit_tui.render.tables import LEAST, shrunk
from chatkit_tui.render.widgets.flow import Column
from chatkit_tui.render.widgets.layout import Box, Picture, Sheet, line_width, shifted
from chatkit_tui.render.widgets.text_boxes import Words

_BAR: Final = 3
"""Cells of the bar between two columns, with a space on each side."""


class GridCell(NamedTuple):
    """One cell of a table."""

    box: Box | None
    span: int = 1
    """How many columns it takes."""
    align: str = ""
    """`left`, `center` or `right`; empty: as its column."""


class Grid(Box):
    """Rows of cells."""

    __slots__ = ("_align", "_header", "_least", "_natural", "_rows")

    def __init__(self, rows: Sequence[Sequence[GridCell]], *, header: bool) -> None:
        """The first row is the header when `header` is set."""
        self._rows = [list(row) for row in rows]
        self._header = header
        count = max((sum(cell.span for cell in row) for row in rows), default=0)
        self._natural = self._columns(count, "natural")
        self._least = [
            min(own, LEAST, natural)
            for own, natural in zip(self._columns(count, "least"), self._natural, strict=True)
        ]
        self._align = self._alignments(count)
        bars = _BAR * max(0, count - 1)
        super().__init__(sum(self._least) + bars, sum(self._natural) + bars)

    def parts(self) -> Sequence[Box]:
        return [cell.box for row in self._rows for cell in row if cell.box is not None]

    def _columns(self, count: int, measure: str) -> list[int]:
        widths = [1] * count
        spanning: list[tuple[int, int, int]] = []
        for row in self._rows:
            column = 0
            for cell in row:
                own: int = getattr(cell.box, measure) if cell.box is not None else 0
                if cell.span == 1:
                    widths[column] = max(widths[column], own)
                else:
                    spanning.append((column, cell.span, own))
                column += cell.span
        for column, span, own in spanning:
            has = sum(widths[column : column + span]) + _BAR * (span - 1)
            widths[column + span - 1] += max(0, own - has)
        return widths

    def _alignments(self, count: int) -> list[str]:
        """How each column stands: as its first cell that says so, in any row."""
        found = [""] * count
        for row in self._rows:
            column = 0
            for cell in row:
                found[column] = found[column] or (cell.align if cell.span == 1 else "")
                column += cell.span
        return found

    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        if not self._natural:
            return []
        room = width - _BAR * (len(self._natural) - 1)
        if sum(self._natural) <= room:
            widths = self._natural
        else:
            found = shrunk(self._natural, self._least, room)
            if found is None:
                return self._stacked().draw(width, sheet)
            widths = found
        lines: list[Line] = []
        for number, row in enumerate(self._rows):
            lines += self._row(row, widths, sheet)
            if number == 0 and self._header:
                dash, cross = ("-", "-+-") if sheet.plain else ("─", "─┼─")
                lines.append((Span(cross.join(dash * own for own in widths), DIM),))
        return lines

    def _row(self, row: list[GridCell], widths: list[int], sheet: Sheet) -> list[Line]:
        places: list[tuple[int, list[Line]]] = []
        column = left = 0
        for cell in row:
            own = sum(widths[column : column + cell.span]) + _BAR * (cell.span - 1)
            drawn = cell.box.draw(cell.box.limited(own), sheet) if cell.box is not None else []
            side = cell.align or self._align[column]
            places.append((left, _aligned(drawn, own, side)))
            left += own + _BAR
            column += cell.span
        bars = [left for left, _ in places] + _starts(widths, column)
        height = max([len(lines) for _, lines in places], default=0)
        return [self._line(places, bars, number, sheet) for number in range(max(1, height))]

    def _line(
        self, places: list[tuple[int, list[Line]]], bars: list[int], number: int, sheet: Sheet
    ) -> Line:
        bar = Span("| " if sheet.plain else "│ ", DIM)
        contents = {left: lines[number] for left, lines in places if number < len(lines)}
        line: list[Span] = []
        at = 0
        for left in bars:
            if left:
                line += (Span(" " * (left - 2 - at), PLAIN), bar)
                at = left
            content = contents.get(left, ())
            line += content
            at += line_width(content)
        return tuple(line)

    def _stacked(self) -> Box:
        """Each row as lines of its own, with the words of the header before each cell."""
        if not self._header or len(self._rows) == 1:
            return Column(self.parts())
        names: list[str] = []
        for cell in self._rows[0]:
            words = Picture(cell.box).words() if cell.box is not None else ()
            names.append(" ".join("".join(span.text for span in spans) for spans in words))
            names += [""] * (cell.span - 1)
        blocks = [Column(_named(row, names)) for row in self._rows[1:]]
        return Column([block for block in blocks if block.parts()], gap=True)


def _named(row: list[GridCell], names: list[str]) -> list[Box]:
    """The cells of a row behind the words of their columns; those without a cell as well."""
    boxes: list[Box] = []
    column = 0
    for cell in row:
        name = " ".join(filter(None, names[column : column + cell.span]))
        column += cell.span
        if name:
            boxes.append(_Named(Words((Span(f"{name}:", Style("field")),)), cell.box))
        elif cell.box is not None:
            boxes.append(cell.box)
    boxes += [Words((Span(f"{name}:", Style("field")),)) for name in names[column:] if name]
    return boxes


class _Named(Box):
    """A name, and a box behind it where it fits on the line, else below."""

    __slots__ = ("_box", "_name")

    def __init__(self, name: Words, box: Box | None) -> None:
        super().__init__(1, name.natural + 1 + (box.natural if box is not None else 0))
        self._name = name
        self._box = box

    def parts(self) -> Sequence[Box]:
        return (self._name,) if self._box is None else (self._name, self._box)

    def draw(self, width: int, sheet: Sheet) -> list[Line]:
        lines = self._name.draw(width, sheet)
        if self._box is None:
            return lines
        if self.natural > width:
            return lines + self._box.draw(self._box.limited(width), sheet)
        drawn = self._box.draw(self._box.natural, sheet)
        first = drawn[0] if drawn else ()
        indent = self._name.natural + 1
        return [(*lines[0], Span(" ", PLAIN), *first), *shifted(drawn[1:], indent)]


def _starts(widths: list[int], column: int) -> list[int]:
    """Where the columns from one on begin."""
    starts = []
    left = sum(widths[:column]) + _BAR * column
    for width in widths[column:]:
        starts.append(left)
        left += width + _BAR
    return starts


def _aligned(lines: list[Line], width: int, side: str) -> list[Line]:
    if side not in ("right", "center"):
        return lines
    made: list[Line] = []
    for line in lines:
        free = width - line_width(line)
        made += shifted([line], free if side == "right" else free // 2)
    return made

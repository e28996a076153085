"""Tables: columns where they fit, else each row as `header: value` lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, chain, repeat, zip_longest
from operator import attrgetter
from typing import Final, NamedTuple

from chatkit_tui.document.blocks import Table
from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import (
    DIM,
    FIELD,
    PLAIN,
    Inline,
    Line,
    Span,
    UntrustedSpan,
    raw_text,
)
from chatkit_tui.render.layout.box import (
    LONGEST_WORD,
    Box,
    LayoutState,
    Picture,
    Text,
    aligned,
    shifted,
    wrapped,
)
from chatkit_tui.render.layout.column import Column
from chatkit_tui.render.layout.row import shrunk
from chatkit_tui.text.sanitize import Untrusted
from chatkit_tui.text.width import is_narrow, line_width
from chatkit_tui.text.wrap import SOFT_BREAK

LEAST: Final = 10
"""Cells below which a column is not shrunk, unless its longest word is shorter."""
_BAR: Final = 3
"""Cells of the bar between two columns, with a space on each side."""


class Cell(NamedTuple):
    """One cell of a table."""

    box: Box | None
    span: int = 1
    """The number of columns that it takes."""
    align: str = ""
    """`start`, `center` or `end`; empty for that of its column."""


def table_box(table: Table, state: LayoutState) -> TableBox:
    """Return the box of a table whose cells are running text."""
    sides = ["end" if side == "right" else side for side in table.align]
    rows = [
        [
            Cell(_cell_text(spans, state), align=side)
            for spans, side in zip(row, chain(sides, repeat("")), strict=False)
        ]
        for row in table.rows
    ]
    return TableBox(rows, header=table.header, is_text=True)


def _cell_text(inlines: Sequence[Inline], state: LayoutState) -> Text | None:
    if state.plain or state.copy:  # then a cell is as wide as it is drawn
        inlines = safe_spans(inlines, plain=state.plain, copy=state.copy)
    cell = Text(inlines, comfort=0)
    return cell if cell.spans else None


class TableBox(Box):
    """Rows of cells."""

    __slots__ = ("_is_text", "_natural", "_pieces", "align", "header", "rows")

    def __init__(
        self, rows: Sequence[Sequence[Cell]], *, header: bool, is_text: bool = False
    ) -> None:
        """Measure the columns.

        The first row is the header when `header` is set. In a table that `is_text`, columns can
        shrink to their longest word, and lists continue each name with the text of its cell.
        """
        self.rows = rows
        self.header = header
        self._is_text = is_text
        count = max((sum([cell.span for cell in row]) for row in rows), default=0)
        self._natural = self._columns(count, attrgetter("natural"))
        self.align = self._alignments(count)
        self._pieces: list[int] | None = None
        """The cells of the longest piece in each column that is not broken, once it is needed."""
        bars = _BAR * max(0, count - 1)
        minimum = count if is_text else sum(self._minima())
        super().__init__(minimum + bars, sum(self._natural) + bars)

    def parts(self) -> Sequence[Box]:
        return [cell.box for row in self.rows for cell in row if cell.box is not None]

    def _minima(self, most: int = LEAST) -> list[int]:
        """Return the width below which each column is not shrunk, at most `most` cells."""
        if self._pieces is None:
            self._pieces = self._columns(len(self._natural), _longest_piece)
        return [
            min(own, most, natural)
            for own, natural in zip(self._pieces, self._natural, strict=True)
        ]

    def _columns(self, count: int, measure: Callable[[Box], int]) -> list[int]:
        widths = [1] * count
        spanning: list[tuple[int, int, int]] = []
        for row in self.rows:
            for column, cell in _with_columns(row):
                own = measure(cell.box) if cell.box is not None else 0
                if cell.span == 1:
                    widths[column] = max(widths[column], own)
                else:
                    spanning.append((column, cell.span, own))
        for column, span, own in spanning:
            has = sum(widths[column : column + span]) + _BAR * (span - 1)
            widths[column + span - 1] += max(0, own - has)
        return widths

    def _alignments(self, count: int) -> list[str]:
        """Return the alignment of each column: the first that one of its cells has."""
        found = [""] * count
        for row in self.rows:
            for column, cell in _with_columns(row):
                found[column] = found[column] or (cell.align if cell.span == 1 else "")
        return found

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        if not self._natural:
            return []
        room = width - _BAR * (len(self._natural) - 1)
        if sum(self._natural) <= room:
            widths = self._natural
        elif found := (
            shrunk(self._natural, self._minima(LONGEST_WORD), room)
            or shrunk(self._natural, self._minima(), room)
        ):
            widths = found
        elif not self.header or len(self.rows) == 1:
            return Column(self.parts()).draw(width, state)
        elif self._is_text:
            return self._text_list(width, state)
        else:
            return self._stacked().draw(width, state)
        lines: list[Line] = []
        for number, row in enumerate(self.rows):
            lines += self._row(row, widths, state)
            if number == 0 and self.header:
                dash, cross = ("-", "-+-") if state.plain else ("─", "─┼─")
                lines.append((Span(cross.join([dash * own for own in widths]), DIM),))
        return lines

    def _row(self, row: Sequence[Cell], widths: list[int], state: LayoutState) -> list[Line]:
        places: list[tuple[int, list[Line]]] = []
        column = left = 0
        for cell in row:
            own = sum(widths[column : column + cell.span]) + _BAR * (cell.span - 1)
            drawn = cell.box.draw_limited(own, state) if cell.box is not None else []
            places.append((left, aligned(drawn, own, cell.align or self.align[column])))
            left += own + _BAR
            column += cell.span
        for own in widths[column:]:
            places.append((left, []))
            left += own + _BAR
        height = max(1, *[len(lines) for _, lines in places])
        bar = "| " if state.plain else "│ "
        return [_line(places, number, bar) for number in range(height)]

    def _stacked(self) -> Box:
        """Return each row as lines of its own, with the names of its columns."""
        names = self._names()
        rows = [Column(_named_cells(row, names)) for row in self.rows[1:]]
        return Column([row for row in rows if row.parts()], gap=True)

    def _text_list(self, width: int, state: LayoutState) -> list[Line]:
        """Return each row as lines of text that begin with the names of their columns."""
        labels = [
            safe_spans((_label(name), Span(" ", FIELD)), plain=state.plain, copy=state.copy)
            if name
            else ()
            for name in self._names()
        ]
        lines: list[Line] = []
        for row in self.rows[1:]:
            own: list[Line] = []
            for label, cell in zip_longest(labels, row):
                spans = cell.box.shown(state) if cell and isinstance(cell.box, Text) else ()
                if label or spans:
                    own += wrapped((*(label or ()), *spans), width)
            lines += [(), *own] if lines and own else own
        return lines

    def _names(self) -> list[str]:
        names: list[str] = []
        for cell in self.rows[0]:
            texts = Picture(cell.box).texts() if cell.box is not None else ()
            names.append(" ".join(map(raw_text, texts)))
            names += [""] * (cell.span - 1)
        return names


def _with_columns(row: Sequence[Cell]) -> Iterator[tuple[int, Cell]]:
    """Return each cell with the number of its first column."""
    columns = accumulate((cell.span for cell in row), initial=0)
    return zip(columns, row, strict=False)


def _line(places: list[tuple[int, list[Line]]], number: int, bar: str) -> Line:
    line: list[Span] = []
    at = 0
    for left, lines in places:
        if left:
            line.append(Span(" " * (left - 2 - at) + bar, DIM))
            at = left
        if number < len(lines):
            line += lines[number]
            at += line_width(lines[number])
    return tuple(line)


def _longest_piece(box: Box) -> int:
    if not isinstance(box, Text):
        return max(box.min_width, max(map(_longest_piece, box.parts()), default=1))
    text = "".join([span.text for span in box.spans])
    if not is_narrow(text.replace("\n", "")):
        return min(LEAST, box.longest_word())
    pieces = SOFT_BREAK.sub(r"\g<0> ", text).split()
    return max(map(len, pieces), default=1)


def _named_cells(row: Sequence[Cell], names: list[str]) -> list[Box]:
    """Return the cells of a row with the names of their columns, missing cells included."""
    boxes: list[Box] = []
    column = 0
    for cell in row:
        name = " ".join(filter(None, names[column : column + cell.span]))
        column += cell.span
        if name:
            boxes.append(_Named(Text((_label(name),)), cell.box))
        elif cell.box is not None:
            boxes.append(cell.box)
    boxes += [Text((_label(name),)) for name in names[column:] if name]
    return boxes


def _label(name: str) -> Inline:
    return UntrustedSpan(Untrusted(f"{name}:"), FIELD, breaks=True)


class _Named(Box):
    """A name, and a box behind it where it fits on the line, else below."""

    __slots__ = ("_box", "_name")

    def __init__(self, name: Text, box: Box | None) -> None:
        super().__init__(1, name.natural + 1 + (box.natural if box is not None else 0))
        self._name = name
        self._box = box

    def parts(self) -> Sequence[Box]:
        return (self._name,) if self._box is None else (self._name, self._box)

    def draw(self, width: int, state: LayoutState) -> list[Line]:
        lines = self._name.draw(width, state)
        if self._box is None:
            return lines
        if self.natural > width:
            return lines + self._box.draw_limited(width, state)
        drawn = self._box.draw(self._box.natural, state)
        first = drawn[0] if drawn else ()
        indent = self._name.natural + 1
        return [(*lines[0], Span(" ", PLAIN), *first), *shifted(drawn[1:], indent)]

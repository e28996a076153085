"""Tables in cells of a terminal: columns where they fit, a list of fields where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from chatkit_tui.document.blocks import Table
from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import DIM, PLAIN, Span, Style
from chatkit_tui.text.width import cells
from chatkit_tui.text.wrap import wrap

LEAST: Final = 10
"""Cells below which a column is not shrunk, unless its longest word is shorter."""

_Cell: TypeAlias = Sequence[Span]
_Row: TypeAlias = tuple[_Cell, ...]
_Line: TypeAlias = list[tuple[str, Style]]

_FIELD: Final = Style("field")


def table_lines(
    table: Table, width: int, *, plain: bool = False, copy: bool = False
) -> list[_Line]:
    """Draw a table in at most `width` cells, with every word of it.

    Columns that are too wide are wrapped, the widest first; when a column would have to become
    narrower than its longest word (or `LEAST`), each row is told as `header: value` lines.
    """
    count = max((len(row) for row in table.rows), default=0)
    if count == 0:
        return []
    rows: list[_Row] = [
        (
            *(safe_spans(cell, plain=plain, copy=copy) for cell in row),
            *(((),) * (count - len(row))),
        )
        for row in table.rows
    ]
    natural = [max(_natural(row[column]) for row in rows) for column in range(count)]
    room = width - 3 * (count - 1)
    if sum(natural) <= room:
        widths: list[int] | None = natural
    else:
        least = [max(_longest_word(row[column]) for row in rows) for column in range(count)]
        widths = shrunk(natural, [min(word, LEAST) for word in least], room)
    if widths is None:
        return _stacked(rows, table.header, width)
    return _columns(rows, widths, table, plain)


def _text(cell: _Cell) -> str:
    return cell[0].text if len(cell) == 1 else "".join([span.text for span in cell])


def _natural(cell: _Cell) -> int:
    text = _text(cell)
    return cells(text) if "\n" not in text else max(map(cells, text.split("\n")))


def _longest_word(cell: _Cell) -> int:
    return max(map(cells, _text(cell).split()), default=0)


def shrunk(natural: list[int], least: list[int], room: int) -> list[int] | None:
    """Widths that fit the room, taken from the widest columns first; None if there are none."""
    if sum(least) > room:
        return None
    # The common width to which all wider columns come down, found by halving.
    low, high = 0, max(natural)
    while low < high:
        middle = (low + high + 1) // 2
        if (
            sum(max(min(own, middle), floor) for own, floor in zip(natural, least, strict=True))
            <= room
        ):
            low = middle
        else:
            high = middle - 1
    widths = [max(min(own, low), floor) for own, floor in zip(natural, least, strict=True)]
    spare = room - sum(widths)
    for column, own in enumerate(natural):
        if spare and widths[column] < own:
            widths[column] += 1
            spare -= 1
    return widths


def _columns(rows: list[_Row], widths: list[int], table: Table, plain: bool) -> list[_Line]:
    bar = " | " if plain else " │ "
    lines: list[_Line] = []
    for number, row in enumerate(rows):
        wrapped: list[list[_Line]] = [
            wrap(cell, max(1, own)) if cell else [[]] for cell, own in zip(row, widths, strict=True)
        ]
        for height in range(max(map(len, wrapped))):
            line: _Line = []
            for column, cell in enumerate(wrapped):
                if column:
                    line.append((bar, DIM))
                content = cell[height] if height < len(cell) else []
                side = table.align[column] if column < len(table.align) else "left"
                line += _aligned(content, widths[column], side)
            lines.append(_trimmed(line))
        if number == 0 and table.header:
            dash, cross = ("-", "-+-") if plain else ("─", "─┼─")
            lines.append([(cross.join(dash * own for own in widths), DIM)])
    return lines


def _aligned(content: _Line, width: int, side: str) -> _Line:
    spare = width - sum(cells(text) for text, _ in content)
    before = {"right": spare, "center": spare // 2}.get(side, 0)
    padded: _Line = [(" " * before, PLAIN)] if before > 0 else []
    padded += content
    if spare > before:
        padded.append((" " * (spare - before), PLAIN))
    return padded


def _trimmed(line: _Line) -> _Line:
    """The line without the spaces at its right end."""
    while line and not line[-1][0].strip(" "):
        line.pop()
    if line:
        text, style = line[-1]
        line[-1] = (text.rstrip(" "), style)
    return line


def _stacked(rows: list[_Row], header: bool, width: int) -> list[_Line]:
    if not header or len(rows) == 1:
        return [line for row in rows for cell in row if cell for line in wrap(cell, width)]
    lines: list[_Line] = []
    for number, row in enumerate(rows[1:]):
        if number:
            lines.append([])
        for name, cell in zip(rows[0], row, strict=True):
            label = [Span(text, _FIELD) for text, _ in name]
            if label:
                label.append(Span(": ", _FIELD))
            if label or cell:
                lines += wrap([*label, *cell], width)
    return lines

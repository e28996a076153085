"""Table, Table.Row and Table.Cell."""

from __future__ import annotations

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.blocks import Block, Table
from chatkit_tui.render.lines import Span
from chatkit_tui.render.widgets.outline import Outline, component
from chatkit_tui.render.widgets.props import (
    flag,
    in_a_cell,
    noted_actions,
    side_by_side,
    text,
    with_note,
)

MAX_SPAN = 50
"""A cell that claims more columns than this gets this many."""

_ALIGN = {"start": "left", "left": "left", "center": "center", "end": "right", "right": "right"}


@component("Table")
def table(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its rows in columns; what is no row stands below."""
    rows = [child for child in node.children if child.type == "Table.Row"]
    rest = [block for child in node.children if child not in rows for block in outline.draw(child)]
    cells = [_cells(row, outline) for row in rows]
    width = max(map(len, cells), default=0)
    if width:
        filled = tuple(tuple(row + [()] * (width - len(row))) for row in cells)
        drawn = Table(filled, _alignments(rows, width), header=flag(rows[0], "header"))
        return with_note((drawn, *rest), noted_actions(node, outline))
    return with_note(tuple(rest), noted_actions(node, outline))


@component("Table.Row")
def table_row(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """A row that is in no table: its cells side by side."""
    return with_note(side_by_side(outline.each(node)), noted_actions(node, outline))


@component("Table.Cell")
def table_cell(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """A cell that is in no row: what is inside."""
    return with_note(outline.inside(node), noted_actions(node, outline))


def _cells(row: WidgetNode, outline: Outline) -> list[tuple[Span, ...]]:
    """The cells of a row as running text, an empty one for each further column that one spans."""
    cells: list[tuple[Span, ...]] = []
    for child in row.children:
        cells.append(in_a_cell(outline.draw(child)))
        cells += [()] * (_columns(child) - 1)
    if note := noted_actions(row, outline):
        cells.append(note)
    return cells


def _columns(cell: WidgetNode) -> int:
    try:
        return max(1, min(MAX_SPAN, int(float(text(cell, "colSpan")))))
    except (ValueError, OverflowError):
        return 1


def _alignments(rows: list[WidgetNode], width: int) -> tuple[str, ...]:
    """How each column stands: as its first cell that says so, in any row."""
    found = ["left"] * width
    decided: set[int] = set()
    for row in rows:
        column = 0
        for cell in row.children:
            align = _ALIGN.get(text(cell, "align").lower())
            if align and column not in decided and column < width:
                found[column] = align
                decided.add(column)
            column += _columns(cell)
    return tuple(found)

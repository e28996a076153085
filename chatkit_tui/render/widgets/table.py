"""The components of tables: Table, Table.Row, Table.Cell."""

from __future__ import annotations

from typing import Final

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.layout.box import Box, Text
from chatkit_tui.render.layout.flow import Row, Spacer, stacked
from chatkit_tui.render.layout.table import Cell, TableBox
from chatkit_tui.render.widgets.properties import flag, number, text
from chatkit_tui.render.widgets.registry import WidgetBuilder, component

MAX_SPAN: Final = 50
"""The largest number of columns that one cell takes."""

_ALIGN: Final = {
    "start": "start", "left": "start", "center": "center", "end": "end", "right": "end"
}  # fmt: skip


@component("Table")
def table(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its rows in columns, and its other children below them."""
    rows = [child for child in node.children if child.type == "Table.Row"]
    others = [child for child in node.children if child.type != "Table.Row"]
    rest = [box for child in others if (box := builder.build(child)) is not None]
    cells = [_cells(row, builder) for row in rows]
    if any(cells):
        return stacked([TableBox(cells, header=flag(rows[0], "header")), *rest])
    return stacked(rest)


@component("Table.Row")
def table_row(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return the cells of a row outside a table side by side."""
    cells = builder.children(node)
    return Row(cells) if cells else None


@component("Table.Cell")
def table_cell(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return the content of a cell."""
    return builder.content(node)


def _cells(row: WidgetNode, builder: WidgetBuilder) -> list[Cell]:
    """Return the cells of a row, and one more for its action."""
    cells = [_cell(child, builder) for child in row.children]
    if note := builder.action_notes(row):
        cells.append(Cell(Text(note)))
    return cells


def _cell(node: WidgetNode, builder: WidgetBuilder) -> Cell:
    span = max(1, min(MAX_SPAN, int(number(node.props.get("colSpan")) or 1)))
    box = builder.build(node)
    align = _ALIGN.get(text(node, "align").lower(), "")
    return Cell(None if isinstance(box, Spacer) else box, span, align)

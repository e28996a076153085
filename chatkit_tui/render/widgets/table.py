"""Table, Table.Row and Table.Cell."""

from __future__ import annotations

from typing import Final

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.layout.box import Box, Text
from chatkit_tui.render.layout.flow import Row, Spacer
from chatkit_tui.render.layout.table import Cell, TableBox
from chatkit_tui.render.widgets.properties import flag, noted, noted_actions, text
from chatkit_tui.render.widgets.registry import WidgetBuilder, component, stacked
from chatkit_tui.render.widgets.sizes import number

MAX_SPAN: Final = 50
"""A cell that claims more columns than this gets this many."""

_ALIGN: Final = {
    "start": "start", "left": "start", "center": "center", "end": "end", "right": "end"
}  # fmt: skip


@component("Table")
def table(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Its rows in columns; what is no row stands below."""
    rows = [child for child in node.children if child.type == "Table.Row"]
    others = [child for child in node.children if child.type != "Table.Row"]
    rest = [box for child in others if (box := builder.draw(child)) is not None]
    cells = [_cells(row, builder) for row in rows]
    if any(cells):
        return noted(
            stacked([TableBox(cells, header=flag(rows[0], "header")), *rest]), node, builder
        )
    return noted(stacked(rest), node, builder)


@component("Table.Row")
def table_row(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """A row that is in no table: its cells side by side."""
    cells = builder.each(node)
    return noted(Row(cells) if cells else None, node, builder)


@component("Table.Cell")
def table_cell(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """A cell that is in no row: what is inside."""
    return noted(builder.inside(node), node, builder)


def _cells(row: WidgetNode, builder: WidgetBuilder) -> list[Cell]:
    """The cells of a row; what choosing the row would do is one more."""
    cells = [_cell(child, builder) for child in row.children]
    if note := noted_actions(row, builder):
        cells.append(Cell(Text(note)))
    return cells


def _cell(node: WidgetNode, builder: WidgetBuilder) -> Cell:
    span = max(1, min(MAX_SPAN, int(number(node.props.get("colSpan")) or 1)))
    box = builder.draw(node)
    align = _ALIGN.get(text(node, "align").lower(), "")
    return Cell(None if isinstance(box, Spacer) else box, span, align)

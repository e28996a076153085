"""Table, Table.Row and Table.Cell."""

from __future__ import annotations

from typing import Final

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.widgets.flow import Row, Spacer
from chatkit_tui.render.widgets.grid import Grid, GridCell
from chatkit_tui.render.widgets.layout import Box
from chatkit_tui.render.widgets.properties import flag, noted, noted_actions, text
from chatkit_tui.render.widgets.registry import Walk, component, stacked
from chatkit_tui.render.widgets.sizes import number
from chatkit_tui.render.widgets.text_boxes import Words

MAX_SPAN: Final = 50
"""A cell that claims more columns than this gets this many."""

_ALIGN: Final = {
    "start": "left", "left": "left", "center": "center", "end": "right", "right": "right"
}  # fmt: skip


@component("Table")
def table(node: WidgetNode, walk: Walk) -> Box | None:
    """Its rows in columns; what is no row stands below."""
    rows = [child for child in node.children if child.type == "Table.Row"]
    others = [child for child in node.children if child.type != "Table.Row"]
    rest = [box for child in others if (box := walk.draw(child)) is not None]
    cells = [_cells(row, walk) for row in rows]
    if any(cells):
        return noted(stacked([Grid(cells, header=flag(rows[0], "header")), *rest]), node, walk)
    return noted(stacked(rest), node, walk)


@component("Table.Row")
def table_row(node: WidgetNode, walk: Walk) -> Box | None:
    """A row that is in no table: its cells side by side."""
    cells = walk.each(node)
    return noted(Row(cells) if cells else None, node, walk)


@component("Table.Cell")
def table_cell(node: WidgetNode, walk: Walk) -> Box | None:
    """A cell that is in no row: what is inside."""
    return noted(walk.inside(node), node, walk)


def _cells(row: WidgetNode, walk: Walk) -> list[GridCell]:
    """The cells of a row; what choosing the row would do is one more."""
    cells = [_cell(child, walk) for child in row.children]
    if note := noted_actions(row, walk):
        cells.append(GridCell(Words(note)))
    return cells


def _cell(node: WidgetNode, walk: Walk) -> GridCell:
    span = max(1, min(MAX_SPAN, int(number(node.props.get("colSpan")) or 1)))
    box = walk.draw(node)
    align = _ALIGN.get(text(node, "align").lower(), "")
    return GridCell(None if isinstance(box, Spacer) else box, span, align)

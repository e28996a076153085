"""Widgets, drawn in cells: one function for each component, in the file of its family."""

from __future__ import annotations

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.context import Context
from chatkit_tui.render.layout.box import Picture
from chatkit_tui.render.layout.flow import Spacer
from chatkit_tui.render.widgets import (
    chart,
    containers,
    forms,
    media,
    root_components,
    table,
    text_components,
)
from chatkit_tui.render.widgets.registry import WidgetBuilder

FAMILIES = (root_components, containers, text_components, media, forms, chart, table)
"""The files that hold the functions; importing them fills the table in `builder`."""


def picture(root: WidgetNode, context: Context) -> Picture | None:
    """Return the drawing of a tree of components; None if it has nothing to show."""
    box = WidgetBuilder(context, forms.field_names(root)).draw(root)
    return None if box is None or isinstance(box, Spacer) else Picture(box)


__all__ = ["FAMILIES", "picture"]

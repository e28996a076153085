"""Widgets, drawn in cells: one function for each component, in the file of its family."""

from __future__ import annotations

from chatkit_tui.render.widgets import (
    chart,
    containers,
    forms,
    media,
    root_components,
    table,
    text_components,
)
from chatkit_tui.render.widgets.widget_item import widget_item, widget_title

FAMILIES = (root_components, containers, text_components, media, forms, chart, table)
"""The files that hold the functions; importing them fills the table in `walk`."""

__all__ = ["FAMILIES", "widget_item", "widget_title"]

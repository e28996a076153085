"""Widgets, drawn in cells: one function for each component, in the file of its family."""

from __future__ import annotations

from chatkit_tui.render.widgets import boxes, chart, forms, media, roots, table, words
from chatkit_tui.render.widgets.item import widget_item, widget_title

FAMILIES = (roots, boxes, words, media, forms, chart, table)
"""The files that hold the functions; importing them fills the table in `walk`."""

__all__ = ["FAMILIES", "widget_item", "widget_title"]

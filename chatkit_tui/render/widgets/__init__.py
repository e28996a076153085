"""Widgets as boxes: one function for each component, in the module of its family."""

from __future__ import annotations

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render import RenderContext
from chatkit_tui.render.layout.box import Picture
from chatkit_tui.render.layout.flow import Spacer
from chatkit_tui.render.widgets import chart, containers, forms, media, text
from chatkit_tui.render.widgets.registry import WidgetBuilder

FAMILIES = (containers, text, media, forms, chart)
"""The modules that register the functions of components when they are imported."""


def picture(root: WidgetNode, context: RenderContext) -> Picture | None:
    """Return the drawing of a tree of components; None if it has nothing to show."""
    box = WidgetBuilder(context, forms.field_names(root)).build(root)
    return None if box is None or isinstance(box, Spacer) else Picture(box)


__all__ = ["FAMILIES", "picture"]

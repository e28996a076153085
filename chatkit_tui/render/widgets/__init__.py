"""Widgets as boxes: one function for each component, in the module of its family."""

from __future__ import annotations

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render import RenderContext
from chatkit_tui.render.layout.box import Box, Picture
from chatkit_tui.render.layout.column import Column
from chatkit_tui.render.layout.row import Spacer
from chatkit_tui.render.widgets import chart, containers, forms, media, text
from chatkit_tui.render.widgets.registry import FormFields, WidgetBuilder

FAMILIES = (containers, text, media, forms, chart)
"""The modules that register the functions of components when they are imported."""


def picture(root: WidgetNode, context: RenderContext) -> Picture | None:
    """Return the drawing of a tree of components; None if it has nothing to show."""
    fields = forms.form_fields(root)
    box = _whole(root, context, fields, is_open=False)
    if box is None or isinstance(box, Spacer):
        return None
    if not fields.number:
        return Picture(box)
    return Picture(box, lambda: _whole(root, context, fields, is_open=True) or box)


def _whole(
    root: WidgetNode, context: RenderContext, fields: FormFields, *, is_open: bool
) -> Box | None:
    box = WidgetBuilder(context, root, fields, is_open=is_open).build(root)
    summary = None if is_open else forms.form_summary(fields)
    return Column([box, summary]) if box and summary else box


__all__ = ["FAMILIES", "picture"]

"""Boxes without words that are colored: bars of parts, stripes and dots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatkit_tui.document.spans import Style
from chatkit_tui.models.json import JSON
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.colors import terminal_color
from chatkit_tui.render.layout.box import Box
from chatkit_tui.render.layout.frames import Bar, Dot, Stripe
from chatkit_tui.render.widgets.properties import PIXELS_ACROSS, pixels, share
from chatkit_tui.render.widgets.registry import WidgetBuilder


def bar_parts(node: WidgetNode) -> Sequence[tuple[float, Style]]:
    """Return the parts of a bar, each with its percentage; none if the component is not a bar.

    A bar is a row of boxes without content that have a color and a width in per cent. A single
    one is a progress bar if the box around it has a color, too.
    """
    if not node.children or (len(node.children) == 1 and not node.props.get("background")):
        return ()
    parts: list[tuple[float, Style]] = []
    for child in node.children:
        color, part = child.props.get("background"), share(child.props.get("width"))
        if child.type != "Box" or child.children or not color or part is None:
            return ()
        parts.append((part, Style(color=terminal_color(color))))
    return parts


def bar_of_boxes(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return a bar, with the percentage of a single part unless a text next to it has that."""
    parts = bar_parts(node)
    if not parts:
        return None
    percent = f"{parts[0][0]:g}"
    labels = {f"{percent}%", f"{percent} %", f"{percent}\u00a0%"}
    is_labelled = any(text.strip() in labels for text in builder.adjacent_texts)
    return Bar(parts, "" if len(parts) > 1 or is_labelled else f"{percent} %")


def swatch(props: Mapping[str, JSON]) -> Box | None:
    """Return a stripe or a dot for a box that is only a color."""
    if not props.get("background"):
        return None
    style = Style(color=terminal_color(props["background"]))
    size = pixels(props.get("size"))
    width = pixels(props.get("width")) if size is None else size
    height = pixels(props.get("height")) if size is None else size
    if width is None:
        return None
    if width <= 2 * PIXELS_ACROSS and (height is None or height > 2 * width):
        return Stripe("▌", "|", style)
    if height is not None and max(width, height) <= 4 * PIXELS_ACROSS:
        return Dot("●", "o", style)
    return None

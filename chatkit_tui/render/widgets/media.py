"""The components that are pictures: Icon, Image."""

from __future__ import annotations

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.blocks import Block, Paragraph
from chatkit_tui.render.context import Context
from chatkit_tui.render.lines import DIM, Span, Style
from chatkit_tui.render.spans import address, foreign
from chatkit_tui.render.widgets.outline import Outline, component
from chatkit_tui.render.widgets.props import noted_actions, role_of, text, with_note
from chatkit_tui.text.links import safe_link

_GLYPHS = {
    "check": "✓",
    "check-circle": "✓",
    "check-circle-filled": "✓",
    "chevron-left": "‹",
    "chevron-right": "›",
    "dot": "•",
    "empty-circle": "○",
    "minus": "−",
    "plus": "+",
    "star": "*",
    "x": "×",
}


def glyph(name: str, context: Context) -> str:
    """One sign for an icon where every font has one, else its name in brackets; "" for none."""
    if not name:
        return ""
    sign = None if context.plain else _GLYPHS.get(name)
    return sign or f"({name})"


@component("Icon")
def icon(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its sign or its name."""
    shown = glyph(text(node, "name"), outline.context)
    if not shown:
        return ()
    color = role_of(node.props.get("color"))
    span = foreign(shown, DIM if color == "text" else Style(color))
    return with_note((Paragraph((span,)),), noted_actions(node, outline))


@component("Image")
def image(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """What it shows, in words, and its address; it is never fetched."""
    alt, source = text(node, "alt"), text(node, "src")
    link = safe_link(source) if source else None
    label = f"[image: {alt}]" if alt else "[image]"
    spans = [foreign(label, Style("link", link=link) if link else Style("quote"))]
    if source:
        spans += (Span(" "), _address(source))
    return with_note((Paragraph(tuple(spans)),), noted_actions(node, outline))


def _address(source: str) -> Span:
    """An address; of one that is the image itself, only that it is."""
    if source[:5].lower() == "data:":
        return Span("(inline)", DIM)
    return address(source)

"""The components that are words: Text, Title, Caption, Label, Markdown, Badge."""

from __future__ import annotations

from chatkit_tui.document.from_markdown import markdown_blocks
from chatkit_tui.document.spans import (
    Inline,
    Role,
    Span,
    Style,
    UntrustedSpan,
    untrusted,
)
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.colors import backdrop
from chatkit_tui.render.layout.box import LONGEST_WHOLE, Box, Text
from chatkit_tui.render.widgets.forms import Field, field_box
from chatkit_tui.render.widgets.properties import (
    boxed,
    colored,
    flag,
    noted,
    object_of,
    remarks,
    style_of,
    text,
)
from chatkit_tui.render.widgets.registry import WidgetBuilder, component, words
from chatkit_tui.render.widgets.sizes import number
from chatkit_tui.text.sanitize import Untrusted

_ALIGN = {"center": "center", "end": "end", "right": "end"}


@component("Text")
def text_block(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Its words, or a field when the user can change them."""
    if editable := object_of(node.props.get("editable")):
        field = Field(
            words(editable.get("name")),
            text(node, "value"),
            words(editable.get("placeholder")),
            required=editable.get("required") is True,
        )
        return noted(field_box(field, builder), node, builder)
    return noted(_words(node, style_of(node), builder), node, builder)


@component("Title")
def title(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Its words, as a heading."""
    return noted(
        _words(node, _as(style_of(node)._replace(bold=True), "heading"), builder), node, builder
    )


@component("Caption")
def caption(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Its words, dim."""
    return noted(_words(node, _as(style_of(node), "dim"), builder), node, builder)


@component("Label")
def label(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Its words, and the name of the field that they belong to unless that field shows it."""
    field = text(node, "fieldName")
    name = remarks("" if field in builder.names else field)
    return noted(_words(node, _as(style_of(node), "field"), builder, name), node, builder)


@component("Markdown")
def markdown(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Its words, as an assistant's."""
    return noted(boxed(markdown_blocks(text(node, "value"))), node, builder)


@component("Badge")
def badge(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Its words in brackets, which say without colour what a chip says with it."""
    said = text(node, "label")
    if not said:
        return None
    color = node.props.get("color")
    style = colored(color)
    if text(node, "variant").lower() == "solid" and (behind := backdrop(color)):
        style = style._replace(background=behind)
    return noted(Text((untrusted(f"[{said}]", style),), comfort=LONGEST_WHOLE), node, builder)


def _as(style: Style, role: Role) -> Style:
    """A style in a role, unless a colour that means something gave it one, or it has a paint."""
    return style._replace(role=role) if style.role == "text" and style.color is None else style


def _words(
    node: WidgetNode, style: Style, builder: WidgetBuilder, behind: tuple[Inline, ...] = ()
) -> Text | None:
    value = Untrusted(text(node, "value"))
    if not value and not behind:
        return None
    spans = (UntrustedSpan(value, style, breaks=True, links="inside"), *behind)
    if style.strike and builder.context.plain:
        spans = (Span("~~"), *spans, Span("~~"))
    most = 1 if flag(node, "truncate") else None
    if lines := number(node.props.get("maxLines")):
        most = min(most or max(1, int(lines)), max(1, int(lines)))
    align = _ALIGN.get(text(node, "textAlign").lower(), "start")
    return Text(spans, align=align, max_lines=most)

"""The components that are text: Text, Title, Caption, Label, Markdown, Badge."""

from __future__ import annotations

from chatkit_tui.document.from_markdown import markdown_blocks
from chatkit_tui.document.spans import Inline, Span, Style, text_spans, untrusted
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.colors import backdrop
from chatkit_tui.render.layout.blocks import block_box
from chatkit_tui.render.layout.box import LONGEST_WHOLE, Box, Text
from chatkit_tui.render.widgets.forms import field_box
from chatkit_tui.render.widgets.properties import (
    colored,
    flag,
    number,
    object_of,
    remarks,
    style_of,
    text,
    words,
)
from chatkit_tui.render.widgets.registry import WidgetBuilder, component

_ALIGN = {"center": "center", "end": "end", "right": "end"}


@component("Text")
def text_component(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its text, or a field if the user can edit it."""
    if editable := object_of(node.props.get("editable")):
        name, placeholder = words(editable.get("name")), words(editable.get("placeholder"))
        required = editable.get("required") is True
        return field_box(
            builder,
            name,
            text(node, "value"),
            placeholder,
            required=required,
            labelled=builder.is_labelled(node),
        )
    return _value(node, style_of(node), builder)


@component("Title")
def title(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its text as a heading."""
    return _value(node, style_of(node, "heading")._replace(bold=True), builder)


@component("Caption")
def caption(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its text, dim."""
    return _value(node, style_of(node, "dim"), builder)


@component("Label")
def label(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its text, and the name of its field unless the field shows it."""
    field = text(node, "fieldName")
    name = remarks("" if field in builder.fields.names else field)
    return _value(node, style_of(node, "field"), builder, name)


@component("Markdown")
def markdown(node: WidgetNode, _builder: WidgetBuilder) -> Box | None:
    """Return its text, formatted like that of an assistant message."""
    return block_box(markdown_blocks(text(node, "value")))


@component("Badge")
def badge(node: WidgetNode, _builder: WidgetBuilder) -> Box | None:
    """Return its text in brackets, so that it is a badge without color as well."""
    value = text(node, "label")
    if not value:
        return None
    color = node.props.get("color")
    style = colored(color)
    if text(node, "variant").lower() == "solid" and (behind := backdrop(color)):
        style = style._replace(background=behind)
    return Text((untrusted(f"[{value}]", style),), comfort=LONGEST_WHOLE)


def _value(
    node: WidgetNode, style: Style, builder: WidgetBuilder, remark: tuple[Inline, ...] = ()
) -> Box | None:
    value = text(node, "value")
    if not value and not remark:
        return None
    spans = (*text_spans(value, style, breaks=True, links="inside"), *remark)
    if style.strike and builder.context.plain:
        spans = (Span("~~"), *spans, Span("~~"))
    limits = [1] if flag(node, "truncate") else []
    if lines := number(node.props.get("maxLines")):
        limits.append(max(1, int(lines)))
    align = _ALIGN.get(text(node, "textAlign").lower(), "start")
    return Text(spans, align=align, max_lines=min(limits, default=None))

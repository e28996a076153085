"""The components that are words: Text, Title, Caption, Label, Markdown, Badge."""

from __future__ import annotations

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.blocks import Block, Paragraph
from chatkit_tui.render.lines import Style
from chatkit_tui.render.markdown import markdown_blocks
from chatkit_tui.render.spans import foreign, words
from chatkit_tui.render.widgets.forms import Field, field_blocks
from chatkit_tui.render.widgets.outline import Outline, component
from chatkit_tui.render.widgets.props import (
    noted_actions,
    object_of,
    remarks,
    role_of,
    said,
    style_of,
    text,
    with_note,
)


@component("Text")
def text_block(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its words, or a field when the user can change them."""
    value = text(node, "value")
    if editable := object_of(node.props.get("editable")):
        field = Field(
            words(editable.get("name")),
            value,
            words(editable.get("placeholder")),
            required=editable.get("required") is True,
        )
        return with_note(field_blocks(field, outline), noted_actions(node, outline))
    return with_note(said(value, style_of(node)), noted_actions(node, outline))


@component("Title")
def title(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its words, as a heading."""
    style = style_of(node)._replace(bold=True)
    if style.role == "text":
        style = style._replace(role="heading")
    return with_note(said(text(node, "value"), style), noted_actions(node, outline))


@component("Caption")
def caption(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its words, dim."""
    style = style_of(node)
    if style.role == "text":
        style = style._replace(role="dim")
    return with_note(said(text(node, "value"), style), noted_actions(node, outline))


@component("Label")
def label(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its words, and the name of the field that they belong to."""
    blocks = said(text(node, "value"), style_of(node)._replace(role="field"))
    return with_note(blocks, (*remarks(text(node, "fieldName")), *noted_actions(node, outline)))


@component("Markdown")
def markdown(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its words, as an assistant's."""
    return with_note(markdown_blocks(text(node, "value")), noted_actions(node, outline))


@component("Badge")
def badge(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its words in brackets."""
    words_ = text(node, "label")
    if not words_:
        return ()
    chip = foreign(f"[{words_}]", Style(role_of(node.props.get("color"))))
    return with_note((Paragraph((chip,)),), noted_actions(node, outline))

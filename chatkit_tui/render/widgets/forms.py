"""The components that a user fills in or presses."""

from __future__ import annotations

from typing import NamedTuple

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.models.wire import JSON
from chatkit_tui.render.blocks import Block, Indented, Paragraph
from chatkit_tui.render.lines import DIM, Span, Style
from chatkit_tui.render.signs import CHECKED, CHOSEN, NOT_CHOSEN, QUOTE, UNCHECKED, Sign
from chatkit_tui.render.spans import FIELD, foreign, lines_of, words
from chatkit_tui.render.widgets.media import glyph
from chatkit_tui.render.widgets.outline import Outline, component
from chatkit_tui.render.widgets.props import (
    flag,
    list_of,
    noted_actions,
    object_of,
    remarks,
    side_by_side,
    text,
    with_note,
)

MASK = "••••••••"
"""Stands for a password of any length."""


class Field(NamedTuple):
    """Something with a name and a value that the user can change."""

    name: str
    value: str
    placeholder: str = ""
    required: bool = False
    disabled: bool = False
    note: str = ""


def field_blocks(field: Field, outline: Outline) -> tuple[Block, ...]:
    """A field: name and value in a line; a value of several lines below its name."""
    name = (foreign(f"{field.name} ", FIELD),) if field.name else ()
    notes = remarks(
        "required" if field.required else "", "disabled" if field.disabled else "", field.note
    )
    if "\n" in field.value:
        gutter = Span(f"{QUOTE.shown(outline.context)} ", DIM)
        head = Paragraph((*name, *notes) if name or notes else (Span("field", FIELD),))
        return (head, Indented((lines_of(field.value),), gutter, gutter))
    if field.value:
        shown = foreign(f"[ {field.value} ]")
    else:
        shown = foreign(f"[ {field.placeholder or 'empty'} ]", DIM)
    return (Paragraph((*name, shown, *notes)),)


def _field(node: WidgetNode, outline: Outline, note: str = "") -> tuple[Block, ...]:
    value = text(node, "defaultValue") or text(node, "value")
    if value and text(node, "inputType").lower() == "password":
        value = MASK
    field = Field(
        text(node, "name"),
        value,
        text(node, "placeholder"),
        flag(node, "required"),
        flag(node, "disabled"),
        note,
    )
    return with_note(field_blocks(field, outline), noted_actions(node, outline))


@component("Input")
def input_(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """A field of one line; a password is masked."""
    return _field(node, outline)


@component("Textarea")
def textarea(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """A field of several lines."""
    return _field(node, outline)


@component("DatePicker")
def date_picker(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """A field with a date and the dates that it may have."""
    earliest, latest = text(node, "min"), text(node, "max")
    span = f"{earliest or '…'} to {latest or '…'}" if earliest or latest else ""
    return _field(node, outline, span)


@component("Button")
def button(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its words, or its icon's name when it has none, and what pressing it would do."""
    icons = [text(node, "iconStart"), text(node, "iconEnd")]
    words_ = text(node, "label")
    if words_:
        before, after = (glyph(icon, outline.context) for icon in icons)
        words_ = " ".join(filter(None, (before, words_, after)))
    else:
        words_ = " ".join(filter(None, icons)) or "no label"
    disabled = flag(node, "disabled")
    style = DIM if disabled else Style("widget", bold=text(node, "style").lower() == "primary")
    notes = remarks("disabled" if disabled else "", "submits" if flag(node, "submit") else "")
    return (Paragraph((foreign(f"[ {words_} ]", style), *notes, *noted_actions(node, outline))),)


@component("Checkbox")
def checkbox(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Whether it is checked, and its words."""
    sign = CHECKED if flag(node, "defaultChecked") or flag(node, "checked") else UNCHECKED
    name = text(node, "name")
    label = text(node, "label")
    notes = remarks(
        name if label else "",
        "required" if flag(node, "required") else "",
        "disabled" if flag(node, "disabled") else "",
    )
    spans = (_mark(sign, outline), foreign(label or name or "no label"), *notes)
    return with_note((Paragraph(spans),), noted_actions(node, outline))


@component("Select")
def select(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its options, with the chosen one marked."""
    return _options(node, outline)


@component("RadioGroup")
def radio_group(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its options, with the chosen one marked."""
    return _options(node, outline)


def _options(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    chosen = text(node, "defaultValue") or text(node, "value")
    options = [_Option.read(entry) for entry in list_of(node.props.get("options"))]
    described = any(option.description for option in options)
    if chosen and chosen not in (option.value for option in options):
        options.append(_Option(chosen, chosen, "not among the options", disabled=False))
    name = text(node, "name")
    head = (
        *((foreign(name, FIELD),) if name else ()),
        *remarks(
            text(node, "placeholder") if not chosen else "",
            "required" if flag(node, "required") else "",
            "disabled" if flag(node, "disabled") else "",
        ),
    )
    note = noted_actions(node, outline)
    entries = [
        option.blocks(option.value == chosen and bool(chosen), outline) for option in options
    ]
    groups: list[tuple[Block, ...]] = [(Paragraph(head),)] if head else []
    if described:
        gutter = Span("  ", DIM)
        below = Indented(tuple(block for blocks in entries for block in blocks), gutter, gutter)
        return (*with_note(side_by_side(groups), note), below)
    return with_note(side_by_side(groups + entries), note)


class _Option(NamedTuple):
    value: str
    label: str
    description: str
    disabled: bool

    @classmethod
    def read(cls, value: JSON) -> _Option:
        given = object_of(value) or {"value": value}
        own = words(given.get("value"))
        return cls(
            own,
            words(given.get("label")) or own,
            words(given.get("description")),
            given.get("disabled") is True,
        )

    def blocks(self, chosen: bool, outline: Outline) -> tuple[Block, ...]:
        style = DIM if self.disabled else Style(bold=chosen)
        notes = remarks("disabled" if self.disabled else "", self.description)
        sign = _mark(CHOSEN if chosen else NOT_CHOSEN, outline)
        return (Paragraph((sign, foreign(self.label, style), *notes)),)


def _mark(sign: Sign, outline: Outline) -> Span:
    return Span(f"{sign.shown(outline.context)} ", Style(sign.role))

"""The components that a user fills in or presses."""

from __future__ import annotations

from typing import NamedTuple

from chatkit_tui.document.blocks import Indented, Paragraph, text_block
from chatkit_tui.document.spans import DIM, FIELD, Inline, Span, Style, untrusted
from chatkit_tui.document.symbols import CHECKED, CHOSEN, NOT_CHOSEN, QUOTE, UNCHECKED, Symbol
from chatkit_tui.models.fields import JSON
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.layout.box import LONGEST_WHOLE, Box, Text
from chatkit_tui.render.layout.flow import Column, Row
from chatkit_tui.render.layout.frames import Prefixed
from chatkit_tui.render.widgets.icons import glyph
from chatkit_tui.render.widgets.properties import (
    boxed,
    flag,
    list_of,
    noted,
    object_of,
    remarks,
    text,
)
from chatkit_tui.render.widgets.registry import WidgetBuilder, component, words

_INDENT = Span("  ", DIM)

_NAMED = frozenset({"Input", "Textarea", "DatePicker", "Select", "RadioGroup", "Checkbox"})
"""The components that show the name of what they fill in."""

MASK = Symbol("••••••••", "********")
"""Stands for a password of any length."""


class Field(NamedTuple):
    """Something with a name and a value that the user can change."""

    name: str
    value: str
    placeholder: str = ""
    required: bool = False
    disabled: bool = False
    note: str = ""


def field_names(root: WidgetNode) -> frozenset[str]:
    """The names of all fields of a widget that show their name themselves."""
    names: set[str] = set()
    nodes = [root]
    while nodes:
        node = nodes.pop()
        nodes.extend(node.children)
        if node.type in _NAMED and (name := text(node, "name")):
            names.add(name)
    return frozenset(names)


def field_box(field: Field, builder: WidgetBuilder) -> Box | None:
    """A field: name and value in a line; a value of several lines below its name."""
    name = (untrusted(field.name, FIELD),) if field.name else ()
    notes = remarks(
        "required" if field.required else "", "disabled" if field.disabled else "", field.note
    )
    if "\n" in field.value:
        gutter = builder.symbol(QUOTE, DIM)
        head = Paragraph((*name, *notes) if name or notes else (Span("field", FIELD),))
        return boxed((head, Indented((text_block(field.value),), gutter, gutter)))
    if field.value:
        shown = untrusted(f"[ {field.value} ]")
    else:
        shown = untrusted(f"[ {field.placeholder or 'empty'} ]", DIM)
    value = Text((shown, *notes), comfort=LONGEST_WHOLE)
    return Row([Text(name), value], gap=1, wrap=True) if name else value


def _field(node: WidgetNode, builder: WidgetBuilder, note: str = "") -> Box | None:
    value = text(node, "defaultValue") or text(node, "value")
    if value and text(node, "inputType").lower() == "password":
        value = MASK.ascii if builder.context.plain else MASK.sign
    field = Field(
        text(node, "name"),
        value,
        text(node, "placeholder"),
        flag(node, "required"),
        flag(node, "disabled"),
        note,
    )
    return noted(field_box(field, builder), node, builder)


@component("Input")
def input_(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """A field of one line; a password is masked."""
    return _field(node, builder)


@component("Textarea")
def textarea(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """A field of several lines."""
    return _field(node, builder)


@component("DatePicker")
def date_picker(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """A field with a date and the dates that it may have."""
    earliest, latest = text(node, "min"), text(node, "max")
    if earliest and latest:
        return _field(node, builder, f"{earliest} to {latest}")
    return _field(node, builder, f"from {earliest}" if earliest else latest and f"until {latest}")


@component("Button")
def button(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Its words, or its icon's name when it has none, and what pressing it would do."""
    icons = [text(node, "iconStart"), text(node, "iconEnd")]
    words_ = text(node, "label")
    if words_:
        before, after = (glyph(icon, builder.context) for icon in icons)
        words_ = " ".join(filter(None, (before, words_, after)))
    else:
        words_ = " ".join(filter(None, icons)) or "no label"
    disabled = flag(node, "disabled")
    style = DIM if disabled else Style("widget", bold=text(node, "style").lower() == "primary")
    notes = remarks("disabled" if disabled else "", "submits" if flag(node, "submit") else "")
    return noted(
        Text((untrusted(f"[ {words_} ]", style), *notes), comfort=LONGEST_WHOLE), node, builder
    )


@component("Checkbox")
def checkbox(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Whether it is checked, and its words."""
    sign = CHECKED if flag(node, "defaultChecked") or flag(node, "checked") else UNCHECKED
    name = text(node, "name")
    label = text(node, "label")
    notes = remarks(
        name if label else "",
        "required" if flag(node, "required") else "",
        "disabled" if flag(node, "disabled") else "",
    )
    spans = (builder.symbol(sign), untrusted(label or name or "no label"), *notes)
    return noted(Text(spans), node, builder)


@component("Select")
def select(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Its options, with the chosen one marked."""
    return _options(node, builder)


@component("RadioGroup")
def radio_group(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Its options, with the chosen one marked."""
    return _options(node, builder)


def _options(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    chosen = text(node, "defaultValue") or text(node, "value")
    options = [_Option.read(entry) for entry in list_of(node.props.get("options"))]
    described = any(option.description for option in options)
    if chosen and chosen not in (option.value for option in options):
        options.append(_Option(chosen, chosen, "not among the options", disabled=False))
    name = text(node, "name")
    head = (
        *((untrusted(name, FIELD),) if name else ()),
        *remarks(
            text(node, "placeholder") if not chosen else "",
            "required" if flag(node, "required") else "",
            "disabled" if flag(node, "disabled") else "",
        ),
    )
    entries = [
        Text(
            option.spans(builder, chosen=option.value == chosen and bool(chosen)),
            comfort=LONGEST_WHOLE,
        )
        for option in options
    ]
    # What choosing would do belongs to all options, so it stands behind the name.
    named = noted(Text(head) if head else None, node, builder)
    heads = [named] if named is not None else []
    if not entries:
        return named
    if described or text(node, "direction").lower() in ("col", "column"):
        below = Column(entries)
        return Column([*heads, Prefixed(below, _INDENT, _INDENT)]) if heads else below
    return Row([*heads, Row(entries, wrap=True)], wrap=True)


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

    def spans(self, builder: WidgetBuilder, *, chosen: bool) -> tuple[Inline, ...]:
        style = DIM if self.disabled else Style(bold=chosen)
        notes = remarks("disabled" if self.disabled else "", self.description)
        sign = CHOSEN if chosen else NOT_CHOSEN
        return (builder.symbol(sign), untrusted(self.label, style), *notes)

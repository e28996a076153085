"""The components of forms: Input, Textarea, DatePicker, Select, RadioGroup, Checkbox, Button."""

from __future__ import annotations

from typing import NamedTuple

from chatkit_tui.document.blocks import Indented, Paragraph, text_block
from chatkit_tui.document.spans import (
    CHECKED,
    CHOSEN,
    DIM,
    FIELD,
    NOT_CHOSEN,
    PLAIN,
    QUOTE,
    UNCHECKED,
    Inline,
    Span,
    Style,
    Symbol,
    untrusted,
)
from chatkit_tui.models.json import JSON
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.layout.blocks import block_box
from chatkit_tui.render.layout.box import LONGEST_WHOLE, Box, Text
from chatkit_tui.render.layout.flow import Column, Row
from chatkit_tui.render.layout.frames import Prefixed
from chatkit_tui.render.widgets.media import icon_text
from chatkit_tui.render.widgets.properties import flag, list_of, object_of, remarks, text, words
from chatkit_tui.render.widgets.registry import WidgetBuilder, component

_INDENT = Span("  ", DIM)

_NAMED = frozenset({"Input", "Textarea", "DatePicker", "Select", "RadioGroup", "Checkbox"})
"""The components that show the name of their field."""

MASK = Symbol("••••••••", "********")
"""Replaces a password of any length."""


def field_names(root: WidgetNode) -> frozenset[str]:
    """Return the names of the fields of a widget that show their name."""
    names: set[str] = set()
    nodes = [root]
    while nodes:
        node = nodes.pop()
        nodes.extend(node.children)
        if node.type in _NAMED and (name := text(node, "name")):
            names.add(name)
    return frozenset(names)


def field_box(
    builder: WidgetBuilder, name: str, value: str, placeholder: str, remark: tuple[Inline, ...]
) -> Box | None:
    """Return name and value in a line; a value of several lines is below its name."""
    named = (untrusted(name, FIELD),) if name else ()
    if "\n" in value:
        gutter = builder.symbol(QUOTE, DIM)
        head = Paragraph((*named, *remark) or (Span("field", FIELD),))
        return block_box((head, Indented((text_block(value),), gutter, gutter)))
    shown = untrusted(f"[ {value or placeholder or 'empty'} ]", PLAIN if value else DIM)
    box = Text((shown, *remark), comfort=LONGEST_WHOLE)
    return Row([Text(named), box], gap=1, wrap=True) if named else box


def _states(node: WidgetNode, before: str = "", more: str = "") -> tuple[Inline, ...]:
    """Return remarks on a field: some words, what the user must or cannot do, more words."""
    states = [prop if flag(node, prop) else "" for prop in ("required", "disabled")]
    return remarks(before, *states, more)


def _field(node: WidgetNode, builder: WidgetBuilder, note: str = "") -> Box | None:
    value = text(node, "defaultValue") or text(node, "value")
    if value and text(node, "inputType").lower() == "password":
        value = MASK.ascii if builder.context.plain else MASK.sign
    placeholder, states = text(node, "placeholder"), _states(node, more=note)
    return field_box(builder, text(node, "name"), value, placeholder, states)


@component("Textarea")
@component("Input")
def field(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return a field; a password is masked."""
    return _field(node, builder)


@component("DatePicker")
def date_picker(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return a field with a date and the valid dates."""
    earliest, latest = text(node, "min"), text(node, "max")
    if earliest and latest:
        return _field(node, builder, f"{earliest} to {latest}")
    return _field(node, builder, f"from {earliest}" if earliest else latest and f"until {latest}")


@component("Button")
def button(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its label, or the name of its icon if it has none."""
    icons = [text(node, "iconStart"), text(node, "iconEnd")]
    label = text(node, "label")
    if label:
        before, after = (icon_text(icon, builder.context) for icon in icons)
        label = " ".join(filter(None, (before, label, after)))
    else:
        label = " ".join(filter(None, icons)) or "no label"
    disabled = flag(node, "disabled")
    style = DIM if disabled else Style("widget", bold=text(node, "style").lower() == "primary")
    notes = remarks("disabled" if disabled else "", "submits" if flag(node, "submit") else "")
    return Text((untrusted(f"[ {label} ]", style), *notes), comfort=LONGEST_WHOLE)


@component("Checkbox")
def checkbox(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its state and its label."""
    symbol = CHECKED if flag(node, "defaultChecked") or flag(node, "checked") else UNCHECKED
    name, label = text(node, "name"), text(node, "label")
    notes = _states(node, name if label else "")
    return Text((builder.symbol(symbol), untrusted(label or name or "no label"), *notes))


@component("RadioGroup", notes_itself=True)
@component("Select", notes_itself=True)
def options(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its options, with the chosen one marked."""
    chosen = text(node, "defaultValue") or text(node, "value")
    offered = [_Option.read(entry) for entry in list_of(node.props.get("options"))]
    described = any(option.description for option in offered)
    if chosen and chosen not in (option.value for option in offered):
        offered.append(_Option(chosen, chosen, "not among the options", disabled=False))
    name = text(node, "name")
    head = (
        *((untrusted(name, FIELD),) if name else ()),
        *_states(node, "" if chosen else text(node, "placeholder")),
    )
    # The action belongs to all options, so its note follows the name.
    named = builder.noted(Text(head) if head else None, node)
    if not offered:
        return named
    entries = [
        option.box(builder, chosen=bool(chosen) and option.value == chosen) for option in offered
    ]
    heads = [named] if named is not None else []
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

    def box(self, builder: WidgetBuilder, *, chosen: bool) -> Text:
        symbol = builder.symbol(CHOSEN if chosen else NOT_CHOSEN)
        label = untrusted(self.label, DIM if self.disabled else Style(bold=chosen))
        notes = remarks("disabled" if self.disabled else "", self.description)
        return Text((symbol, label, *notes), comfort=LONGEST_WHOLE)

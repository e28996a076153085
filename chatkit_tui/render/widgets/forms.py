"""The components of forms: Input, Textarea, DatePicker, Select, RadioGroup, Checkbox, Button."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from chatkit_tui.document.blocks import Indented, Paragraph, text_block
from chatkit_tui.document.spans import (
    CHECKED,
    CHOSEN,
    DIM,
    ELLIPSIS,
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
from chatkit_tui.render.layout.column import Column
from chatkit_tui.render.layout.frames import Closed, Prefixed
from chatkit_tui.render.layout.row import Row
from chatkit_tui.render.widgets.media import icon_text
from chatkit_tui.render.widgets.properties import (
    flag,
    list_of,
    object_of,
    only_leaf,
    remarks,
    text,
    words,
)
from chatkit_tui.render.widgets.registry import FormFields, WidgetBuilder, component
from chatkit_tui.text.plain import counted

_INDENT = Span("  ", DIM)

_FIELDS = frozenset({"Input", "Textarea", "DatePicker", "Select", "RadioGroup", "Checkbox"})
"""The components that users fill in, beside texts that are editable."""
_TEXTS = frozenset({"Label", "Text", "Title", "Caption"})
"""The components that can be the label of a field behind them."""

MASK = Symbol("••••••••", "********")
"""Replaces a password of any length."""
_MENU = Symbol("▾", "v")
"""Marks a field with options."""


def form_fields(root: WidgetNode) -> FormFields:
    """Return the fields of a widget."""
    names: set[str] = set()
    labelled: set[int] = set()
    count = options = 0
    nodes = [root]
    while nodes:
        node = nodes.pop()
        nodes.extend(node.children)
        for before, child in pairwise(each for each in node.children if each.type != "Spacer"):
            is_label = before.type in _TEXTS and not is_field(before)
            if is_label and is_field(field := only_leaf(child)):
                labelled.add(id(field))
        if is_field(node):
            count += 1
            editable = object_of(node.props.get("editable"))
            names.add(text(node, "name") or words(editable.get("name")))
            options += len(list_of(node.props.get("options"))) if node.type == "Select" else 0
    return FormFields(frozenset(names - {""}), frozenset(labelled), count, options)


def is_field(node: WidgetNode) -> bool:
    """Return whether users fill in a component: a text can be a field, too."""
    return node.type in _FIELDS or (
        node.type == "Text" and bool(object_of(node.props.get("editable")))
    )


def form_summary(fields: FormFields) -> Box | None:
    """Return a line that says what opening the item adds to its fields."""
    if not fields.options:
        return None
    count = counted(fields.options, "option")
    if fields.number > 1:
        count = f"{counted(fields.number, 'field')}, {count}"
    return Closed(Text((ELLIPSIS.span(after=f" {count}", style=DIM),)))


def field_box(
    builder: WidgetBuilder,
    name: str,
    value: str,
    placeholder: str,
    *,
    required: bool,
    remark: tuple[Inline, ...] = (),
    labelled: bool = False,
) -> Box | None:
    """Return a field with its value or its placeholder, and its name behind it.

    Behind a label, the name is shown when the item is open. A value of several lines is below its
    name.
    """
    states = (*_required(builder, required=required), *remark)
    if "\n" in value:
        gutter = builder.symbol(QUOTE, DIM)
        head = Paragraph((untrusted(name, FIELD) if name else Span("field", FIELD), *states))
        return block_box((head, Indented((text_block(value),), gutter, gutter)))
    shown = untrusted(f"[ {value or placeholder or 'empty'} ]", PLAIN if value else DIM)
    spans = (shown, *states, *_name(name, builder, hidden=labelled))
    box = Text(spans, comfort=LONGEST_WHOLE)
    return Closed(box) if name and labelled and not builder.is_open else box


def _name(name: str, builder: WidgetBuilder, *, hidden: bool) -> tuple[Inline, ...]:
    """Return the name of a field behind it; a `hidden` one is left out until the item is open."""
    if not name or (hidden and not builder.is_open):
        return ()
    return (Span("  "), untrusted(name, DIM))


def _required(builder: WidgetBuilder, *, required: bool) -> tuple[Inline, ...]:
    if not required:
        return ()
    return remarks("required") if builder.context.plain else (Span(" *", Style("busy")),)


def _field(node: WidgetNode, builder: WidgetBuilder, note: str = "") -> Box | None:
    value = text(node, "defaultValue") or text(node, "value")
    if value and text(node, "inputType").lower() == "password":
        value = MASK.form(plain=builder.context.plain)
    return field_box(
        builder,
        text(node, "name"),
        value,
        text(node, "placeholder"),
        required=flag(node, "required"),
        remark=remarks("disabled" if flag(node, "disabled") else "", note),
        labelled=builder.is_labelled(node),
    )


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
    icons = [text(node, "iconStart") or text(node, "icon"), text(node, "iconEnd")]
    label = text(node, "label")
    if label:
        before, after = (icon_text(icon, builder.context) for icon in icons)
        label = " ".join(filter(None, (before, label, after)))
    else:
        label = " ".join(filter(None, icons)) or "no label"
    disabled = flag(node, "disabled")
    is_chosen = node is builder.chosen
    is_main = is_chosen or text(node, "style").lower() == "primary"
    style = DIM if disabled else Style("widget", bold=is_main)
    chosen = builder.symbol(CHOSEN).text if is_chosen else ""
    notes = remarks("disabled" if disabled else "", "submits" if flag(node, "submit") else "")
    return Text((untrusted(f"[ {chosen}{label} ]", style), *notes), comfort=LONGEST_WHOLE)


@component("Checkbox")
def checkbox(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its state and its label; its name is shown when the item is open."""
    symbol = CHECKED if flag(node, "defaultChecked") or flag(node, "checked") else UNCHECKED
    name, label = text(node, "name"), text(node, "label")
    states = _states(node, builder)
    known = _name(name, builder, hidden=True)
    words = (*((untrusted(label),) if label else ()), *states)
    box = Text((builder.symbol(symbol), *words, *(known if words else known[1:])))
    return Closed(box) if name and not builder.is_open else box


def _states(node: WidgetNode, builder: WidgetBuilder) -> tuple[Inline, ...]:
    disabled = remarks("disabled" if flag(node, "disabled") else "")
    return (*_required(builder, required=flag(node, "required")), *disabled)


@component("Select", notes_itself=True)
def select(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return a closed menu with what is chosen; its options are drawn when the item is open."""
    options = _Option.list_of(node)
    chosen = next((option for option in options if option.is_chosen), None)
    shown = chosen.label if chosen else text(node, "placeholder") or "none chosen"
    sign = _MENU.form(plain=builder.context.plain)
    label = untrusted(f"[ {shown} {sign} ]", PLAIN if chosen else DIM)
    known = _name(text(node, "name"), builder, hidden=builder.is_labelled(node))
    field = Text((label, *_states(node, builder), *known), comfort=LONGEST_WHOLE)
    noted = builder.noted(field, node) or field
    if not builder.is_open:
        return Closed(noted)
    below = Column([option.box(builder) for option in options])
    return Column([noted, Prefixed(below, _INDENT, _INDENT)]) if options else noted


@component("RadioGroup", notes_itself=True)
def radio_group(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its options, with the chosen one marked, and its name behind them."""
    options = _Option.list_of(node)
    name = text(node, "name")
    placeholder = text(node, "placeholder") if not any(it.is_chosen for it in options) else ""
    states = (*_states(node, builder), *remarks(placeholder))
    is_hidden = bool(name and options) and builder.is_labelled(node) and not builder.is_open
    known = (untrusted(name, DIM),) if name and not is_hidden else ()
    box = _group(node, builder, options, (*known, *states))
    return Closed(box) if box and is_hidden else box


def _group(
    node: WidgetNode, builder: WidgetBuilder, options: list[_Option], tail: tuple[Inline, ...]
) -> Box | None:
    """Return options and what is behind them; an action belongs to all, so its note follows."""
    noted = builder.noted(Text(tail) if tail else None, node)
    ends = [noted] if noted is not None else []
    entries: list[Box] = [option.box(builder) for option in options]
    if not entries:
        return noted
    described = any(option.description for option in options)
    if described or text(node, "direction").lower() in ("col", "column"):
        return Column([*entries, *ends])
    return Row([Row(entries, wrap=True), *ends], wrap=True)


class _Option(NamedTuple):
    value: str
    label: str
    description: str
    disabled: bool
    is_chosen: bool

    @classmethod
    def read(cls, value: JSON, chosen: str) -> _Option:
        given = object_of(value) or {"value": value}
        own = words(given.get("value"))
        return cls(
            own,
            words(given.get("label")) or own,
            words(given.get("description")),
            given.get("disabled") is True,
            bool(chosen) and own == chosen,
        )

    @classmethod
    def list_of(cls, node: WidgetNode) -> list[_Option]:
        """Return the options of a component; a chosen value that is none of them is the last."""
        chosen = text(node, "defaultValue") or text(node, "value")
        offered = [cls.read(entry, chosen) for entry in list_of(node.props.get("options"))]
        if chosen and not any(option.is_chosen for option in offered):
            note = "not among the options"
            offered.append(cls(chosen, chosen, note, disabled=False, is_chosen=True))
        return offered

    def box(self, builder: WidgetBuilder) -> Text:
        symbol = builder.symbol(CHOSEN if self.is_chosen else NOT_CHOSEN)
        label = untrusted(self.label, DIM if self.disabled else Style(bold=self.is_chosen))
        notes = remarks("disabled" if self.disabled else "", self.description)
        return Text((symbol, label, *notes), comfort=LONGEST_WHOLE)

"""The components that contain others: Card, ListView, Basic, Box, Row, Col, Form, Table, …"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from chatkit_tui.document.spans import BULLET, CHOICE, DIM, Inline, Paint, Span, Style, untrusted
from chatkit_tui.models.json import JSON
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.colors import terminal_color
from chatkit_tui.render.layout.box import LONGEST_WHOLE, Box, Note, Text
from chatkit_tui.render.layout.column import Column, stacked
from chatkit_tui.render.layout.frames import (
    Frame,
    LimitedList,
    Prefixed,
    Rule,
    Stripe,
)
from chatkit_tui.render.layout.notes import WithNotes, note_spans
from chatkit_tui.render.layout.row import Row, Spacer
from chatkit_tui.render.layout.table import Cell, TableBox
from chatkit_tui.render.widgets.color_boxes import bar_of_boxes, bar_parts, swatch
from chatkit_tui.render.widgets.media import icon_text
from chatkit_tui.render.widgets.properties import (
    flag,
    gap_across,
    gap_down,
    number,
    object_of,
    only_leaf,
    padding,
    pixels,
    remarks,
    text,
    texts_of,
    words,
)
from chatkit_tui.render.widgets.registry import UNKNOWN, WidgetBuilder, component, own_actions

_INDENT: Final = Span("  ", DIM)
_OTHERS: Final = 2
"""Outlined buttons beside a solid one, at least, that make it a choice."""

# -- roots -----------------------------------------------------------------------------------------

_WIDTHS: Final = {"sm": 60, "md": 72, "lg": 80, "full": 100}
WIDTH: Final = 80
"""Cells of the widest card or list without a size, unless its content needs more: in a longer line
the eye loses its way."""


@component("Card", notes_itself=True)
def card(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return a frame: the status above a rule, the content, the buttons below a rule."""
    content = builder.noted(builder.content(node), node)
    sections = [_status(node, builder), content, _buttons(node, builder)]
    solid = [section for section in sections if section is not None]
    if not solid:
        return None
    background = terminal_color(node.props.get("background"))
    frame = Frame(solid, style=Style("dim", color=background))
    frame.max_width = _widened(_WIDTHS.get(text(node, "size"), WIDTH), frame)
    return frame


@component("ListView", notes_itself=True)
def list_view(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its status, and its rows between rules, as many as its limit allows."""
    rows = builder.children(node)
    limit = int(number(node.props.get("limit")) or 0)
    listed = LimitedList(rows, limit if limit > 0 else None) if rows else None
    parts = (_status(node, builder), builder.noted(listed, node))
    box = stacked([part for part in parts if part is not None])
    if box is not None and node is builder.root:
        box.max_width = _widened(WIDTH, box)
    return box


def _widened(width: int, box: Box) -> int:
    """Return a width, or more if the box then keeps every label and short text on one line."""
    return max(width, box.min_width) if box.min_width <= _WIDTHS["full"] else width


@component("ListViewItem", notes_itself=True)
def list_view_item(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return a row behind a marker, with a note of its action; a frame needs no marker."""
    row = _arranged(node, builder, "row")
    if row is None or isinstance(row, Frame):
        return row
    marker = builder.symbol(CHOICE if own_actions(node) else BULLET)
    return Prefixed(row, marker, Span("  ", DIM))


@component("Basic", notes_itself=True)
def basic(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its children, without a frame."""
    box = _arranged(node, builder, "col")
    if box is not None:
        box.max_width = _WIDTHS["full"]
    return box


def _status(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    status = node.props.get("status")
    given = object_of(status)
    label = words(given.get("text")) or (status if isinstance(status, str) else "")
    icon = icon_text(words(given.get("icon")), builder.context) if given.get("icon") else ""
    spans: list[Inline] = [untrusted(part, DIM) for part in (icon, label) if part]
    if flag(node, "collapsed"):
        spans.append(Span("(collapsed)", DIM))
    return Row([Text((span,)) for span in spans], gap=1, wrap=True) if spans else None


def _buttons(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return the buttons of a card: `confirm` and `cancel`, each `{label, action}`."""
    buttons: list[Box] = []
    for prop in ("confirm", "cancel"):
        if not (button := node.props.get(prop)):
            continue
        given = object_of(button) or {"label": button}
        is_confirm = prop == "confirm"
        label = f"[ {words(given.get('label')) or 'no label'} ]"
        remark = remarks("sends the form" if is_confirm and flag(node, "asForm") else "")
        spans = (untrusted(label, Style("widget", bold=is_confirm)), *remark)
        box = Text(spans, comfort=LONGEST_WHOLE)
        action = given.get("action")
        buttons.append(WithNotes(box, (builder.action_note(action),)) if action else box)
    return Row(buttons) if buttons else None


# -- boxes, rows and columns -----------------------------------------------------------------------

_SIDES: Final = ("top", "right", "bottom", "left")
_ROWS: Final = ("row", "row-reverse", "horizontal")


@component("Box", notes_itself=True)
def box(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its children, a progress bar or a swatch of color."""
    if node.children and (progress := bar_of_boxes(node, builder)) is None:
        return _arranged(node, builder, "col")
    return builder.noted(progress if node.children else swatch(node.props), node)


@component("Row", notes_itself=True)
def row(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its children side by side, or a bar of colored boxes."""
    bar = bar_of_boxes(node, builder)
    return builder.noted(bar, node) if bar else _arranged(node, builder, "row")


@component("Col", notes_itself=True)
def col(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its children below one another."""
    return _arranged(node, builder, "col")


@component("Form", notes_itself=True)
def form(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its children, and the action that submits it."""
    content = _decorated(_flow(node, builder, "col"), node.props, builder)
    submit = builder.action_notes(node)
    if not submit:
        return content
    note = Text((Span("on submit  ", DIM), *note_spans(submit)))
    return note if content is None else stacked([content, note])


@component("Spacer", notes_itself=True)
def spacer(_node: WidgetNode, _builder: WidgetBuilder) -> Box | None:
    """Return free space between the parts of a row; a column drops it."""
    return Spacer()


@component("Divider", notes_itself=True)
def divider(_node: WidgetNode, _builder: WidgetBuilder) -> Box | None:
    """Return a rule."""
    return Rule()


@component(UNKNOWN, notes_itself=True)
def unknown(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return the name of an unknown component where it is the first of its kind, and its content.

    That is its text and its children, in the direction that it asks for.
    """
    texts = builder.extra_texts(node)
    flow = _flow(node, builder, "col")
    head: list[Box] = []
    if node.type not in builder.named:
        builder.named.add(node.type)
        name = f"({node.type or 'component without a type'})"
        head.append(Text((untrusted(name, Style("unknown")),)))
        head += texts[:1] if len(texts) == 1 else []
    content = stacked([*texts[len(head[1:]) :], *([flow] if flow else [])])
    if not head:
        return content
    first = Row(head, gap=1, wrap=True) if len(head) > 1 else head[0]
    return Column([first, Prefixed(content, _INDENT, _INDENT)]) if content else first


@component("Table.Cell")
@component("Transition")
def content(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its children."""
    return builder.content(node)


def _arranged(node: WidgetNode, builder: WidgetBuilder, direction: str) -> Box | None:
    """Return the children of a component in its direction, with its border and background.

    The notes of its own actions are inside the border.
    """
    content = _flow(node, builder, direction)
    # Decoration around a lone picture takes room and means nothing.
    if all(child.type in ("Image", "Icon") for child in node.children):
        return builder.noted(content, node)
    if isinstance(content, Frame) and (notes := builder.action_notes(node)):
        content.note(notes)
    else:
        content = builder.noted(content, node)
    return _decorated(content, node.props, builder)


def _flow(node: WidgetNode, builder: WidgetBuilder, direction: str) -> Box | None:
    props = node.props
    parts = _parts(node, builder)
    align = _keyword(props.get("align"))
    if (_keyword(props.get("direction")) or direction) not in _ROWS:
        return stacked(parts, gap=gap_down(props.get("gap")), align=align)
    beside = [Stripe("│", "|") if isinstance(part, Rule) else part for part in parts]
    if all(isinstance(part, Spacer) or part.stretches for part in beside):
        return None
    justify = _keyword(props.get("justify"))
    if len(beside) == 1 and justify in ("", "start", "between"):
        return beside[0]
    return Row(
        beside,
        gap=gap_across(props.get("gap")),
        align=align,
        justify=justify,
        wrap=_keyword(props.get("wrap")) in ("wrap", "wrap-reverse", "true"),
    )


def _parts(node: WidgetNode, builder: WidgetBuilder) -> list[Box]:
    """Return the children of a component; images and bars do not repeat the texts beside them."""
    before = builder.adjacent_texts, builder.chosen
    builder.chosen = _chosen_button(node.children)
    if len(node.children) > 1 and any(map(_repeats, node.children)):
        builder.adjacent_texts = texts_of(node)
    parts = builder.children(node)
    builder.adjacent_texts, builder.chosen = before
    return parts


def _repeats(node: WidgetNode) -> bool:
    """Return whether a component may have the text that is beside it: an image or a bar."""
    return only_leaf(node).type == "Image" or bool(bar_parts(node))


def _chosen_button(nodes: Sequence[WidgetNode]) -> WidgetNode | None:
    """Return the only solid button among outlined ones, which is the one that is switched on."""
    variants = [(text(node, "variant").lower(), node) for node in nodes if node.type == "Button"]
    solid = [node for variant, node in variants if variant == "solid"]
    others = sum(bool(variant) for variant, _ in variants) - len(solid)
    return solid[0] if len(solid) == 1 and others >= _OTHERS else None


def _keyword(value: JSON) -> str:
    """Return a keyword without the prefixes and spellings of style sheets."""
    if value is True:
        return "true"
    if not isinstance(value, str):
        return ""
    return value.strip().lower().removeprefix("flex-").removeprefix("space-")


# -- borders, backgrounds, padding -----------------------------------------------------------------


def _decorated(
    content: Box | None, props: Mapping[str, JSON], builder: WidgetBuilder
) -> Box | None:
    """Return a box with the border of its component, or a bar for its background, or padding."""
    if content is None:
        return None
    border = props.get("border")
    sides = [side for side in _SIDES if _border_size(border, side)] if border else []
    background = terminal_color(props.get("background"))
    room = padding(props.get("padding"))
    if len(sides) == 4:
        color = _border_color(border) or background
        return Frame([content], style=Style("dim", color=color), dashed=_is_dashed(border))
    if background not in (None, "grey"):
        bar = Span("| " if builder.context.plain else "▎ ", Style(color=background))
        content = Prefixed(content, bar, bar)
    elif room.left or room.right:
        space = Span(" " * room.left, DIM)
        content = Prefixed(content, space, space, right=room.right)
    if "left" in sides:
        line = "| " if builder.context.plain else "│ "
        edge = Span(line, Style("dim", color=_border_color(border)))
        content = Prefixed(content, edge, edge)
    if "top" in sides or "bottom" in sides:
        above = [Rule()] if "top" in sides else []
        below = [Rule()] if "bottom" in sides else []
        content = Column([*above, content, *below])
    content.margin = room.margin
    return content


def _side(border: JSON, side: str) -> JSON:
    """Return the border of one side: a number, an object, or null."""
    if not isinstance(border, dict):
        return border
    if not any(name in border for name in (*_SIDES, "x", "y")):
        return border
    return border.get(side, border.get("y" if side in ("top", "bottom") else "x"))


def _border_size(border: JSON, side: str) -> float:
    given = _side(border, side)
    if isinstance(given, dict):
        given = given.get("size", 1)
    return pixels(given) or float(given is True)


def _border_color(border: JSON) -> Paint | None:
    sides = [_side(border, side) for side in _SIDES]
    given: dict[str, JSON] = next((side for side in sides if isinstance(side, dict)), {})
    return terminal_color(given.get("color"))


def _is_dashed(border: JSON) -> bool:
    given = _side(border, "top")
    return isinstance(given, dict) and given.get("style") in ("dashed", "dotted")


# -- tables ---------------------------------------------------------------------------------------

MAX_SPAN: Final = 50
"""The largest number of columns that one cell takes."""

_ALIGN: Final = {
    "start": "start", "left": "start", "center": "center", "end": "end", "right": "end"
}  # fmt: skip


@component("Table")
def table(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return its rows in columns, and its other children below them."""
    rows = [child for child in node.children if child.type == "Table.Row"]
    others = [child for child in node.children if child.type != "Table.Row"]
    rest = builder.extra_texts(node)
    rest += [box for child in others if (box := builder.build(child)) is not None]
    cells = [[_cell(child, builder) for child in row.children] for row in rows]
    if not any(cells):
        return stacked(rest)
    table = TableBox(cells, header=flag(rows[0], "header"))
    notes = [note for row in rows for note in builder.action_notes(row)]
    notes += [note for row in cells for cell in row if cell.box for note in cell.box.notes]
    if notes:
        noted = WithNotes(table, _distinct(notes), below=True)
        return stacked([noted, *rest])
    return stacked([table, *rest])


def _distinct(notes: list[Note]) -> list[Note]:
    """Return one note of each action, without its payload."""
    return list({note.action: note for note in reversed(notes)}.values())[::-1]


@component("Table.Row")
def table_row(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Return the cells of a row outside a table side by side."""
    cells = builder.children(node)
    return Row(cells) if cells else None


def _cell(node: WidgetNode, builder: WidgetBuilder) -> Cell:
    span = max(1, min(MAX_SPAN, int(number(node.props.get("colSpan")) or 1)))
    box = builder.build(node)
    align = _ALIGN.get(text(node, "align").lower(), "")
    return Cell(None if isinstance(box, Spacer) else box, span, align)

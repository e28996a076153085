"""The components that a widget begins with: Card, ListView and its rows, Basic."""

from __future__ import annotations

from typing import Final

from chatkit_tui.document.spans import DIM, Inline, Span, Style, untrusted
from chatkit_tui.document.symbols import BULLET, CHOICE
from chatkit_tui.models.fields import JSON
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.colors import terminal_color
from chatkit_tui.render.layout.box import LONGEST_WHOLE, Box, Text, WithNote
from chatkit_tui.render.layout.flow import Row
from chatkit_tui.render.layout.frames import Frame, LimitedList, Prefixed
from chatkit_tui.render.widgets.containers import arranged
from chatkit_tui.render.widgets.icons import glyph
from chatkit_tui.render.widgets.properties import (
    flag,
    leads_to,
    noted,
    noted_actions,
    object_of,
    remarks,
    text,
)
from chatkit_tui.render.widgets.registry import WidgetBuilder, component, stacked, words
from chatkit_tui.render.widgets.sizes import number

_WIDTHS: Final = {"sm": 60, "md": 72, "lg": 80, "full": 100}
WIDTH: Final = 80
"""Cells of the widest card and list without a size of their own, unless what is inside needs more:
a line whose two ends are far apart is hard to read."""


@component("Card")
def card(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """A frame: the status above a rule, what is inside, the buttons below one."""
    inside = noted(builder.inside(node), node, builder)
    sections = [_status(node, builder), inside, _buttons(node, builder)]
    solid = [section for section in sections if section is not None]
    if not solid:
        return None
    background = terminal_color(node.props.get("background"))
    frame = Frame(solid, style=Style("dim", color=background))
    frame.max_width = max(
        _WIDTHS.get(text(node, "size"), WIDTH), min(frame.min_width, _WIDTHS["full"])
    )
    return frame


@component("ListView")
def list_view(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Its status, and its rows between rules, as many as its limit allows."""
    rows = builder.each(node)
    listed = LimitedList(rows, _limit(node.props.get("limit"))) if rows else None
    parts = [
        part for part in (_status(node, builder), noted(listed, node, builder)) if part is not None
    ]
    made = stacked(parts)
    if made is not None:
        made.max_width = max(WIDTH, min(made.min_width, _WIDTHS["full"]))
    return made


@component("ListViewItem")
def list_view_item(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """A row behind a marker, with what choosing it would do."""
    row = arranged(node, builder, "row")
    if row is None:
        return None
    acts = bool(noted_actions(node, builder))
    marker = builder.symbol(CHOICE if acts else BULLET)
    return Prefixed(row, marker, Span("  ", DIM))


@component("Basic")
def basic(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Its children, without a frame."""
    box = arranged(node, builder, "col")
    if box is not None:
        box.max_width = _WIDTHS["full"]
    return box


def _status(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """The words above a card or list, and whether it is collapsed."""
    status = node.props.get("status")
    given = object_of(status)
    said = words(given.get("text")) or (status if isinstance(status, str) else "")
    sign = glyph(words(given.get("icon")), builder.context) if given.get("icon") else ""
    spans: list[Inline] = [untrusted(part, DIM) for part in (sign, said) if part]
    if flag(node, "collapsed"):
        spans.append(Span("(collapsed)", DIM))
    return Row([Text((span,)) for span in spans], gap=1, wrap=True) if spans else None


def _buttons(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """What a card asks for: `confirm` and `cancel`, each `{label, action}`."""
    buttons: list[Box] = []
    for prop in ("confirm", "cancel"):
        if not (button := node.props.get(prop)):
            continue
        given = object_of(button) or {"label": button}
        said = f"[ {words(given.get('label')) or 'no label'} ]"
        sends = flag(node, "asForm") and prop == "confirm"
        label = Text(
            (
                untrusted(said, Style("widget", bold=prop == "confirm")),
                *remarks("sends the form" if sends else ""),
            ),
            comfort=LONGEST_WHOLE,
        )
        note = leads_to(given.get("action"), builder)
        buttons.append(WithNote(label, note) if note else label)
    return Row(buttons) if buttons else None


def _limit(value: JSON) -> int | None:
    """How many rows a list shows; None for all of them."""
    limit = int(number(value) or 0)
    return limit if limit > 0 else None

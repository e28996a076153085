"""The components that a widget begins with: Card, ListView and its rows, Basic."""

from __future__ import annotations

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.models.wire import JSON
from chatkit_tui.render.blocks import Blank, Block, Fold, Paragraph
from chatkit_tui.render.lines import DIM, Span, Style
from chatkit_tui.render.signs import BULLET, CHOICE, ellipsis
from chatkit_tui.render.spans import foreign, words
from chatkit_tui.render.widgets.outline import Outline, component
from chatkit_tui.render.widgets.props import (
    flag,
    leads_to,
    noted_actions,
    object_of,
    side_by_side,
    with_note,
)


@component("Card")
def card(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its status, what is inside, and the buttons below."""
    collapsed = (Paragraph((Span("(collapsed)", DIM),)),) if flag(node, "collapsed") else ()
    buttons = side_by_side(
        _answer(node.props.get(prop), outline, bold=prop == "confirm")
        for prop in ("confirm", "cancel")
    )
    inside = (*_status(node), *collapsed, *outline.inside(node))
    body = with_note(inside, noted_actions(node, outline))
    return (*body, Blank(), *buttons) if body and buttons else (*body, *buttons)


@component("ListView")
def list_view(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its status and its rows; those past the limit are folded away."""
    rows = outline.each(node)
    limit = _limit(node.props.get("limit"))
    shown = [block for blocks in rows[:limit] for block in blocks]
    if limit is not None and len(rows) > limit:
        count = len(rows) - limit
        rest = tuple(block for blocks in rows[limit:] for block in blocks)
        words = f"{ellipsis(outline.context)} {count} more, past the list's limit of {limit}"
        shown.append(Fold(rest, 0, rest=words))
    return (*_status(node), *with_note(tuple(shown), noted_actions(node, outline)))


@component("ListViewItem")
def list_view_item(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """A row behind a marker, with what choosing it would do."""
    action = noted_actions(node, outline)
    sign = (CHOICE if action else BULLET).shown(outline.context)
    marker = Span(f"{sign} ", Style("widget") if action else DIM)
    return outline.indented(marker, lambda: with_note(side_by_side(outline.each(node)), action))


@component("Basic")
def basic(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its children."""
    return with_note(outline.inside(node), noted_actions(node, outline))


def _status(node: WidgetNode) -> tuple[Block, ...]:
    status = node.props.get("status")
    text = words(object_of(status).get("text")) or (status if isinstance(status, str) else "")
    return (Paragraph((foreign(text, DIM),)),) if text else ()


def _answer(button: JSON, outline: Outline, *, bold: bool) -> tuple[Block, ...]:
    """A card's own button: `{label, action}`."""
    if not button:
        return ()
    given = object_of(button) or {"label": button}
    label = foreign(f"[ {words(given.get('label')) or 'no label'} ]", Style("widget", bold=bold))
    return (Paragraph((label, *leads_to(given.get("action"), outline))),)


def _limit(value: JSON) -> int | None:
    """How many rows a list shows; None for all of them."""
    try:
        limit = int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
    return limit if limit > 0 else None

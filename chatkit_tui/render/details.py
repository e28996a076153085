"""An item as the wire carried it: its ids and times, what its actions send, its JSON."""

from __future__ import annotations

from chatkit_tui.document.blocks import Blank, Block, Indented, Paragraph
from chatkit_tui.document.spans import DIM, Span
from chatkit_tui.models.items import Attachment, ClientToolCall, Item, UserMessage, WidgetItem
from chatkit_tui.models.widgets import actions, read_widget
from chatkit_tui.render.context import Context
from chatkit_tui.render.json_view import json_blocks
from chatkit_tui.render.spans import FIELD, untrusted
from chatkit_tui.render.unknown import problem_blocks
from chatkit_tui.render.widgets.widget_item import action_blocks
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.times import moment

_GUTTER = Span("  ", DIM)


def detail_blocks(item: Item, context: Context) -> tuple[Block, ...]:
    """Everything about an item that helps to find it elsewhere, then the JSON that came.

    The JSON is indented and otherwise as it arrived: digits, escapes, the order and the
    repetition of keys.
    """
    facts = _facts(item, context)
    width = max(len(name) for name, _ in facts) + 2
    blocks: list[Block] = [
        Indented(
            (Paragraph((untrusted(value),)),),
            Span(name.ljust(width), FIELD),
            Span(" " * width, DIM),
        )
        for name, value in facts
    ]
    if item.problems:
        blocks += (Blank(), *problem_blocks(item.problems, context))
    if isinstance(item, WidgetItem):
        blocks += _widget(item, context)
    blocks += (Blank(), _heading("JSON as it came"), *json_blocks(item.raw))
    return tuple(blocks)


def _facts(item: Item, context: Context) -> list[tuple[str, str]]:
    facts = [("item", item.id or "no id"), ("type", item.type or "no type")]
    if item.thread_id:
        facts.append(("thread", item.thread_id))
    if item.time is None:
        facts.append(("time", "unknown"))
    else:
        exact = moment(item.time.seconds, context.zone, precise=True)
        origin = ", decoded from the id" if item.time.approximate else ""
        facts.append(("time", f"{exact} ({item.time.seconds}{origin})"))
    if isinstance(item, ClientToolCall) and item.call_id:
        facts.append(("call", item.call_id))
    if isinstance(item, UserMessage):
        facts += [
            ("attachment", sent.id)
            for sent in item.attachments
            if isinstance(sent, Attachment) and sent.id
        ]
    facts.append(("size", f"{len(item.raw):,} bytes"))
    return facts


def _widget(item: WidgetItem, context: Context) -> tuple[Block, ...]:
    """The actions of a widget, and its own JSON, which is a string inside the item's."""
    tree = read_widget(item.widget)
    found = actions(tree)
    blocks: list[Block] = []
    if found:
        blocks += (Blank(), _heading("action" if len(found) == 1 else f"{len(found)} actions"))
        for action in found:
            path = action.path.replace(" › ", ui_text(" › "))
            place = Paragraph((untrusted(f"{path}{ui_text(' · ')}{action.prop}", DIM),))
            blocks.append(Indented((*action_blocks(action, context), place), _GUTTER, _GUTTER))
    if tree.root is not None:
        blocks += (Blank(), _heading("widget"), *json_blocks(item.widget))
    return tuple(blocks)


def _heading(text: str) -> Paragraph:
    return Paragraph((Span(text, FIELD),))

"""A widget item as blocks: its tree, and the payloads of its actions."""

from __future__ import annotations

from chatkit_tui.document.blocks import (
    Block,
    Fold,
    Paragraph,
    Widget,
    indented,
    note,
    text_block,
)
from chatkit_tui.document.from_json import value_blocks
from chatkit_tui.document.spans import (
    DIM,
    ELLIPSIS,
    FIELD,
    LEADS_TO,
    WARNING,
    Inline,
    Span,
    Style,
    untrusted,
)
from chatkit_tui.models.items import WidgetItem
from chatkit_tui.models.widgets import Action, WidgetTree, actions, read_widget


def widget_blocks(item: WidgetItem) -> tuple[Block, ...]:
    """Return every word and every action of a widget."""
    if not item.widget:
        return (note("(no widget)"),)
    tree = read_widget(item.widget)
    if tree.root is None:
        problem = WARNING.span(after=f" {tree.problem}, shown as it came")
        return (Paragraph((problem,)), Fold((text_block(item.widget, Style("code")),)))
    blocks: tuple[Block, ...] = (Widget(tree.root),)
    if tree.left_out:
        omitted = f" {tree.left_out:,} more components are left out here"
        blocks += (Paragraph((ELLIPSIS.span(after=omitted),)),)
    return (*blocks, *_payloads(tree))


def _payloads(tree: WidgetTree) -> tuple[Block, ...]:
    """The payloads of the actions, folded: the user of the widget may never have seen them."""
    sending = [action for action in actions(tree) if action.payload is not None]
    if not sending:
        return ()
    count = "1 action sends" if len(sending) == 1 else f"{len(sending)} actions send"
    head = Paragraph((Span(f"{count} a payload", DIM),))
    payloads = (indented(*action_blocks(action)) for action in sending)
    return (Fold((head, *payloads), 0, rest=ELLIPSIS.span(after=f" {count} a payload")),)


def action_blocks(action: Action) -> tuple[Block, ...]:
    """Return one action: its label, its type, its handler and its payload."""
    spans: list[Inline] = []
    if action.label:
        spans += (untrusted(action.label, Style(bold=True)), LEADS_TO.span(" "))
    spans.append(untrusted(action.type or "unnamed action", FIELD))
    if action.handler:
        spans.append(untrusted(f" ({action.handler})", DIM))
    head = Paragraph(tuple(spans))
    if action.payload is None:
        return (head,)
    return (head, indented(*value_blocks(action.payload)))

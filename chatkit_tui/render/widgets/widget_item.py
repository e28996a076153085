"""A widget item: the outline of its tree, and what its actions would send."""

from __future__ import annotations

from chatkit_tui.document.blocks import Block, Drawn, Fold, Indented, Paragraph
from chatkit_tui.document.spans import DIM, Span, Style
from chatkit_tui.models.items import WidgetItem
from chatkit_tui.models.widgets import Action, WidgetTree, actions, read_widget
from chatkit_tui.render.context import Context
from chatkit_tui.render.spans import FIELD, lines_of, note, untrusted
from chatkit_tui.render.symbols import LEADS_TO, WARNING, ellipsis
from chatkit_tui.render.unknown import value_blocks
from chatkit_tui.render.widgets.flow import Spacer
from chatkit_tui.render.widgets.forms import field_names
from chatkit_tui.render.widgets.layout import Picture
from chatkit_tui.render.widgets.registry import Walk


def widget_title(_item: WidgetItem, _context: Context) -> tuple[Span, ...]:
    """What stands behind the word in the head of a widget: nothing, its card says it all."""
    return ()


def widget_item(item: WidgetItem, context: Context) -> tuple[Block, ...]:
    """Every word and every action of a widget."""
    if not item.widget:
        return (note("(no widget)"),)
    tree = read_widget(item.widget)
    if tree.root is None:
        mark = f"{WARNING.shown(context)} {tree.problem}, shown as it came"
        return (
            Paragraph((Span(mark, Style("bad")),)),
            Fold((lines_of(item.widget, Style("code")),)),
        )
    box = Walk(context, field_names(tree.root)).draw(tree.root)
    blocks: tuple[Block, ...] = (note("(a widget without words)"),)
    if box is not None and not isinstance(box, Spacer):
        blocks = (Drawn(Picture(box)),)
    if tree.left_out:
        blocks = (
            *blocks,
            note(f"{ellipsis(context)} {tree.left_out:,} more components are left out here"),
        )
    return (*blocks, *_payloads(tree, context))


def _payloads(tree: WidgetTree, context: Context) -> tuple[Block, ...]:
    """What the actions would send, folded away: it can hold what the user never saw."""
    sending = [action for action in actions(tree) if action.payload is not None]
    if not sending:
        return ()
    count = "1 action sends" if len(sending) == 1 else f"{len(sending)} actions send"
    head = Paragraph((Span(f"{count} a payload", DIM),))
    words = f"{ellipsis(context)} {count} a payload"
    gutter = Span("  ", DIM)
    return (
        Fold(
            (
                head,
                *(Indented(action_blocks(action, context), gutter, gutter) for action in sending),
            ),
            0,
            rest=words,
        ),
    )


def action_blocks(action: Action, context: Context) -> tuple[Block, ...]:
    """One action: what sets it off, what it is called, who takes it, what it sends."""
    arrow = f" {LEADS_TO.shown(context)} "
    handler = f" ({action.handler})" if action.handler else ""
    head = (
        *((untrusted(action.label, Style(bold=True)), Span(arrow, DIM)) if action.label else ()),
        untrusted(action.type or "unnamed action", FIELD),
        untrusted(handler, DIM),
    )
    if action.payload is None:
        return (Paragraph(head),)
    gutter = Span("  ", DIM)
    return (Paragraph(head), Indented(value_blocks(action.payload), gutter, gutter))

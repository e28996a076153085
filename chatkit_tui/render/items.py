"""Thread items: which function draws which kind, and an item as lines of a width."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from chatkit_tui.document.blocks import Block
from chatkit_tui.document.spans import Line, Role, Span, Style
from chatkit_tui.models.items import (
    AssistantMessage,
    ClientToolCall,
    Item,
    ItemBase,
    Task,
    TaskGroup,
    UnknownItem,
    UserMessage,
    WidgetItem,
)
from chatkit_tui.models.timestamps import Timestamp
from chatkit_tui.render.context import Context
from chatkit_tui.render.details import detail_blocks
from chatkit_tui.render.hidden_characters import hidden_words
from chatkit_tui.render.item_header import header_lines
from chatkit_tui.render.layout import arrange
from chatkit_tui.render.messages import assistant_message, user_message
from chatkit_tui.render.plain_text import plain_text
from chatkit_tui.render.spans import untrusted
from chatkit_tui.render.symbols import GROUP, SPEAKER, UNKNOWN, WIDGET, Symbol
from chatkit_tui.render.tasks import group_title, task, task_group, task_sign, task_title
from chatkit_tui.render.tools import tool_call, tool_status, tool_title
from chatkit_tui.render.unknown import large_item, problem_blocks, unknown_item
from chatkit_tui.render.widgets import widget_item, widget_title


class Kind(NamedTuple):
    """How one kind of item is drawn. The functions take an item of that kind."""

    word: str
    """What it is called in its head."""
    role: Role
    sign: Callable[[Any], Symbol]
    title: Callable[[Any, Context], tuple[Span, ...]]
    """What stands behind the word in the head."""
    blocks: Callable[[Any, Context], tuple[Block, ...]]
    """Its body."""


def _said_by(_item: UserMessage, context: Context) -> tuple[Span, ...]:
    return (untrusted(context.user, Style("dim")),) if context.user else ()


KINDS: dict[type[ItemBase], Kind] = {
    UserMessage: Kind("user", "user", lambda _: SPEAKER, _said_by, user_message),
    AssistantMessage: Kind(
        "assistant", "assistant", lambda _: SPEAKER, lambda *_: (), assistant_message
    ),
    WidgetItem: Kind("widget", "widget", lambda _: WIDGET, widget_title, widget_item),
    ClientToolCall: Kind(
        "tool",
        "tool",
        lambda item: tool_status(item)[0],
        lambda item, _: tool_title(item),
        tool_call,
    ),
    Task: Kind(
        "task",
        "task",
        lambda item: task_sign(item.task_type),
        lambda item, _: task_title(item),
        task,
    ),
    TaskGroup: Kind(
        "group", "task", lambda _: GROUP, lambda item, _: group_title(item), task_group
    ),
    UnknownItem: Kind(
        "unknown",
        "unknown",
        lambda _: UNKNOWN,
        lambda item, _: (untrusted(item.kind or "no type", Style("unknown", bold=True)),),
        unknown_item,
    ),
}
"""Every kind of item. A new one is one line here and one function."""


LARGEST: Final = 1_000_000
"""Bytes of JSON up to which an item is drawn as what it is."""


class RenderedItem(NamedTuple):
    """An item as lines."""

    lines: tuple[Line, ...]
    """The head, then the body; no wider than asked, without empty lines at the edges."""
    head: int
    """How many of the lines are the head."""
    folded: bool
    """Whether opening it would show more."""


def item_blocks(item: Item, context: Context) -> tuple[Block, ...]:
    """The body of an item: what it says, then the fields that did not fit."""
    if len(item.raw) > LARGEST:
        return large_item(item)
    blocks: tuple[Block, ...] = KINDS[type(item)].blocks(item, context)
    if item.problems:
        blocks += problem_blocks(item.problems, context)
    return blocks


def item_head(item: Item, context: Context) -> tuple[Span, ...]:
    """Who or what an item is, in its sign and its words, and how much is hidden in it."""
    kind = KINDS[type(item)]
    sign = kind.sign(item)
    bold = Style(kind.role, bold=True)
    title = kind.title(item, context)
    hidden = hidden_words(item, context)
    return (
        Span(f"{sign.shown(context)} ", Style(kind.role if sign.role == "dim" else sign.role)),
        Span(kind.word, bold),
        *((Span("  "), *title) if title else ()),
        *((Span("  "), *hidden) if hidden else ()),
    )


def render_item(
    item: Item,
    width: int,
    context: Context,
    *,
    open: bool | None = None,  # noqa: A002 - the word for it
    raw: bool = False,
    previous: Item | Timestamp | None = None,
) -> RenderedItem:
    """An item in lines of at most `width` cells.

    `open` is None for folds as they are by default, True for all open; `raw` gives its details and
    the JSON that came instead of its body. `previous` is the item before it in time, or that
    item's time: the gap between them is told in the head.
    """
    before = previous if isinstance(previous, Timestamp | None) else previous.time
    head = header_lines(item_head(item, context), item.time, before, item.id, width, context)
    blocks = detail_blocks(item, context) if raw else item_blocks(item, context)
    body = arrange(blocks, width, open=open or raw, plain=context.plain)
    return RenderedItem((*head, *body.lines), len(head), body.closed > 0)


_WORDS = Context(now=0)


def item_words(item: Item) -> str:
    """Everything that an item says, folded parts included, a line for each piece: for finding.

    These are the words as they are shown, without the time; a tool's name and status, which stand
    in its head, come first.
    """
    title = "".join(span.text for span in KINDS[type(item)].title(item, _WORDS))
    text = plain_text(item_blocks(item, _WORDS))
    return f"{title}\n{text}" if title else text

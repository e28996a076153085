"""Items and conversations as text.

An item is a line with author and time, or with the name and status of a tool call, then its text
with all folded parts:

    user ada  2026-11-03 14:02:11 UTC
    Where is my order?

Control characters are dropped. Hidden characters become symbols if `sanitized`, for text that a
terminal may show; otherwise they stay as they came, for the clipboard.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chatkit_tui.document.from_item import LARGEST
from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import line_text
from chatkit_tui.export.exported_thread import ExportedThread
from chatkit_tui.export.heading import (
    GAP,
    ConversationHead,
    end_words,
    export_context,
    exported_head,
    item_heading,
)
from chatkit_tui.models.items import Item, read_item
from chatkit_tui.render import RenderContext
from chatkit_tui.render.items import copied_text
from chatkit_tui.text.sanitize import sanitize, without_controls

LABEL = 9
"""Cells of a name in front of a value."""


def item_text(item: Item, context: RenderContext, *, sanitized: bool = True) -> str:
    """Return an item as lines, the last one with its line break. May be called in a thread.

    For an item that is too large to be drawn, return only the first line and its size.
    """
    spans, time = item_heading(item, context)
    header = line_text(safe_spans(spans, plain=context.plain, copy=not sanitized))
    body = copied_text(item, export_context(context)) or ""
    if len(item.raw) > LARGEST:
        body = f"({len(item.raw):,} bytes of JSON, not shown as text)"
    safe = _made_safe(body, context, sanitized)
    return f"{_flat(header)}  {time}\n{safe}".rstrip() + "\n"


def conversation_text(
    head: ConversationHead,
    items: Iterable[Item | None],
    context: RenderContext,
    *,
    sanitized: bool = True,
) -> Iterator[str]:
    """Yield a conversation in pieces: its head, then each item after an empty line.

    None among the items stands for items that are not loaded.
    """
    yield head_text(head, context, sanitized=sanitized)
    for item in items:
        yield "\n" + (item_text(item, context, sanitized=sanitized) if item else GAP)


def thread_text(exported: ExportedThread, context: RenderContext) -> Iterator[bytes]:
    """Yield a file in pieces: the thread, and a last line, without which the file is incomplete."""
    head = exported_head(exported)
    context = context._replace(user=head.user)
    yield from encoded(conversation_text(head, map(read_item, exported.items()), context))
    end = _made_safe(_flat(end_words(head)), context, sanitized=True)
    yield from encoded((f"\n--- {end} ---\n",))


def encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    """Yield text in UTF-8; an unpaired surrogate becomes a question mark."""
    return (piece.encode("utf-8", "replace") for piece in pieces)


def head_text(head: ConversationHead, context: RenderContext, *, sanitized: bool = True) -> str:
    """Return the title and what is known of the thread, a line each."""
    lines = [head.title or "(untitled)"]
    lines += [f"{name.ljust(LABEL)}{value}" for name, value in head.facts(context)]
    return "".join(_made_safe(_flat(line), context, sanitized) + "\n" for line in lines)


def _flat(text: str) -> str:
    return text.replace("\n", " ")


def _made_safe(text: str, context: RenderContext, sanitized: bool) -> str:
    return sanitize(text, breaks=True, plain=context.plain) if sanitized else without_controls(text)

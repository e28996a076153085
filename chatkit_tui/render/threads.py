"""Threads in words: a title or what stands for one, a status, the head of a transcript."""

from __future__ import annotations

from collections.abc import Iterable

from chatkit_tui.document.blocks import Block, Indented, Paragraph
from chatkit_tui.document.spans import DIM, Line, Span, Style
from chatkit_tui.models.items import InputText, Item, UserMessage
from chatkit_tui.models.threads import Thread, ThreadStatus
from chatkit_tui.render.context import Context
from chatkit_tui.render.item_header import time_text
from chatkit_tui.render.layout import lay_out
from chatkit_tui.render.spans import FIELD, untrusted
from chatkit_tui.render.symbols import status_symbol
from chatkit_tui.render.titles import Title, one_line, title_of

LONGEST_DERIVED = 120
"""Characters of a user's first words that can stand for a title."""


def thread_title(thread: Thread, first_words: str | None = None) -> Title:
    """The title of a thread, else the user's first words in quotes, else that it has none."""
    return title_of(thread.title, first_words)


def first_words(items: Iterable[Item]) -> str | None:
    """What the user said first, on one line, at most `LONGEST_DERIVED` characters; None if the
    items hold no text of the user's."""
    for item in items:
        if isinstance(item, UserMessage):
            said = (part.text for part in item.content if isinstance(part, InputText))
            text = one_line(" ".join(said))
            if text:
                return text[:LONGEST_DERIVED]
    return None


def status_spans(status: ThreadStatus, context: Context) -> tuple[Span, ...]:
    """A thread's status in its sign and its word, with the reason if it has one."""
    sign = status_symbol(status.type)
    spans = [Span(f"{sign.shown(context)} ", Style(sign.role)), untrusted(status.type)]
    if status.reason:
        spans.append(untrusted(f": {status.reason}", DIM))
    return tuple(spans)


def thread_head(
    thread: Thread, width: int, context: Context, *, first_words: str | None = None
) -> tuple[Line, ...]:
    """The head of a transcript: title, user, status with its reason, when it began, id."""
    title, derived = thread_title(thread, first_words)
    facts: list[tuple[str, tuple[Span, ...]]] = [
        ("user", (untrusted(thread.user) if thread.user else Span("unknown", DIM),)),
        ("status", status_spans(thread.status, context)),
        ("began", (Span(time_text(thread.time, context)),)),
        ("thread", (untrusted(thread.id or "no id"),)),
    ]
    style = Style("heading", bold=not derived, italic=derived)
    blocks: list[Block] = [Paragraph((Span(title, style),))]
    blocks += (
        Indented((Paragraph(spans),), Span(name.ljust(8), FIELD), Span(" " * 8, DIM))
        for name, spans in facts
    )
    return tuple(lay_out(blocks, width, plain=context.plain))

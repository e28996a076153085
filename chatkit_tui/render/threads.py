"""Threads as lines: the title, the status, the header of a transcript, a whole transcript."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator

from chatkit_tui.document.blocks import Paragraph
from chatkit_tui.document.messages import runs, tag_text
from chatkit_tui.document.spans import (
    DIM,
    Inline,
    Line,
    Span,
    Style,
    line_text,
    status_symbol,
    untrusted,
)
from chatkit_tui.models.items import Item, UserMessage
from chatkit_tui.models.parts import InputTag, InputText, Part
from chatkit_tui.models.threads import Thread, ThreadStatus
from chatkit_tui.models.timestamps import Timestamp
from chatkit_tui.render import RenderContext, one_line, title_of
from chatkit_tui.render.items import facts_blocks, render_item, time_text
from chatkit_tui.render.layout import lay_out
from chatkit_tui.text.plain import counted

LONGEST_DERIVED = 120
"""Characters of a user's first words that replace a missing title."""


def first_words(items: Iterable[Item]) -> str | None:
    """Return the first text of the user on one line, at most `LONGEST_DERIVED` characters.

    None if the items hold no text of the user.
    """
    for item in items:
        if isinstance(item, UserMessage):
            said = ("".join(map(_said, run)) for run in runs(item.content))
            text = one_line(" ".join(filter(None, said)))
            if text:
                return text[:LONGEST_DERIVED]
    return None


def _said(part: Part) -> str:
    if isinstance(part, InputTag):
        return tag_text(part)
    return part.text if isinstance(part, InputText) else ""


def status_spans(status: ThreadStatus) -> tuple[Inline, ...]:
    """Return a thread's status as symbol and word, with the reason if there is one."""
    spans: list[Inline] = [status_symbol(status.type).span(), untrusted(status.type)]
    if status.reason:
        spans.append(untrusted(f": {status.reason}", DIM))
    return tuple(spans)


def thread_head(
    thread: Thread, width: int, context: RenderContext, *, first_words: str | None = None
) -> tuple[Line, ...]:
    """Return the header of a transcript: title, user, status with its reason, start, id."""
    title, derived = title_of(thread.title, first_words)
    style = Style("heading", bold=not derived, italic=derived)
    facts: list[tuple[str, str | tuple[Inline, ...]]] = [
        ("user", thread.user or (Span("unknown", DIM),)),
        ("status", status_spans(thread.status)),
        ("began", (Span(time_text(thread.time, context)),)),
        ("thread", thread.id or "no id"),
    ]
    blocks = (Paragraph((untrusted(title, style),)), *facts_blocks(facts))
    return tuple(lay_out(blocks, width, plain=context.plain))


async def transcript_lines(
    thread: Thread,
    items: AsyncIterable[Item],
    width: int,
    context: RenderContext,
    *,
    left_out: Callable[[], int] = lambda: 0,
) -> AsyncIterator[str]:
    """Yield the lines of a transcript, each at most `width` cells, with nothing folded.

    `items` are drawn one by one as they arrive, so that the memory does not grow with the thread.
    The last line has the number of items, and of the repeated ones that were omitted (`left_out`).
    If the items end in an error, it is raised after the header instead of the last line.
    """
    if thread.user and not context.user:
        context = context._replace(user=thread.user)
    stream = aiter(items)
    try:
        item = await anext(stream, None)
    except Exception:
        for line in header_text(thread, None, width, context):
            yield line
        raise
    for line in header_text(thread, item, width, context):
        yield line
    before: Timestamp | None = None
    count = 0
    while item is not None:
        yield ""
        drawn = render_item(item, width, context, open=True, previous=before)
        for spans in drawn.lines:
            yield line_text(spans).rstrip()
        before = item.time or before
        count += 1
        item = await anext(stream, None)
    yield ""
    repeats = left_out()
    omitted = f"; {repeats:,} that came again byte for byte left out" if repeats else ""
    yield f"{counted(count, 'item')}, all that the thread has{omitted}"


def header_text(
    thread: Thread, first: Item | None, width: int, context: RenderContext
) -> Iterator[str]:
    """Yield the header of a transcript; the text of `first` may replace a missing title."""
    words = first_words(() if first is None else (first,))
    for spans in thread_head(thread, width, context, first_words=words):
        yield line_text(spans)
    yield ("-" if context.plain else "─") * width

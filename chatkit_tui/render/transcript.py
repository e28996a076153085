"""A whole conversation as plain text, drawn as on the screen with nothing folded."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator
from dataclasses import replace

from chatkit_tui.document.spans import plain
from chatkit_tui.models.items import Item
from chatkit_tui.models.threads import Thread
from chatkit_tui.models.timestamps import Timestamp
from chatkit_tui.render.context import Context
from chatkit_tui.render.items import render_item
from chatkit_tui.render.threads import first_words, thread_head


async def transcript_lines(
    thread: Thread,
    items: AsyncIterable[Item],
    width: int,
    context: Context,
    *,
    left_out: Callable[[], int] = lambda: 0,
) -> AsyncIterator[str]:
    """The lines of a conversation, each at most `width` cells, without line ends.

    `items` come in the order to be shown and are drawn one by one as they come, so that the length
    of a thread costs no memory. After the last one a line says how many were shown, and how many
    were `left_out` as repeats by then; where the items end in an error, that line is missing and
    the error goes on to the caller, behind the head at least.
    """
    if thread.user and not context.user:
        context = replace(context, user=thread.user)
    before: Timestamp | None = None
    count = 0
    try:
        async for item in items:
            if count == 0:
                for line in head_text(thread, item, width, context):
                    yield line
            yield ""
            drawn = render_item(item, width, context, open=True, previous=before)
            for spans in drawn.lines:
                yield plain(spans).rstrip()
            before = item.time or before
            count += 1
    except Exception:
        if count == 0:
            for line in head_text(thread, None, width, context):
                yield line
        raise
    if count == 0:
        for line in head_text(thread, None, width, context):
            yield line
    yield ""
    repeats = left_out()
    told = f"; {repeats:,} that came again byte for byte left out" if repeats else ""
    yield f"{count:,} {'item' if count == 1 else 'items'}, all that the thread has{told}"


def head_text(thread: Thread, first: Item | None, width: int, context: Context) -> Iterator[str]:
    """The head of a conversation; `first` may hold the words that stand for a missing title."""
    words = first_words(() if first is None else (first,))
    for spans in thread_head(thread, width, context, first_words=words):
        yield plain(spans)
    yield ("-" if context.plain else "─") * width

"""First words of untitled threads, requested for visible threads, one at a time."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker

from chatkit_tui.errors import ChatKitError
from chatkit_tui.sources.base import GetSource, ListQuery
from chatkit_tui.ui.threads.rows import Row

FIRST_ITEMS = 3
"""How many items of a thread may contain its first words."""
IMPORT_AFTER = 0.3
"""Seconds before the first request, which imports models: keys typed at the start go first."""


class FirstWords:
    """Requests and caches the first words of untitled threads.

    The request is cancelled when its thread is no longer visible. A failure is cached, too: first
    words are not worth a retry.
    """

    @dataclass(eq=False, repr=False)
    class Found(Message, namespace="first_words"):
        """The first words of a thread; None if there are none, or the request failed."""

        thread_id: str
        words: str | None

    def __init__(self, get_source: GetSource) -> None:
        self._get_source = get_source
        self.found: dict[str, str | None] = {}
        """First words by thread id."""
        self._requested: str | None = None
        self._worker: Worker[None] | None = None

    def request(self, widget: Widget, rows: Sequence[Row]) -> None:
        """Request first words for the untitled threads among `rows`; post `Found` to `widget`."""
        wanted = [row.id for row in rows if row.id and not row.title and row.id not in self.found]
        if self._requested is not None:
            if self._requested in wanted:
                return
            if self._worker is not None:
                self._worker.cancel()
            self._requested = None
        if wanted:
            self._requested = wanted[0]
            work = partial(self._load, widget, wanted[0])
            self._worker = widget.run_worker(work, group="first words")

    def add(self, message: Found) -> None:
        """Cache the first words of a thread."""
        self.found[message.thread_id] = message.words
        if self._requested == message.thread_id:
            self._requested = None

    async def _load(self, widget: Widget, thread_id: str) -> None:
        words = None
        if "chatkit_tui.models.items" not in sys.modules:
            await asyncio.sleep(IMPORT_AFTER)
        try:
            source = await self._get_source()
            query = ListQuery(FIRST_ITEMS, "asc", background=True)
            page = await source.list_items(thread_id, query)
        except ChatKitError:
            pass
        else:
            from chatkit_tui.models.items import read_item
            from chatkit_tui.render.threads import first_words

            words = first_words(map(read_item, page.rows))
        widget.post_message(self.Found(thread_id, words))

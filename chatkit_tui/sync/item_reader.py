"""Read the items of single threads of a source into an archive."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from chatkit_tui.models.page import NO_ID, Page
from chatkit_tui.sources.archive.thread_items import Row
from chatkit_tui.sources.base import ListQuery, Order
from chatkit_tui.sources.paging import ignores_order, iterate_pages
from chatkit_tui.sync.report import SyncReport
from chatkit_tui.sync.writer_thread import WriterThread

if TYPE_CHECKING:
    from chatkit_tui.sources.base import ThreadSource
    from chatkit_tui.sources.paging import PageStep

T = TypeVar("T")

PAGE: Final = 100
"""Rows of a page, the most that the hosted API gives."""


class Ask(Protocol):
    """Sends a request, and returns its answer."""

    async def __call__(self, request: Callable[[], Awaitable[T]]) -> T: ...


class ItemReader:
    """Reads the items of threads, which the archive must know, and counts them in a report."""

    def __init__(
        self, source: ThreadSource, thread: WriterThread, ask: Ask, report: SyncReport
    ) -> None:
        self._source = source
        self._thread = thread
        self._ask = ask
        self._report = report
        self._rereading = asyncio.Lock()

    async def follow(self, thread_id: str, *, is_new: bool = False) -> str:
        """Store the pages after the known items; return why the end was not reached, if so.

        A thread that `is_new` has no items in the archive.
        """
        items = self._thread.writer.items
        fetch = partial(self._list_items, thread_id)
        key = start = first = None
        if not is_new:
            key, raw = await self._thread.run(items.place, thread_id)
            if key is None:
                return await self.read_again(thread_id)
            if raw is not None:
                known = Page.of_texts([raw.encode() if isinstance(raw, str) else raw]).rows
                start = known[0].id
                first = await self._ask(partial(self._source.list_newer_items, thread_id, known))
        async for step in iterate_pages(fetch, start=start, first=first):
            if start is None and await self._ignores_order(thread_id, step.page):
                return await self.read_again(thread_id)
            rows = rows_of(step)
            stored = await self._thread.run(
                items.store, thread_id, key, rows, ended=step.next.ended
            )
            if not stored.follows:
                return await self.read_again(thread_id)
            key = stored.last_key
            self._report.new_items += stored.new
            self._report.changed_items += stored.changed
            if step.next.reason:
                return step.next.reason
        return ""

    async def _ignores_order(self, thread_id: str, page: Page) -> bool:
        return await ignores_order(page, partial(self._list_items, thread_id, None, "desc"))

    async def _list_items(self, thread_id: str, after: str | None, order: Order = "asc") -> Page:
        query = ListQuery(PAGE, order, after)
        return await self._ask(partial(self._source.list_items, thread_id, query))

    async def read_again(
        self, thread_id: str, seen: Callable[[Sequence[Row]], None] | None = None
    ) -> str:
        """Read a thread from its start, whatever is known of it; return why the end was not
        reached, if so. The archive has all of it or what it had before.

        `seen` gets the rows of each page.
        """
        items = self._thread.writer.items
        async with self._rereading:
            await self._thread.run(items.begin_again)
            newest_first = None
            async for step in iterate_pages(partial(self._list_items, thread_id)):
                if newest_first is None:
                    newest_first = await self._ignores_order(thread_id, step.page)
                rows = rows_of(step)
                if seen is not None:
                    seen(rows)
                await self._thread.run(items.set_aside, rows)
                if step.next.reason:
                    return step.next.reason
            taken = await self._thread.run(
                items.take_over, thread_id, newest_first=bool(newest_first)
            )
        self._report.new_items += taken.new
        self._report.changed_items += taken.changed
        return ""


def rows_of(step: PageStep) -> list[Row]:
    """Return the rows of a page, without those that the page before had."""
    ids = ["" if name.startswith(NO_ID) else name for name in step.page.names[step.skipped :]]
    texts = step.page.texts()[step.skipped :]
    return list(map(Row, ids, map(text_of, texts)))


def text_of(raw: bytes) -> str | bytes:
    """Return JSON as a `Row` has it."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw

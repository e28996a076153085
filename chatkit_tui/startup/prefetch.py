"""The first page of threads, requested before there is a screen.

Importing Textual takes a second on a cold disk, and a distant server as long to respond. So the
request is sent first, and its page is there when the list asks for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from typing import TYPE_CHECKING

from chatkit_tui.sources.base import ListQuery, Retry, SourceObserver, ThreadSource

if TYPE_CHECKING:
    from chatkit_tui.models.page import Page


class PrefetchingSource(SourceObserver):
    """A source whose first page of threads is requested at once, for the first equal query."""

    def __init__(
        self,
        open_source: Callable[[SourceObserver], ThreadSource],
        query: ListQuery,
        on_page: Callable[[Page], object] | None = None,
    ) -> None:
        """Open the source and request the page on the running event loop.

        `on_page` is called with the page as soon as it is there.
        """
        self._source = source = open_source(self)
        self.info, self.capabilities = source.info, source.capabilities
        self.list_items, self.list_newer_items = source.list_items, source.list_newer_items
        self.get_thread, self.delete_thread = source.get_thread, source.delete_thread
        self.copy_state = source.copy_state
        self.has_item = source.has_item
        self.search, self.versions = source.search, source.versions
        self.problems = source.problems
        self.create_session, self.cancel_session = source.create_session, source.cancel_session
        self._observer: SourceObserver | None = None
        self._retry: Retry | None = None
        self._reached: list[bool] = []
        self._query = query
        self._context = copy_context()

        async def request() -> Page:
            page = await source.list_threads(query)
            if on_page is not None:
                on_page(page)
            return page

        self._page: asyncio.Task[Page] | None = asyncio.create_task(
            request(), context=self._context
        )
        # An error is of no interest if the page is never asked for.
        self._page.add_done_callback(lambda task: task.cancelled() or task.exception())

    def attach(self, observer: SourceObserver) -> ThreadSource:
        """Pass all events to `observer`, those so far included; return the source."""
        self._observer = observer
        for reached in self._reached:
            observer.on_reach(reached)
        return self

    def on_retry(self, retry: Retry) -> None:
        """Keep a wait, or pass it on."""
        self._retry = retry
        if self._observer is not None:
            self._observer.on_retry(retry)

    def on_reach(self, reached: bool) -> None:
        """Keep whether a try reached the server, or pass it on."""
        if self._observer is not None:
            self._observer.on_reach(reached)
        else:
            self._reached.append(reached)

    async def before_read(self) -> None:
        """Let the observer delay the reading of a response."""
        if self._observer is not None:
            await self._observer.before_read()

    async def list_threads(self, query: ListQuery) -> Page:
        """Return the prefetched page, once and for its query alone; else request a page."""
        if self._page is None or query != self._query:
            self._drop()
            return await self._source.list_threads(query)
        page, self._page = self._page, None
        # Events of the request are from now on those of the task that waits for it.
        for variable, value in copy_context().items():
            self._context.run(variable.set, value)
        if self._retry is not None and self._observer is not None and not page.done():
            self._observer.on_retry(self._retry)
        return await page

    async def wait(self, seconds: float) -> None:
        """Wait until the request has ended, for `seconds` at most."""
        if self._page is not None:
            await asyncio.wait({self._page}, timeout=seconds)

    async def aclose(self) -> None:
        """Close every connection."""
        self._drop()
        await self._source.aclose()

    def _drop(self) -> None:
        if self._page is not None:
            self._page.cancel()
            self._page = None

"""The first call of the screen, made before there is one.

A second goes by until Textual is imported on a cold disk, and as much until a server far away has
answered. So the threads are asked for first, and are there when the list wants them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chatkit_tui.models.page import Page
    from chatkit_tui.models.threads import Thread
    from chatkit_tui.sources.base import ClientLike as ThreadSource
    from chatkit_tui.sources.base import Order, Threads
    from chatkit_tui.sources.openai import ChatKitClient, Retry


class PrefetchedPage:
    """A list of threads that was asked for already, for the first who asks for the same."""

    def __init__(
        self,
        client: ChatKitClient,
        *,
        limit: int,
        order: Order,
        user: str | None,
        on_page: Callable[[Page[Thread]], object] | None = None,
    ) -> None:
        """Ask for it at once, on the running event loop; `on_page` is told of what comes."""
        self._asked = (limit, order, None, user)
        self._waits: list[Retry] = []
        self._reached: list[bool] = []
        self._on_retry: Callable[[Retry], object] = self._waits.append
        self._on_reach: Callable[[bool], object] = self._reached.append
        told = client.with_options(
            on_retry=lambda retry: self._on_retry(retry), on_reach=lambda it: self._on_reach(it)
        )

        async def call() -> Page[Thread]:
            page = await told.threads.list(limit=limit, order=order, user=user)
            if on_page is not None:
                on_page(page)
            return page

        self._task: asyncio.Task[Page[Thread]] | None = asyncio.create_task(call())
        # If nobody asks, nobody hears how it ended; that is no fault.
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())

    @property
    def is_open(self) -> bool:
        """Whether nobody has asked yet."""
        return self._task is not None

    def fits(
        self, limit: int | None, order: str | None, after: str | None, user: str | None
    ) -> bool:
        """Whether it is what somebody asks for now."""
        return self.is_open and self._asked == (limit, order, after, user)

    async def take(
        self,
        on_retry: Callable[[Retry], object] | None,
        on_reach: Callable[[bool], object] | None,
    ) -> Page[Thread]:
        """What it brings, once; raises what it raises. Tells what happened so far, and goes on."""
        task, self._task = self._task, None
        assert task is not None  # noqa: S101 # `fits` says so
        self._on_retry, self._on_reach = on_retry or _nobody, on_reach or _nobody
        for reached in self._reached:
            self._on_reach(reached)
        if not task.done():
            for wait in self._waits[-1:]:
                self._on_retry(wait)
        return await task

    async def settle(self, seconds: float) -> None:
        """Wait until it has ended in one way or another, at most so many seconds."""
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=seconds)

    def drop(self) -> None:
        """Nobody wants it."""
        if self._task is not None:
            self._task.cancel()
            self._task = None


def _nobody(_: object) -> None:
    pass


class _EarlyThreads:
    """The calls about threads, of which one was made already."""

    def __init__(
        self,
        threads: Threads,
        first: PrefetchedPage,
        on_retry: Callable[[Retry], object] | None,
        on_reach: Callable[[bool], object] | None,
    ) -> None:
        self._first = first
        self._on_retry = on_retry
        self._on_reach = on_reach
        self._later = threads
        self.retrieve = threads.retrieve
        self.delete = threads.delete
        self.list_items = threads.list_items

    def list(
        self,
        *,
        limit: int | None = None,
        order: Order | None = None,
        after: str | None = None,
        user: str | None = None,
    ) -> Awaitable[Page[Thread]]:
        """As the client has it."""
        if self._first.fits(limit, order, after, user):
            return self._first.take(self._on_retry, self._on_reach)
        self._first.drop()
        return self._later.list(limit=limit, order=order, after=after, user=user)


class PrefetchingClient:
    """A client with a first call under way; where that is taken or not wanted, the client alone."""

    def __init__(
        self,
        client: ChatKitClient,
        first: PrefetchedPage,
        on_retry: Callable[[Retry], object] | None = None,
        on_reach: Callable[[bool], object] | None = None,
    ) -> None:
        self._client = client
        self._first = first
        self._on_retry = on_retry
        self._on_reach = on_reach
        self.sessions = client.sessions

    def with_options(
        self,
        *,
        background: bool | None = None,
        on_retry: Callable[[Any], object] | None = None,
        on_reach: Callable[[bool], object] | None = None,
    ) -> ThreadSource:
        """As the client has it."""
        other = self._client.with_options(
            background=background, on_retry=on_retry, on_reach=on_reach
        )
        if not self._first.is_open:
            return other
        return PrefetchingClient(
            other, self._first, on_retry or self._on_retry, on_reach or self._on_reach
        )

    @property
    def threads(self) -> Threads:
        """Threads, the first page of which may be on its way."""
        threads = self._client.threads
        if not self._first.is_open:
            return threads
        return _EarlyThreads(threads, self._first, self._on_retry, self._on_reach)

    async def aclose(self) -> None:
        """Close every connection."""
        self._first.drop()
        await self._client.aclose()

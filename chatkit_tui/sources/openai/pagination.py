"""Lists that come in pages: awaited for the first page, iterated for every row of all pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from typing import Generic, NamedTuple, TypeVar

from chatkit_tui.errors import BrokenListError
from chatkit_tui.models.page import Page
from chatkit_tui.sources import paging
from chatkit_tui.sources.http.request import Request

T = TypeVar("T")


class CursorTrail(NamedTuple):
    """The cursors that led to a page, the latest first."""

    cursor: str
    before: CursorTrail | None

    def holds(self, cursor: str) -> bool:
        """Whether `cursor` was used on the way."""
        step: CursorTrail | None = self
        while step is not None:
            if step.cursor == cursor:
                return True
            step = step.before
        return False


class AsyncPage(Page[T]):
    """A page that knows the call that brings the next one.

    `async for` goes over the rows of this page and of all that follow. A page that begins with the
    last rows of the page before, byte for byte, does not give them twice.
    """

    __slots__ = ("_fetch", "_trail", "call", "request_id")

    def __init__(
        self,
        raw: bytes,
        read_row: Callable[[bytes], T],
        *,
        call: Request,
        request_id: str | None,
        fetch: Callable[[Request, CursorTrail | None], Awaitable[AsyncPage[T]]],
        trail: CursorTrail | None = None,
    ) -> None:
        """Take the answer to `call` apart; raises `ValueError` as `Page` does."""
        super().__init__(raw, read_row)
        self.call = call
        """What brought this page."""
        self.request_id = request_id
        self._fetch = fetch
        cursor = dict(call.query).get("after")
        self._trail = CursorTrail(cursor, trail) if cursor else trail

    @property
    def next_call(self) -> Request | None:
        """The call for the page behind this one; None when this one is the last.

        A server that does not say whether there is more is asked until a page is empty. Raises
        `BrokenListError` when it says that there is more and leaves no way to get at it.
        """
        if self._is_bare:
            return None
        step = paging.next_after(self)
        step.check()
        if step.cursor is None:
            return None
        if self._trail is not None and self._trail.holds(step.cursor):
            raise paging.broken_list(paging.IN_A_CIRCLE)
        return self.call.after(step.cursor)

    @property
    def _is_bare(self) -> bool:
        """Whether no rows were asked for at all."""
        return dict(self.call.query).get("limit") == "0"

    def has_next_page(self) -> bool:
        """Whether there is more to ask for; true for a broken list, so that `next_page` tells."""
        try:
            return self.next_call is not None
        except BrokenListError:
            return True

    async def next_page(self) -> AsyncPage[T]:
        """The page behind this one.

        Raises `BrokenListError` when the server's list is broken, `APIError` when the call fails,
        and `RuntimeError` when this page is the last: ask `has_next_page()` first.
        """
        call = self.next_call
        if call is None:
            raise RuntimeError("this page is the last one")
        return await self._fetch(call, self._trail)

    async def steps(self) -> AsyncIterator[paging.PageStep[AsyncPage[T]]]:
        """This page and all that follow, with what each says of the list; see `iterate_pages`."""
        if self._is_bare:
            yield paging.PageStep(self, self.entries, 0, paging.Next(ended=True))
            return
        trail = self._trail

        async def follow(cursor: str | None) -> AsyncPage[T]:
            nonlocal trail
            assert cursor is not None  # noqa: S101 # the first page is there
            page = await self._fetch(self.call.after(cursor), trail)
            trail = page._trail  # noqa: SLF001 - of its own kind
            return page

        start = dict(self.call.query).get("after")
        async for step in paging.iterate_pages(follow, start=start, first=self):
            yield step

    async def pages(self) -> AsyncIterator[AsyncPage[T]]:
        """This page and all that follow."""
        async for step in self.steps():
            yield step.page
            step.next.check()

    async def __aiter__(self) -> AsyncIterator[T]:
        async for step in self.steps():
            for entry in step.entries:
                yield entry.load()
            step.next.check()


class Paginator(Generic[T]):
    """A list call that was not made yet: `await` it for the first page, or iterate over it all."""

    def __init__(self, first_page: Callable[[], Awaitable[AsyncPage[T]]]) -> None:
        self._first_page = first_page
        self.repeats = 0
        """How many rows were left out so far because they came before, byte for byte."""

    def __await__(self) -> Generator[object, None, AsyncPage[T]]:
        return self._make().__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        async for step in self.steps():
            for entry in step.entries:
                yield entry.load()
            step.next.check()

    async def steps(self) -> AsyncIterator[paging.PageStep[AsyncPage[T]]]:
        """Every page with what it says of the list, the first one first."""
        async for step in (await self._make()).steps():
            self.repeats += step.repeats
            yield step

    async def pages(self) -> AsyncIterator[AsyncPage[T]]:
        """Every page, the first one first."""
        async for page in (await self._make()).pages():
            yield page

    async def _make(self) -> AsyncPage[T]:
        return await self._first_page()

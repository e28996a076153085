"""Paged lists: awaited for the first page, iterated for every row of all pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from typing import Generic, TypeVar

from chatkit_tui.errors import BrokenListError
from chatkit_tui.models.json import mend
from chatkit_tui.models.page import Page, RawRow
from chatkit_tui.models.raw_json import delimit_list
from chatkit_tui.sources import paging
from chatkit_tui.sources.http.request import Request

T = TypeVar("T")


class AsyncPage(Generic[T]):
    """A page that knows the call that brings the next one.

    `async for` iterates over its rows and those of all further pages, as models. A page that begins
    with the last rows of the page before, byte for byte, does not repeat them.
    """

    def __init__(
        self,
        page: Page,
        read: Callable[[RawRow], T],
        *,
        call: Request,
        request_id: str | None,
        fetch: Callable[[Request, frozenset[str]], Awaitable[AsyncPage[T]]],
        earlier: frozenset[str] = frozenset(),
    ) -> None:
        """Wrap a page whose rows `read` turns into models, and which `call` requested.

        `earlier` are the cursors of the pages before it.
        """
        self.page = page
        self.call = call
        self.request_id = request_id
        self._read = read
        self._fetch = fetch
        cursor = dict(call.query).get("after")
        self._cursors = earlier | {cursor} if cursor else earlier

    @property
    def data(self) -> list[T]:
        """The rows as new models."""
        return [self._read(row) for row in self.page.rows]

    @property
    def rows(self) -> tuple[RawRow, ...]:
        return self.page.rows

    @property
    def has_more(self) -> bool | None:
        """Whether the list has further rows; None if the server does not say."""
        return self.page.has_more

    @property
    def object(self) -> str | None:
        """The server's name for it: `list`."""
        return self._member("object")

    @property
    def first_id(self) -> str | None:
        """The id of the first row, as the server states it."""
        return self._member("first_id")

    @property
    def last_id(self) -> str | None:
        """The id of the last row, as the server states it."""
        return self._member("last_id")

    @property
    def raw(self) -> bytes:
        """The answer, byte for byte."""
        return self.page.raw

    def _member(self, name: str) -> str | None:
        value = delimit_list(self.raw)[0].get(name)
        return str(mend(value)) if isinstance(value, str) else None

    def __len__(self) -> int:
        return len(self.page)

    def __iter__(self) -> Iterator[T]:
        return map(self._read, self.page.rows)

    @property
    def next_call(self) -> Request | None:
        """The request for the next page; None if this page is the last.

        If the server does not state `has_more`, the list ends at an empty page. Raises
        `BrokenListError` when it says that there is more and leaves no way to get at it.
        """
        if self._is_bare:
            return None
        step = paging.next_after(self.page)
        step.check()
        if step.cursor is None:
            return None
        if step.cursor in self._cursors:
            raise paging.broken_list(paging.IN_A_CIRCLE)
        return self.call.after(step.cursor)

    @property
    def _is_bare(self) -> bool:
        return dict(self.call.query).get("limit") == "0"

    def has_next_page(self) -> bool:
        """Return whether there is a next page; True for a broken list: `next_page` raises."""
        try:
            return self.next_call is not None
        except BrokenListError:
            return True

    async def next_page(self) -> AsyncPage[T]:
        """Return the next page.

        Raise `BrokenListError` if the server's list is broken, `APIError` when the call fails,
        and `RuntimeError` when this page is the last: ask `has_next_page()` first.
        """
        call = self.next_call
        if call is None:
            raise RuntimeError("this page is the last one")
        return await self._fetch(call, self._cursors)

    async def pages(self) -> AsyncIterator[AsyncPage[T]]:
        """Yield this page and all further ones; raise `BrokenListError` behind a broken one."""
        async for page, step in self.steps():
            yield page
            step.next.check()

    async def steps(self) -> AsyncIterator[tuple[AsyncPage[T], paging.PageStep]]:
        """Yield this page and all further ones, each with its step; see `iterate_pages`."""
        page = self

        async def follow(cursor: str | None) -> Page:
            nonlocal page
            assert cursor is not None  # noqa: S101 # the first page is there
            page = await page._fetch(self.call.after(cursor), page._cursors)
            return page.page

        if self._is_bare:
            yield self, paging.PageStep(self.page, 0, 0, paging.Next(ended=True))
            return
        start = dict(self.call.query).get("after")
        async for step in paging.iterate_pages(follow, start=start, first=self.page):
            yield page, step

    async def __aiter__(self) -> AsyncIterator[T]:
        async for _, step in self.steps():
            for row in step.rows:
                yield self._read(row)
            step.next.check()


class Paginator(Generic[T]):
    """A list that was not requested yet: `await` the first page, or iterate over all rows."""

    def __init__(self, first_page: Callable[[], Awaitable[AsyncPage[T]]]) -> None:
        self._first_page = first_page
        self.repeats = 0
        """How many rows were skipped so far as exact repeats."""

    def __await__(self) -> Generator[object, None, AsyncPage[T]]:
        return self._first_page().__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        first = await self._first_page()
        async for _, step in first.steps():
            self.repeats += step.repeats
            for row in step.rows:
                yield first._read(row)  # noqa: SLF001 - its own kind
            step.next.check()

    async def pages(self) -> AsyncIterator[AsyncPage[T]]:
        async for page in (await self._first_page()).pages():
            yield page

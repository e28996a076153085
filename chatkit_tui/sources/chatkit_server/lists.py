"""The pages of lists, from servers that take orders and cursors in different ways."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import tzinfo
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from chatkit_tui.errors import (
    BadRequestError,
    InternalServerError,
    NotFoundError,
    UnknownCursorError,
    UnprocessableEntityError,
)
from chatkit_tui.sources.base import ListQuery, Order
from chatkit_tui.sources.chatkit_server.beginnings import Beginnings, ListName
from chatkit_tui.sources.chatkit_server.responses import (
    is_unexplained,
    joined,
    read_page,
    unknown_cursor,
)
from chatkit_tui.sources.http.executor import RequestExecutor
from chatkit_tui.sources.http.request import Request
from chatkit_tui.sources.paging import iterate_pages

if TYPE_CHECKING:
    from chatkit_tui.models.page import Page

LARGEST_PAGE: Final = 100
"""Rows of a page; servers have no limit of their own."""
MOST_TURNED: Final = 5_000
"""The most rows of a list that is reversed."""
FEWEST_TURNED: Final = 3
"""The fewest rows of a page that show the order of its list."""

MakeRequest: TypeAlias = Callable[[ListQuery], Request]
Ask: TypeAlias = Callable[[ListQuery], Awaitable["Page"]]


class ListReader:
    """Reads pages, and notices cursors and orders that a server ignores."""

    def __init__(self, zone: tzinfo) -> None:
        """Read times without a zone in `zone`."""
        self._zone = zone
        self._beginnings = Beginnings()

    async def page(
        self,
        executor: RequestExecutor,
        make_request: MakeRequest,
        query: ListQuery,
        thread_id: str = "",
    ) -> Page:
        """Return a page of threads, or of the items of a thread, in the order that is asked for.

        Raise `UnknownCursorError` if the list does not know `query.after`.
        """
        ask = partial(self._ask, executor, make_request, thread_id)
        name = ListName(thread_id, query.order or "desc", query.user)
        if query.after is None:
            page = await ask(query)
            self._beginnings.remember(name, page)
            return await self._in_order(ask, page, query, thread_id)
        page = await self._after(ask, query)
        if self._beginnings.is_at(name, page):
            raise UnknownCursorError("The server began the list again instead of continuing.")
        if not page.names and not page.has_more:
            await self._check_end(ask, query)
        return page

    async def _ask(
        self, executor: RequestExecutor, make_request: MakeRequest, thread_id: str, query: ListQuery
    ) -> Page:
        request = make_request(query)
        answer = await executor.answer(request)
        reader = partial(read_page, zone=self._zone, thread_id=thread_id)
        return await executor.read(answer, request, reader)

    async def _after(self, ask: Ask, query: ListQuery) -> Page:
        """Return the page after a cursor."""
        try:
            return await ask(query)
        except (BadRequestError, NotFoundError, UnprocessableEntityError) as error:
            raise unknown_cursor(error) from error
        except InternalServerError as error:
            if not is_unexplained(error):
                raise
        # The server has failed, or responds like this to an unknown cursor.
        await ask(query._replace(after=None, limit=1))
        try:
            return await ask(query)
        except InternalServerError as error:
            raise unknown_cursor(error) from error

    async def _check_end(self, ask: Ask, query: ListQuery) -> None:
        """Raise `UnknownCursorError` if nothing lies on either side of a cursor.

        Some servers find no rows after a cursor that they do not know.
        """
        order: Order = "desc" if query.order == "asc" else "asc"
        page = await ask(query._replace(order=order, limit=1))
        if not page.names and not page.has_more:
            raise UnknownCursorError("The server has no rows before or after this cursor.")

    async def _in_order(self, ask: Ask, page: Page, query: ListQuery, thread_id: str) -> Page:
        """Return the first page of a list, reversed if the list is in the other order.

        For that a list that has further pages is read to its end.
        """
        up, down = _steps(page)
        against, along = (down, up) if query.order == "asc" else (up, down)
        if not page.has_more:
            return self._turned(page.texts(), thread_id) if against > along else page
        if along or len(page) < FEWEST_TURNED or against < len(page) - 1:
            return page
        texts: list[bytes] = []
        whole = query._replace(limit=LARGEST_PAGE)
        async for step in iterate_pages(
            lambda cursor: ask(whole._replace(after=cursor)), first=page
        ):
            texts += [row.raw for row in step.rows]
            if step.next.reason or len(texts) > MOST_TURNED:
                return page
        return self._turned(texts, thread_id)

    def _turned(self, texts: list[bytes], thread_id: str) -> Page:
        return joined(reversed(texts), thread_id=thread_id, zone=self._zone)


def _steps(page: Page) -> tuple[int, int]:
    """Return how many rows of a page are later, and how many earlier, than the row before."""
    times = [time for time in map(page.second_at, range(len(page))) if time is not None]
    pairs = list(pairwise(times))
    return sum(first < second for first, second in pairs), sum(
        first > second for first, second in pairs
    )

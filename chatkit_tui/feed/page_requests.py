"""Requests for pages: the first cursor that the server knows, and rows dropped meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from chatkit_tui.errors import UnknownCursorError
from chatkit_tui.models.page import Page, RawRow
from chatkit_tui.sources import paging
from chatkit_tui.sources.base import Order

T = TypeVar("T")
U = TypeVar("U")


class Fetch(Protocol):
    """What gets a page: at most `limit` rows after a cursor (exclusive), in the order asked for."""

    def __call__(self, *, after: str | None, order: Order, limit: int) -> Awaitable[Page]:
        """Get the page. What this raises reaches the caller of the feed."""


class RequestedPage(NamedTuple):
    """A page, and what was asked for it."""

    page: Page
    after: str | None
    """The cursor that the server knew."""
    refused: tuple[str, ...]
    """Cursors that it did not know."""
    number: int
    """The number of the request, which counts up."""
    step: paging.Next


class PageRequests:
    """Sends the requests of a feed.

    Each page is marked with the generation and the time of its request. An answer to a request that
    left before a row was dropped does not bring the row back.
    """

    def __init__(
        self, fetch: Fetch, clock: Callable[[], float], first_limit: int, limit: int
    ) -> None:
        """Send no request yet. `clock` returns Unix seconds."""
        self.fetch = fetch
        self.first_limit = first_limit
        """Rows of the first page at each end."""
        self.limit = limit
        """Rows of further pages."""
        self._clock = clock
        self._count = 0
        self.generation = 0
        """The generation that pages belong to which are asked for now."""
        self._dropped: dict[str, int] = {}
        """Ids of dropped rows, each with the number of the last request that left before."""

    def begin_generation(self) -> int:
        """Return the generation that pages belong to which are asked for from now on."""
        self.generation += 1
        return self.generation

    async def ask(self, after: str | None, order: Order, limit: int) -> RequestedPage:
        """Ask for the page after a cursor. Raise what `fetch` raises."""
        self._count += 1
        number, asked = self._count, (self.generation, self._clock())
        page = await self.fetch(after=after, order=order, limit=limit)
        page.asked = asked
        page.pack()
        return RequestedPage(page, after, (), number, paging.next_after(page))

    async def ask_known(
        self,
        cursors: Sequence[str | None],
        order: Order,
        limit: int,
        *,
        is_doubtful: Callable[[RequestedPage], bool] = lambda answer: False,  # noqa: ARG005
    ) -> RequestedPage:
        """Ask for the page after the first cursor that the server knows.

        A doubtful answer counts only if no cursor is left. Raise the first refusal if the server
        refuses them all.
        """
        refusals: list[Exception] = []
        for place, cursor in enumerate(cursors):
            try:
                answer = await self.ask(cursor, order, limit)
            except UnknownCursorError as refusal:
                refusals.append(refusal)
            else:
                if place < len(cursors) - 1 and is_doubtful(answer):
                    continue
                return answer._replace(refused=tuple(known for known in cursors[:place] if known))
        raise refusals[0]

    def drop(self, identifiers: Iterable[str]) -> None:
        """Leave these ids out of the answers to requests that are in flight."""
        self._dropped.update(dict.fromkeys(identifiers, self._count))

    def listed(self, answer: RequestedPage, entries: Sequence[RawRow]) -> Sequence[RawRow]:
        """Return those rows of an answer that were not dropped while it was in flight.

        A row that a later answer lists is there again.
        """
        if not self._dropped:
            return entries
        listed = []
        for entry in entries:
            if answer.number > self._dropped.get(entry.name, 0):
                self._dropped.pop(entry.name, None)
                listed.append(entry)
        return listed


# -- loads with several callers --------------------------------------------------------------------


class SharedLoad(Generic[T, U]):
    """One request in flight, for all callers that want its outcome.

    `settle` turns the answer into the outcome and is where state changes: it is called at most
    once, by the first caller that is still waiting when the answer is there, without an await
    between the two. So a load whose callers were all cancelled has changed nothing, even when
    the answer came in the same turn of the event loop. `forget` is called once, when there is
    nothing left to join: the first caller may have begun the next load when the second one wakes.
    """

    __slots__ = ("_callers", "_forget", "_has_ended", "_outcome", "_settle", "_task")

    def __init__(
        self,
        fetch: Coroutine[Any, Any, T],
        settle: Callable[[T], U],
        forget: Callable[[], object],
    ) -> None:
        self._task = asyncio.ensure_future(fetch)
        # After the last caller left, an error is of no interest.
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())
        self._settle = settle
        self._forget = forget
        self._callers = 0
        self._has_ended = False
        self._outcome: list[U] = []

    async def join(self) -> U:
        """Return the outcome. Raise what the fetch raised, for every caller.

        Cancelling a caller leaves the others waiting; cancelling the last one cancels the fetch.
        """
        self._callers += 1
        try:
            await asyncio.wait([self._task])
        except asyncio.CancelledError:
            self._callers -= 1
            if not self._callers:
                self._end()
                self._task.cancel()
            raise
        self._end()
        if not self._outcome:
            self._outcome.append(self._settle(self._task.result()))
        return self._outcome[0]

    def _end(self) -> None:
        if not self._has_ended:
            self._has_ended = True
            self._forget()

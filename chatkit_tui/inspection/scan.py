"""Read the threads of a source one by one, for questions that it cannot answer itself.

A scan reads the newest threads first, within a budget of requests, and can be continued where it
stopped. All its requests have low priority, so that it never delays what the user asks for.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import UTC, tzinfo
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from chatkit_tui.errors import ACCOUNT_ERRORS, APIError, NotFoundError, UnknownCursorError
from chatkit_tui.models.page import RawRow
from chatkit_tui.search.query import Query
from chatkit_tui.search.searchable_text import (
    item_text,
    kind_of,
    read_object,
    text_of,
    thread_text,
)
from chatkit_tui.sources.base import Capability, Hit, ListQuery, SearchQuery, ThreadSource
from chatkit_tui.sources.paging import Progress, list_pages, next_after
from chatkit_tui.text.plain import counted
from chatkit_tui.text.times import moment

if TYPE_CHECKING:
    from chatkit_tui.models.json import JSON
    from chatkit_tui.models.page import Page

BUDGET: Final = 300
"""Requests before a scan stops and can be continued: about a minute."""
MOST_HITS: Final = 500
"""Hits before a search stops and can be continued."""

_PAGE: Final = 100
_AHEAD: Final = 3
"""Threads that are requested at once, so that a connection stays free for the user."""
_MOST_FAILURES: Final = 3
"""Threads in a row that cannot be read, after which the source is taken to have failed."""


class ScannedPage(NamedTuple):
    """Some items of a thread."""

    thread: RawRow
    items: Sequence[RawRow]
    """Newest first."""
    is_first: bool
    is_last: bool
    """Whether no page follows."""


Inspect: TypeAlias = Callable[[ScannedPage], Awaitable[bool]]
"""Inspects a page, and returns whether the scan continues. It must not wait once it has a
result."""


Skip: TypeAlias = Callable[[Sequence[RawRow]], Awaitable[int]]
"""Returns how many of some threads, from the first on, need not be read. Like `Inspect`, it must
not wait once it has a result."""


class ThreadScan:
    """How far a scan of the threads of a source is."""

    def __init__(
        self,
        user: str | None = None,
        *,
        threads: Iterable[RawRow] | None = None,
        admits: Callable[[RawRow], bool] | None = None,
        since: int | None = None,
    ) -> None:
        """List only the threads of `user`, from a source that can filter by user.

        `threads` are read in place of those that the source lists. Of listed threads, only those
        are read that `admits` accepts, and the list ends before those created before `since`.
        """
        self._pending: deque[RawRow] = deque(threads or ())
        self.listed = len(self._pending)
        """Threads that are to be read, as far as they are listed."""
        self.read = 0
        """Threads that are done with, also if they could not be read."""
        self.deleted = 0
        """Threads that were deleted after they were listed."""
        self.failed = 0
        """Threads that could not be read to their end."""
        self.reached: int | None = None
        """When the last thread that was read was created, in Unix seconds."""
        self.has_ended = False
        """Whether all threads are read, or the list of threads cannot be followed further."""
        self.broken = ""
        """What is wrong with the source's list of threads, in one clause."""
        self._user = user
        self._admits = admits
        self._since = since
        self._seen: set[str] = set()
        self._progress = Progress()
        self._cursors: list[str] = []
        """Ids of the last page; the list continues after the last one that still exists."""
        self._is_listed = threads is not None
        self._item: str | None = None
        """The item after which the first pending thread continues."""
        self._failures = 0

    async def run(
        self,
        source: ThreadSource,
        inspect: Inspect,
        budget: int = BUDGET,
        skip: Skip | None = None,
    ) -> None:
        """Read the threads, from where the scan stopped before, and inspect their pages.

        End when `inspect` says so, when all threads are read, or when `budget` requests are used
        up. Raise an `APIError` that any other thread would meet as well. The scan can be continued
        after each of them, and after a cancellation.
        """
        requests = _Requests(source, budget)
        try:
            while self._pending or await self._list(requests):
                if skip is not None and await self._skip(skip):
                    continue
                requests.look_ahead(islice(self._pending, bool(self._item), _AHEAD))
                if not await self._read(self._pending[0], requests, inspect):
                    return
            self.has_ended = True
        except _BudgetUsedError:
            pass
        finally:
            await requests.aclose()

    def progress(self, zone: tzinfo | None = UTC, kind: str = "listed") -> list[str]:
        """Return how far the scan is and what it could not read, in a few clauses."""
        if self.has_ended and not self.broken:
            whole = "thread" if kind == "listed" else f"{kind} thread"
            read = f"all {counted(self.read, whole)} read"
        elif not self.listed:
            read = "no threads listed yet"
        else:
            read = f"{self.read:,} of {counted(self.listed, f'{kind} thread')} read"
        if not self.has_ended and self.reached is not None:
            read += f", back to {moment(self.reached, zone)[:10]}"
        parts = [read]
        if self.deleted:
            parts.append(f"{self.deleted:,} deleted meanwhile")
        if self.failed:
            parts.append(f"{self.failed:,} not readable")
        if self.broken:
            parts.append(self.broken)
        return parts

    async def _list(self, requests: _Requests) -> bool:
        """List further threads; return whether any are there."""
        while not self._pending and not self._is_listed:
            after = self._cursors[-1] if self._cursors else None
            query = ListQuery(_PAGE, "desc", after, self._user, background=True)
            try:
                page = await requests.list_threads(query)
            except UnknownCursorError:  # the thread was deleted
                if after is None:
                    raise
                self._cursors.pop()
                self._progress = Progress()
                continue
            new = [row for row in page.rows if row.name not in self._seen]
            self._seen.update(row.name for row in new)
            wanted = [row for row in new if self._admits is None or self._admits(row)]
            self._pending.extend(wanted)
            self.listed += len(wanted)
            step = self._progress.advance(page, next_after(page), new=bool(new))
            self._is_listed, self.broken = step.cursor is None, step.reason or ""
            self._is_listed |= bool(page.rows) and all(map(self._is_older, page.rows))
            if page.ids_are_cursors:
                self._cursors = [row.name for row in page.rows if row.has_id]
            if step.cursor is not None:
                self._cursors.append(step.cursor)
        return bool(self._pending)

    async def _skip(self, skip: Skip) -> int:
        """Take out the pending threads that need no reading, up to the first that does."""
        if self._item is not None:
            return 0
        skipped = await skip(list(islice(self._pending, _PAGE)))
        for _ in range(skipped):
            self._end_first()
        return skipped

    def _end_first(self) -> None:
        """Note that the first of the pending threads is done with."""
        thread = self._pending.popleft()
        self._item = None
        self.read += 1
        self.reached = thread.time.seconds if thread.time else self.reached

    def _is_older(self, thread: RawRow) -> bool:
        time = thread.time
        return self._since is not None and time is not None and time.seconds < self._since

    async def _read(self, thread: RawRow, requests: _Requests, inspect: Inspect) -> bool:
        """Read the first of the pending threads; return whether to continue with the next."""
        failure: APIError | None = None
        goes_on = True
        if thread.id is None:
            self.failed += 1
        else:
            query = ListQuery(_PAGE, "desc", self._item, background=True)
            try:
                async for step in list_pages(partial(requests.list_items, thread.id), query):
                    page = ScannedPage(
                        thread,
                        step.rows,
                        is_first=self._item is None,
                        is_last=step.next.cursor is None,
                    )
                    goes_on = await inspect(page)
                    self._item = step.next.cursor
                    self.failed += bool(step.next.reason)
                    if not goes_on and self._item:
                        return False
            except ACCOUNT_ERRORS:
                raise
            except APIError as error:
                if isinstance(error, NotFoundError) and error.from_api:
                    self.deleted += 1
                else:
                    self.failed += 1
                    failure = error
        self._end_first()
        self._failures = self._failures + 1 if failure else 0
        if failure and self._failures >= _MOST_FAILURES:
            self._failures = 0
            raise failure
        return goes_on


class _BudgetUsedError(Exception):
    """The budget of requests is used up."""


class _Requests:
    """The requests of one run: its budget, and the first pages that are requested ahead."""

    def __init__(self, source: ThreadSource, budget: int) -> None:
        self._source = source
        self._left = budget
        self._ahead: dict[str, asyncio.Task[Page]] = {}

    async def list_threads(self, query: ListQuery) -> Page:
        self._spend()
        if Capability.FILTER_BY_USER not in self._source.capabilities:
            query = query._replace(user=None)
        return await self._source.list_threads(query)

    async def list_items(self, thread_id: str, query: ListQuery) -> Page:
        ahead = self._ahead.pop(thread_id, None)
        if ahead is not None:
            return await ahead
        self._spend()
        return await self._source.list_items(thread_id, query)

    def look_ahead(self, threads: Iterable[RawRow]) -> None:
        """Request the first pages of threads, as far as the budget allows."""
        query = ListQuery(_PAGE, "desc", background=True)
        for thread in threads:
            if thread.id and thread.id not in self._ahead and self._left > 1:
                self._spend()
                self._ahead[thread.id] = asyncio.create_task(
                    self._source.list_items(thread.id, query)
                )

    async def aclose(self) -> None:
        """Cancel what is in flight."""
        for task in self._ahead.values():
            task.cancel()
        await asyncio.gather(*self._ahead.values(), return_exceptions=True)

    def _spend(self) -> None:
        if not self._left:
            raise _BudgetUsedError
        self._left -= 1


# -- search ----------------------------------------------------------------------------------------


class SearchScan:
    """A search of a source that offers none: every thread is read, and its items are compared."""

    def __init__(self, wanted: SearchQuery) -> None:
        """Raise `InvalidArgumentError` for a text that cannot be searched for."""
        self.wanted = wanted
        self.hits: list[Hit] = []
        """In the order of the threads, newest first."""
        self.threads = ThreadScan(wanted.user)
        self._query = Query(wanted.text)

    @property
    def has_ended(self) -> bool:
        """Whether no further hits exist."""
        return self.threads.has_ended

    async def run(
        self,
        source: ThreadSource,
        on_page: Callable[[Sequence[Hit]], object],
        *,
        budget: int = BUDGET,
        most_hits: int = MOST_HITS,
    ) -> None:
        """Search from where the search stopped before, and report the hits of each page.

        End after about `most_hits`; for the rest see `ThreadScan.run`.
        """
        enough = len(self.hits) + most_hits

        async def inspect(page: ScannedPage) -> bool:
            hits = await asyncio.to_thread(list, self._matches(page))
            self.hits += hits
            on_page(hits)
            return len(self.hits) < enough

        await self.threads.run(source, inspect, budget)

    def words(self, zone: tzinfo | None = UTC) -> str:
        """Return how far the search is and what it found, in one line."""
        parts = self.threads.progress(zone)
        parts.append(counted(len(self.hits), "hit") if self.hits else "no hit")
        return "; ".join(parts)

    def _matches(self, page: ScannedPage) -> Iterator[Hit]:
        thread = read_object(page.thread.raw)
        if page.is_first:
            yield from self._hit(page.thread, thread, page.thread, "thread", thread_text(thread))
        for row in page.items:
            item = read_object(row.raw)
            yield from self._hit(page.thread, thread, row, kind_of(item), item_text(item))

    def _hit(
        self, thread: RawRow, fields: dict[str, JSON], row: RawRow, kind: str, text: str
    ) -> Iterator[Hit]:
        """Yield the hit that a row is, if it is one."""
        beginning = self._query.beginning_of_id
        is_named = beginning is not None and row.has_id and row.name.startswith(beginning)
        if not is_named and not self._query.matches(text):
            return
        passage, matches = self._query.passage(text)
        hit = Hit(
            place=0,
            thread_id=thread.name,
            item_id=None if row is thread else row.id,
            position=None,
            created_at=row.time.seconds if row.time else None,
            user=text_of(fields, "user"),
            kind=kind,
            passage=passage,
            matches=matches,
            title=text_of(fields, "title"),
        )
        if self.wanted.admits(hit):
            yield hit

"""Bring an archive up to date: list threads, read new ones, ask known ones for new items.

Every step can be interrupted, and the next run continues from what the archive holds. Nothing that
the source no longer has is deleted from the archive.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from chatkit_tui.errors import (
    ACCOUNT_ERRORS,
    APIConnectionError,
    APIError,
    InternalServerError,
    InvalidArgumentError,
    NotFoundError,
    OtherOriginError,
    RateLimitError,
    UnknownCursorError,
)
from chatkit_tui.models.page import Page
from chatkit_tui.sources.archive.thread_items import Row
from chatkit_tui.sources.archive.writer import ArchiveWriter, Listing
from chatkit_tui.sources.base import ListQuery
from chatkit_tui.sources.paging import list_pages
from chatkit_tui.sync.check_order import ThreadCheck, in_order_of_checks
from chatkit_tui.sync.gate import BudgetUsedError, RequestGate
from chatkit_tui.sync.item_reader import PAGE, ItemReader, rows_of
from chatkit_tui.sync.report import SyncReport
from chatkit_tui.sync.writer_thread import WriterThread

if TYPE_CHECKING:
    from chatkit_tui.sources.base import ThreadSource

T = TypeVar("T")

MOST_FAILURES: Final = 3
"""Failed connections and 429s in a row, each after its retries, that end a synchronization. 429s
during one pause count once."""
MOST_PROBES: Final = 10
"""Known threads of which a source must have one, if its list contradicts them."""
LONGEST_PAUSE: Final = 3_600.0
"""Seconds that a synchronization waits if the server asks it to."""
MOST_SERVER_ERRORS: Final = 5
"""Threads in a row for which the server fails that end a synchronization."""
_NOT_FOUND_YET: Final = "the server does not find it; its list of threads was not complete"

Put: TypeAlias = Callable[[str], Awaitable[None]]
"""Takes the id of a thread that is to be read or checked."""


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """What is synchronized."""

    users: tuple[str, ...] = ()
    """Only threads of these users; without any, of all."""
    since: int | None = None
    """Only threads created at this time or later (Unix seconds); known ones are checked anyway."""
    concurrency: int = 4


class Synchronization:
    """One synchronization of an archive with a source."""

    def __init__(
        self,
        source: ThreadSource,
        writer: ArchiveWriter,
        gate: RequestGate,
        options: SyncOptions,
        report: SyncReport | None = None,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.report = report or SyncReport()
        self._source = source
        self._thread = WriterThread(writer)
        self._items = ItemReader(source, self._thread, self._ask, self.report)
        self._gate = gate
        self._options = options
        self._failures = 0
        self._server_errors = 0
        self._started_at = now()
        self._read: set[str] = set()
        """The threads that this run read, which it need not ask again. Their times do not tell: the
        run before may have ended in the second in which this one began."""
        self._new: set[str] = set()
        """The threads that this run listed first and has not read yet."""
        self._missing: set[str] = set()
        self._is_origin = asyncio.Event()
        """Set once the source may be asked for the threads of the archive."""

    async def run(self) -> SyncReport:
        """Synchronize until everything is done or the budget is used up.

        What was read is committed in any case. Raises `AuthenticationError`,
        `PermissionDeniedError`, `RateLimitError`, `APIConnectionError`, `InternalServerError` if
        the source is out of reach, and `sqlite3.Error` if the disk fails.
        """
        try:
            with suppress(BudgetUsedError):
                await self._for_each(self._list_all, self._read_one)
                if not self._gate.is_used_up:
                    await self._for_each(self._list_known, self._check_one)
            self.report.budget_used = self._gate.is_used_up
            await self._thread.finish()
            return self.report
        finally:
            self._update()
            await self._thread.aclose()

    def pause(self, seconds: float) -> bool:
        """Let no request pass for some seconds; return False during a pause."""
        self.report.paused_until = max(self.report.paused_until, int(time.time() + seconds))
        return self._gate.pause(seconds)

    def _update(self) -> None:
        self.report.requests = self._gate.requests
        self.report.indexed = self._thread.writer.indexed

    # -- listing -----------------------------------------------------------------------------------

    async def _list_all(self, put: Put) -> None:
        """List the threads, and put those that are not read to their end."""
        writer, users = self._thread.writer, self._options.users
        unread = await self._thread.run(writer.unread, users)
        self.report.to_read = len(unread)
        self.report.to_check = await self._thread.run(writer.count_complete, users)
        for thread_id in unread:
            await put(thread_id)
        try:
            listed = [await self._list(user, put) for user in users or (None,)]
        finally:
            self._is_origin.set()
        self.report.listing_complete = all(listed)
        self.report.listing_ended = True

    async def _list(self, user: str | None, put: Put) -> bool:
        """List the threads, put those that are new, and note which the source no longer has.

        Return whether the source said that no more threads exist.
        """
        writer = self._thread.writer
        listing = await self._thread.run(writer.begin_listing, user)
        resumed, listed = listing.cursor is not None, self.report.listed
        try:
            complete = await self._walk(listing, user, listing.cursor, put)
        except UnknownCursorError:
            self.report.listed = listed
            complete = await self._walk(listing, user, None, put)
            resumed = False
        if resumed:  # threads that were created since the listing began are at its top
            self.report.listing_continued = True
            await self._walk(listing, user, None, put, until_known=True)
        await self._thread.run(writer.end_listing, listing, complete=complete)
        if complete:
            await self._find_missing(await self._thread.run(writer.unlisted, listing, user))
        return complete

    async def _walk(
        self,
        listing: Listing,
        user: str | None,
        start: str | None,
        put: Put,
        *,
        until_known: bool = False,
    ) -> bool:
        """Walk through the list of threads; return whether the source said that it ended."""
        writer = self._thread.writer
        found_any = start is not None
        query = ListQuery(PAGE, "desc", start, user)
        async for step in list_pages(self._list_threads, query):
            received = rows_of(step)
            rows = [row for row in received if row.id]
            found_any |= bool(rows)
            if not self._is_origin.is_set():
                await self._check_origin(rows if start is None else ())
            stored = await self._thread.run(
                writer.store_listed, listing, rows, step.next.cursor, since=self._options.since
            )
            self.report.listed += len(stored.new) if until_known else len(rows)
            self.report.older += stored.older
            self.report.new_threads += len(stored.new)
            self.report.to_read += len(stored.new)
            self._new.update(stored.new)
            for thread_id in stored.new:
                await put(thread_id)
            if step.next.reason:
                self.report.listing_reason = step.next.reason
            elif len(rows) < len(received):
                self.report.listing_reason = "it has rows without an id, which cannot be read"
            if (until_known and stored.known) or (rows and stored.older == len(rows)):
                return False
            if step.next.ended:
                if self.report.listing_reason:
                    return False
                return found_any or not await self._thread.run(writer.has_threads)
        return False

    async def _check_origin(self, first_page: Sequence[Row]) -> None:
        """Raise `OtherOriginError` if the threads are those of another project.

        The address may be the same, and the key decide. A page behind a cursor needs no check: the
        source knows the cursor.
        """
        writer = self._thread.writer
        contradicted = await self._thread.run(writer.contradicted, first_page, MOST_PROBES)
        if contradicted and not await self._has_any(contradicted):
            raise OtherOriginError(
                "The source has none of the archive's newest threads, but others that are as old:"
                " the key belongs to another project. Choose another file."
            )
        self._is_origin.set()

    async def _has_any(self, thread_ids: Sequence[str]) -> bool:
        for thread_id in thread_ids:
            with suppress(NotFoundError):
                await self._ask(partial(self._source.get_thread, thread_id))
                return True
        return False

    async def _list_threads(self, query: ListQuery) -> Page:
        return await self._ask(partial(self._source.list_threads, query))

    async def _find_missing(self, thread_ids: Sequence[str]) -> None:
        """Mark the threads that a complete listing lacked and that the source does not find."""
        for thread_id in thread_ids:
            if reason := await self._reason(thread_id, partial(self._find, thread_id)):
                self.report.incomplete[thread_id] = reason

    async def _find(self, thread_id: str) -> None:
        try:
            await self._ask(partial(self._source.get_thread, thread_id))
        except NotFoundError:
            await self._mark_missing(thread_id)

    # -- items -------------------------------------------------------------------------------------

    async def _list_known(self, put: Put) -> None:
        """Put the known threads to be asked for new items, the likeliest to have some first."""
        if self.report.listing_complete:
            incomplete = self.report.incomplete.items()
            await self._find_missing([name for name, why in incomplete if why == _NOT_FOUND_YET])
        states = await self._thread.run(self._thread.writer.checks, self._options.users)
        known = [ThreadCheck(*state) for state in states if state[0] not in self._read]
        self.report.to_check = len(known)
        for thread_id in in_order_of_checks(known, self._started_at):
            await put(thread_id)

    async def _for_each(
        self,
        threads: Callable[[Put], Awaitable[None]],
        work: Callable[[str], Awaitable[None]],
    ) -> None:
        """Do some work on each thread that `threads` puts, meanwhile.

        While one worker waits for the archive, another one can wait for the source.
        """
        pending: asyncio.Queue[str | None] = asyncio.Queue()
        workers = 2 * self._options.concurrency

        async def put_all() -> None:
            with self._within_requests():
                await threads(pending.put)
            for _ in range(workers):
                await pending.put(None)

        async def take() -> None:
            while (thread_id := await pending.get()) is not None:
                with self._within_requests():
                    if self._gate.is_used_up:
                        raise BudgetUsedError
                    await work(thread_id)
                self._update()

        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(put_all())
                for _ in range(workers):
                    group.create_task(take())
        except* BaseException as failures:  # noqa: BLE001 - one failure stands for all
            raise _first(failures) from None

    @contextmanager
    def _within_requests(self) -> Iterator[None]:
        """End some work when the requests are used up, but let those in flight be answered.

        Only the end of the time cancels them: an answer may take minutes.
        """
        try:
            yield
        except BudgetUsedError:
            if self._gate.is_out_of_time:
                raise

    async def _read_one(self, thread_id: str) -> None:
        await self._is_origin.wait()
        if await self._update_items(thread_id):
            self._read.add(thread_id)
            self.report.read += 1
        self.report.to_read -= 1

    async def _check_one(self, thread_id: str) -> None:
        if await self._update_items(thread_id):
            self.report.checked += 1
        self.report.to_check -= 1

    async def _update_items(self, thread_id: str) -> bool:
        """Read what a thread has after the known items; return whether its end was reached."""
        reason = await self._reason(thread_id, partial(self._read_items, thread_id))
        if reason:
            self.report.incomplete[thread_id] = reason
            await self._thread.run(self._thread.writer.mark_incomplete, thread_id, reason)
        return reason == ""

    async def _read_items(self, thread_id: str) -> str | None:
        """Return why the end of a thread was not reached, empty if it was; None for a thread
        that is missing."""
        try:
            try:
                is_new = thread_id in self._new
                self._new.discard(thread_id)
                return await self._items.follow(thread_id, is_new=is_new)
            except UnknownCursorError:
                return await self._items.read_again(thread_id)
        except NotFoundError:
            return await self._look_up(thread_id)

    async def _reason(
        self, thread_id: str, work: Callable[[], Awaitable[str | None]]
    ) -> str | None:
        """Return what some work on one thread returns, or why it failed.

        Raise what would fail for every other thread as well.
        """
        try:
            reason = await work()
        except ACCOUNT_ERRORS:
            raise
        except InternalServerError as error:
            self._server_errors += 1
            if self._server_errors >= MOST_SERVER_ERRORS:
                raise
            return error.reason or str(error)
        except APIError as error:
            return error.reason or str(error)
        except InvalidArgumentError as error:
            if not isinstance(thread_id, str):  # another program wrote it
                raise
            return f"no request can name it: {error}"
        self._server_errors = 0
        return reason

    async def _look_up(self, thread_id: str) -> str | None:
        """Return why the items of a thread are not found; None if the thread is missing.

        Only what is not found either way is missing, and only if the list of threads is to be
        trusted: a server that lost everything for an hour must not look like a deletion.
        """
        try:
            await self._ask(partial(self._source.get_thread, thread_id))
        except NotFoundError:
            if not self.report.listing_complete:
                return _NOT_FOUND_YET
            await self._mark_missing(thread_id)
            return None
        return "the server does not find its items"

    async def _mark_missing(self, thread_id: str) -> None:
        await self._thread.run(self._thread.writer.mark_missing, thread_id)
        self._missing.add(thread_id)
        self.report.missing = len(self._missing)
        if self.report.incomplete.get(thread_id) == _NOT_FOUND_YET:
            del self.report.incomplete[thread_id]

    async def _ask(self, request: Callable[[], Awaitable[T]]) -> T:
        """Send a request through the gate, and give up when the source is out of reach."""
        try:
            answer = await self._gate.run(request)
        except (APIConnectionError, RateLimitError) as error:
            if self._ends_with(error):
                raise
            return await self._ask(request)
        self._failures = 0
        return answer

    def _ends_with(self, failure: APIConnectionError | RateLimitError) -> bool:
        """Return whether a failure is the last; else wait as long as the server asks to."""
        wait = failure.retry_after if isinstance(failure, RateLimitError) else None
        if wait is not None and wait > LONGEST_PAUSE:
            return True
        self._failures += wait is None or self.pause(wait)
        return self._failures >= MOST_FAILURES


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the failure that the user should hear of: an interruption before any other."""
    flat: list[BaseException] = []
    pending: list[BaseException] = [failures]
    while pending:
        failure = pending.pop()
        if isinstance(failure, BaseExceptionGroup):
            pending += failure.exceptions
        else:
            flat.append(failure)
    return next((failure for failure in flat if not isinstance(failure, Exception)), flat[0])

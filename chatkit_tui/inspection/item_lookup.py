"""Find the thread of an item, for which the API has no call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from chatkit_tui.errors import ACCOUNT_ERRORS, APIError
from chatkit_tui.models.threads import Thread, read_thread
from chatkit_tui.models.timestamps import time_of_id
from chatkit_tui.sources.base import ListQuery, ThreadSource
from chatkit_tui.sources.paging import list_pages

MOST_FAILURES: Final = 3
"""Threads in a row that cannot be listed, after which the look-up fails."""


class Lookup(NamedTuple):
    """How far the look-up of an item came."""

    asked: int
    """The number of threads so far."""
    skipped: Mapping[str, str]
    """The ids of threads that could not be listed, each with the reason."""
    thread: Thread | None = None
    """The thread that has the item; None if it was not found, or not yet."""


async def thread_of_item(
    source: ThreadSource, item_id: str, report: Callable[[Lookup], object]
) -> Lookup:
    """Look for the thread of an item, and return the result.

    Request from each thread, newest first, the items after this one: only its own thread knows it
    as a cursor. Threads that began after the time in the item's id are skipped. `report` is called
    before each thread. Costs two requests for each thread and one for each 100. Raise an `APIError`
    that every thread would have, or that `MOST_FAILURES` threads in a row have.
    """
    created = time_of_id(item_id)
    skipped: dict[str, str] = {}
    asked = failures = 0
    async for step in list_pages(source.list_threads, ListQuery(100, "desc")):
        for row in step.rows:
            thread = read_thread(row)
            began = thread.time
            if not thread.id or (created and began and began.seconds > created.seconds):
                continue
            asked += 1
            report(Lookup(asked, skipped))
            try:
                if await source.has_item(thread.id, item_id):
                    return Lookup(asked, skipped, thread)
                failures = 0
            except ACCOUNT_ERRORS:
                raise
            except APIError as error:
                failures += 1
                if failures == MOST_FAILURES:
                    raise
                skipped[thread.id] = error.reason or str(error)
    return Lookup(asked, skipped)

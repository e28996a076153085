"""Find the thread of an item, for which the API has no call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chatkit_tui.errors import NotFoundError, UnknownCursorError
from chatkit_tui.sources.base import ListQuery, ThreadSource

if TYPE_CHECKING:
    from chatkit_tui.models.threads import Thread


async def thread_of_item(
    source: ThreadSource, item_id: str, report: Callable[[int], object]
) -> Thread | None:
    """Return the thread that an item is in, or None if no thread of this account has it.

    Request from each thread, newest first, the items after this one: only its own thread knows it
    as a cursor. Threads that began after the time in the item's id are skipped. `report` is called
    with the number of threads so far. Costs two requests for each thread and one for each 100;
    raise any `APIError` that does not mean that the thread is another.
    """
    from chatkit_tui.models.threads import read_thread
    from chatkit_tui.models.timestamps import time_of_id
    from chatkit_tui.sources.paging import list_pages

    created = time_of_id(item_id)
    count = 0
    async for step in list_pages(source.list_threads, ListQuery(100, "desc")):
        for row in step.rows:
            thread = read_thread(row)
            began = thread.time
            if created and began and began.seconds > created.seconds:
                continue
            count += 1
            report(count)
            if thread.id and await _has_item(source, thread.id, item_id):
                return thread
    return None


async def _has_item(source: ThreadSource, thread_id: str, item_id: str) -> bool:
    """Return whether a thread knows an item as a cursor, and lists it before its next item."""
    try:
        later = await source.list_items(thread_id, ListQuery(1, "asc", item_id))
        cursor = later.rows[0].id if later.rows else None
        # A server may accept any cursor and ignore it.
        here = await source.list_items(thread_id, ListQuery(1, "desc", cursor))
    except (UnknownCursorError, NotFoundError):
        return False
    return bool(here.rows) and here.rows[0].id == item_id

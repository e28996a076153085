"""Finding the thread of an item, which the API cannot be asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chatkit_tui.errors import BadRequestError, NotFoundError, UnprocessableEntityError
from chatkit_tui.sources.base import ClientLike as ThreadSource
from chatkit_tui.sources.base import Threads

if TYPE_CHECKING:
    from chatkit_tui.models.page import Page
    from chatkit_tui.models.threads import Thread

REFUSALS = (BadRequestError, NotFoundError, UnprocessableEntityError)
"""How a server says that a cursor is not of this list."""


async def thread_of_item(
    gateway: ThreadSource, item_id: str, told: Callable[[int], object]
) -> Thread | None:
    """The thread that an item is in, or None when no thread of this account has it.

    Asks each thread, newest first, for what comes after the item: only the one that it is in knows
    it as a cursor. Threads that began after the item's id was made are left out. `told` is given
    the number of threads that were asked. Costs a request for each thread, and one for each 100;
    raises any other `APIError` than those refusals.
    """
    from chatkit_tui.models.timestamps import time_of_id
    from chatkit_tui.sources.paging import iterate_pages

    made = time_of_id(item_id)
    asked = 0

    async def fetch(cursor: str | None) -> Page[Thread]:
        return await gateway.threads.list(limit=100, order="desc", after=cursor)

    async for step in iterate_pages(fetch):
        for entry in step.entries:
            thread: Thread = entry.load()
            began = thread.time
            if made and began and began.seconds > made.seconds:
                continue
            asked += 1
            told(asked)
            if thread.id and await _has(gateway.threads, thread.id, item_id):
                return thread
    return None


async def _has(threads: Threads, thread_id: str, item_id: str) -> bool:
    """Whether a thread knows an item as a cursor, and the item is where that says it is."""
    try:
        later = await threads.list_items(thread_id, limit=1, order="asc", after=item_id)
        cursor = later.entries[0].id if later.entries else None
        # A server may take any cursor and ignore it, so what stands before is looked at as well.
        here = await threads.list_items(thread_id, limit=1, order="desc", after=cursor)
    except REFUSALS:
        return False
    return bool(here.entries) and here.entries[0].id == item_id

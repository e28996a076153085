"""Open files in a thread, without losing what was opened for a caller that left meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def open_in_thread(open_it: Callable[[], T], close: Callable[[T], object]) -> T:
    """Return what `open_it` returns, which runs in a thread. Raise what it raises.

    If the caller is cancelled meanwhile, `close` gets it as soon as it is open: a lock would last
    until the program ends.
    """
    opening = asyncio.create_task(asyncio.to_thread(open_it))

    def close_it(opened: asyncio.Task[T]) -> None:
        if not opened.cancelled() and opened.exception() is None:
            close(opened.result())

    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(close_it)
        raise

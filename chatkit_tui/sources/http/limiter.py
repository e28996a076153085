"""Turns: how many calls are under way at once, and who of those that wait comes next."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class PriorityLimiter:
    """Lets so many in at once. Of those that wait, the ones in the background come last.

    Within each kind, first come, first served. Not for use from several threads.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._wanted: deque[asyncio.Future[None]] = deque()
        self._background: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, *, background: bool) -> AsyncIterator[None]:
        """Wait for a turn and hold it inside. Who is cancelled while waiting leaves no trace."""
        await self._take(self._background if background else self._wanted)
        try:
            yield
        finally:
            self._give_back()

    async def _take(self, queue: deque[asyncio.Future[None]]) -> None:
        if self._free:  # nobody waits then: a turn that is given back goes to who does
            self._free -= 1
            return
        call = asyncio.get_running_loop().create_future()
        queue.append(call)
        try:
            await call
        except asyncio.CancelledError:
            if call.cancelled():
                queue.remove(call)
            else:  # it was called and cancelled in the same turn of the event loop
                self._give_back()
            raise

    def _give_back(self) -> None:
        for queue in (self._wanted, self._background):
            while queue:
                call = queue.popleft()
                if not call.done():
                    call.set_result(None)
                    return
        self._free += 1

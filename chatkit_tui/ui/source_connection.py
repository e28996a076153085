"""The connection to the source, opened once for the whole screen."""

from __future__ import annotations

import asyncio

from chatkit_tui.sources.base import Connect, SourceObserver, ThreadSource


class SourceConnection:
    """Opens the source; after a failure, the next caller of `get` opens it again."""

    def __init__(self, connect: Connect, observer: SourceObserver) -> None:
        self._connect = connect
        self._observer = observer
        self._opening: asyncio.Task[ThreadSource] | None = None

    def open(self) -> asyncio.Task[ThreadSource]:
        """Begin to open the source."""
        self._opening = asyncio.create_task(self._open())
        return self._opening

    async def _open(self) -> ThreadSource:
        return await self._connect(self._observer)

    async def get(self) -> ThreadSource:
        """Return the source as soon as it is open. Raise what opening it raised."""
        task = self._opening
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self.open()
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Close the source, or stop opening it."""
        if (task := self._opening) is None:
            return
        if not task.done():
            task.cancel()
        elif not task.cancelled() and task.exception() is None:
            await task.result().aclose()

"""The thread that owns the writer of an archive; it indexes when it has nothing else to do."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from chatkit_tui.sources.archive.writer import ArchiveWriter

T = TypeVar("T")

_WAITING: Final = 16
"""Pages that may wait for the writer; more than that, and requests wait as well."""


def _discard_error(future: asyncio.Future[Any]) -> None:
    """Mark an error as seen. Without a caller, asyncio would report it with a traceback."""
    if not future.cancelled():
        future.exception()


class WriterThread:
    """Runs the methods of an `ArchiveWriter` in a thread of their own, in order."""

    def __init__(self, writer: ArchiveWriter) -> None:
        self.writer = writer
        self.indexed = 0
        """Rows that were indexed so far."""
        self._executor = ThreadPoolExecutor(1, "archive")
        self._places = asyncio.Semaphore(_WAITING)
        self._waiting = 0
        self._failure: sqlite3.Error | None = None
        self._indexing: asyncio.Task[None] | None = None

    async def run(self, method: Callable[..., T], *arguments: object, **keywords: object) -> T:
        """Run a method of the writer. Raises what it raises."""
        self._waiting += 1
        try:
            async with self._places:
                return await self._submit(lambda: method(*arguments, **keywords))
        finally:
            self._waiting -= 1
            if not self._waiting and (self._indexing is None or self._indexing.done()):
                self._indexing = asyncio.create_task(self._index_while_idle())
                self._indexing.add_done_callback(_discard_error)

    async def finish(self) -> None:
        """Index everything that is not indexed yet, and commit."""
        await self._stop_indexing()
        while number := await self._submit(self.writer.index_some):
            self.indexed += number
        await self._submit(self.writer.commit)

    async def aclose(self) -> None:
        """Commit, close the archive and end the thread."""
        try:
            await self._stop_indexing()
            await self._submit(self.writer.close)
        finally:
            self._executor.shutdown()

    async def _submit(self, call: Callable[[], T]) -> T:
        # A call that has begun runs to its end, also if its caller is cancelled meanwhile.
        future = asyncio.get_running_loop().run_in_executor(self._executor, self._attempt, call)
        future.add_done_callback(_discard_error)
        return await asyncio.shield(future)

    def _attempt(self, call: Callable[[], T]) -> T:
        """Run a call, unless one has failed: that rolled back what others had written."""
        if self._failure is not None and call != self.writer.close:
            raise self._failure
        try:
            return call()
        except sqlite3.Error as error:
            self._failure = error
            raise

    async def _index_while_idle(self) -> None:
        while not self._waiting:
            number = await self._submit(self.writer.index_some)
            self.indexed += number
            if not number:
                # The next response may take minutes: nothing stays uncommitted until then.
                await self._submit(self.writer.commit)
                return

    async def _stop_indexing(self) -> None:
        if self._indexing is not None:
            self._indexing.cancel()
            await asyncio.gather(self._indexing, return_exceptions=True)

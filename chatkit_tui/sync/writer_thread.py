"""The thread that owns the writer of an archive; it indexes when it has nothing else to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, TypeVar

from chatkit_tui.sources.archive.writer import ArchiveWriter
from chatkit_tui.storage.sqlite import SQLiteError

T = TypeVar("T")

PAUSE: Final = 0.003
"""Seconds without a call after which the thread finds the problems of one thread: that takes some
milliseconds, while responses are awaited, and much longer for all threads at the end."""
IDLE_AFTER: Final = 0.1
"""Seconds without a call after which the thread indexes and commits."""


class WriterThread:
    """Runs the methods of an `ArchiveWriter` in a thread of their own, in order."""

    def __init__(self, writer: ArchiveWriter) -> None:
        self.writer = writer
        self._loop = asyncio.get_running_loop()
        self._calls: SimpleQueue[tuple[asyncio.Future[Any], Callable[[], Any]] | None] = (
            SimpleQueue()
        )
        self._failure: SQLiteError | None = None
        self._thread = Thread(target=self._work, name="archive", daemon=True)
        self._thread.start()

    async def run(self, method: Callable[..., T], *arguments: object, **keywords: object) -> T:
        """Run a method of the writer. Raises what it raises.

        A call that was made runs also if its caller is cancelled meanwhile.
        """
        future: asyncio.Future[T] = self._loop.create_future()
        self._calls.put((future, partial(method, *arguments, **keywords)))
        return await future

    async def finish(self) -> None:
        """Index everything that is not indexed yet, and commit."""
        while await self.run(self.writer.index_some):
            pass
        await self.run(self.writer.commit)

    async def aclose(self) -> None:
        """Commit, close the archive and end the thread."""
        future: asyncio.Future[None] = self._loop.create_future()
        self._calls.put((future, self._close))
        self._calls.put(None)
        try:
            await future
        finally:
            self._thread.join()

    def _close(self) -> None:
        self._failure = None  # closing is tried in any case
        self.writer.close()

    # -- in the thread -----------------------------------------------------------------------------

    def _work(self) -> None:
        patience: float | None = PAUSE
        while True:
            try:
                call = self._calls.get(timeout=patience)
            except Empty:
                patience = self._work_meanwhile(patience)
                continue
            if call is None:
                return
            patience = PAUSE
            future, method = call
            try:
                result = self._attempt(method)
            except BaseException as error:  # noqa: BLE001 - the caller receives it
                self._deliver(_fail, future, error)
            else:
                self._deliver(_succeed, future, result)

    def _work_meanwhile(self, waited: float | None) -> float | None:
        """Do a part of what can wait; return the seconds to wait for a call before the next part.

        The next response may take minutes: nothing stays uncommitted until then.
        """
        with suppress(SQLiteError):  # the next call raises it
            if waited == PAUSE:
                return PAUSE if self._attempt(self.writer.find_problems) else IDLE_AFTER
            if self._attempt(self.writer.index_some):
                return 0
            self._attempt(self.writer.commit)
        return None

    def _attempt(self, call: Callable[[], T]) -> T:
        """Run a call, unless one has failed: that rolled back what others had written."""
        if self._failure is not None and call != self._close:
            raise self._failure
        try:
            return call()
        except SQLiteError as error:
            self._failure = error
            raise

    def _deliver(
        self, how: Callable[[asyncio.Future[Any], Any], None], future: asyncio.Future[Any], it: Any
    ) -> None:
        with suppress(RuntimeError):  # the loop was closed
            self._loop.call_soon_threadsafe(how, future, it)


def _succeed(future: asyncio.Future[Any], result: Any) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)

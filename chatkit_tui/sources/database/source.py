"""A database of a self-hosted ChatKit server as a source of threads: read-only."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, tzinfo
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Final, TypeVar

from chatkit_tui.errors import APIConnectionError
from chatkit_tui.sources.base import Capability, ListQuery, SourceInfo, ThreadSource
from chatkit_tui.sources.database.detection import find_layout
from chatkit_tui.sources.database.dialect import Dialect
from chatkit_tui.sources.database.layout import DETECTED, Tables
from chatkit_tui.sources.database.reader import LARGEST_PAGE, DatabaseReader

if TYPE_CHECKING:
    from chatkit_tui.models.page import Page, RawRow

T = TypeVar("T")

BADGE: Final = "DATABASE"


class DatabaseSource(ThreadSource):
    """The threads in a SQLite file or a PostgreSQL database of a ChatKit server.

    Nothing is ever written. All reading and parsing happens in one thread of its own, so that the
    event loop never waits for the database. Cancelling a call stops its statement.
    """

    def __init__(
        self,
        address: str | Path,
        *,
        tables: Tables = DETECTED,
        password: str | None = None,
        naive_zone: tzinfo = UTC,
    ) -> None:
        """Open a database and find its tables, which may take seconds.

        `address` is a path, or a `postgresql://` address without a password. Without `password`,
        `PGPASSWORD` and `~/.pgpass` count; with an empty one, `~/.pgpass` alone. Times without a
        zone are read in `naive_zone`. Raise `DatabaseError` if it cannot be read or has no
        conversations, `APIConnectionError` if it is locked or its server is not reached, and
        `MissingExtraError` without the extra.
        """
        self._database, self._info = _connect(address, password)
        self._tables = tables
        self._zone = naive_zone
        try:
            self._reader = self._database.read(self._find_reader, Event())
        except BaseException:
            self._database.close()
            raise
        self._executor = ThreadPoolExecutor(1, "database")
        self._lock = Lock()
        self._running: Event | None = None
        self._is_closed = False

    @property
    def info(self) -> SourceInfo:
        """How the database is presented: the name of its file, or its host and name."""
        return self._info

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the database offers: a user filter only with a column that names the user."""
        users = {Capability.FILTER_BY_USER} if self._reader.layout.owner else set()
        return frozenset({Capability.LIVE, *users})

    async def list_threads(self, query: ListQuery) -> Page:
        return await self._run(lambda reader: reader.threads(query))

    async def list_items(self, thread_id: str, query: ListQuery) -> Page:
        return await self._run(lambda reader: reader.items(thread_id, query))

    async def list_newer_items(self, thread_id: str, known: Sequence[RawRow]) -> Page:
        """Return the items after the last known one that has an id."""
        after = next((row.id for row in reversed(known) if row.has_id), None)
        return await self.list_items(thread_id, ListQuery(LARGEST_PAGE, "asc", after))

    async def get_thread(
        self,
        thread_id: str,
        *,
        background: bool = False,  # noqa: ARG002 # all calls wait for each other
    ) -> RawRow:
        return await self._run(lambda reader: reader.thread(thread_id))

    async def aclose(self) -> None:
        """End the call that is running, and close the connection."""
        if not self._is_closed:
            self._is_closed = True
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(None, self._interrupt)
            await loop.run_in_executor(self._executor, self._database.close)
            self._executor.shutdown()

    def close(self) -> None:
        """Close the connection without a loop, of a source that was asked for nothing yet."""
        self._is_closed = True
        self._database.close()
        self._executor.shutdown()

    async def _run(self, call: Callable[[DatabaseReader], T]) -> T:
        stop, loop = Event(), asyncio.get_running_loop()
        if self._is_closed:
            raise APIConnectionError("The database is closed.")
        try:
            return await loop.run_in_executor(self._executor, self._read, call, stop)
        except asyncio.CancelledError:
            stop.set()
            loop.run_in_executor(None, self._interrupt, stop)
            raise

    def _read(self, call: Callable[[DatabaseReader], T], stop: Event) -> T:
        with self._lock:
            if self._is_closed:
                raise APIConnectionError("The database is closed.")
            self._running = stop
        try:
            return self._database.read(lambda: call(self._current_reader()), stop)
        finally:
            with self._lock:
                self._running = None

    def _find_reader(self) -> DatabaseReader:
        layout = find_layout(self._database, self._tables)
        return DatabaseReader(self._database, layout, self._zone)

    def _current_reader(self) -> DatabaseReader:
        """Return the reader; find the tables again while they have no items."""
        if self._reader.layout.is_guess:
            self._reader = self._find_reader()
        return self._reader

    def _interrupt(self, stop: Event | None = None) -> None:
        """End the call of an event, or any call, if it is running."""
        with self._lock:
            if self._running is not None and stop in (None, self._running):
                self._running.set()
                self._database.interrupt()


def _connect(address: str | Path, password: str | None) -> tuple[Dialect, SourceInfo]:
    """Return an open database, and how it is presented."""
    text = str(address)
    if "://" in text:
        from chatkit_tui.sources.database.postgres import PostgresDatabase

        server = PostgresDatabase(text, password)
        return server, SourceInfo("database", server.place, badge=BADGE)
    from chatkit_tui.sources.database.sqlite import SQLiteDatabase

    path = Path(text).expanduser()
    return SQLiteDatabase(path), SourceInfo("database", path.name, badge=BADGE)

"""Save single threads in an archive, whole and read back, before they are deleted.

A thread is read from its first item again, whatever the archive has of it. The source is asked for
newer items once the file was read back, right before the deletion.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from chatkit_tui.errors import ArchiveBusyError, ArchiveError, BackupError, NotFoundError
from chatkit_tui.sources.archive import schema
from chatkit_tui.sources.archive.reader import ArchiveReader
from chatkit_tui.sources.archive.thread_items import Row
from chatkit_tui.sources.archive.writer import ArchiveWriter
from chatkit_tui.storage.opening import open_in_thread
from chatkit_tui.storage.private_file import place_of
from chatkit_tui.sync.item_reader import ItemReader, text_of
from chatkit_tui.sync.report import SyncReport
from chatkit_tui.sync.writer_thread import WriterThread

if TYPE_CHECKING:
    from chatkit_tui.models.page import RawRow
    from chatkit_tui.sources.archive.schema import Origin
    from chatkit_tui.sources.base import GetSource, ThreadSource

T = TypeVar("T")
_Save: TypeAlias = Callable[[str], Awaitable[None]]

LOCK_WAIT: Final = 10.0
"""Seconds to wait for a synchronization that writes the file."""
_TRY_EVERY: Final = 0.2
_CHANGED: Final = "it changed while it was saved: delete it again, if you still want to"


class ArchiveBackup:
    """An archive file that takes threads before they are deleted."""

    def __init__(self, path: Path, origin: Origin) -> None:
        """`origin` is that of the threads; the file is made if it does not exist."""
        self._path = path
        self._origin = origin

    @property
    def place(self) -> str:
        """The file for messages, with `~` for the home folder."""
        return place_of(self._path.absolute())

    @property
    def is_new(self) -> bool:
        """Whether the file does not exist yet."""
        return not self._path.exists()

    def check(self) -> None:
        """Raise `ArchiveError` if the file cannot take these threads. Blocks; writes nothing."""
        path = self._path
        if path.exists():
            with ArchiveReader(path) as reader:
                reader.check_origin(self._origin)
        folder = path.resolve().parent
        if not folder.is_dir():
            raise ArchiveError(f"{path} cannot be made: there is no folder {folder}.")
        if not os.access(folder, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
            raise ArchiveError(f"{path} cannot be written: you have no permission.")

    @asynccontextmanager
    async def opened(self, get_source: GetSource) -> AsyncIterator[_Save]:
        """Open the file, and yield what saves a thread.

        Wait `LOCK_WAIT` seconds for another program that writes it. Raise `ArchiveError`, and what
        `get_source` raises.
        """
        source = await get_source()
        thread = WriterThread(await self._open())
        try:
            await thread.run(thread.writer.make_durable)
            yield _Saving(source, thread, self._path).save
        except schema.DAMAGE as error:
            raise schema.unwritable(self._path, error) from None
        finally:
            with suppress(*schema.DAMAGE):  # of the index; what was saved is in the file already
                await thread.aclose()

    async def _open(self) -> ArchiveWriter:
        end = monotonic() + LOCK_WAIT
        while True:
            try:
                return await open_in_thread(
                    partial(ArchiveWriter.open, self._path, self._origin), ArchiveWriter.close
                )
            except ArchiveBusyError:
                if monotonic() >= end:
                    raise
            await asyncio.sleep(_TRY_EVERY)


class _Saving:
    """Saves threads of a source in an open archive."""

    def __init__(self, source: ThreadSource, thread: WriterThread, path: Path) -> None:
        self._source = source
        self._thread = thread
        self._path = path
        self._report = SyncReport()
        self._items = ItemReader(source, thread, _ask, self._report)

    async def save(self, thread_id: str) -> None:
        """Save a thread. Raise `ChatKitError` if not all of it is certainly in the file."""
        try:
            row = await self._retrieve(thread_id)
            thread = Row(thread_id, text_of(row.raw))
            served = await self._read(thread)
            await self._thread.run(self._thread.writer.persist)
            await asyncio.to_thread(_check_saved, self._path, thread, served)
            await self._look_again(thread_id, row)
        except schema.DAMAGE as error:
            raise schema.unwritable(self._path, error) from None

    async def _retrieve(self, thread_id: str) -> RawRow:
        row = await self._source.get_thread(thread_id)
        if row.id != thread_id:
            raise BackupError("the server answers with another thread")
        return row

    async def _read(self, thread: Row) -> list[bytes]:
        """Read a thread into the archive, and return a hash of each item that was served."""
        writer = self._thread.writer
        if not await self._thread.run(writer.store_thread, thread):
            raise BackupError(
                "`archive remove` erased it from the file, which never takes it again:"
                " choose another file"
            )
        had_items = await self._thread.run(writer.items.has_items, thread.id)
        served: list[bytes] = []

        def note(rows: Sequence[Row]) -> None:
            served.extend(_hash(row.raw) for row in rows)

        reason = await self._items.read_again(thread.id, note)
        if reason:
            raise BackupError(f"the list of its items is broken: {reason}")
        if had_items and not served:
            raise BackupError(
                "the server lists no items of it, but the file has some: look at it first, and"
                " delete it again if you still want to"
            )
        return served

    async def _look_again(self, thread_id: str, row: RawRow) -> None:
        """Raise `BackupError` if anything came or changed since the thread was read.

        The items come last: a message is likelier than a new title.
        """
        if (await self._retrieve(thread_id)).raw != row.raw:
            raise BackupError(_CHANGED)
        report = self._report
        before = (report.new_items, report.changed_items)
        reason = await self._items.follow(thread_id)
        if reason:
            raise BackupError(f"the list of its items is broken: {reason}")
        if (report.new_items, report.changed_items) != before:
            raise BackupError(_CHANGED)


async def _ask(request: Callable[[], Awaitable[T]]) -> T:
    return await request()


def _hash(raw: str | bytes) -> bytes:
    text = raw if isinstance(raw, bytes) else raw.encode()
    return hashlib.blake2b(text, digest_size=16).digest()


def _check_saved(path: Path, thread: Row, served: Sequence[bytes]) -> None:
    """Read a thread back from the file. Raise `ArchiveError` if it is not what was served.

    Blocks. A server may list newest first although asked for the oldest.
    """
    with ArchiveReader(path) as reader:
        try:
            raw = reader.thread(thread.id)
            kept = [_hash(item) for item in reader.present_items(thread.id)]
        except NotFoundError:
            raw, kept = "", []
    if raw != thread.raw or kept not in (served, served[::-1]):
        raise ArchiveError(
            f"{path} does not hold what was written to it: run archive verify on it, and choose"
            " another file."
        )

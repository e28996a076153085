"""An archive as a source of threads: read-only, without network."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from chatkit_tui.errors import APIConnectionError
from chatkit_tui.models.timestamps import zone_named
from chatkit_tui.sources.archive import schema
from chatkit_tui.sources.archive.reader import ArchiveReader, Slice
from chatkit_tui.sources.base import (
    Capability,
    CopyState,
    Found,
    ListQuery,
    SearchQuery,
    SourceInfo,
    ThreadSource,
    Version,
)

if TYPE_CHECKING:
    from chatkit_tui.models.page import Page, RawRow
    from chatkit_tui.predicates.predicate import Finding

T = TypeVar("T")


class ArchiveSource(ThreadSource):
    """The threads of an archive file.

    All reading and parsing happens in one thread of its own, so that the event loop never waits for
    the disk, nor keys for the JSON of a large page.
    """

    capabilities = frozenset(
        {
            Capability.FILTER_BY_USER,
            Capability.SEARCH,
            Capability.VERSIONS,
            Capability.PROBLEMS,
        }
    )

    def __init__(self, path: Path) -> None:
        """Open an archive. Raise `ArchiveError` if the file is not one."""
        self._reader = ArchiveReader(path)
        self._executor = ThreadPoolExecutor(1, "archive")
        self._is_closed = False
        self._info = _info(self._reader)
        self._zone = zone_named(self._reader.origin().naive_times)

    @property
    def info(self) -> SourceInfo:
        """How the archive is presented: its name, and when it was last listed to its end."""
        return self._info

    async def list_threads(self, query: ListQuery) -> Page:
        return await self._run(lambda: self._page(self._reader.threads(query)))

    async def list_items(self, thread_id: str, query: ListQuery) -> Page:
        return await self._run(lambda: self._page(self._reader.items(thread_id, query), thread_id))

    async def list_newer_items(self, thread_id: str, known: Sequence[RawRow]) -> Page:
        """Return the items after the last known one that has an id: none while no sync runs."""
        after = next((row.id for row in reversed(known) if row.has_id), None)
        return await self.list_items(thread_id, ListQuery(order="asc", after=after))

    async def get_thread(
        self,
        thread_id: str,
        *,
        background: bool = False,  # noqa: ARG002 # there is no network to wait for
    ) -> RawRow:
        raw = await self._run(partial(self._reader.thread, thread_id))
        return self._page(Slice([(thread_id, raw)], has_more=False)).rows[0]

    async def versions(self, thread_id: str) -> list[Version]:
        """Return the earlier JSON of a thread and of its items, and what is missing."""
        return await self._run(partial(self._reader.versions, thread_id))

    async def copy_state(self, thread_id: str) -> CopyState:
        return await self._run(partial(self._reader.copy_state, thread_id))

    async def search(self, query: SearchQuery) -> Found:
        """Return hits; the language is that of `search.query`."""
        reader = self._reader
        return await self._run(lambda: Found(reader.search(query), reader.searcher.not_indexed()))

    async def problems(
        self, thread_ids: Sequence[str], now: float
    ) -> list[Sequence[Finding] | None]:
        reader = self._reader
        return await self._run(lambda: [reader.problems(name, now) for name in thread_ids])

    async def aclose(self) -> None:
        """Close the file."""
        if not self._is_closed:
            self._is_closed = True
            self._reader.interrupt()
            await asyncio.get_running_loop().run_in_executor(self._executor, self._reader.close)
            self._executor.shutdown()

    def _page(self, found: Slice, thread_id: str = "") -> Page:
        from chatkit_tui.models.page import Page

        texts = [raw if isinstance(raw, bytes) else raw.encode() for _, raw in found.rows]
        return Page.of_texts(texts, has_more=found.has_more, thread_id=thread_id, zone=self._zone)

    async def _run(self, call: Callable[[], T]) -> T:
        if self._is_closed:
            raise APIConnectionError("The archive is closed.")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, call)
        except schema.DAMAGE as error:
            raise schema.unreadable(self._reader.path, error) from None


def archive_info(path: Path) -> SourceInfo:
    """Return how an archive is presented. Raise `ArchiveError` if the file is not one."""
    with ArchiveReader(path) as reader:
        return _info(reader)


def _info(reader: ArchiveReader) -> SourceInfo:
    listed_at = reader.listed_at()
    day = f" {datetime.fromtimestamp(listed_at, UTC):%Y-%m-%d}" if listed_at else ""
    return SourceInfo(
        "archive", reader.path.name, badge=f"ARCHIVE{day}", names_users=reader.names_users()
    )

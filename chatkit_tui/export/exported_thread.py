"""A thread that is read to its end, or as far as possible, before it is exported."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from chatkit_tui.errors import APIError, ExportError, UnknownCursorError
from chatkit_tui.export.spool import Spool
from chatkit_tui.models.page import RawRow
from chatkit_tui.sources.base import ListQuery, SourceInfo, ThreadSource
from chatkit_tui.sources.paging import ignores_order, list_pages

if TYPE_CHECKING:
    from chatkit_tui.export.redaction.redactor import Redactor

PAGE: Final = 100
"""Rows of a page, the most that the hosted API gives."""


class ExportFacts(NamedTuple):
    """What every export states of itself. The texts are untrusted."""

    fetched_at: float
    """Unix seconds."""
    source: str
    """Name and host."""
    is_complete: bool = True
    incomplete_reason: str | None = None
    is_redacted: bool = False


class ExportedThread:
    """A thread with all of its items that could be read; closing it deletes them."""

    def __init__(
        self,
        thread: RawRow,
        facts: ExportFacts,
        items: Spool,
        *,
        newest_first: bool = False,
        error: APIError | None = None,
    ) -> None:
        """Take the items in a spool, in the order of the source."""
        self.thread = thread
        self.facts = facts
        self.error = error
        """The error that ended the reading, if one did."""
        self._items = items
        self._newest_first = newest_first

    @property
    def item_count(self) -> int:
        return self._items.count

    def items(self) -> Iterator[RawRow]:
        """Yield the items, oldest first, from the disk. May be called again. Raise `OSError`."""
        return self._items.rows(backwards=self._newest_first)

    def close(self) -> None:
        """Delete the items."""
        self._items.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


async def read_thread(
    source: ThreadSource,
    thread: RawRow | str,
    *,
    redactor: Redactor | None = None,
    folder: Path | None = None,
    now: Callable[[], float] = time.time,
) -> ExportedThread:
    """Return a thread, given by its row or id, with its items; redacted by `redactor`.

    If not all items can be read, the facts say so. `folder` has the temporary file. Raise
    `APIError` if nothing can be read, and `ExportError` if the items cannot be stored.
    """
    fetched_at = now()
    row = await source.get_thread(thread) if isinstance(thread, str) else thread
    thread_id = thread if isinstance(thread, str) else thread.name
    items = Spool(folder)
    try:
        reading = _Reading(source, thread_id, items, redactor)
        await reading.run()
        copied = await source.copy_state(thread_id)
    except BaseException:
        items.close()
        raise
    reason = reading.reason
    if copied is not None:
        fetched_at = fetched_at if copied.fetched_at is None else copied.fetched_at
        reason = reason or copied.incomplete_reason
    if redactor:
        row, reason = redactor.row(row), redactor.text(reason)
    facts = ExportFacts(
        fetched_at,
        source_words(source.info, redactor),
        not reason,
        reason or None,
        redactor is not None,
    )
    return ExportedThread(
        row,
        facts,
        items,
        newest_first=reading.newest_first,
        error=reading.error,
    )


def source_words(info: SourceInfo, redactor: Redactor | None = None) -> str:
    """Return the name and host of a source, redacted if there is a redactor."""
    words = ", ".join(filter(None, (info.name, info.host)))
    return redactor.label(words) if redactor else words


class _Reading:
    """The reading of the items of one thread."""

    def __init__(
        self,
        source: ThreadSource,
        thread_id: str,
        items: Spool,
        redactor: Redactor | None,
    ) -> None:
        self._list_items = partial(source.list_items, thread_id)
        self._items = items
        self._redactor = redactor
        self.newest_first = False
        self.reason = ""
        self.error: APIError | None = None

    async def run(self) -> None:
        """Read all items; once more from the start if an item that is a cursor was deleted."""
        try:
            await self._read()
        except UnknownCursorError:
            self._items.clear()
            try:
                await self._read()
            except APIError as error:
                self._end(error)
        except APIError as error:
            self._end(error)

    def _end(self, error: APIError) -> None:
        if not self._items.count:
            raise error
        self.error = error
        self.reason = error.reason or str(error)

    async def _read(self) -> None:
        is_first = True
        async for step in list_pages(self._list_items, ListQuery(PAGE, "asc")):
            if is_first:
                newest = partial(self._list_items, ListQuery(PAGE, "desc"))
                self.newest_first = await ignores_order(step.page, newest)
                is_first = False
            self.reason = step.next.reason or ""
            try:
                rows = step.page.loose_rows(step.skipped)
                await asyncio.to_thread(self._store, rows)
            except OSError as error:
                raise ExportError(
                    f"The items cannot be kept in a temporary file: {error.strerror or error}."
                ) from None

    def _store(self, rows: tuple[RawRow, ...]) -> None:
        self._items.add(tuple(map(self._redactor.row, rows)) if self._redactor else rows)

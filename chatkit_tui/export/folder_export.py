"""Export many threads to a folder, one file per thread, so that a later run continues it.

A thread whose file is complete is not read again, even if it has changed since; one that failed
or was incomplete is. Nothing that an export did not write is replaced, unless it starts over.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from chatkit_tui.errors import (
    APIError,
    ChatKitError,
    ExportError,
    InvalidArgumentError,
    UnknownCursorError,
    error_line,
)
from chatkit_tui.export.exported_thread import ExportedThread, read_thread, source_words
from chatkit_tui.export.file_names import FileNames
from chatkit_tui.export.manifest import Entry, Manifest, State, unwritable
from chatkit_tui.export.report import ExportReport, FailureLimit
from chatkit_tui.export.thread_files import write_thread
from chatkit_tui.models.page import RawRow
from chatkit_tui.sources.base import ListQuery
from chatkit_tui.sources.paging import list_pages

if TYPE_CHECKING:
    from chatkit_tui.export.formats import ExportFormat
    from chatkit_tui.export.parquet.batches import ParquetExport
    from chatkit_tui.export.redaction.redactor import Redactor
    from chatkit_tui.render import RenderContext
    from chatkit_tui.sources.base import ThreadSource

AT_ONCE: Final = 4
"""Threads that are exported at the same time."""
_PAGE: Final = 100
_MOST_PENDING: Final = 300
"""Listed threads that may wait to be exported; with more, the list waits."""


async def selected_threads(
    source: ThreadSource, user: str | None, report: ExportReport
) -> AsyncIterator[RawRow]:
    """Yield all threads, or those of a user, newest first; note in `report` what is missing.

    The list is read from its start again, once, if a thread that is its cursor was deleted. Raise
    `APIError`.
    """
    known: set[str] = set()
    for is_last in (False, True):
        try:
            async for step in list_pages(source.list_threads, ListQuery(_PAGE, "desc", user=user)):
                if not all(row.has_id for row in step.rows):
                    report.listing_reason = "it has rows without an id, which cannot be read"
                for row in step.rows:
                    if row.has_id and row.name not in known:
                        known.add(row.name)
                        yield row
                report.listing_reason = step.next.reason or report.listing_reason
            return
        except UnknownCursorError:
            if is_last:
                raise


class FolderExport:
    """An export to a folder, which is locked until it is closed."""

    def __init__(
        self,
        source: ThreadSource,
        folder: Path,
        kind: ExportFormat,
        context: RenderContext,
        report: ExportReport,
        *,
        redactor: Redactor | None = None,
        start_over: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Open the folder, which is created if necessary.

        With `start_over`, every thread is read and every file replaced. Raise `ExportError` if the
        folder cannot be written or has another export, and `MissingExtraError`.
        """
        dataset = _dataset_type() if kind == "parquet" else None
        self.report = report
        self._source = source
        self._folder = folder
        self._kind = kind
        self._context = context
        self._redactor = redactor
        self._start_over = start_over
        self._now = now
        self._failures = FailureLimit()
        self._names = FileNames()
        was_used = redactor is not None and any(redactor.highest.values())
        self._manifest = Manifest.open(
            folder,
            source_words(source.info, redactor),
            started_at=now(),
            redacted=redactor is not None,
            start_over=start_over,
        )
        if redactor is not None:
            if was_used and self._manifest.runs - {redactor.run}:
                self._manifest.close()
                raise ExportError(
                    f"{folder} has tokens of an earlier mask, which stand for other values:"
                    " choose another folder."
                )
            redactor.go_on_after(self._manifest.numbers)
        for thread_id, entry in self._manifest.entries():
            if entry.file is not None:
                self._names.take(_stem(entry.file), thread_id)
        self._dataset: ParquetExport | None = None
        if dataset is not None:
            try:
                self._dataset = dataset.open(folder, self._manifest, start_over=start_over)
            except ExportError:
                self._manifest.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files, and let others export to the folder."""
        if self._dataset:
            self._dataset.close()
        self._manifest.close()

    async def run(self, threads: AsyncIterator[RawRow | str]) -> None:
        """Export threads, given by their rows or ids.

        Raise `ExportError` if a file cannot be written, and an `APIError` that would affect every
        other thread as well.
        """
        pending: asyncio.Queue[RawRow | str | None] = asyncio.Queue(_MOST_PENDING)

        async def put_all() -> None:
            async for thread in threads:
                if self._is_done(thread):
                    self.report.already_done += 1
                else:
                    self.report.to_do += 1
                    await pending.put(thread)
            self.report.listing_ended = True
            for _ in range(AT_ONCE):
                await pending.put(None)

        async def take() -> None:
            while (thread := await pending.get()) is not None:
                await self._export(thread)
                self.report.to_do -= 1

        tasks = [asyncio.create_task(work()) for work in (put_all, *[take] * AT_ONCE)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._dataset:
                await self._end(self._dataset)

    async def _end(self, dataset: ParquetExport) -> None:
        """Finish the last batch; count no thread of one that failed."""
        try:
            await asyncio.to_thread(dataset.end)
        finally:
            self.report.exported, self.report.items = dataset.threads, dataset.items

    def _is_done(self, thread: RawRow | str) -> bool:
        entry = self._manifest.entry(_id(thread), self._kind)
        return entry is not None and entry.state is State.DONE

    async def _export(self, thread: RawRow | str) -> None:
        thread_id = _id(thread)
        before = self._manifest.entry(thread_id, self._kind)
        error: ChatKitError | None
        try:
            exported = await read_thread(
                self._source, thread, redactor=self._redactor, folder=self._folder, now=self._now
            )
        except (APIError, InvalidArgumentError) as caught:
            error = caught
            self._fail(thread_id, before and before.file, error_line(error), error)
        else:
            error = exported.error
            with exported:
                if self._dataset:
                    await _in_thread(partial(self._dataset.add, exported))
                    self.report.add(thread_id, exported)
                else:
                    await self._write(thread_id, exported, before and before.file)
        self._failures.check(error)

    async def _write(self, thread_id: str, exported: ExportedThread, before: str | None) -> None:
        """Write a thread, in place of the file `before` of an earlier run, and note it."""
        name = self._names.name_for(exported.thread) if before is None else _stem(before)
        file = f"{name}.{self._kind}"
        may_replace = self._start_over or before is not None
        work = partial(self._write_and_note, exported, file, replace=may_replace)
        try:
            # The worker must end before the record is closed.
            await _in_thread(work, stop=exported.close)
        except FileExistsError:
            self._fail(thread_id, None, _exists(file))
            return
        except OSError as error:
            raise unwritable(self._folder / file, error) from None
        self.report.add(thread_id, exported)

    def _write_and_note(self, exported: ExportedThread, file: str, *, replace: bool) -> None:
        path = self._folder / file
        if not replace and path.exists():
            raise FileExistsError(file)
        note = partial(self._manifest.add, exported.thread.name, self._kind)
        numbers: dict[str, object] = {}
        if self._redactor:
            numbers = {"numbers": dict(self._redactor.highest), "run": self._redactor.run}
        note(Entry(file, State.STARTED), **numbers)
        write_thread(exported, self._kind, self._context, path, replace=replace)
        count, reason = exported.item_count, exported.facts.incomplete_reason
        if reason is None:
            note(Entry(file, State.DONE), items=count)
        else:
            note(Entry(file, State.INCOMPLETE), items=count, reason=reason)

    def _fail(
        self, thread_id: str, file: str | None, reason: str, error: ChatKitError | None = None
    ) -> None:
        """Note a thread as failed; `file` is what an earlier run wrote of it."""
        shown_id = thread_id
        if self._redactor:
            shown_id, reason = map(self._redactor.text, (thread_id, reason))
        self.report.add_failure(thread_id, reason, error)
        self._manifest.add(shown_id, self._kind, Entry(file, State.FAILED), reason=reason)


def _dataset_type() -> type[ParquetExport]:
    from chatkit_tui.export.parquet.batches import ParquetExport
    from chatkit_tui.export.parquet.dataset import check_installed

    check_installed()
    return ParquetExport


async def _in_thread(work: Callable[[], None], stop: Callable[[], object] | None = None) -> None:
    """Do work in a thread. If cancelled, call `stop`, which may make it fail, and wait for it."""
    working = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        await asyncio.shield(working)
    except asyncio.CancelledError:
        if stop is not None:
            stop()
        await asyncio.gather(working, return_exceptions=True)
        raise


def _id(thread: RawRow | str) -> str:
    return thread if isinstance(thread, str) else thread.name


def _exists(file: str) -> str:
    return f"{file} exists; --force replaces it"


def _stem(file: str) -> str:
    return file.partition(".")[0]

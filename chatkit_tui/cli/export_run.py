"""Run an export: its source, its target, its progress, its end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_tui.cli.connection import Connection, retry_reporter
from chatkit_tui.cli.exit_codes import DONE, FAILED, NOT_FOUND, exit_code
from chatkit_tui.cli.output import (
    cell,
    exact_cell,
    flush,
    on_terminal,
    report,
    write,
    write_json,
    write_object,
)
from chatkit_tui.cli.progress import progress
from chatkit_tui.cli.signals import SignalReceivedError, until_signal
from chatkit_tui.cli.sources import clock, open_source
from chatkit_tui.errors import ChatKitError, ExportError, error_line
from chatkit_tui.export.folder_export import AT_ONCE, FolderExport, selected_threads
from chatkit_tui.export.formats import ExportFormat
from chatkit_tui.export.manifest import unwritable
from chatkit_tui.export.report import REFUSALS, ExportReport
from chatkit_tui.export.stream_export import export_each
from chatkit_tui.export.thread_files import write_thread
from chatkit_tui.render import RenderContext
from chatkit_tui.storage.new_file import new_file
from chatkit_tui.storage.private_file import open_file, write_all
from chatkit_tui.text.plain import counted

if TYPE_CHECKING:
    from chatkit_tui.export.exported_thread import ExportedThread
    from chatkit_tui.export.redaction.redactor import Redactor
    from chatkit_tui.models.page import RawRow
    from chatkit_tui.sources.base import ThreadSource


class Target(Enum):
    """Where threads are exported to."""

    FOLDER = auto()
    FILE = auto()
    OUTPUT = auto()


@dataclass(frozen=True, slots=True)
class ExportRun:
    """`export` as it was asked for."""

    connection: Connection
    ids: Sequence[str] | None
    """None for all threads, or those of the user in the settings."""
    target: Target
    path: Path
    kind: ExportFormat
    force: bool
    as_json: bool
    redactor: Redactor | None = None

    def run(self) -> int:
        """Export, and return the exit code."""
        counts = ExportReport()
        failure: ChatKitError | None = None
        interrupted = 0
        try:
            asyncio.run(self._run(counts))
            flush()
        except SignalReceivedError as error:
            interrupted = error.exit_code
        except ChatKitError as error:
            failure = error
        self._end(counts, failure, is_interrupted=bool(interrupted))
        if interrupted:
            return interrupted
        return exit_code(failure) if failure else _code(counts)

    @property
    def _is_single(self) -> bool:
        """Whether one thread was asked for. The file of several is left out if any fails."""
        return self.ids is not None and len(self.ids) == 1

    async def _run(self, counts: ExportReport) -> None:
        settings = self.connection.settings
        observer = retry_reporter(settings.host)
        source = open_source(settings, self.connection.access, observer, at_once=AT_ONCE)
        is_quiet = self.target is Target.OUTPUT and on_terminal()
        try:
            async with nullcontext() if is_quiet else progress(counts):
                await until_signal(self._export(source, counts), within=None)
        finally:
            await source.aclose()

    async def _export(self, source: ThreadSource, counts: ExportReport) -> None:
        settings = self.connection.settings
        now = clock(settings)
        zone = UTC if settings.zone == "utc" else None
        context = RenderContext(now=now(), zone=zone, relative=False, plain=settings.plain)
        if self.target is Target.FOLDER:
            with FolderExport(
                source,
                self.path,
                self.kind,
                context,
                counts,
                redactor=self.redactor,
                start_over=self.force,
                now=now,
            ) as folder:
                await folder.run(self._threads(source, counts))
            return
        try:
            with self._writer(context) as write_one:
                await export_each(
                    source,
                    self._threads(source, counts),
                    write_one,
                    counts,
                    redactor=self.redactor,
                    now=now,
                )
                if self.target is Target.FILE and not counts.exported:
                    raise _NothingExportedError
        except _NothingExportedError:
            pass
        except FileExistsError:
            raise ExportError(f"{self.path} exists: --force replaces it.") from None
        except OSError as error:
            raise unwritable(self.path, error) from None

    @contextmanager
    def _writer(self, context: RenderContext) -> Iterator[Callable[[ExportedThread], None]]:
        """Yield a function that writes a thread to the file or standard output."""
        if self.target is Target.OUTPUT:
            yield partial(self._write_output, context)
        elif self._is_single:
            yield partial(
                write_thread,
                kind=self.kind,
                context=context,
                path=self.path,
                replace=self.force,
            )
        else:
            with (
                new_file(self.path, replace=self.force) as unfinished,
                open_file(unfinished, os.O_WRONLY) as descriptor,
            ):
                yield partial(self._append, descriptor, context)
                os.fsync(descriptor)

    def _append(self, descriptor: int, context: RenderContext, exported: ExportedThread) -> None:
        for piece in self.kind.pieces(exported, context):
            write_all(descriptor, piece)

    def _write_output(self, context: RenderContext, exported: ExportedThread) -> None:
        for piece in self.kind.pieces(exported, context):
            if self.kind.is_json:
                write_json(piece)
            else:
                write(piece.decode())

    async def _threads(
        self, source: ThreadSource, counts: ExportReport
    ) -> AsyncIterator[RawRow | str]:
        if self.ids is None:
            async for row in selected_threads(source, self.connection.settings.user, counts):
                yield row
        else:
            for thread_id in self.ids:
                yield thread_id

    # -- the end -----------------------------------------------------------------------------------

    def _end(
        self, counts: ExportReport, failure: ChatKitError | None, *, is_interrupted: bool
    ) -> None:
        """Report what is missing, and write what was done."""
        self._report_missing(counts, failure)
        if self.redactor is not None and counts.exported:
            report(f"Redacted: {_counts_by_kind(self.redactor)}.")
        if is_interrupted:
            report(
                "Interrupted. What was exported is complete; the next export continues from there."
                if self.target is Target.FOLDER
                else "Interrupted."
            )
        is_cut = failure is not None or is_interrupted
        if self.target is Target.OUTPUT or (failure and not counts.done):
            return
        if self.target is Target.FILE and is_cut and not self._is_single:
            return
        if self.target is Target.FILE and not (counts.exported or self.as_json):
            return
        if self.as_json:
            write_object(self._result(counts))
        else:
            for line in self._summary(counts):
                write(f"{line}\n")

    def _report_missing(self, counts: ExportReport, failure: ChatKitError | None) -> None:
        """Report threads that are incomplete or failed, and once what ended the export."""
        ending = error_line(failure) if failure else ""
        ending = self.redactor.text(ending) if self.redactor else ending
        for thread_id, reason in counts.incomplete.items():
            report(f"{exact_cell(thread_id)} is incomplete: {cell(reason)}")
        same = counts.refused if isinstance(failure, REFUSALS) else ()
        for thread_id, reason in counts.failed.items():
            if self._is_single or (reason != ending and thread_id not in same):
                report(f"{exact_cell(thread_id)}: {cell(reason)}")
        if counts.listing_reason:
            report(f"The list of threads is incomplete: {counts.listing_reason}.")
        if ending and not (counts.failed and self._is_single):
            report(ending)

    def _summary(self, counts: ExportReport) -> Iterator[str]:
        yield (
            f"{counted(counts.exported, 'thread')} exported to {exact_cell(str(self.path))}:"
            f" {counted(counts.items, 'item')}."
        )
        if counts.already_done:
            yield f"{counted(counts.already_done, 'thread')} done before and left alone."
        if counts.failed:
            yield f"{counted(len(counts.failed), 'thread')} failed."
        if counts.incomplete:
            yield f"{counted(len(counts.incomplete), 'thread')} incomplete."

    def _result(self, counts: ExportReport) -> dict[str, object]:
        return {
            "output": str(self.path),
            "format": str(self.kind),
            "exported": counts.exported,
            "items": counts.items,
            "already_done": counts.already_done,
            "incomplete": counts.incomplete,
            "failed": counts.failed,
            "listing_reason": counts.listing_reason or None,
            "redacted": dict(self.redactor.counts) if self.redactor else None,
        }


def _counts_by_kind(redactor: Redactor) -> str:
    found = [f"{count:,} {kind}" for kind, count in redactor.counts.items() if count]
    return ", ".join(found) or "nothing was found"


def _code(counts: ExportReport) -> int:
    if not (counts.failed or counts.incomplete or counts.listing_reason):
        return DONE
    is_nothing_found = counts.not_found == counts.done > 0
    return NOT_FOUND if is_nothing_found else FAILED


class _NothingExportedError(Exception):
    """Leaves no file behind."""

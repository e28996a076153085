"""Run a synchronization: its source, its progress, its end."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from chatkit_tui.cli.connection import Connection
from chatkit_tui.cli.exit_codes import DONE, FAILED, NOT_FOUND, exit_code
from chatkit_tui.cli.output import exact_cell, write, write_object
from chatkit_tui.cli.output import report as report_line
from chatkit_tui.cli.progress import progress
from chatkit_tui.cli.signals import SignalReceivedError, until_signal
from chatkit_tui.cli.sources import check_user_filter, open_source
from chatkit_tui.errors import (
    ArchiveError,
    ChatKitError,
    InvalidArgumentError,
    OtherOriginError,
    error_line,
)
from chatkit_tui.sources.archive.reader import ArchiveReader
from chatkit_tui.sources.archive.schema import DAMAGE, Origin, unreadable, unwritable
from chatkit_tui.sources.archive.verify import Damage
from chatkit_tui.sources.archive.writer import ArchiveWriter
from chatkit_tui.sources.base import Retry, SourceObserver, ThreadSource
from chatkit_tui.sync.gate import RequestGate
from chatkit_tui.sync.report import SyncReport
from chatkit_tui.sync.synchronize import Synchronization, SyncOptions
from chatkit_tui.text.plain import counted

NAMED_INCOMPLETE: Final = 20


class _Pauses(SourceObserver):
    """Lets all requests wait when the server asks one to wait."""

    def __init__(self) -> None:
        self.synchronization: Synchronization | None = None

    def on_retry(self, retry: Retry) -> None:
        if self.synchronization is not None:
            self.synchronization.pause(retry.delay)


@dataclass(frozen=True, slots=True)
class SyncCommand:
    """`archive sync` as it was asked for."""

    connection: Connection
    file: Path
    origin: Origin
    options: SyncOptions
    most_requests: int | None
    seconds: float | None
    rate: float | None
    as_json: bool

    def run(self) -> int:
        """Synchronize, and return the exit code."""
        started = time.time()
        report = SyncReport()
        interrupted: int | None = None
        failure: ChatKitError | None = None
        try:
            asyncio.run(self._run(report))
        except SignalReceivedError as error:
            interrupted = error.exit_code
        except DAMAGE as error:
            failure = unwritable(self.file, error)
        except InvalidArgumentError as error:  # an id of the file that no request can have
            failure = unreadable(self.file, error)
        except ChatKitError as error:
            failure = error
        code = interrupted or self._code(report, failure)
        if failure is not None:
            report_line(error_line(failure))
        if interrupted:
            report_line("Interrupted. What was read is saved; the next sync continues from there.")
        has_begun = report.listed or report.read or report.checked
        if isinstance(failure, ArchiveError) or (failure is not None and not has_begun):
            return code  # counts would include what was not written
        if self.as_json:
            counts = {**asdict(report), "to_do": report.to_do}
            write_object({"file": str(self.file), "started_at": int(started), **counts})
        else:
            for line in summary(report, self.options):
                write(f"{line}\n")
        return code

    def _code(self, report: SyncReport, failure: ChatKitError | None) -> int:
        is_refused = isinstance(failure, OtherOriginError)
        if isinstance(failure, ArchiveError) and report.requests and not is_refused:
            return FAILED
        if failure is not None:
            code = exit_code(failure)
            return FAILED if code == NOT_FOUND else code  # the list of threads; no thread was named
        return FAILED if report.incomplete or report.listing_reason else DONE

    async def _run(self, report: SyncReport) -> None:
        pauses = _Pauses()
        connection, most = self.connection, self.options.concurrency
        source = open_source(connection.settings, connection.access, pauses, at_once=most)
        try:
            if self.options.users:
                check_user_filter(connection.settings, source)
            writer = ArchiveWriter.open(self.file, self.origin)
            gate = RequestGate(
                self.options.concurrency,
                rate=self.rate,
                most_requests=self.most_requests,
                seconds=self.seconds,
            )
            synchronization = Synchronization(source, writer, gate, self.options, report)
            pauses.synchronization = synchronization
            async with progress(report):
                await until_signal(synchronization.run(), within=None)
        finally:
            await source.aclose()


# -- the end ---------------------------------------------------------------------------------------


def summary(report: SyncReport, options: SyncOptions) -> list[str]:
    """Return what a synchronization has done, in words that claim no more than was seen."""
    lines = [
        _listed(report, options),
        f"{counted(report.read, 'thread')} read, {report.checked:,} checked for new items:"
        f" {counted(report.new_items, 'item')} added, {report.changed_items:,} changed.",
    ]
    if report.missing:
        lines.append(f"No longer there: {counted(report.missing, 'thread')}; kept in the archive.")
    if report.to_do:
        reason = "the budget is used" if report.budget_used else "this one ended early"
        lines.append(
            f"{counted(report.to_do, 'thread')} left for the next sync, since {reason}:"
            f" {report.to_read:,} to read, {report.to_check:,} to check for new items."
        )
    if report.listing_reason:
        lines.append(f"The list of threads is incomplete: {report.listing_reason}.")
    if report.incomplete:
        lines.append(f"{len(report.incomplete):,} incomplete:")
        named = list(report.incomplete.items())[:NAMED_INCOMPLETE]
        lines += [f"  {exact_cell(name)}\t{exact_cell(reason)}" for name, reason in named]
        if len(report.incomplete) > len(named):
            lines.append(f"  and {len(report.incomplete) - len(named):,} more")
    return lines


def _listed(report: SyncReport, options: SyncOptions) -> str:
    """Return what was listed, and whether that is everything."""
    of = f" of {counted(len(options.users), 'user')}" if options.users else ""
    older = f"; {report.older:,} older than --since, left out" if report.older else ""
    if report.listing_complete:
        which = "the others by an earlier sync" if report.listing_continued else "all of them"
    else:
        reached_older = report.older and report.listing_ended and not report.listing_reason
        which = "not all: the next ones are older" if reached_older else "not all"
    listed = f"{counted(report.listed, 'thread')}{of} listed"
    return f"{listed} ({which}); {report.new_threads:,} new{older}."


# -- comparison ------------------------------------------------------------------------------------


def compare_with_source(
    connection: Connection, file: Path, origin: Origin, sample: int | None
) -> tuple[dict[str, object], list[Damage]]:
    """Compare an archive with its source; return counts and the differences.

    Raise `ArchiveError` if the archive comes from elsewhere.
    """
    from chatkit_tui.sync.comparison import Comparison

    async def compare(source: ThreadSource) -> tuple[dict[str, object], list[Damage]]:
        comparison = Comparison(source, reader, sample)
        async with progress(comparison):
            return await comparison.run()

    with ArchiveReader(file) as reader:
        reader.check_origin(origin)
        if users := reader.listed_users():
            of = f"of {counted(len(users), 'user')}"
            report_line(
                f"Only threads {of} are compared, since no sync of this file asked for more."
            )
        return connection.run(compare)

"""Scan threads for problems, and mark the rows of those that have some."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from chatkit_tui.errors import ChatKitError, error_line
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.actions.background_run import BackgroundRun

if TYPE_CHECKING:
    from chatkit_tui.inspection.problem_scan import FoundThread, ProblemScan
    from chatkit_tui.ui.threads.rows import Row


class ScanActions:
    """Keeps the scan; what it found is in the findings of the list."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host
        self._scan: ProblemScan | None = None
        """The last scan, which is continued unless it has ended."""
        self._scope: tuple[str | None, str] = (None, "")
        """The user and the filter of the list at its beginning."""
        self._kind = ""
        self._reported_at = 0.0
        """When progress was reported last, in seconds of the monotonic clock."""
        self.run = BackgroundRun(host, "scan")

    @property
    def work(self) -> str:
        """How far a scan that runs is; empty without one."""
        if self._scan is None or not self.run.is_on:
            return ""
        return f"scan: {self._scan.words(self._host.options.zone, self._kind)}"

    def action_scan(self) -> None:
        """Scan the threads that the list shows.

        With the threads of one user, or a filter by `since:`, also those that are not loaded yet.
        """
        if self.run.is_on:
            return
        threads = self._host.threads
        scope = (threads.user, threads.filter)
        if self._scan is None or self._scan.threads.has_ended or scope != self._scope:
            self._scan, self._kind = self._new_scan()
            self._scope = scope
        if self._scan is None:
            self._host.status.report("scan: no threads are shown")
            return
        self._reported_at = monotonic()
        self.run.start(self._run)

    def action_stop_scan(self) -> None:
        """Stop the scan; what it found stays."""
        if self._scan is not None and self.run.stop():
            self._host.status.report(f"stopped: {self._words(self._scan)}")

    def go_to_found(self, row: Row) -> None:
        """Go to the first problem of the opened thread that the filter of the list asks for."""
        threads = self._host.threads
        if item_id := threads.list.findings.item(row.id, threads.filtering.predicates):
            self._host.transcript.seek(item_id)

    def _new_scan(self) -> tuple[ProblemScan | None, str]:
        """Return a scan of what the list shows, if anything, and in a word which threads those are.

        Of loaded threads, those that the filter needs to be read, else those that no scan has read,
        else all.
        """
        from chatkit_tui.inspection.problem_scan import ProblemQuery, ProblemScan

        threads = self._host.threads
        since = threads.filtering.since
        if threads.user is not None or since is not None:
            return ProblemScan(ProblemQuery(user=threads.user, since=since)), "listed"
        rows, findings = threads.list.rows, threads.list.findings
        shown = rows.entries()
        unread = [row for row in shown if findings.of(row.name) is None]
        wanted = rows.undecided or unread or shown
        return ProblemScan(ProblemQuery(), wanted) if wanted else None, "loaded"

    async def _run(self) -> None:
        host, scan = self._host, self._scan
        if scan is None:
            return
        host.update_lines()
        try:
            source = await host.get_source()
            await scan.run(source, self._found, now=host.options.clock)
        except ChatKitError as error:
            host.status.report(sanitize(error_line(error)), bad=True)
        else:
            host.status.report(self._words(scan))
        host.threads.filter_again()

    def _words(self, scan: ProblemScan) -> str:
        words = f"scan: {scan.words(self._host.options.zone, self._kind)}"
        return words if scan.threads.has_ended else f"{words}; the same command continues"

    def _found(self, thread: FoundThread) -> None:
        from chatkit_tui.predicates.predicate import Predicate

        host, name = self._host, thread.thread.name
        found: dict[Predicate, str | None] = {}
        for problem in thread.found:
            found.setdefault(Predicate(problem.predicate), problem.item_id)
        rows = host.threads.list
        rows.findings.set(name, found)
        if (index := rows.rows.index(name)) is not None:
            rows.refresh_thread(index)
        now = monotonic()
        if now - self._reported_at >= self.run.interval:
            self._reported_at = now
            host.threads.filter_again()
            host.update_lines()

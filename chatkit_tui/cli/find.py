"""`chatkit-tui threads find`: the threads with problems, or with a text."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from chatkit_tui.cli.options import parse_date_option
from chatkit_tui.cli.output import cell, exact_cell, report, timestamp, write, write_json
from chatkit_tui.cli.sources import clock
from chatkit_tui.errors import ChatKitError
from chatkit_tui.inspection.problem_scan import FoundThread, ProblemQuery, ProblemScan
from chatkit_tui.predicates.predicate import Predicate
from chatkit_tui.text.json_text import compact

if TYPE_CHECKING:
    from chatkit_tui.cli.connection import Connection
    from chatkit_tui.config.settings import Settings
    from chatkit_tui.sources.base import ThreadSource


_BUDGET: Final = 1_000
"""Requests by default; an archive costs none."""


class ThreadFinder:
    """A run of the command: it writes each thread as soon as it is found."""

    def __init__(
        self,
        connection: Connection,
        wanted: ProblemQuery,
        *,
        budget: int | None,
        as_json: bool,
        as_lines: bool,
    ) -> None:
        """`budget` are requests; None for the default.

        Raise `InvalidArgumentError` for a text that cannot be searched for."""
        self._connection = connection
        self._scan = ProblemScan(wanted)
        is_file = connection.settings.archive or connection.settings.database
        default = sys.maxsize if is_file else _BUDGET
        self._budget = default if budget is None else budget
        self._as_json = as_json
        self._as_lines = as_lines
        self._written = 0

    def run(self) -> None:
        """Find the threads. Raise what the source raises, after the end of the output."""
        if self._as_json:
            write_json(b'{"object":"list","data":[\n')
        try:
            self._connection.run(self._find)
        except KeyboardInterrupt:
            self._end("interrupted")
            raise
        except ChatKitError:
            self._end("error")
            raise
        self._end("")

    async def _find(self, source: ThreadSource) -> None:
        now = clock(self._connection.settings)
        await self._scan.run(source, self._write, now=now, budget=self._budget)

    def _write(self, thread: FoundThread) -> None:
        if not thread.found:
            return
        if not (self._as_json or self._as_lines):
            write("\t".join(_cells(thread)) + "\n")
        elif self._as_lines:
            write_json(compact(_json(thread)) + b"\n")
        else:
            write_json((b",\n" if self._written else b"") + _json(thread))
        self._written += 1

    def _end(self, reason: str) -> None:
        """End the output, and report what is not in it."""
        threads = self._scan.threads
        if not reason and threads.broken:
            reason = "broken-list"
        elif not reason and not threads.has_ended:
            reason = "budget"
        if self._as_json:
            fields = {"has_more": bool(reason), "scanned": threads.read, "reason": reason or None}
            tail = json.dumps(fields, separators=(",", ":"))[1:].encode()
            write_json((b"\n]," if self._written else b"],") + tail + b"\n")
        is_partial = threads.failed or threads.deleted or self._scan.not_indexed
        if reason or not self._written or is_partial:
            more = " (--budget N)" if reason == "budget" else ""
            report(f"find: {self._scan.words()}{more}")


def wanted_threads(
    predicates: Sequence[Predicate],
    text: str | None,
    status: str | None,
    since: str | None,
    until: str | None,
    settings: Settings,
) -> ProblemQuery:
    """Return the query of the options: without predicate and text, any problem is wanted."""
    wanted, zone, now = frozenset(predicates), settings.zone, clock(settings)()
    return ProblemQuery(
        wanted if wanted or text is not None else frozenset(Predicate),
        text=text,
        user=settings.user or None,
        status=status,
        since=parse_date_option("--since", since, zone, now),
        until=parse_date_option("--until", until, zone, now, end=True),
    )


def _json(thread: FoundThread) -> bytes:
    """Return a row: the thread as its source sent it, and what was found."""
    found = [problem._asdict() for problem in thread.found]
    return b'{"thread":' + thread.thread.raw + b',"found":' + json.dumps(found).encode() + b"}"


def _cells(thread: FoundThread) -> tuple[str, ...]:
    from chatkit_tui.models.threads import read_thread

    read = read_thread(thread.thread)
    return (
        exact_cell(read.id),
        exact_cell(read.user or "") or "-",
        timestamp(read.time),
        ",".join(dict.fromkeys(problem.predicate for problem in thread.found)),
        cell(read.title or "") or "-",
    )

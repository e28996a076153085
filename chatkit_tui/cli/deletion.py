"""`threads delete`: the lookup, the deletion and its results."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from chatkit_tui.cli.connection import Connection, deletion_journal
from chatkit_tui.cli.exit_codes import (
    DONE,
    FAILED,
    NOT_AUTHORIZED,
    NOT_FOUND,
    combined_code,
    exit_code,
)
from chatkit_tui.cli.output import (
    OutputError,
    ReaderGoneError,
    cell,
    exact_cell,
    is_terminal,
    report,
    table,
    write,
)
from chatkit_tui.cli.question import Terminal, open_terminal
from chatkit_tui.cli.signals import SignalWatch
from chatkit_tui.cli.sources import clock, source_info
from chatkit_tui.deletion.backup import PERSONAL, describe_backup
from chatkit_tui.deletion.delete import DeletionResult, delete_threads, stop_reason
from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount, ThreadOutcome
from chatkit_tui.deletion.report import count_outcomes, report_unreported
from chatkit_tui.errors import ChatKitError, NotFoundError, ReadOnlyError, error_line
from chatkit_tui.secrets import redact_json
from chatkit_tui.sources.base import Capability, Outcome
from chatkit_tui.storage.private_file import path_exists
from chatkit_tui.text.plain import ui_text

if TYPE_CHECKING:
    from chatkit_tui.deletion.backup import Backup
    from chatkit_tui.models.threads import Thread
    from chatkit_tui.sources.base import Deletion, SourceInfo, ThreadSource


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thread to delete, as it was found before."""

    result: DeletionResult
    """The result of a dry run; of an error, its outcome and reason."""
    words: str = "not found"
    """Title, user and age; empty after an error."""
    title: str | None = None
    """The untrusted title, if there is one."""
    code: int = DONE

    @property
    def is_found(self) -> bool:
        return self.code == DONE

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells of its line."""
        return (
            (exact_cell(self.result.thread_id), self.words) if self.words else _cells(self.result)
        )


@dataclass(frozen=True, slots=True)
class DeleteCommand:
    """The deletion of threads, in order, each once."""

    connection: Connection
    thread_ids: Sequence[str]
    ids_from_input: bool = False
    """Whether standard input has the ids, so that it cannot have an answer."""
    as_json: bool = False
    """Whether to write JSON lines."""
    backup: Backup | None = None
    """What saves the threads first."""

    def dry_run(self) -> int:
        """Write what would be deleted, and return the exit code.

        Raise `ArchiveError` if the backup cannot take the threads.
        """
        if self.backup:
            self.backup.check()
        candidates = self.connection.run(self._look_up)
        for candidate in candidates:
            write(_json_line(candidate.result) if self.as_json else _text_line(candidate.cells))
        codes = {candidate.code for candidate in candidates} - {DONE}
        return combined_code([*codes]) if codes else DONE

    def run(self, *, ask: bool) -> int:
        """Delete the threads, after a question if `ask`, and return the exit code.

        Raise `ReadOnlyError` in read-only mode, `click.UsageError` if there is no terminal to ask
        on, `ArchiveError` if the backup cannot take the threads, and `OutputError` if a result
        cannot be written.
        """
        if self.connection.settings.read_only:
            why_not = self._info.why_not.get(Capability.DELETE)
            reason = f", since {why_not}" if why_not else ""
            raise ReadOnlyError(f"Read-only mode: nothing is deleted{reason}.")
        if self.backup:
            self.backup.check()
        if not ask:
            if self.backup and self.backup.is_new:
                report(f"{cell(self.backup.place)} is new. {PERSONAL}")
            self.report_unreported()
            return self._delete(dict.fromkeys(self.thread_ids))
        with open_terminal(input_is_read=self.ids_from_input) as terminal:
            return self._ask_and_delete(terminal)

    @property
    def _info(self) -> SourceInfo:
        return source_info(self.connection.settings, self.connection.access)

    def _ask_and_delete(self, terminal: Terminal) -> int:
        self.report_unreported()
        candidates = self.connection.run(self._look_up)
        for candidate in candidates:
            terminal.write("  ".join(candidate.cells))
        found = {each.result.thread_id: each.title for each in candidates if each.is_found}
        failed = [candidate for candidate in candidates if not candidate.words]
        codes = [candidate.code for candidate in failed]
        stopped = any(candidate.result.outcome is Outcome.NOT_TRIED for candidate in failed)
        if not found or stopped or NOT_AUTHORIZED in codes:
            report("Nothing was deleted.")
            return combined_code(codes) if codes else NOT_FOUND
        if self.backup:
            terminal.write(
                exact_cell(describe_backup(self.backup.place, is_new=self.backup.is_new))
            )
        what = "this thread, its" if len(found) == 1 else f"these {len(found)} threads, their"
        files = " and stored attachments" if self._info.deletes_attachments else ""
        question = f"Delete {what} items{files}? Nothing brings them back."
        if not terminal.confirm(question):
            return FAILED
        code = self._delete(found)
        return FAILED if failed and code == DONE else code

    def report_unreported(self) -> None:
        """Report the deletions of earlier runs that were not reported."""
        settings = self.connection.settings
        zone: tzinfo | None = UTC if settings.zone == "utc" else None
        with deletion_journal(settings, self.connection.access) as journal:
            if path_exists(journal.path):
                for line in self.connection.run(
                    lambda source: report_unreported(
                        journal, source.get_thread, zone, shows_all=source.info.shows_all
                    )
                ):
                    report(line)

    async def _look_up(self, source: ThreadSource) -> list[Candidate]:
        """Look up each thread. An error with a `stop_reason` stops the rest."""
        from chatkit_tui.models.threads import read_thread

        now = clock(self.connection.settings)()
        candidates: list[Candidate] = []
        stop = ""
        for name in self.thread_ids:
            if stop:
                untried = DeletionResult(name, Outcome.NOT_TRIED, stop)
                candidates.append(Candidate(untried, "", code=FAILED))
                continue
            try:
                thread = read_thread(await source.get_thread(name))
            except ChatKitError as error:
                if isinstance(error, NotFoundError) and error.from_api:
                    missing = DeletionResult(name, Outcome.NOT_TRIED, "not found")
                    candidates.append(Candidate(missing, code=NOT_FOUND))
                    continue
                stop = stop_reason(error)
                failed = DeletionResult(name, Outcome.FAILED, error_line(error))
                candidates.append(Candidate(failed, "", code=exit_code(error)))
            else:
                found = DeletionResult(name, Outcome.NOT_TRIED, "would be deleted")
                candidates.append(Candidate(found, _line(thread, now), thread.title))
        return candidates

    def _delete(self, titles: Mapping[str, str | None]) -> int:
        """Delete each thread, write each result, and return the exit code.

        `titles` has the ids in order, with the known titles. A signal stops between two threads.
        An error of the output stops as well, and is raised as `OutputError`.
        """
        codes: list[int] = []
        results: list[DeletionResult] = []
        output_errors: list[Exception] = []

        async def act(source: ThreadSource) -> int | None:
            async def delete(thread_id: str) -> Deletion:
                try:
                    deleted = await source.delete_thread(thread_id)
                except ChatKitError as error:
                    codes.append(exit_code(error))
                    raise
                codes.append(DONE)
                return deleted

            async def get_source() -> ThreadSource:
                return source

            with SignalWatch() as interruption:
                async for result in delete_threads(
                    delete,
                    [*titles],
                    journal,
                    titles=titles,
                    stopped=lambda: bool(output_errors) or interruption.code is not None,
                    seen=lambda: not output_errors and interruption.code is None,
                    backup=self.backup.opened(get_source) if self.backup else None,
                ):
                    results.append(result)
                    if output_errors:
                        continue
                    try:
                        line = _json_line(result) if self.as_json else _text_line(_cells(result))
                        write(line, at_once=True)
                    except (ReaderGoneError, OutputError) as error:
                        output_errors.append(error)
                return interruption.code

        with deletion_journal(self.connection.settings, self.connection.access) as journal:
            code = self.connection.run(act)
        deleted = [result.thread_id for result in results if result.outcome is Outcome.DELETED]
        if output_errors and code is None:
            last = f", the last one {deleted[-1]}" if deleted else ""
            raise OutputError(
                f"{len(deleted)} of {len(results)} deleted{last}; then the output could not be "
                f"written and the rest was left alone. {output_errors[0]}"
            )
        if len(deleted) < len(results):
            outcomes = [result.outcome for result in results]
            rest = count_outcomes(each for each in outcomes if each is not Outcome.DELETED)
            report(f"{len(deleted)} of {len(results)} deleted; {rest}.")
        if code is not None:
            return code
        if self.backup and any(result.outcome is Outcome.NOT_TRIED for result in results):
            codes.append(FAILED)
        worst = combined_code(codes) if codes else FAILED
        whole = len(deleted) == len(results)
        recorded = not any(row.outcome is Outcome.DELETED and row.reason for row in results)
        return worst if worst != DONE or (whole and recorded) else FAILED


def _cells(result: DeletionResult) -> tuple[str, ...]:
    cells = (exact_cell(result.thread_id), cell(result.outcome), cell(result.reason))
    return tuple(text for text in cells if text)


def _text_line(cells: Sequence[str]) -> str:
    return "\t".join(cells) + "\n"


def _json_line(result: DeletionResult) -> str:
    """Return the JSON line of a thread, in ASCII: no id can control a terminal."""
    return json.dumps(_fields(result.thread_id, result)) + "\n"


def _fields(thread_id: str, result: DeletionResult | ThreadOutcome) -> dict[str, str | None]:
    return {
        "id": thread_id,
        "result": result.outcome.value,
        "reason": result.reason,
        "request_id": result.request_id,
    }


def _line(thread: Thread, now: float) -> str:
    from chatkit_tui.text.times import age

    title = cell(thread.title or "") or "without a title"
    user = exact_cell(thread.user or "") or "unknown"
    old = f"{age(now - thread.time.seconds)} old" if thread.time else "of unknown age"
    return ui_text(" · ").join((title, f"user {user}", old))


def write_deletions(*, only_path: bool, as_json: bool) -> None:
    """Write a line for each deleted thread in the journal, the newest deletion first.

    With `only_path`, write the path of the journal. Raise `JournalError` if it cannot be read.
    """
    journal = DeletionJournal(JournalAccount(""))
    if only_path:
        write(f"{exact_cell(str(journal.path))}\n")
        return
    if as_json:
        for row in _journal_rows(journal):
            write(json.dumps(row) + "\n")
        return
    rows = [
        (
            cell(row["time"] or ""),
            cell(row["result"] or ""),
            exact_cell(row["id"] or ""),
            *(cell(row[name] or "") or "-" for name in ("host", "profile", "request_id", "reason")),
        )
        for row in _journal_rows(journal)
    ]
    if rows:
        header = ("CONFIRMED", "RESULT", "THREAD", "HOST", "PROFILE", "REQUEST", "REASON")
        write(table(rows, header=header))
    elif is_terminal(sys.stdout):
        report(f"Nothing was deleted from this machine: {journal.place} has no entries.")


def _journal_rows(journal: DeletionJournal) -> Iterator[dict[str, str | None]]:
    """Yield the fields of each deleted thread, the newest deletion first.

    They are redacted: earlier versions recorded any text as an id.
    """
    for past in journal.all():
        account = {"host": past.account.host, "profile": past.account.profile}
        for thread_id, entry in past.outcomes.items():
            yield redact_json({**_fields(thread_id, entry), "time": past.time, **account})

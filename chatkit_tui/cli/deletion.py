"""`threads delete`: what goes is named, asked about, and told one by one."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatkit_tui.cli.asking import Asker, asker
from chatkit_tui.cli.connection import Connection, audit_of, clock
from chatkit_tui.cli.failures import (
    DONE,
    FAILED,
    NOT_AUTHORISED,
    NOT_FOUND,
    OutputError,
    ReaderGoneError,
    complain,
    exit_code,
)
from chatkit_tui.cli.interruption import Interruption
from chatkit_tui.cli.output import cell, exact_cell, is_terminal, table, write
from chatkit_tui.cli.several import joint_code
from chatkit_tui.cli.zone import zone_of
from chatkit_tui.deletion.delete import (
    DeletionResult,
    counted,
    delete_threads,
    report_unreported,
    why_stop,
)
from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount
from chatkit_tui.errors import ChatKitError, NotFoundError, ReadOnlyError, whole_line
from chatkit_tui.secrets import redact_json
from chatkit_tui.sources.base import Outcome
from chatkit_tui.storage.private_file import is_there
from chatkit_tui.text.plain import ui_text

if TYPE_CHECKING:
    from chatkit_tui.models.threads import Thread
    from chatkit_tui.sources.base import Deletion as ProvedDeletion
    from chatkit_tui.sources.base import ThreadSource


@dataclass(frozen=True, slots=True)
class Look:
    """What was found of a thread before anything is deleted."""

    thread_id: str
    words: str = ""
    """What a person recognises it by; empty for one that is not there or could not be asked for."""
    title: str | None = None
    """The title as it came, where there is one."""
    fault: DeletionResult | None = None
    """Why it could not be asked for."""
    code: int = DONE

    @property
    def told(self) -> tuple[str, ...]:
        """Its cells in a line."""
        if self.fault is not None:
            return _cells(self.fault)
        return exact_cell(self.thread_id), self.words or "not found"

    @property
    def rehearsed(self) -> DeletionResult:
        """Return the result of a dry run, which tries nothing."""
        if self.fault is not None:
            return self.fault
        words = "would be deleted" if self.words else "not found"
        return DeletionResult(self.thread_id, Outcome.NOT_TRIED, words)


@dataclass(frozen=True, slots=True)
class Deletion:
    """Threads that were named, in their order, each once."""

    connection: Connection
    thread_ids: Sequence[str]
    ids_from_input: bool = False
    """Whether standard input was read for them, so that it has no answer to a question."""
    as_json: bool = False
    """Write JSON lines, not columns."""

    def rehearse(self) -> int:
        """Say what would go; gives the exit code."""
        looks = self._look_up()
        for look in looks:
            write(_json_line(look.rehearsed) if self.as_json else _text_line(look.told))
        codes = {look.code for look in looks} - {DONE}
        return joint_code([*codes]) if codes else DONE

    def carry_out(self, *, ask: bool) -> int:
        """Delete the threads, asking first if wanted; gives the exit code.

        Raises `ReadOnlyError` in read-only mode, `click.UsageError` when there is nobody to ask,
        and `OutputError` when what became of a thread cannot be told.
        """
        if self.connection.settings.read_only:
            raise ReadOnlyError("Read-only mode: nothing is deleted.")
        if not ask:
            self.tell_untold()
            return self._delete(dict.fromkeys(self.thread_ids))
        with asker(input_is_read=self.ids_from_input) as terminal:
            return self._ask_and_delete(terminal)

    def _ask_and_delete(self, terminal: Asker) -> int:
        self.tell_untold()
        looks = self._look_up()
        for look in looks:
            terminal.tell("  ".join(look.told))
        there = {look.thread_id: look.title for look in looks if look.words}
        faults = [look.code for look in looks if look.fault is not None]
        stopped = any(
            look.fault is not None and look.fault.outcome is Outcome.NOT_TRIED for look in looks
        )
        if not there or stopped or NOT_AUTHORISED in faults:
            complain("Nothing was deleted.")
            return joint_code(faults) if faults else NOT_FOUND
        what = "this thread, its" if len(there) == 1 else f"these {len(there)} threads, their"
        question = f"Delete {what} items and stored attachments? Nothing brings them back."
        if not terminal.confirm(question):
            return FAILED
        code = self._delete(there)
        return FAILED if faults and code == DONE else code

    def tell_untold(self) -> None:
        """Say on standard error how deletions ended that nobody saw the end of, once."""
        settings = self.connection.settings

        async def act(source: ThreadSource) -> list[str]:
            return await report_unreported(audit, source.get_thread, zone_of(settings.zone))

        with audit_of(settings, self.connection.key) as audit:
            if is_there(audit.path):
                for line in self.connection.run(act):
                    complain(line)

    def _look_up(self) -> list[Look]:
        """Ask for each thread; what would meet the next one too stops the rest."""
        now = clock(self.connection.settings)()

        async def act(source: ThreadSource) -> list[Look]:
            return [look async for look in self._looks(source, now)]

        return self.connection.run(act)

    async def _looks(self, source: ThreadSource, now: float) -> AsyncIterator[Look]:
        stop = ""
        for thread_id in self.thread_ids:
            if stop:
                untried = DeletionResult(thread_id, Outcome.NOT_TRIED, stop)
                yield Look(thread_id, fault=untried, code=FAILED)
                continue
            try:
                thread = (await source.get_thread(thread_id)).load()
                yield Look(thread_id, _line(thread, now), thread.title)
            except ChatKitError as error:
                if isinstance(error, NotFoundError) and error.from_api:
                    yield Look(thread_id, code=NOT_FOUND)
                    continue
                stop = why_stop(error)
                failed = DeletionResult(thread_id, Outcome.FAILED, whole_line(error))
                yield Look(thread_id, fault=failed, code=exit_code(error))

    def _delete(self, titles: Mapping[str, str | None]) -> int:
        """Delete each and tell of each on standard output; gives the exit code.

        `titles` are the ids in order, and the titles as far as they are known. A signal stops
        between two threads. Raises `OutputError` when it cannot be told: what comes after it is
        left alone.
        """
        codes: list[int] = []
        results: list[DeletionResult] = []
        untold: list[Exception] = []

        async def act(source: ThreadSource) -> int | None:
            async def delete(thread_id: str) -> ProvedDeletion:
                try:
                    deleted = await source.delete_thread(thread_id)
                except ChatKitError as error:
                    codes.append(exit_code(error))
                    raise
                codes.append(DONE)
                return deleted

            with Interruption() as interruption:
                async for result in delete_threads(
                    delete,
                    [*titles],
                    audit,
                    titles=titles,
                    stopped=lambda: bool(untold) or interruption.code is not None,
                    seen=lambda: not untold and interruption.code is None,
                ):
                    results.append(result)
                    if untold:
                        continue
                    try:
                        line = _json_line(result) if self.as_json else _text_line(_cells(result))
                        write(line, at_once=True)
                    except (ReaderGoneError, OutputError) as error:
                        untold.append(error)
                return interruption.code

        with audit_of(self.connection.settings, self.connection.key) as audit:
            code = self.connection.run(act)
        deleted = [result.thread_id for result in results if result.outcome is Outcome.DELETED]
        if untold and code is None:
            last = f", the last one {deleted[-1]}" if deleted else ""
            raise OutputError(
                f"{len(deleted)} of {len(results)} deleted{last}; then the output could not be "
                f"delivered and the rest was left alone. {untold[0]}"
            )
        if len(deleted) < len(results):
            rest = counted(result for result in results if result.outcome is not Outcome.DELETED)
            complain(f"{len(deleted)} of {len(results)} deleted; {rest}.")
        if code is not None:
            return code
        worst = joint_code(codes) if codes else FAILED
        whole = len(deleted) == len(results)
        recorded = not any(row.outcome is Outcome.DELETED and row.reason for row in results)
        return worst if worst != DONE or (whole and recorded) else FAILED


def _cells(result: DeletionResult) -> tuple[str, ...]:
    cells = (exact_cell(result.thread_id), cell(result.outcome), cell(result.reason))
    return tuple(text for text in cells if text)


def _text_line(cells: Sequence[str]) -> str:
    return "\t".join(cells) + "\n"


def _json_line(result: DeletionResult) -> str:
    """Return the line of a thread for scripts, in ASCII: no id steers a terminal."""
    return json.dumps(_fields(result)) + "\n"


def _fields(result: DeletionResult) -> dict[str, str | None]:
    return {
        "id": result.thread_id,
        "result": result.outcome.value,
        "reason": result.reason,
        "request_id": result.request_id,
    }


def _line(thread: Thread, now: float) -> str:
    """Title, user and age of a thread."""
    from chatkit_tui.text.times import age

    title = cell(thread.title or "") or "without a title"
    user = exact_cell(thread.user or "") or "unknown"
    old = f"{age(now - thread.time.seconds)} old" if thread.time else "of unknown age"
    return ui_text(" · ").join((title, f"user {user}", old))


def write_past(*, as_json: bool) -> None:
    """Write what was deleted from here: a line for each thread, the newest deletion first.

    Raises `AuditError` when the record cannot be read.
    """
    audit = DeletionJournal(JournalAccount(""))
    if as_json:
        for row in _past_rows(audit):
            write(json.dumps(row) + "\n")
        return
    rows = [
        (
            cell(row["time"] or ""),
            cell(row["result"] or ""),
            exact_cell(row["id"] or ""),
            *(cell(row[name] or "") or "-" for name in ("host", "profile", "request_id", "reason")),
        )
        for row in _past_rows(audit)
    ]
    if rows:
        header = ("CONFIRMED", "RESULT", "THREAD", "HOST", "PROFILE", "REQUEST", "REASON")
        write(table(rows, header=header))
    elif is_terminal(sys.stdout):
        complain(f"Nothing was deleted from here: there is no record in {audit.place}.")


def _past_rows(audit: DeletionJournal) -> Iterator[dict[str, str | None]]:
    """Yield the fields of each deleted thread, the newest deletion first, without credentials:
    earlier versions recorded whatever was given for an id."""
    for past in audit.all():
        account = {"host": past.account.host, "profile": past.account.profile}
        for thread_id, fate in past.fates.items():
            result = DeletionResult(thread_id, fate.outcome, fate.reason, fate.request_id)
            yield redact_json({**_fields(result), "time": past.time, **account})


def write_place() -> None:
    """Write where the record of what was deleted is."""
    write(f"{exact_cell(str(DeletionJournal(JournalAccount('')).path))}\n")

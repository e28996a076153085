"""Delete threads, and report what was deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.deletion.journal import RECENT_BYTES, DeletionJournal, JournalAccount
from chatkit_tui.errors import JournalError
from chatkit_tui.sources.base import Outcome
from chatkit_tui.storage.private_file import path_exists
from chatkit_tui.ui.actions import ActionHost, chosen_threads
from chatkit_tui.ui.confirmation import ConfirmationGate
from chatkit_tui.ui.messages import Reported
from chatkit_tui.ui.options import Times
from chatkit_tui.ui.threads.line import time_text

if TYPE_CHECKING:
    from textual.worker import Worker

    from chatkit_tui.deletion.backup import BackupChoice
    from chatkit_tui.deletion.delete import DeletionResult
    from chatkit_tui.models.page import RawRow
    from chatkit_tui.sources.base import Deletion
    from chatkit_tui.ui.threads.rows import Row


class DeleteActions:
    """Opens the dialog that deletes and the screen that lists deletions.

    Both are imported when they are first needed: neither is on the first paint.
    """

    def __init__(self, host: ActionHost, gate: ConfirmationGate) -> None:
        self._host = host
        self._gate = gate
        self._reasons: dict[str, str] = {}
        """Why threads were not deleted at the last attempt, by id."""

    @cached_property
    def _journal(self) -> DeletionJournal:
        options = self._host.options
        account = JournalAccount(options.source.host, key=options.source.key_hint)
        return options.journal or DeletionJournal(account)

    @cached_property
    def _backups(self) -> BackupChoice | None:
        """The backup of all deletions from this screen."""
        make = self._host.options.backups
        if make is None:
            return None
        from chatkit_tui.deletion.backup import BackupChoice

        return BackupChoice(make)

    def action_delete(self) -> None:
        """Ask whether to delete the open thread or the chosen ones."""
        from chatkit_tui.ui.screens.delete_dialog import DeleteDialog, Saving, ThreadToDelete

        host = self._host
        threads = [
            ThreadToDelete(
                row.id,
                row.title or self._first_words(row) or "",
                row.user or "",
                self._age(row),
                row.title,
                self._reasons.get(row.id, ""),
            )
            for row in chosen_threads(self._host)
        ]
        marked = host.where is Pane.THREADS and bool(host.threads.marks)

        async def delete(thread_id: str) -> Deletion:
            return await (await host.get_source()).delete_thread(thread_id)

        saving = Saving(self._backups, host.get_source) if self._backups else None
        dialog = DeleteDialog(
            threads,
            delete,
            self._journal,
            gate=self._gate,
            keys=host.keys,
            marked=marked,
            unseen=self._unseen_marks() if marked else 0,
            saving=saving,
            with_attachments=host.options.source.deletes_attachments,
        )
        host.app.push_screen(dialog, self._deleted)

    def _unseen_marks(self) -> int:
        """Return how many marked threads the list does not show, with its user and filter."""
        pane = self._host.threads
        return sum(pane.list.rows.index(row.key) is None for row in pane.marks.values())

    def _first_words(self, row: Row) -> str | None:
        transcript = self._host.transcript
        if transcript.row is not None and transcript.row.id == row.id and transcript.first_words:
            return transcript.first_words
        return self._host.threads.words.found.get(row.id)

    def _age(self, row: Row) -> str:
        setting = self._host.threads.setting
        if row.seconds is None:
            return "of unknown age"
        time = time_text(row, setting)
        return f"{time} old" if setting.times is Times.RELATIVE else f"began {time}"

    def _deleted(self, results: tuple[DeletionResult, ...] | None) -> None:
        host = self._host
        for result in results or ():
            self._reasons[result.thread_id] = result.reason
        gone = [result.thread_id for result in results or () if result.outcome is Outcome.DELETED]
        if gone:
            host.threads.drop(gone)
            host.transcript.forget(gone)
            if host.transcript.row is None:
                host.go_to_pane(Pane.THREADS)
        if not results:
            host.post_message(Reported("nothing was deleted"))
        else:
            left = len(results) - len(gone)
            text = f"{len(gone)} deleted"
            if left:
                text += f", {left} not deleted: {host.keys.first_name('delete')} says why"
            host.post_message(Reported(text, bad=bool(left)))
        host.update_lines()

    def why_not_deleted(self) -> str:
        """Return why the targets were not deleted at the last attempt; empty if there was none."""
        chosen = chosen_threads(self._host)
        reasons = [reason for row in chosen if (reason := self._reasons.get(row.id))]
        if not reasons:
            return ""
        more = f" (and {len(reasons) - 1:,} more)" if len(reasons) > 1 else ""
        return f"not deleted{more}: {reasons[0]}"

    def action_deletions(self) -> None:
        """Show the journal."""
        _: Worker[None] = self._host.run_worker(self._show_journal(), group="deletions")

    def report_unreported(self) -> None:
        """Report interrupted deletions of earlier runs, each once.

        Deletions in progress in another program are omitted.
        """
        if self._host.options.mask is None and path_exists(self._journal.path):
            _: Worker[None] = self._host.run_worker(self._report_unreported(), group="deletions")

    async def _report_unreported(self) -> None:
        reports = await self._report_last(RECENT_BYTES)
        if self._journal.size > RECENT_BYTES:  # the rest of a large journal comes second
            await self._report_last(None, reports)

    async def _report_last(self, last: int | None, before: Sequence[str] = ()) -> list[str]:
        """Report what the last bytes of the journal tell, or all of it if `last` is None.

        Returns the reports `before`, followed by the new ones.
        """
        from chatkit_tui.deletion.report import report_unreported
        from chatkit_tui.ui.screens.pages import DeletionsScreen

        host = self._host

        async def retrieve(thread_id: str) -> RawRow:
            return await (await host.get_source()).get_thread(thread_id)

        new = await report_unreported(
            self._journal,
            retrieve,
            host.options.zone,
            last=last,
            shows_all=host.options.source.shows_all,
        )
        reports = [*before, *new]
        if new:
            host.post_message(Reported(new[0], bad=True))
            if before and isinstance(host.app.screen, DeletionsScreen):
                await host.app.pop_screen()
            # No screen opens over what the user types or reads by now.
            if host.is_current and host.prompt.question is None:
                await self._show_journal(reports)
        return reports

    async def _show_journal(self, reports: Sequence[str] = ()) -> None:
        from chatkit_tui.ui.screens.pages import DeletionsScreen

        host = self._host
        try:
            past = await asyncio.to_thread(self._journal.all)
        except JournalError as error:
            host.post_message(Reported(str(error), bad=True))
            return
        host.app.push_screen(
            DeletionsScreen(
                past,
                reports,
                self._reasons,
                place=self._journal.place,
                zone=host.options.zone,
                keys=host.keys,
            )
        )

"""The acts that open a screen over the panes: delete, copy, sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, cast

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.commands.commands import BY_ID
from chatkit_tui.deletion.journal import LOOKED_THROUGH, DeletionJournal, JournalAccount
from chatkit_tui.errors import AuditError
from chatkit_tui.sources.base import Outcome
from chatkit_tui.storage.private_file import is_there
from chatkit_tui.terminal.clipboard import Source, clipboard_text
from chatkit_tui.text.sanitize import hidden_count
from chatkit_tui.ui.messages import Said
from chatkit_tui.ui.options import Times
from chatkit_tui.ui.threads.line import time_text

if TYPE_CHECKING:
    from textual.worker import Worker

    from chatkit_tui.deletion.delete import DeletionResult
    from chatkit_tui.models.threads import Thread
    from chatkit_tui.sources.base import Deleted
    from chatkit_tui.ui.app import ChatKitApp
    from chatkit_tui.ui.screens.browse import BrowseScreen
    from chatkit_tui.ui.screens.copy_menu import Copyable
    from chatkit_tui.ui.sessions.panel import SessionPanel
    from chatkit_tui.ui.threads.rows import Row


class ScreenActions:
    """Opens the screens over the browse screen and takes in what they bring back.

    The screens are imported when they are first asked for: none of them is on the first paint.
    """

    def __init__(self, browse: BrowseScreen) -> None:
        self._browse = browse
        self._panel: SessionPanel | None = None
        self._reasons: dict[str, str] = {}
        """Why threads were not deleted, by id, each the last time that it was tried."""

    # -- delete ------------------------------------------------------------------------------------

    @cached_property
    def _audit(self) -> DeletionJournal:
        """The record of what is deleted."""
        options = self._browse.options
        account = JournalAccount(options.host, key=options.key_hint)
        return options.audit or DeletionJournal(account)

    def action_delete(self) -> None:
        """Ask whether the marked threads, or the one that is meant, shall be deleted."""
        from chatkit_tui.ui.screens.delete_dialog import CondemnedThread, DeleteDialog

        browse = self._browse
        condemned = [
            CondemnedThread(
                row.id,
                row.title or self._first_words(row) or "",
                row.user or "",
                self._age(row),
                row.title,
                self._reasons.get(row.id, ""),
            )
            for row in self._meant()
        ]
        marked = browse.where is Pane.THREADS and bool(browse.threads.marks)

        async def delete(thread_id: str) -> Deleted:
            gateway = (await browse.gateway()).with_options(on_retry=dialog.waits)
            return await gateway.threads.delete(thread_id)

        keys = browse.keys.of(BY_ID["delete"])
        dialog = DeleteDialog(condemned, delete, self._audit, marked=marked, opened_by=keys)
        browse.app.push_screen(dialog, self._deleted)

    def _first_words(self, row: Row) -> str | None:
        reading = self._browse.transcript
        if reading.row is not None and reading.row.id == row.id and reading.first_words:
            return reading.first_words
        return self._browse.threads.words.found.get(row.id)

    def _age(self, row: Row) -> str:
        setting = self._browse.threads.setting
        if row.seconds is None:
            return "of unknown age"
        time = time_text(row, setting)
        return f"{time} old" if setting.times is Times.RELATIVE else f"began {time}"

    def _meant(self) -> list[Row]:
        """What a deletion is about: what one reads, or in the list the marked threads, else the
        one under the cursor. A mark that is out of sight never decides about a thread in sight."""
        browse = self._browse
        if browse.where is Pane.TRANSCRIPT:
            return [browse.transcript.row] if browse.transcript.row else []
        return browse.threads.chosen

    def _deleted(self, results: tuple[DeletionResult, ...] | None) -> None:
        browse = self._browse
        for result in results or ():
            self._reasons[result.thread_id] = result.reason
        gone = [result.thread_id for result in results or () if result.outcome is Outcome.DELETED]
        if gone:
            browse.threads.drop(gone)
            browse.transcript.forget(gone)
            if browse.transcript.row is None:
                browse.go_to_pane(Pane.THREADS)
        if not results:
            browse.post_message(Said("nothing was deleted"))
        else:
            kept = len(results) - len(gone)
            words = f"{len(gone)} deleted"
            if kept:
                words += f", {kept} not deleted: {browse.keys.first_name('delete')} says why"
            browse.post_message(Said(words, bad=bool(kept)))
        browse.update_lines()

    def why_not_deleted(self) -> str:
        """Why what would be deleted now was not when that was last tried; empty if it was not."""
        reasons = [reason for row in self._meant() if (reason := self._reasons.get(row.id))]
        if not reasons:
            return ""
        more = f" (and {len(reasons) - 1:,} more)" if len(reasons) > 1 else ""
        return f"not deleted{more}: {reasons[0]}"

    def action_deletions(self) -> None:
        """Show the record of what was deleted from here."""
        _: Worker[None] = self._browse.run_worker(self._show_record(), group="deletions")

    def tell_untold(self) -> None:
        """Say how deletions ended that nobody saw the end of: once, and never of what another
        program is in the middle of."""
        if is_there(self._audit.path):
            _: Worker[None] = self._browse.run_worker(self._tell_untold(), group="deletions")

    async def _tell_untold(self) -> None:
        told = await self._tell_untold_in(LOOKED_THROUGH)
        if self._audit.size > LOOKED_THROUGH:  # the rest, however long, once the screen is there
            await self._tell_untold_in(None, told)

    async def _tell_untold_in(self, last: int | None, before: Sequence[str] = ()) -> list[str]:
        """Report what the last so many bytes of the record, or all of it, tell of, and return the
        lines: those of a report `before` this one, then the new ones."""
        from chatkit_tui.deletion.delete import report_unreported
        from chatkit_tui.ui.screens.deletions import DeletionsScreen

        async def retrieve(thread_id: str) -> Thread:
            return await (await self._browse.gateway()).threads.retrieve(thread_id)

        browse = self._browse
        new = await report_unreported(self._audit, retrieve, browse.options.zone, last=last)
        told = [*before, *new]
        if new:
            browse.post_message(Said(new[0], bad=True))
            if before and isinstance(browse.app.screen, DeletionsScreen):
                await browse.app.pop_screen()
            # Nothing is laid over what somebody is typing or reading by now.
            if browse.is_current and browse.prompt.question is None:
                await self._show_record(told)
        return told

    async def _show_record(self, told: Sequence[str] = ()) -> None:
        from chatkit_tui.ui.screens.deletions import DeletionsScreen

        options = self._browse.options
        try:
            past = await asyncio.to_thread(self._audit.all)
        except AuditError as error:
            self._browse.post_message(Said(str(error), bad=True))
            return
        record = DeletionsScreen(
            past,
            told,
            self._reasons,
            place=self._audit.place,
            zone=options.zone,
        )
        self._browse.app.push_screen(record)

    # -- copy --------------------------------------------------------------------------------------

    def action_copy(self) -> None:
        """Ask what of the item or thread to copy."""
        from chatkit_tui.ui.screens.copy_menu import Copyable, CopyMenu

        browse = self._browse
        if browse.where is Pane.TRANSCRIPT:
            sources = browse.transcript.copyable()
        else:
            sources = browse.threads.copyable()
        keys = {"text": "t", "raw JSON": "r", "item id": "i", "thread id": "h"}
        expected = "item id" if browse.where is Pane.TRANSCRIPT else "thread id"
        if expected not in {source.name for source in sources}:
            browse.post_message(Said(f"it came without an id: there is no {expected} to copy"))
        choices = [Copyable(keys[source.name], source) for source in sources]
        browse.app.push_screen(CopyMenu(choices), self._copy_chosen)

    def _copy_chosen(self, choice: Copyable | None) -> None:
        if choice is not None:
            self._browse.run_worker(self._copy_source(choice.source), group="copy", exclusive=True)

    async def _copy_source(self, source: Source) -> None:
        """Make a text, which may take a moment, and copy it."""
        text = await asyncio.to_thread(lambda: clipboard_text(source.text()))
        words = await self.copy(text)
        self._browse.post_message(Said(f"{source.name}: {words}"))

    async def copy(self, text: str) -> str:
        """Copy a text, or show it alone; say which, and why."""
        text = clipboard_text(text)
        told = await cast("ChatKitApp", self._browse.app).copy(text)
        if not told.reached:
            from chatkit_tui.ui.screens.copy_menu import TextAlone

            self._browse.app.push_screen(TextAlone(text, told.words))
            return f"not copied, {told.words}"
        hidden = hidden_count(text)
        many = "s" if hidden > 1 else ""
        return told.words + (f", with {hidden:,} hidden character{many}" if hidden else "")

    # -- sessions ----------------------------------------------------------------------------------

    def action_sessions(self) -> None:
        """Show the session panel, as it was left."""
        browse = self._browse
        if self._panel is None:
            from chatkit_tui.sessions.history import RunRegister
            from chatkit_tui.ui.sessions.panel import SessionPanel

            options = browse.options
            self._panel = SessionPanel(
                browse.gateway,
                browse.register or RunRegister(),
                host=options.host,
                clock=options.clock,
                zone=options.zone,
                copy=self.copy,
                read_only=options.read_only,
            )
            browse.app.install_screen(self._panel, "sessions")
        browse.app.push_screen("sessions")

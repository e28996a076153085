"""The dialog that deletes threads and shows the result of each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from textual.content import Content
from textual.widgets.option_list import Option
from textual.worker import Worker

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import DELETE_COMMANDS
from chatkit_tui.commands.keymap import Keymap, key_name
from chatkit_tui.deletion.backup import Backup, BackupChoice, describe_backup
from chatkit_tui.deletion.delete import DeletionResult, delete_threads
from chatkit_tui.deletion.journal import DeletionJournal
from chatkit_tui.errors import ChatKitError, error_line
from chatkit_tui.sources.base import Deletion, GetSource, Outcome, Retry
from chatkit_tui.text.plain import counted, ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.confirmation import ConfirmationGate
from chatkit_tui.ui.failures import Waiting, listen_for_retries
from chatkit_tui.ui.leaving import UNBROKEN
from chatkit_tui.ui.screens.confirming import ConfirmingScreen
from chatkit_tui.ui.styled_lines import OUTCOME_SIGNS
from chatkit_tui.ui.widgets.option_rows import OptionRows
from chatkit_tui.ui.widgets.push_button import PushButton


@dataclass(frozen=True, slots=True)
class ThreadToDelete:
    """A thread to delete, fixed when the dialog opens. Its texts are untrusted."""

    id: str
    title: str
    """The title, or the first user words, or empty."""
    user: str
    age: str
    true_title: str | None = None
    """The title of the server, whose hash is in the journal."""
    last_time: str = ""
    """Why the last attempt failed; empty if there was none."""


class Saving(NamedTuple):
    """What threads are saved in before they are deleted, and where they come from."""

    choice: BackupChoice
    get_source: GetSource


class DeleteDialog(ConfirmingScreen[tuple[DeletionResult, ...]]):
    """Asks whether to delete threads, deletes them, and is dismissed with the results.

    If it is dismissed with an empty tuple, no request was sent.
    """

    DEFAULT_CSS = """
    DeleteDialog.-saved #subject { max-height: 9; }
    DeleteDialog.-saved.-low #subject { max-height: 2; }
    DeleteDialog.-saved.-tiny #subject { max-height: 100%; }
    DeleteDialog.-saved.-tiny.-asking #words { display: block; }
    DeleteDialog.-saved.-unfit #words { display: none !important; }
    """

    def __init__(
        self,
        threads: Sequence[ThreadToDelete],
        delete: Callable[[str], Awaitable[Deletion]],
        journal: DeletionJournal,
        *,
        gate: ConfirmationGate,
        keys: Keymap,
        marked: bool = False,
        unseen: int = 0,
        saving: Saving | None = None,
        with_attachments: bool = True,
    ) -> None:
        """`delete` sends the request; the ids of the threads must differ.

        `marked` means that the user marked the threads, so that the cursor may be elsewhere;
        `unseen` of them are not shown in the list.
        Without `saving`, no backup is offered. `with_attachments` is whether they are deleted, too.
        """
        super().__init__(
            f"Delete {_count(len(threads), marked=marked)}?",
            gate=gate,
            keys=keys,
            confirm="Delete" if len(threads) == 1 else f"Delete {len(threads):,}",
            leave="Cancel",
        )
        self.commands = CommandKeys(
            self, DELETE_COMMANDS, keys, lambda: CommandContext(Pane.DIALOG)
        )
        self._unseen = unseen
        self._saving = saving
        self._with_attachments = with_attachments
        self._is_saving = False
        """Whether the current thread is being saved."""
        self.threads = tuple(threads)
        self._row_of = {thread.id: row for row, thread in enumerate(self.threads)}
        self._delete = delete
        self._journal = journal
        self._results: dict[str, DeletionResult] = {}
        self._under_way = False
        self._stop_asked = False
        self._waiting: Waiting | None = None
        """The retry that the request in flight waits for."""
        self._is_leaving = False
        """Whether the program is ending, so that the user does not see the results."""

    # -- what it shows ----------------------------------------------------------------------------

    def compose_subject(self) -> OptionRows:
        rows = (Option(self._row(thread)) for thread in self.threads)
        return OptionRows(*rows, id="subject")

    def on_mount(self) -> None:
        self.set_interval(1, self._tick)
        if self._backup is not None:
            self._show_backup()
            _: Worker[None] = self.run_worker(self._check_backup)

    @property
    def _backup(self) -> Backup | None:
        return self._saving.choice.chosen.backup if self._saving else None

    def _show_backup(self) -> None:
        self.set_class(self._backup is not None, "-saved")
        self._note("")
        self.show_words()

    async def _check_backup(self) -> None:
        """Say at once what would be refused after the confirmation."""
        if self._saving is None:
            return
        choice = self._saving.choice
        before = choice.chosen
        try:
            checked = await asyncio.to_thread(choice.checked, before.text)
        except ChatKitError as error:
            if self._is_asking:
                self._note(sanitize(error_line(error)))
            return
        if choice.chosen is before:
            choice.chosen = checked
        if self._is_asking:
            self.show_words()

    def _tick(self) -> None:
        if self._waiting is not None:
            self.show_words()

    def _row(self, thread: ThreadToDelete) -> Content:
        result = self._results.get(thread.id)
        title = sanitize(thread.title) or "(untitled)"
        about = ui_text(" · ").join(sanitize(part) for part in (thread.user, thread.age) if part)
        sign = ui_text(OUTCOME_SIGNS[result.outcome].text) if result else ""
        lines = [
            Content.styled(f"{sign} {result.outcome.value}  " if result else "")
            + Content.styled(title, "bold"),
            Content.styled(f"  {about}\n  {sanitize(thread.id)}", "dim"),
        ]
        if result and result.reason:
            lines.append(Content.styled(f"  {sanitize(result.reason)}", "$text-error"))
        elif thread.last_time and not result:
            lines.append(
                Content.styled(f"  last time: {sanitize(thread.last_time)}", "$text-error")
            )
        return Content("\n").join(lines)

    def words(self) -> str:
        """Return the consequence, then the progress, then the result."""
        if not self._under_way and not self._results:
            whose = "Its" if len(self.threads) == 1 else "Their"
            what = "items and attachments" if self._with_attachments else "items"
            words = f"{self._words_on_unseen()}{whose} {what} go as well. Nothing brings them back."
            return f"{words}{self._words_on_saving()}"
        done, many = len(self._results), len(self.threads)
        if self._is_saving:
            stop = "stopping" if self._stop_asked else f"{key_name(self._leave_key)} stops"
            waits = f"\n{sanitize(self._waiting.words())}" if self._waiting else ""
            return f"{ui_text(f'Saving {done + 1} of {many}…')} {stop}{waits}"
        if self._under_way:
            stop = "Stopping" if self._stop_asked else f"{key_name(self._leave_key)} stops"
            waits = f"\n{sanitize(self._waiting.words())}" if self._waiting else ""
            return f"{done} of {many} done. {stop} after the current one.{waits}"
        counts = [
            f"{number} {outcome.value}"
            for outcome in Outcome
            if (number := sum(result.outcome is outcome for result in self._results.values()))
        ]
        kept = "" if self._all_deleted else " What was not deleted keeps its mark."
        place = f"\nRecorded in {sanitize(self._journal.place)}" if self._journal.place else ""
        is_saved = self._backup and any(
            result.outcome is not Outcome.NOT_TRIED for result in self._results.values()
        )
        saved = f"\nSaved in {sanitize(self._backup.place)}" if self._backup and is_saved else ""
        return f"{', '.join(counts)}.{kept}{saved}{place}"

    def _is_visible(self) -> bool:
        """Return also whether the file of the backup is named, unless a note takes its place."""
        return super()._is_visible() and (
            not self._is_asking
            or self._backup is None
            or self.has_class("-noted")
            or self._is_widget_visible("#words", whole=True)
        )

    def _words_on_unseen(self) -> str:
        if not self._unseen:
            return ""
        which = "It" if len(self.threads) == 1 else f"{self._unseen:,} of them"
        return f"{which} {'is' if self._unseen == 1 else 'are'} not shown in the list. "

    def _words_on_saving(self) -> str:
        if self._saving is None:
            return ""
        if self._backup is None:
            key = self.commands.keymap.first_name("back_up")
            what = "it" if len(self.threads) == 1 else "them"
            return f"\n{key} saves {what} in a file first." if key else ""
        place = sanitize(self._backup.place)
        return f"\n{describe_backup(place, is_new=self._saving.choice.chosen.is_new)}"

    @property
    def _all_deleted(self) -> bool:
        return all(result.outcome is Outcome.DELETED for result in self._results.values())

    # -- what is asked of it ----------------------------------------------------------------------

    def confirmed(self) -> None:
        """Delete the threads, unless the program is ending."""
        if self._is_leaving:
            return
        self._under_way = True
        self.query_one("#cancel", PushButton).label = "Stop"
        self.show_words()
        _: Worker[None] = self.run_worker(self._run, group=UNBROKEN)

    def action_back_up(self) -> None:
        """Ask for a file to save the threads in, and return to the question."""
        from chatkit_tui.ui.screens.backup_file import BackupFileScreen

        if self._is_asking and self._saving:
            screen = BackupFileScreen(self._saving.choice, self.commands.keymap)
            self.app.push_screen(screen, lambda _: self._show_backup())

    def action_decline(self) -> None:
        """Close the dialog; while it deletes, stop after the current thread."""
        if self._under_way:
            self._stop_asked = True
            self.show_words()
        else:
            self.dismiss(tuple(self._results.values()))

    def stop_between(self) -> None:
        """Send no request after the one in flight, because the program ends."""
        self._is_leaving = True
        if self._under_way:
            self._stop_asked = True
            self.show_words()

    async def _run(self) -> None:
        listen_for_retries(self.waits)
        backup = self._backup
        try:
            async for result in delete_threads(
                self._delete,
                [thread.id for thread in self.threads],
                self._journal,
                titles={thread.id: thread.true_title for thread in self.threads},
                stopped=lambda: self._stop_asked,
                seen=lambda: not self._is_leaving,
                backup=backup.opened(self._saving.get_source) if backup and self._saving else None,
                on_save=lambda is_saving: self.call_later(self._show_saving, is_saving),
            ):
                self.call_later(self._add_result, result)
        finally:
            self.call_later(self._finish)

    def _show_saving(self, is_saving: bool) -> None:
        self._is_saving = is_saving
        self._waiting = None
        self.show_words()

    def waits(self, retry: Retry) -> None:
        """Show that a request is retried after a wait."""
        self.call_later(self._show_wait, Waiting.of(retry))

    def _show_wait(self, waiting: Waiting) -> None:
        if self._under_way:
            self._waiting = waiting
            self.show_words()

    def _add_result(self, result: DeletionResult) -> None:
        self._waiting = None
        self._results[result.thread_id] = result
        row = self._row_of[result.thread_id]
        listing = self.query_one("#subject", OptionRows)
        listing.replace_option_prompt_at_index(row, self._row(self.threads[row]))
        listing.highlighted = row
        self.show_words()

    def _finish(self) -> None:
        self._under_way = False
        if self._all_deleted and len(self._results) == len(self.threads) == 1:
            self.dismiss(tuple(self._results.values()))
            return
        title = "Deleted" if self._all_deleted else "Not all deleted"
        self.query_one("#dialog").border_title = title
        self.query_one("#cancel", PushButton).label = "Close"
        self.query_one("#cancel").focus()
        self.show_words()


def _count(many: int, *, marked: bool) -> str:
    if marked:
        return counted(many, "marked thread")
    return "this thread" if many == 1 else counted(many, "thread")

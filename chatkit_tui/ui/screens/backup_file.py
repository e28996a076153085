"""Which file threads are saved in before they are deleted."""

from __future__ import annotations

import asyncio
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static
from textual.worker import Worker

from chatkit_tui.commands.browse_commands import PROMPT_COMMANDS
from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.deletion.backup import BackupChoice
from chatkit_tui.errors import ChatKitError, error_line
from chatkit_tui.secrets import SECRET_REFUSED, holds_secret
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.widgets.field import TextField

_CHECK: Final = "check"
"""The worker that looks at the file."""


class BackupFileScreen(ModalOnce[None]):
    """Asks for a file, and closes once it can be used, or without a change."""

    DEFAULT_CSS = """
    BackupFileScreen #problem { display: none; height: auto; color: $text-error; }
    BackupFileScreen.-refused #problem { display: block; }
    """

    def __init__(self, choice: BackupChoice, keys: Keymap) -> None:
        super().__init__()
        self._choice = choice
        self._field = TextField(choice.chosen.text, placeholder="an archive file, or a new one")
        context = CommandContext(Pane.PROMPT)
        self.commands = CommandKeys(self, PROMPT_COMMANDS, keys, lambda: context)

    def compose(self) -> ComposeResult:
        keys = self.commands.keymap
        with Vertical(classes="box") as box:
            box.border_title = "Save in a file before deleting"
            box.border_subtitle = (
                f"{keys.first_name('accept')} take it, {keys.first_name('give_up')} leave"
            )
            yield self._field
            yield Static("", id="problem", markup=False)

    def on_mount(self) -> None:
        self._field.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.workers.cancel_group(self, _CHECK)
        self._refuse("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_accept()

    def action_accept(self) -> None:
        """Take the file, if it can be used; for an empty text, what the profile says."""
        text = self._field.value.strip()
        if holds_secret(text):
            self._refuse(f"That {SECRET_REFUSED}")
            return
        _: Worker[None] = self.run_worker(self._take(text), group=_CHECK, exclusive=True)

    async def _take(self, text: str) -> None:
        try:
            chosen = await asyncio.to_thread(self._choice.checked, text)
        except ChatKitError as error:
            self._refuse(sanitize(error_line(error)))
        else:
            self._choice.chosen = chosen
            self.dismiss()

    def action_give_up(self) -> None:
        self.dismiss()

    def _refuse(self, reason: str) -> None:
        self.set_class(bool(reason), "-refused")
        self.query_one("#problem", Static).update(reason)

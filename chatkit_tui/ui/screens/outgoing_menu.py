"""Which part of a conversation goes to a program, in which form, and to which program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input
from textual.widgets.option_list import Option

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import PALETTE_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.export.outgoing import Outgoing
from chatkit_tui.text.plain import ui_text
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.menu import Menu
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.widgets.field import TextField
from chatkit_tui.ui.widgets.option_rows import OptionRows

_WIDTH: Final = 26
"""Cells of the column of what is offered."""


class Offer(NamedTuple):
    """A row of the menu."""

    outgoing: Outgoing
    note: str
    """How much it is, in words of the program."""


def _row(offer: Offer) -> Content:
    return Content(offer.outgoing.words.ljust(_WIDTH)) + Content.styled(offer.note, "dim")


class PipeMenu(ModalOnce[tuple[Outgoing, str] | None]):
    """Asks for a shell command and what it gets; dismissed with both, or with None."""

    DEFAULT_CSS = """
    PipeMenu TextField { margin-bottom: 1; }
    """

    def __init__(
        self, offers: Sequence[Offer], chosen: int, command: str, title: str, keys: Keymap
    ) -> None:
        """`chosen` is the row that the cursor is on; `command` is in the field at first."""
        super().__init__()
        self._offers = offers
        self._chosen = chosen
        self.moves = OptionRows(*(Option(_row(offer)) for offer in offers), classes="-led")
        self.moves.can_focus = False  # the field keeps the focus
        example = ui_text("shell command, such as wc, or jq . for JSON")
        self._field = TextField(command, placeholder=example)
        self._box = Vertical(self._field, self.moves, classes="box")
        self._title = title
        context = CommandContext(Pane.PROMPT)
        self.commands = CommandKeys(self, PALETTE_COMMANDS, keys, lambda: context)

    def compose(self) -> ComposeResult:
        keymap = self.commands.keymap
        self._box.border_title = self._title
        self._box.border_subtitle = (
            f"{keymap.first_name('accept')} run, {keymap.first_name('give_up')} leave"
        )
        yield self._box

    def on_mount(self) -> None:
        self._field.focus()
        self.moves.highlighted = self._chosen

    def on_option_list_option_selected(self, event: OptionRows.OptionSelected) -> None:
        event.stop()
        self.action_accept()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_accept()

    def action_accept(self) -> None:
        command = self._field.value.strip()
        if not command:
            self._box.border_subtitle = "type a command first"
        else:
            self.dismiss((self._offers[self.moves.highlighted or 0].outgoing, command))

    def action_give_up(self) -> None:
        self.dismiss(None)


class OpenMenu(Menu[Offer]):
    """Asks what to open in another program."""

    def row(self, choice: Offer) -> Content:
        return _row(choice)

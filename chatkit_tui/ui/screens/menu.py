"""A menu: a box with a row for each choice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets.option_list import Option

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import MENU_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.widgets.option_rows import OptionRows

ChoiceT = TypeVar("ChoiceT")


class Menu(ModalOnce[ChoiceT | None]):
    """Asks for one of some choices; dismissed with it, or with None."""

    def __init__(
        self, title: str, choices: Sequence[ChoiceT], keys: Keymap, *, chosen: int = 0
    ) -> None:
        """`title` is sanitized; `chosen` is the choice that the cursor is on at first."""
        super().__init__()
        self._title = title
        self.choices = choices
        self._first = chosen
        self.moves = OptionRows()
        self.context = CommandContext(Pane.MENU, rows=len(choices))
        self.commands = CommandKeys(self, MENU_COMMANDS, keys, lambda: self.context)

    def row(self, choice: ChoiceT) -> Content:
        """Return what the row of a choice shows."""
        raise NotImplementedError

    def hint(self) -> str:
        """Return what stands below the box, sanitized; empty for nothing."""
        return ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content(self.hint())
            yield self.moves

    def on_mount(self) -> None:
        self.moves.add_options(Option(self.row(choice)) for choice in self.choices)
        self.moves.highlighted = self._first

    def on_option_list_option_selected(self, event: OptionRows.OptionSelected) -> None:
        event.stop()
        self.dismiss(self.choices[event.option_index])

    def action_choose(self) -> None:
        self.moves.action_select()

    def action_close(self) -> None:
        self.dismiss(None)

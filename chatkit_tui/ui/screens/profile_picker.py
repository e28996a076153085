"""The menu of profiles."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets.option_list import Option

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import MENU_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.options import ProfileChoice
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.widgets.option_rows import OptionRows


class ProfilePicker(ModalOnce[ProfileChoice | None]):
    """Asks for a profile; dismissed with None for none."""

    DEFAULT_CSS = """
    ProfilePicker { .box { width: 60; } }
    """

    def __init__(self, choices: Sequence[ProfileChoice], current: str | None, keys: Keymap) -> None:
        super().__init__()
        self._choices = choices
        self._current = current
        self.moves = OptionRows()
        context = CommandContext(Pane.MENU, rows=len(choices))
        self.commands = CommandKeys(self, MENU_COMMANDS, keys, lambda: context)

    def compose(self) -> ComposeResult:
        with Vertical(id="menu", classes="box") as menu:
            menu.border_title = "Profile"
            yield self.moves

    def on_mount(self) -> None:
        self.moves.add_options(Option(self._row(choice)) for choice in self._choices)
        names = [choice.name for choice in self._choices]
        self.moves.highlighted = names.index(self._current) if self._current in names else 0

    def _row(self, choice: ProfileChoice) -> Content:
        name = "as started" if choice.name is None else sanitize(choice.name)
        row = Content.styled(name, "bold") + Content.styled(f"  {sanitize(choice.place)}", "dim")
        return row + Content("  in use") if choice.name == self._current else row

    def on_option_list_option_selected(self, event: OptionRows.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._choices[event.option_index])

    def action_choose(self) -> None:
        self.moves.action_select()

    def action_close(self) -> None:
        self.dismiss(None)

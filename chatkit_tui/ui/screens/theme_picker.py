"""The menu of themes, each shown on the screen below while the cursor is on it."""

from __future__ import annotations

import os

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets.option_list import Option

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import MENU_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.terminal.environment import has_256_colors
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.tokens import PICKED_THEMES, theme_for
from chatkit_tui.ui.widgets.option_rows import OptionRows


class ThemePicker(ModalOnce[str | None]):
    """Asks for a theme; dismissed with its name, or with None and the theme before."""

    DEFAULT_CSS = """
    ThemePicker {
        align: right top;
        .box { width: 40; margin: 2 2; }
    }
    """

    def __init__(self, current: str, keys: Keymap) -> None:
        super().__init__()
        self._current = current
        self.moves = OptionRows()
        context = CommandContext(Pane.MENU, rows=len(PICKED_THEMES))
        self.commands = CommandKeys(self, MENU_COMMANDS, keys, lambda: context)

    def compose(self) -> ComposeResult:
        with Vertical(id="menu", classes="box") as menu:
            menu.border_title = "Theme"
            choose, close = (self.commands.keymap.first_name(name) for name in ("choose", "close"))
            menu.border_subtitle = f"{choose} keeps it, {close} goes back"
            yield self.moves

    def on_mount(self) -> None:
        self.moves.add_options(Option(name) for name in PICKED_THEMES)
        name = self._current.removeprefix("ansi-")
        self.moves.highlighted = PICKED_THEMES.index(name) if name in PICKED_THEMES else 0

    def on_option_list_option_highlighted(self, event: OptionRows.OptionHighlighted) -> None:
        """Show the theme under the cursor."""
        event.stop()
        name = PICKED_THEMES[event.option_index]
        self.app.theme = theme_for(name, fixed_colors=has_256_colors(os.environ))

    def on_option_list_option_selected(self, event: OptionRows.OptionSelected) -> None:
        event.stop()
        self.dismiss(PICKED_THEMES[event.option_index])

    def action_choose(self) -> None:
        self.moves.action_select()

    def action_close(self) -> None:
        self.app.theme = self._current
        self.dismiss(None)

"""The menu of themes, each shown on the screen below while the cursor is on it."""

from __future__ import annotations

import os

from textual.content import Content

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.terminal.environment import has_256_colors
from chatkit_tui.ui.screens.menu import Menu
from chatkit_tui.ui.tokens import PICKED_THEMES, theme_for
from chatkit_tui.ui.widgets.option_rows import OptionRows


class ThemePicker(Menu[str]):
    """Asks for a theme; dismissed with its name, or with None and the theme before."""

    DEFAULT_CSS = """
    ThemePicker {
        align: right top;
        .box { width: 40; margin: 2 2; }
    }
    """

    def __init__(self, current: str, keys: Keymap) -> None:
        name = current.removeprefix("ansi-")
        chosen = PICKED_THEMES.index(name) if name in PICKED_THEMES else 0
        super().__init__("Theme", PICKED_THEMES, keys, chosen=chosen)
        self._current = current

    def hint(self) -> str:
        choose, close = (self.commands.keymap.first_name(name) for name in ("choose", "close"))
        return f"{choose} keeps it, {close} goes back"

    def row(self, choice: str) -> Content:
        return Content(choice)

    def on_option_list_option_highlighted(self, event: OptionRows.OptionHighlighted) -> None:
        """Show the theme under the cursor."""
        event.stop()
        name = PICKED_THEMES[event.option_index]
        self.app.theme = theme_for(name, fixed_colors=has_256_colors(os.environ))

    def action_close(self) -> None:
        self.app.theme = self._current
        super().action_close()

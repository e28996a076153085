"""The menu of profiles."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.options import ProfileChoice
from chatkit_tui.ui.screens.menu import Menu


class ProfilePicker(Menu[ProfileChoice]):
    """Asks for a profile."""

    DEFAULT_CSS = """
    ProfilePicker { .box { width: 60; } }
    """

    def __init__(self, choices: Sequence[ProfileChoice], current: str | None, keys: Keymap) -> None:
        names = [choice.name for choice in choices]
        chosen = names.index(current) if current in names else 0
        super().__init__("Profile", choices, keys, chosen=chosen)
        self._current = current

    def row(self, choice: ProfileChoice) -> Content:
        name = "as started" if choice.name is None else sanitize(choice.name)
        row = Content.styled(name, "bold") + Content.styled(f"  {sanitize(choice.place)}", "dim")
        return row + Content("  in use") if choice.name == self._current else row

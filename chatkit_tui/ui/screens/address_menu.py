"""The addresses of an item, each in full, to be opened or copied."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from chatkit_tui.commands.commands import ADDRESS_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.menu import Menu


class AddressMenu(Menu[tuple[str, bool]]):
    """Dismissed with an address and whether it is to be opened, else copied; or with None."""

    def __init__(self, addresses: Sequence[str], why_not_open: str, keys: Keymap) -> None:
        """`addresses` are of `text.links.safe_link`; `why_not_open` is empty if one can be."""
        choices = [(address, not why_not_open) for address in addresses]
        super().__init__("Open an address", choices, keys)
        self._why_not_open = why_not_open
        self.commands = CommandKeys(self, ADDRESS_COMMANDS, keys, lambda: self.context)

    def hint(self) -> str:
        keymap = self.commands.keymap
        copy, choose = keymap.first_name("address_copy"), keymap.first_name("choose")
        if self._why_not_open:
            return f"{choose} or {copy} copies: {self._why_not_open}"
        return f"{choose} opens it in the browser, {copy} copies it"

    def row(self, choice: tuple[str, bool]) -> Content:
        return Content(choice[0])

    def action_copy_address(self) -> None:
        address, _ = self.choices[self.moves.highlighted or 0]
        self.dismiss((address, False))

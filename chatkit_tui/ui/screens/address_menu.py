"""The addresses of an item, each in full, to be opened or copied."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets.option_list import Option

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import ADDRESS_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.modal import ModalOnce
from chatkit_tui.ui.widgets.option_rows import OptionRows


class AddressMenu(ModalOnce[tuple[str, bool] | None]):
    """Dismissed with an address and whether it is to be opened, else copied; or with None."""

    def __init__(self, addresses: Sequence[str], why_not_open: str, keys: Keymap) -> None:
        """`addresses` are of `text.links.safe_link`; `why_not_open` is empty if one can be."""
        super().__init__()
        self._addresses = addresses
        self._why_not_open = why_not_open
        self.moves = OptionRows(*(Option(Content(address)) for address in addresses))
        context = CommandContext(Pane.MENU, rows=len(addresses))
        self.commands = CommandKeys(self, ADDRESS_COMMANDS, keys, lambda: context)

    def compose(self) -> ComposeResult:
        keymap = self.commands.keymap
        copy, choose = keymap.first_name("address_copy"), keymap.first_name("choose")
        with Vertical(classes="box") as box:
            box.border_title = "Open an address"
            box.border_subtitle = (
                f"{choose} or {copy} copies: {self._why_not_open}"
                if self._why_not_open
                else f"{choose} opens it in the browser, {copy} copies it"
            )
            yield self.moves

    def on_mount(self) -> None:
        self.moves.focus()
        self.moves.highlighted = 0

    def action_choose(self) -> None:
        self.moves.action_select()

    def action_copy_address(self) -> None:
        self.dismiss((self._addresses[self.moves.highlighted or 0], False))

    def action_close(self) -> None:
        self.dismiss(None)

    def on_option_list_option_selected(self, event: OptionRows.OptionSelected) -> None:
        event.stop()
        self.dismiss((self._addresses[event.option_index], not self._why_not_open))

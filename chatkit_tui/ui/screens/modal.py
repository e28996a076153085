"""The base of the screens over the panes."""

from __future__ import annotations

from typing import Any

from textual.await_complete import AwaitComplete
from textual.events import Key
from textual.screen import ModalScreen, ScreenResultType

from chatkit_tui.ui.command_keys import CommandKeys


class ModalOnce(ModalScreen[ScreenResultType]):
    """A modal screen whose keys run commands, and that removes only itself from the stack.

    Textual removes whatever is on top: the screen below, when two keys that close arrive
    together; the palette above, when work that ends closes a dialog.
    """

    commands: CommandKeys[Any]
    DEFAULT_CSS = """
    ModalOnce .box {
        width: 72;
        max-width: 100%;
        height: auto;
        max-height: 100%;
        border: round $primary;
        background: $surface;
        padding: 0 1;
    }
    """

    async def on_key(self, event: Key) -> None:
        await self.press(event)

    async def press(self, event: Key) -> None:
        """Run the command of a key."""
        await self.commands.press(event)

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close with a result, and close what is above; do nothing if it is closed."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)

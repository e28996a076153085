"""The base of the screens over the panes."""

from __future__ import annotations

from typing import Any

from textual.await_complete import AwaitComplete
from textual.events import Key
from textual.screen import ModalScreen, ScreenResultType

from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.widgets.field import TextField, takes_key

LOW = 24
"""Lines of the terminal below which dialogs omit empty lines."""


class ModalOnce(ModalScreen[ScreenResultType]):
    """A modal screen whose keys run commands, and that removes only itself from the stack.

    Textual removes whatever is on top: the screen below, when two keys that close arrive
    together; the palette above, when work that ends closes a dialog.
    """

    commands: CommandKeys[Any]
    DEFAULT_CSS = """
    ModalOnce {
        align: center middle;
        background: transparent;
        .box {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 2;
            background: $background;
            border: $frame $primary;
            border-title-color: $primary;
            border-title-style: bold;
            border-subtitle-color: $primary;
        }
        OptionRows {
            background: $background;
            border: none;
            padding: 0;
            & > .option-list--option { padding: 0; }
            & > .option-list--option-highlighted {
                color: $foreground; background: $background; text-style: none;
            }
            &:focus { border: none; background-tint: transparent; }
            &:focus > .option-list--option-highlighted,
            &.-led > .option-list--option-highlighted {
                color: $chosen-text; background: $chosen; text-style: $chosen-style;
            }
        }
    }
    ModalOnce.-low .box { padding: 0 2; }
    """

    def on_mount(self) -> None:
        self._omit_empty_lines()

    def on_resize(self) -> None:
        self._omit_empty_lines()

    def _omit_empty_lines(self) -> None:
        self.set_class(self.app.size.height < LOW, "-low")

    async def on_key(self, event: Key) -> None:
        await self.press(event)

    async def press(self, event: Key) -> None:
        """Run the command of a key that a field with the focus does not use."""
        if not (isinstance(self.focused, TextField) and takes_key(self.focused, event.key)):
            await self.commands.press(event)

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close with a result, and close what is above; do nothing if it is closed."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)

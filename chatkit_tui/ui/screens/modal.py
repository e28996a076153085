"""The base of the screens over the panes."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.await_complete import AwaitComplete
from textual.content import Content
from textual.events import Key, ScreenResume
from textual.screen import ModalScreen, ScreenResultType
from textual.widget import Widget

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
    _subtitle: str | None = None
    """What was below the box before `_shown_reason`."""
    _shown_reason = ""
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

    @on(ScreenResume)
    def _keep_new_styles(self, event: ScreenResume) -> None:
        event.refresh_styles = bool(self.outer_size)  # before the first layout, they are new

    def on_resize(self) -> None:
        self._omit_empty_lines()

    def _omit_empty_lines(self) -> None:
        self.set_class(self.app.size.height < LOW, "-low")

    async def on_key(self, event: Key) -> None:
        await self.press(event)

    async def press(self, event: Key) -> None:
        """Run the command of a key that a field with the focus does not use, or say why not."""
        if isinstance(self.focused, TextField) and takes_key(self.focused, event.key):
            return
        is_bound = event.key in self.active_bindings
        reason = "" if is_bound else self.commands.reason(event.key)
        self.show_reason(reason)
        await self.commands.press(event)

    def show_reason(self, reason: str) -> None:
        """Show why a key did nothing below the box, until the next key; nothing without one."""
        for box in self.query(".box").results(Widget):
            if self._shown_reason and box.border_subtitle == self._shown_reason:
                box.border_subtitle = self._subtitle
            self._shown_reason = ""
            if reason:
                self._subtitle, box.border_subtitle = box.border_subtitle, Content(reason)
                self._shown_reason = box.border_subtitle or ""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close with a result, and close what is above; do nothing if it is closed."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)

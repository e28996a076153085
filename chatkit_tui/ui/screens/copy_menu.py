"""The menu of what can be copied, and the screen that shows one text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import CLOSE_COMMANDS, COPY_MENU_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.terminal.clipboard import Source
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.menu import Menu
from chatkit_tui.ui.screens.modal import ModalOnce

EXCERPT = 48
"""Characters of a text that the menu shows."""

LARGEST_SHOWN = 200_000
"""Characters of a text that its screen shows."""


COMMAND_OF: Final = {
    "text": "copy_text",
    "text and author": "copy_signed",
    "Markdown": "copy_markdown",
    "raw JSON": "copy_raw",
    "item id": "copy_item_id",
    "thread id": "copy_thread_id",
    "user": "copy_user",
    "log address": "copy_log",
    "whole text": "copy_whole",
    "whole Markdown": "copy_whole_markdown",
    "reopen command": "copy_command",
    "hand-off": "copy_hand_off",
}
"""The command that copies a source, by the name of the source."""


class CopyMenu(Menu[Source]):
    """Asks which source to copy."""

    def __init__(self, sources: Sequence[Source], keys: Keymap) -> None:
        super().__init__("Copy", sources, keys)
        self.commands = CommandKeys(self, COPY_MENU_COMMANDS, keys, lambda: self.context)

    def row(self, choice: Source) -> Content:
        excerpt = sanitize(" ".join(choice.excerpt[: 4 * EXCERPT].split()))
        if len(excerpt) > EXCERPT:
            excerpt = excerpt[: EXCERPT - 1] + ui_text("…")
        key = self.commands.keymap.first_name(COMMAND_OF[choice.name])
        return (
            Content.styled(f"{key}  ", "bold")
            + Content(f"{choice.name:<16}")
            + Content.styled(excerpt, "dim")
        )

    def action_choose_named(self, name: str) -> None:
        for source in self.choices:
            if source.name == name:
                self.dismiss(source)


class TextAlone(ModalOnce[None]):
    """One text and nothing beside it, so that the terminal's selection takes only that."""

    DEFAULT_CSS = """
    TextAlone {
        background: $background;
        #why { height: auto; color: $text-muted; }
        VerticalScroll { height: 1fr; }
    }
    """

    def __init__(self, text: str, why: str, keys: Keymap) -> None:
        """Show `text`, which is sanitized here; `why` is why it was not copied."""
        super().__init__()
        self._text = text
        self._why = why
        self.commands = CommandKeys(self, CLOSE_COMMANDS, keys, lambda: CommandContext(Pane.PAGE))

    def action_close(self) -> None:
        self.dismiss(None)

    def compose(self) -> ComposeResult:
        close = self.commands.keymap.first_name("close", Pane.PAGE)
        yield Static(
            f"Not copied: {self._why}. Select it with the terminal's own selection "
            f"(Shift and mouse in most). {close} goes back.",
            id="why",
            markup=False,
        )
        with VerticalScroll():
            yield Static(sanitize(self._text[:LARGEST_SHOWN], breaks=True), markup=False)
            if (left_out := len(self._text) - LARGEST_SHOWN) > 0:
                note = f"({left_out:,} more characters are not shown)"
                yield Static(note, markup=False, classes="left-out")

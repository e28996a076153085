"""The menu of what can be copied, and the screen that shows one text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static
from textual.widgets.option_list import Option

from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import CLOSE_COMMANDS, COPY_MENU_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.errors import ChatKitError
from chatkit_tui.terminal.clipboard import Source
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import shorten
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.menu import Menu
from chatkit_tui.ui.screens.modal import ModalOnce

if TYPE_CHECKING:
    from chatkit_tui.export.redaction.redactor import Redactor

EXCERPT = 48
"""Cells of a text that the menu shows at most."""
_BESIDE: Final = 32
"""Cells of the screen that are beside the excerpt."""

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

    def __init__(
        self,
        offered: Callable[[Redactor | None], Sequence[Source]],
        keys: Keymap,
        redactor: Redactor | None,
        *,
        is_masked: bool,
    ) -> None:
        """`offered` returns the sources, redacted by what it is called with."""
        super().__init__("Copy", offered(redactor), keys)
        self._offered = offered
        self._redactor = redactor
        self._is_masked = is_masked
        self.commands = CommandKeys(self, COPY_MENU_COMMANDS, keys, lambda: self.context)

    def hint(self) -> str:
        if self._is_masked:
            return "masked"
        key = self.commands.keymap.first_name("copy_redacted")
        return f"{key}  redacted: {'no' if self._redactor is None else 'yes'}"

    async def action_redact(self) -> None:
        """Offer everything redacted, or as it is."""
        from chatkit_tui.export.redaction.redactor import redactor

        if self._is_masked:
            return
        try:
            self._redactor = None if self._redactor else await asyncio.to_thread(redactor)
        except ChatKitError as error:
            self.query_one(".box").border_subtitle = Content(str(error))
            return
        self.choices = self._offered(self._redactor)
        self._show_choices()
        self.query_one(".box").border_subtitle = Content(self.hint())

    def on_resize(self) -> None:
        if self.moves.option_count:
            self._show_choices()

    def _show_choices(self) -> None:
        chosen = self.moves.highlighted
        self.moves.set_options(Option(self.row(choice)) for choice in self.choices)
        self.moves.highlighted = chosen

    def row(self, choice: Source) -> Content:
        room = max(1, min(EXCERPT, self.app.size.width - _BESIDE))
        excerpt = shorten(sanitize(" ".join(choice.excerpt[: 4 * EXCERPT].split())), room)
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
                return
        self.show_reason(f"there is no {name} to copy here")


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

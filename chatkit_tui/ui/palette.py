"""The command palette, made from the declaration of the commands."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.command import (
    CommandInput,
    CommandList,
    CommandPalette,
    DiscoveryHit,
    Hit,
    Hits,
    Provider,
    SearchIcon,
)
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Mount
from textual.widgets import Input, LoadingIndicator

from chatkit_tui.commands.commands import Command
from chatkit_tui.commands.handlers import BrowseHost
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.text.plain import ui_text
from chatkit_tui.ui.screens.browse import BrowseScreen
from chatkit_tui.ui.widgets.field import TextField
from chatkit_tui.ui.widgets.option_rows import is_laid_out

IN_HELP = 0.01
"""The score of what is found in a help sentence: below that of any title."""


class Commands(Provider):
    """Offers the available commands."""

    def _commands(self) -> list[tuple[Command[BrowseHost], BrowseScreen]]:
        screen = self.screen
        if not isinstance(screen, BrowseScreen):
            return []
        return [
            (command, screen)
            for command in screen.commands.working()
            if command.group != "Move" and command.id != "command_palette"
        ]

    async def discover(self) -> Hits:
        """Yield all of them, while nothing is typed."""
        for command, screen in self._commands():
            yield DiscoveryHit(
                Content(command.title + _keys(command, screen.keys)),
                partial(screen.act, command),
                help=command.help,
            )

    async def search(self, query: str) -> Hits:
        """Yield those whose title is like the query, then those whose help contains it."""
        matcher = self.matcher(query)
        # Any few letters occur in a sentence in their order; one letter occurs in most.
        needle = query.casefold() if len(query) > 1 else None
        for command, screen in self._commands():
            score = matcher.match(command.title)
            if score <= 0 and needle and needle in command.help.casefold():
                score = IN_HELP
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(command.title) + _keys(command, screen.keys),
                    partial(screen.act, command),
                    help=command.help,
                )


def _keys(command: Command[BrowseHost], keys: Keymap) -> str:
    names = keys.names(command)
    return f"  {names}" if names else ""


class PaletteField(CommandInput, TextField):
    """The field of the palette; the toolkit's look, and what all fields take and show."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", show=False)]


class Palette(CommandPalette):
    """Textual's palette without a blinking cursor."""

    def __init__(self) -> None:
        super().__init__([Commands], placeholder=ui_text("Search for commands…"))

    def compose(self) -> ComposeResult:
        """Make what Textual's palette has, but for the field."""
        icon = SearchIcon()
        icon.icon = ui_text("›")  # a picture is not in every font
        field = PaletteField(placeholder=self._placeholder, select_on_focus=False)
        field.cursor_blink = False  # a blink would cost a slow connection bytes for ever
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield icon
                yield field
            with Vertical(id="--results"):
                yield CommandList()
                yield LoadingIndicator()

    def on_mount(self, event: Mount) -> None:
        """Begin no search without a list: the program ends while the palette opens."""
        if not self.query(CommandList):
            event.prevent_default()

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Go away; a second key in the same breath takes no other screen along."""
        if self.app.screen is not self:
            return AwaitComplete()
        # A search that begins or goes on when the list is gone would look for it in vain.
        self.workers.cancel_group(self, self._GATHER_COMMANDS_GROUP)
        return super().dismiss(result)

    @on(Input.Changed)
    def search_only_while_open(self, event: Input.Changed) -> None:
        """Begin no search for letters that arrive after the palette closed: its list is going."""
        if self.app.screen is not self:
            event.prevent_default()

    def _action_command_list(self, action: str) -> None:
        if action.startswith("page") and not is_laid_out(self.query_one(CommandList)):
            return
        super()._action_command_list(action)

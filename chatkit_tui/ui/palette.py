"""The command palette, made from the declaration of the commands."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Protocol, runtime_checkable

from textual.await_complete import AwaitComplete
from textual.command import (
    CommandInput,
    CommandPalette,
    DiscoveryHit,
    Hit,
    Hits,
    Provider,
    SearchIcon,
)
from textual.content import Content

from chatkit_tui.ui.commands import BY_ID, Command, meant
from chatkit_tui.ui.keys import Keys
from chatkit_tui.ui.scene import Scene

OWN = (BY_ID["command_palette"],)
"""What makes no sense to be offered here; nor do the moves, that nobody looks up to make once."""


@runtime_checkable
class Acting(Protocol):
    """A screen that commands can be given to."""

    keys: Keys

    @property
    def scene(self) -> Scene:
        """What it is like now."""
        ...

    async def act(self, command: Command) -> None:
        """Do it."""
        ...


class Commands(Provider):
    """Offers the commands that work now."""

    def _commands(self) -> list[tuple[Command, Acting]]:
        screen = self.screen
        if not isinstance(screen, Acting):
            return []
        return [
            (c, screen)
            for c in meant(screen.scene, screen.keys.of)
            if c.group != "Move" and c not in OWN
        ]

    async def discover(self) -> Hits:
        """All of them, while nothing is typed."""
        for command, screen in self._commands():
            yield DiscoveryHit(
                Content(_name(command, screen.keys)),
                partial(screen.act, command),
                help=command.help,
            )

    async def search(self, query: str) -> Hits:
        """Those whose name or help is like what is typed."""
        matcher = self.matcher(query)
        for command, screen in self._commands():
            name = _name(command, screen.keys)
            score = max(matcher.match(name), 0.5 * matcher.match(command.help))
            if score > 0:
                yield Hit(
                    score, matcher.highlight(name), partial(screen.act, command), help=command.help
                )


def _name(command: Command, keys: Keys) -> str:
    names = keys.names(command)
    return f"{command.title}  {names}" if names else command.title


class Palette(CommandPalette):
    """Textual's palette without a blinking cursor."""

    def on_mount(self) -> None:
        """A blink would cost a slow line bytes for ever; a picture is not in every font."""
        self.query_one(CommandInput).cursor_blink = False
        self.query_one(SearchIcon).icon = "›"

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Go away; a second key in the same breath takes no other screen along."""
        if self.app.screen is not self:
            return AwaitComplete()
        return super().dismiss(result)

    def _action_command_list(self, action: str) -> None:
        # A list that is not laid out yet has options and no lines, and nothing to move by.
        with suppress(KeyError, IndexError):
            super()._action_command_list(action)

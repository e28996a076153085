"""Keys that run commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from inspect import isawaitable
from typing import Final, Generic, TypeVar

from textual.events import Key

from chatkit_tui.commands.command import Command, is_allowed, offered, why_refused
from chatkit_tui.commands.command_context import CommandContext, Pane
from chatkit_tui.commands.commands import BY_ID
from chatkit_tui.commands.keymap import Keymap, canonical, key_name

HostT = TypeVar("HostT")

_PLACES: Final = {Pane.THREADS: "the list", Pane.TRANSCRIPT: "an open thread"}
"""The panes that have keys of their own, as the user calls them."""


class CommandKeys(Generic[HostT]):
    """Finds the command that a key runs on a screen.

    Textual's own bindings are not used: its key map removes all bindings of a key that several
    commands share when one of them is remapped.
    """

    def __init__(
        self,
        host: HostT,
        commands: Iterable[Command[HostT]],
        keymap: Keymap,
        context: Callable[[], CommandContext],
    ) -> None:
        self.keymap = keymap
        self._host = host
        self._context = context
        self._commands = tuple(commands)
        self._by_key: dict[tuple[Pane, str], list[Command[HostT]]] = {}
        for command in self._commands:
            for pane in command.where:
                for key in keymap.of(command, pane):
                    self._by_key.setdefault((pane, canonical(key)), []).append(command)

    def command_of(self, key: str, pane: Pane | None = None) -> Command[HostT] | None:
        """Return the command that a key runs now, or one that is not available.

        `pane` replaces the pane of the context. Of commands that share a key, the first that is
        available is returned, else the last, which is the most common one.
        """
        context = self._context()
        sharing = offered(context, self._by_key.get((pane or context.where, key), ()), pane)
        able = (command for command in sharing if command.why_not(context) is None)
        return next(able, sharing[-1] if sharing else None)

    def refusal(self, key: str) -> str:
        """Return why a key runs nothing here; empty if it runs a command, or for Esc."""
        context = self._context()
        sharing = self._by_key.get((context.where, key), [])
        if any(is_allowed(command, context) for command in sharing):
            return ""
        if sharing:
            return why_refused(sharing[0], context)
        if key == "escape":
            return ""
        for pane, place in _PLACES.items() if context.where in _PLACES else ():
            if elsewhere := offered(context, self._by_key.get((pane, key), ()), pane):
                return f"{key_name(key)} ({elsewhere[-1].title}) works only in {place}"
        words = f"{key_name(key)} does nothing here"
        if BY_ID["help"] not in self._commands:
            return "" if key in map(canonical, self.keymap.of(BY_ID["repaint"])) else words
        return f"{words}: {self.keymap.first_name('help')} shows the keys"

    def reason(self, key: str) -> str:
        """Return why a key does nothing, also why its command is not available now; or nothing."""
        command = self.command_of(key)
        if command is None:
            return self.refusal(key)
        why = command.why_not(self._context())
        return f"{command.title}: {why}" if why and not command.quiet else ""

    def working(self) -> list[Command[HostT]]:
        """Return the available commands that their keys run now, and those without keys."""
        return self.keymap.working(self._context(), self._commands)

    def hints(self) -> list[tuple[str, str]]:
        """Return key and title of the available commands, in the order of the footer."""
        context = self._context()
        shown = [
            command
            for command in self.working()
            if command.footer
            and context.where in (command.footer_where or command.where)
            and self.keymap.of(command, context.where)
        ]
        return [
            (self.keymap.first_name(command.id, context.where), command.title)
            for command in sorted(shown, key=lambda command: command.footer)
        ]

    async def press(self, event: Key) -> bool:
        """Run the command of a key; return whether the key belongs to one."""
        command = self.command_of(event.key)
        if command is None:
            return False
        event.stop()
        if command.why_not(self._context()) is None:
            await self.run(command)
        return True

    async def run(self, command: Command[HostT]) -> None:
        """Run a command, whether it is available or not."""
        result = command.run(self._host)
        if isawaitable(result):
            await result

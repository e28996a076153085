"""The app: it makes the way to the server, holds the theme and shows the browse screen."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import Provider

from chatkit_tui.ui.gateway import Connect, Gateway
from chatkit_tui.ui.keys import remap
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.palette import Commands, Palette
from chatkit_tui.ui.screens.browse import BrowseScreen

if TYPE_CHECKING:
    from chatkit_tui.register import SessionRegister

DARK, LIGHT = "ansi-dark", "ansi-light"
"""Themes of the terminal's own sixteen colours: they fit in, and cost a slow line least."""


class ChatKitApp(App[int]):
    """Read, search and delete conversations; the way to the server is made while it starts."""

    CSS_PATH = Path(__file__).with_name("chatkit.tcss")
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {Commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", show=False, id="quit"),
        # Has no id, so that no remapping takes it away or makes a letter win over typing.
        Binding("ctrl+c", "quit", priority=True, show=False),
        Binding("ctrl+p", "command_palette", priority=True, show=False, id="command_palette"),
    ]

    def __init__(
        self, options: Options, connect: Connect, register: SessionRegister | None = None
    ) -> None:
        """`connect` makes the gateway; it is called at once, and again after it failed."""
        # Said at once, since NO_COLOR is taken for greys where the first theme has its own colours.
        super().__init__(ansi_color=True)
        self.animation_level = "none"
        self.options = options
        self.register = register
        self._connect = connect
        self._connection: asyncio.Task[Gateway] | None = None
        self.keys, notes = remap(options.keys)
        self.set_keymap(self.keys.keymap)
        self.notes = (*options.notes, *notes)
        self.theme = DARK if options.dark else LIGHT

    def on_load(self) -> None:
        """Begin to connect before anything is drawn."""
        self._connection = asyncio.create_task(self._made())
        self._leave_on_signals()

    def _leave_on_signals(self) -> None:
        """A closed line or a polite kill ends the app as `q` does, the terminal as it was found."""
        loop = asyncio.get_running_loop()
        for name in ("SIGTERM", "SIGHUP"):
            # Neither exists everywhere, nor does every event loop take handlers.
            with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                number = getattr(signal, name)
                loop.add_signal_handler(number, self.exit, None, 128 + number)

    async def _made(self) -> Gateway:
        return await self._connect()

    async def gateway(self) -> Gateway:
        """The way to the server, as soon as there is one. Raises what making it raised."""
        task = self._connection
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._connection = asyncio.create_task(self._made())
        return await asyncio.shield(task)

    async def on_unmount(self) -> None:
        """Close the connections."""
        task = self._connection
        if task is None:
            return
        if not task.done():
            task.cancel()
        elif not task.cancelled() and task.exception() is None:
            await task.result().aclose()

    def get_default_screen(self) -> BrowseScreen:
        """The screen that everything happens on."""
        return BrowseScreen(self.options, self.keys, self.notes, self.gateway, self.register)

    def action_command_palette(self) -> None:
        """Find a command by its name."""
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def action_theme(self) -> None:
        """Light or dark."""
        self.theme = LIGHT if self.theme == DARK else DARK

"""The connection to the source, opened once for the screen that shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from chatkit_tui.errors import ChatKitError, error_line
from chatkit_tui.sources.base import Connect, GetSource, SourceObserver, ThreadSource
from chatkit_tui.terminal.textual_private import make_replaceable
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.failures import ScreenObserver
from chatkit_tui.ui.leaving import unbroken
from chatkit_tui.ui.masked_screen import masked, masked_options, where_to_go_on

if TYPE_CHECKING:
    from textual.await_complete import AwaitComplete
    from textual.screen import Screen
    from textual.worker import Worker

    from chatkit_tui.export.redaction.mask import Mask
    from chatkit_tui.ui.options import Options, ShownSource
    from chatkit_tui.ui.screens.browse import BrowseScreen


class SourceConnection:
    """Opens the source; after a failure, the next caller of `get` opens it again."""

    def __init__(self, connect: Connect, observer: SourceObserver) -> None:
        self._connect = connect
        self._observer = observer
        self._opening: asyncio.Task[ThreadSource] | None = None

    def open(self) -> asyncio.Task[ThreadSource]:
        """Begin to open the source."""
        self._opening = asyncio.create_task(self._open())
        return self._opening

    async def _open(self) -> ThreadSource:
        return await self._connect(self._observer)

    async def get(self) -> ThreadSource:
        """Return the source as soon as it is open. Raise what opening it raised."""
        task = self._opening
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self.open()
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Close the source, or stop opening it."""
        if (task := self._opening) is None:
            return
        if not task.done():
            task.cancel()
        elif not task.cancelled() and task.exception() is None:
            await task.result().aclose()


class SourceHost(Protocol):
    """The app, as far as another source changes it."""

    @property
    def browse(self) -> BrowseScreen: ...
    @property
    def screen(self) -> Screen[Any]: ...
    @property
    def workers(self) -> Iterable[Worker[Any]]: ...
    def is_screen_installed(self, screen: str) -> bool: ...
    def get_screen(self, screen: str) -> Screen[Any]: ...
    def uninstall_screen(self, screen: str) -> str | None: ...

    theme: str
    no_color: bool

    def use(self, shown: ShownSource, get_source: GetSource) -> BrowseScreen: ...
    def switch_screen(self, screen: Screen[Any]) -> AwaitComplete: ...


class ShownConnection:
    """The connection to the source that is shown, which another one can replace."""

    def __init__(self, app: SourceHost, shown: ShownSource) -> None:
        self._app = app
        self._shown = shown
        self._mask: Mask | None = None
        self._offline = False
        """Whether the last request did not reach the server."""
        self._connection = self._connection_to(shown)
        app.use(shown, self._connection.get)

    def _connection_to(self, shown: ShownSource) -> SourceConnection:
        def note_reach(reached: bool) -> None:
            if connection is self._connection and self._offline is reached:
                self._offline = not reached
                self._app.browse.call_later(self._app.browse.reach_changed, reached)

        connection = SourceConnection(shown.connect, ScreenObserver(note_reach))
        return connection

    def open(self) -> None:
        """Begin to open the source."""
        self._connection.open()

    async def replace(self, shown: ShownSource) -> None:
        """Show another source on a screen of its own, if it can be opened.

        Nothing of the old screen is kept: its requests are cancelled before its source is closed.
        """
        app, connection = self._app, self._connection_to(shown)
        old_screen, old_connection = app.browse, self._connection
        try:
            source = await connection.get()
        except asyncio.CancelledError:  # another source is wanted by now
            await connection.close()
            raise
        except ChatKitError as error:
            old_screen.status.report(
                sanitize(f"profile not switched: {error_line(error)}"), bad=True
            )
            return
        if app.screen is not old_screen or unbroken(app.workers):
            await connection.close()
            reason = "something else has begun meanwhile"
            old_screen.status.report(f"profile not switched: {reason}", bad=True)
            return
        options = shown.options._replace(capabilities=source.capabilities)
        self._connection, self._offline = connection, False
        self._shown = shown._replace(options=options)
        if not app.no_color and options.theme != old_screen.options.theme:
            app.theme = options.theme
        await self._show(old_screen, options)
        await old_connection.close()

    async def show_through(self, mask: Mask | None) -> None:
        """Show the same source through a mask, or without one; what is open stays open.

        The screen is a new one, so nothing of the old one can show what the mask hides.
        """
        app, old_screen = self._app, self._app.browse
        if app.screen is not old_screen or unbroken(app.workers):
            old_screen.status.report("mask: something else has begun meanwhile", bad=True)
            return
        old_mask, self._mask = self._mask, mask
        options = where_to_go_on(old_screen, self._shown.options, old_mask, mask)
        await self._show(old_screen, options)

    async def _show(self, old_screen: BrowseScreen, options: Options) -> None:
        """Put a new screen in the place of the old one."""
        app = self._app
        get_source: GetSource = self._connection.get
        if (mask := self._mask) is not None:
            options = masked_options(options, mask)
            get_source = masked(get_source, mask)
        screen = app.use(self._shown._replace(options=options), get_source)
        make_replaceable(old_screen)
        await app.switch_screen(screen)
        if app.is_screen_installed("sessions"):
            panel = app.get_screen("sessions")
            app.uninstall_screen("sessions")
            await panel.remove()

    async def close(self) -> None:
        await self._connection.close()

"""The app: it makes the way to the server, holds the theme and shows the browse screen."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.events import Event, Key, MouseEvent, Paste, Resize
from textual.filter import NoColor
from textual.geometry import Offset
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.worker import WorkerFailed

from chatkit_tui.commands.commands import BY_ID
from chatkit_tui.commands.keymap import canonical, read_keys
from chatkit_tui.sources.base import Connect, ThreadSource
from chatkit_tui.terminal.clipboard import clipboard_text
from chatkit_tui.terminal.environment import correct_color_depth, has_italics
from chatkit_tui.terminal.flow_control import UNACKNOWLEDGED
from chatkit_tui.terminal.input_decoder import PASTE_LIMIT, Dropped
from chatkit_tui.terminal.link_speed import LinkSpeed
from chatkit_tui.terminal.signals import SignalWatcher
from chatkit_tui.text.plain import set_plain, ui_text
from chatkit_tui.ui.background_work import KeyPriority, preload
from chatkit_tui.ui.confirmation import ConfirmationGate, Guarded
from chatkit_tui.ui.failures import ScreenObserver
from chatkit_tui.ui.key_queue import KeyQueue
from chatkit_tui.ui.leaving import CLOSE_WITHIN, FINISH_WITHIN, StopsBetween, finish, unbroken
from chatkit_tui.ui.messages import LineChanged, ListBegan, ReachChanged, Said
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.palette import Commands, Palette
from chatkit_tui.ui.screens.browse import BrowseScreen
from chatkit_tui.ui.theme import ColorFilter, PlainScrollBars
from chatkit_tui.ui.widgets.field import hidden_text, pasted_text

if TYPE_CHECKING:
    from textual.driver import Driver

    from chatkit_tui.sessions.history import SessionHistory
    from chatkit_tui.terminal.cell_buffer import CellBuffer
    from chatkit_tui.terminal.driver import TerminalDriver, TerminalHost
    from chatkit_tui.terminal.styles import Styles
    from chatkit_tui.ui.copying import Copying, CopyResult

DARK, LIGHT = "ansi-dark", "ansi-light"
"""Themes of the terminal's own sixteen colours: they fit in, and cost a slow line least."""
CRASHED, INTERRUPTED = 1, 130
"""Exit codes."""

_DROPPED: Final = {
    Dropped.SEQUENCE: "The input broke off and was ignored. Press the key again.",
    Dropped.PASTE: "The paste did not end and was ignored. Paste it again.",
    Dropped.LARGE_PASTE: f"The paste was over {PASTE_LIMIT >> 20} MiB and was ignored. Paste less.",
}
"""What the status line says of input that was dropped."""
_LIST_WITHIN = 2.0
"""Seconds after which keys wait for the first threads no more; they are at hand."""


class ChatKitApp(App[int]):
    """Read, search and delete conversations; the way to the server is made while it starts."""

    CSS_PATH = Path(__file__).with_name("chatkit.tcss")
    ENABLE_COMMAND_PALETTE = False  # its key is a command of ours
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {Commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", priority=True, show=False),
        # Without priority: a text area undoes with it.
        Binding("ctrl+z", "suspend_process", show=False),
    ]

    def __init__(
        self, options: Options, connect: Connect, history: SessionHistory | None = None
    ) -> None:
        """`connect` opens the source; it is called at once, and again after it failed."""
        correct_color_depth(os.environ)
        # Said at once, since NO_COLOR is taken for greys where the first theme has its own colours.
        super().__init__(ansi_color=True)
        self.animation_level = "none"
        self.options = options
        set_plain(options.plain)
        self.no_color |= options.plain
        self._filters = [made for made in self._filters if not isinstance(made, NoColor)]
        italics = has_italics(os.environ) and not options.plain
        if self.no_color or not italics:
            self._filters.append(ColorFilter(colors=not self.no_color, italics=italics))
        ScrollBar.renderer = PlainScrollBars if options.plain else ScrollBarRender
        self._history = history
        self.hand_over: Callable[[], tuple[CellBuffer, Styles] | None] | None = None
        """Takes the terminal from the splash screen; returns what the terminal shows."""
        self._line = LinkSpeed(options.slow)
        self._keys_first = KeyPriority()
        self._type_ahead = KeyQueue(self, self._hand_on)
        self._terminal_changed_at = 0.0
        self.gate = ConfirmationGate(self._when_shown, lambda: self._terminal_changed_at)
        """What confirmations have to pass."""
        self._connect = connect
        self._connection: asyncio.Task[ThreadSource] | None = None
        self._warming: asyncio.Task[None] | None = None
        self._offline = False
        """Whether the last try, of anything, did not reach the server."""
        self.keys, faults = read_keys(options.keys)
        dropped = [f"keys.{fault.command_id}: {fault.reason}" for fault in faults if fault.dropped]
        self.notes = (*options.notes, *dropped)
        self.theme = DARK if options.dark else LIGHT
        self._watch = SignalWatcher(self._leave_soon, self._end_now, self._patience)
        self._loop_of_screen: asyncio.AbstractEventLoop | None = None
        self._left_with: int | None = None
        self._leaving: asyncio.Task[None] | None = None

    # -- beginning and end -------------------------------------------------------------------------

    def run(self, **arguments: Any) -> int | None:
        """Show the screen until it is left; `return_code` and `crash` say how that came about.

        Signals and the loss of the terminal are an end as any other. The terminal is as it was
        found then. Takes the arguments of Textual's `run`.
        """
        self._watch.start(sys.__stdin__.fileno() if sys.__stdin__ else 0)
        try:
            return super().run(**{"mouse": self.options.mouse, **arguments})
        finally:
            self._give_terminal_back()
            if self._driver is not None:
                self._driver.close()
            self._watch.stop()

    @property
    def was_shown(self) -> bool:
        """Whether the terminal was taken over, and so given back in the end."""
        terminal = self._terminal
        return self._driver is not None if terminal is None else terminal.was_in_use

    @property
    def _terminal(self) -> TerminalDriver | None:
        """The driver, if it is the one that can lose its terminal."""
        if sys.platform == "win32":
            return None
        from chatkit_tui.terminal.driver import TerminalDriver

        return self._driver if isinstance(self._driver, TerminalDriver) else None

    def get_driver_class(self) -> type[Driver]:
        """The driver that can lose its terminal, where terminals are lost."""
        found = super().get_driver_class()
        if sys.platform == "win32":
            return found
        from textual.drivers.linux_driver import LinuxDriver

        from chatkit_tui.terminal.driver import TerminalDriver

        return TerminalDriver if found is LinuxDriver else found

    def on_load(self) -> None:
        """Begin to connect before anything is drawn."""
        self._loop_of_screen = asyncio.get_running_loop()
        self._loop_of_screen.set_exception_handler(_log_stray_error)
        if self._left_with is not None:  # a signal came before there was a loop
            self.exit(None, self._left_with)
        self._connection = asyncio.create_task(self._made())

    def take_first_frame(self) -> tuple[CellBuffer, Styles] | None:
        """Return the threads that the terminal shows already; keys wait until the list has them."""
        hand_over, self.hand_over = self.hand_over, None
        shown = hand_over() if hand_over is not None else None
        if shown is not None:
            self._type_ahead.hold(_LIST_WITHIN)
        return shown

    def on_list_began(self, message: ListBegan) -> None:
        """The list has its rows: keys are for it, and after them comes what they may lead to."""
        message.stop()
        self._type_ahead.release()
        if self._warming is None:
            self._warming = asyncio.create_task(preload())

    def leave(self, code: int = 0) -> None:
        """End the app with an exit code, once what must not be broken off is finished."""
        if self._leaving is not None:
            return
        self._left_with = code
        self._watch.count_down(code)
        for screen in self.screen_stack:
            if isinstance(screen, StopsBetween):
                screen.stop_between()
        self._leaving = asyncio.create_task(self._finish_and_exit(code))

    async def _finish_and_exit(self, code: int) -> None:
        await finish(self.workers)
        self.exit(None, CRASHED if self.crash else code)

    def _leave_soon(self, code: int) -> None:
        """As `leave`, on any thread."""
        self._left_with = code
        if self._loop_of_screen is not None:
            with suppress(RuntimeError):  # the loop is closed: everything ends as it is
                self._loop_of_screen.call_soon_threadsafe(self.leave, code)

    def _patience(self) -> float:
        return CLOSE_WITHIN + (FINISH_WITHIN if unbroken(self.workers) else 0)

    def _end_now(self, code: int) -> None:
        """The last resort: nothing came of leaving."""
        self._give_terminal_back()
        os._exit(code)

    def _give_terminal_back(self) -> None:
        if (terminal := self._terminal) is not None:
            terminal.give_back_now()

    async def action_quit(self) -> None:
        """Leave."""
        self.leave()

    def action_interrupt(self) -> None:
        """Leave, and say that it was in the middle of things."""
        self.leave(INTERRUPTED)

    # -- crashes -----------------------------------------------------------------------------------

    @property
    def crash(self) -> BaseException | None:
        """What nobody caught and ended the app; None as long as there is no such thing."""
        error: BaseException | None = self._exception
        return error.error if isinstance(error, WorkerFailed) else error

    def crash_with(self, error: Exception) -> None:
        """End the app because of an error that was caught where no handler could raise it."""
        self._handle_exception(error)

    def panic(self, *renderables: object) -> None:
        """End without a word: what is to be told is told once the terminal is given back."""
        del renderables
        self._fatal_error()

    def _fatal_error(self) -> None:
        # Textual would draw a traceback here, with every variable in it: keys, users, texts.
        if unbroken(self.workers):
            self.leave(CRASHED)
        else:
            self._watch.count_down(CRASHED)
            self._close_messages_no_wait()

    def input_dropped(self, what: Dropped) -> None:
        """Say that input was dropped, since the user waits for its effect: where the keys go, and
        in the status line for when that is closed."""
        receivers = [*self.screen_stack[:1], *([self.focused] if self.focused else [])]
        for receiver in dict.fromkeys(receivers):
            receiver.post_message(Said(_DROPPED[what], bad=True))

    async def on_event(self, event: Event) -> None:
        """Every event comes by here. No control in a paste steers a field, and a key of a character
        that the toolkit would not take is pasted. What is typed waits for its turn."""
        if isinstance(event, Key) and (text := hidden_text(event.character)):
            event = Paste(text)
        elif isinstance(event, Paste):
            event.text = pasted_text(event.text)
        if isinstance(event, Resize):
            self.terminal_changed()
            await super().on_event(event)
            self.ask_again()
        elif isinstance(event, MouseEvent) and not event.is_forwarded:
            await self._hand_on(event)
        elif not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
        elif isinstance(event, Key) and event.key == "ctrl+c":
            await super().on_event(event)  # waits for nothing
        else:
            self._keys_first.claim()
            await self._type_ahead.take(event)

    async def _hand_on(self, event: Event) -> None:
        """Give an event to the screen, unless it came before the terminal showed that."""
        guarded = self._guarded
        if guarded is not None and not guarded.lets(event):
            return
        if isinstance(event, Key) and self.screen is self._browse:
            self.app_focus = True
            if await self._browse.press(event):
                return
        await super().on_event(event)

    async def on_key(self, event: Key) -> None:
        """Draw the screen again, whatever is open, for a key that nothing else takes."""
        if event.key in map(canonical, self.keys.of(BY_ID["repaint"])):
            event.stop()
            event.prevent_default()
            self.action_repaint()

    @property
    def _guarded(self) -> Guarded | None:
        """The screen, if it is one that confirms something."""
        stack = self.screen_stack
        return stack[-1] if stack and isinstance(stack[-1], Guarded) else None

    def terminal_changed(self) -> None:
        """Note that what the terminal showed until now proves nothing; called by signals too."""
        self._terminal_changed_at = monotonic()

    def ask_again(self) -> None:
        """Have a screen that confirms something find out again whether the terminal shows it."""
        if self._guarded is not None:
            self._guarded.ask_again()

    def _when_shown(self, shown: Callable[[float], None], since: float) -> None:
        """Call `shown` with the time since when the terminal shows all that is drawn by now."""
        if self.is_headless:
            shown(monotonic())
        elif (terminal := self._terminal) is not None:
            terminal.when_shown(shown, since)
        else:
            self.set_timer(UNACKNOWLEDGED, lambda: shown(Event().time))

    def post_display_hook(self) -> None:
        """A frame was drawn."""
        self._keys_first.release()
        if not self._batch_count and self._guarded is not None:
            self._guarded.drawn()

    # -- the server --------------------------------------------------------------------------------

    async def _made(self) -> ThreadSource:
        return await self._connect(ScreenObserver(self._tried))

    def _tried(self, reached: bool) -> None:
        """The server was asked for something, by whichever part of the screen."""
        if self._offline is reached:
            self._offline = not reached
            self._browse.post_message(ReachChanged(offline=self._offline))

    async def get_source(self) -> ThreadSource:
        """Return the source as soon as it is open. Raise what opening it raised."""
        task = self._connection
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._connection = asyncio.create_task(self._made())
        return await asyncio.shield(task)

    async def on_unmount(self) -> None:
        """Close the connections."""
        if self._warming is not None:
            self._warming.cancel()
        task = self._connection
        if task is None:
            return
        if not task.done():
            task.cancel()
        elif not task.cancelled() and task.exception() is None:
            await task.result().aclose()

    # -- the screen --------------------------------------------------------------------------------

    @property
    def shows_cursor(self) -> bool:
        """Whether the terminal's cursor stays visible: under `--plain`."""
        return self.options.plain

    @property
    def cursor_position(self) -> Offset:
        """Where the terminal's cursor stands: where one types; under `--plain`, where one reads."""
        focused = self.screen.focused if self.screen_stack else None
        if self.options.plain and focused is not None:
            from chatkit_tui.ui.screen_reader import reading_place

            return reading_place(focused) or self._typed_at
        is_field = self.options.plain or hasattr(type(focused), "cursor_screen_offset")
        return self._typed_at if is_field else Offset(0, 0)  # hidden: any place will do

    @cursor_position.setter
    def cursor_position(self, place: Offset) -> None:
        self._typed_at = place

    def get_default_screen(self) -> BrowseScreen:
        """The screen that everything happens on."""
        self._browse = BrowseScreen(
            self.options,
            self.keys,
            self.notes,
            self.get_source,
            application=self,
            gate=self.gate,
            copy=self.copy,
            history=self._history,
            line=self._line,
            keys_first=self._keys_first,
        )
        return self._browse

    def reply_received(self, seconds: float) -> None:
        """The terminal answered, after so many seconds: is the line a slow one?"""
        if self._line.answered(seconds):
            self._browse.post_message(LineChanged())

    def has_slow_connection(self) -> bool:
        """Whether the line to the terminal is a slow one, as the reader says or as it was found."""
        return self._line.slow

    def action_command_palette(self) -> None:
        """Find a command by its name; where a screen lies over the panes there is none to find."""
        if self.screen is self._browse:
            self.push_screen(Palette(placeholder=ui_text("Search for commands…")))

    def action_repaint(self) -> None:
        """Draw the whole screen again; the terminal may show what somebody else wrote."""
        if (terminal := self._terminal) is not None:
            terminal.redraw()
        self.refresh(layout=True)

    @cached_property
    def _copying(self) -> Copying:
        from chatkit_tui.ui.copying import Copying

        return Copying(self.options.copy, os.environ, self._send)

    async def copy(self, text: str) -> CopyResult:
        """Copy a text that has no controls in it, in the way that was chosen."""
        result = await self._copying.copy(text)
        if result.reached:
            self._clipboard = text
        return result

    def copy_to_clipboard(self, text: str) -> None:
        """Copy what was cut in a field or selected with the mouse."""
        self._clipboard = text
        self.run_worker(self._copying.copy(clipboard_text(text)), group="copy")

    def _send(self, sequence: str) -> None:
        """Send the terminal what is no picture."""
        driver = self._driver
        if driver is not None:
            getattr(driver, "send", driver.write)(sequence)

    def action_theme(self) -> None:
        """Light or dark."""
        self.theme = LIGHT if self.theme == DARK else DARK


def _log_stray_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Keep what happened in a task that nobody waits for any more; the log leaves out messages."""
    del loop
    error = context.get("exception")
    logging.getLogger("chatkit_tui.ui").error("an error that nobody waited for", exc_info=error)


if TYPE_CHECKING:  # Textual's types cannot say that the driver's app is one
    _: type[TerminalHost] = ChatKitApp

"""The app: its life cycle, the connection to the source and the terminal."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.events import Event, Key, MouseEvent, Paste, Resize
from textual.filter import LineFilter, NoColor
from textual.geometry import Offset
from textual.reactive import Reactive
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.worker import WorkerFailed

from chatkit_tui.commands.commands import BY_ID
from chatkit_tui.commands.keymap import canonical, read_keys
from chatkit_tui.sources.base import Connect, GetSource
from chatkit_tui.terminal.environment import correct_color_depth, has_italics
from chatkit_tui.terminal.flow_control import UNACKNOWLEDGED, LinkSpeed
from chatkit_tui.terminal.input_decoder import Dropped
from chatkit_tui.text.plain import set_plain
from chatkit_tui.text.sanitize import hidden_text, pasted_text, without_controls
from chatkit_tui.ui.background_work import KeyPriority, preload
from chatkit_tui.ui.confirmation import ConfirmationGate, Guarded
from chatkit_tui.ui.failures import log_stray_error
from chatkit_tui.ui.fixed_colors import painted_filters
from chatkit_tui.ui.key_queue import KeyQueue
from chatkit_tui.ui.leaving import CRASHED, INTERRUPTED, Leaving, unbroken
from chatkit_tui.ui.messages import DROPPED_INPUT, ListStarted, Reported
from chatkit_tui.ui.options import Options, ShownSource
from chatkit_tui.ui.screens.browse import BrowseScreen
from chatkit_tui.ui.source_connection import ShownConnection
from chatkit_tui.ui.theme import (
    DARK,
    TERMINAL_THEMES,
    ColorFilter,
    PlainScrollBars,
    screen_variables,
)

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.worker import Worker

    from chatkit_tui.commands.command import Command
    from chatkit_tui.commands.handlers import BrowseHost
    from chatkit_tui.export.redaction.mask import Mask
    from chatkit_tui.sessions.history import SessionHistory
    from chatkit_tui.terminal.driver import Takeover, TerminalDriver, TerminalHost
    from chatkit_tui.ui.child_process import ChildHost
    from chatkit_tui.ui.copying import Copying, CopyResult

_LIST_WITHIN = 2.0
"""Seconds that keys wait at most for the first threads."""


class ChatKitApp(App[int]):
    """Read, search and delete conversations; connects while the screen starts."""

    # A theme that Textual knows from the first moment on; see `_begin_with_theme`.
    theme: Reactive[str] = Reactive("ansi-dark")
    CSS_PATH = Path(__file__).with_name("chatkit.tcss")
    ENABLE_COMMAND_PALETTE = False  # a command of ours opens it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", priority=True, show=False),
        # Without priority: a text area undoes with it.
        Binding("ctrl+z", "suspend_process", show=False),
    ]

    def __init__(
        self, options: Options, connect: Connect, history: SessionHistory | None = None
    ) -> None:
        """`connect` opens the source; it is called at once, and again after it failed."""
        shown = ShownSource(options, connect, history)
        correct_color_depth(os.environ)
        super().__init__()
        self.animation_level = "none"
        self.options = options
        set_plain(options.plain)
        self.no_color |= options.plain
        self._begin_with_theme(options.theme)
        self._filters = [made for made in self._filters if not isinstance(made, NoColor)]
        italics = has_italics(os.environ) and not options.plain
        if self.no_color or not italics:
            self._filters.append(ColorFilter(colors=not self.no_color, italics=italics))
        ScrollBar.renderer = PlainScrollBars if options.plain else ScrollBarRender
        self.hand_over: Callable[[], Takeover] | None = None
        """Takes the terminal from the splash screen; returns what the terminal shows."""
        self._line = LinkSpeed(options.slow)
        self._keys_first = KeyPriority()
        self._type_ahead = KeyQueue(self, self._hand_on)
        self._terminal_changed_at = 0.0
        self.gate = self.new_gate()
        """Decides which confirmations count."""
        self.returning: Guarded | None = None
        """Drops what was typed for a child, until the terminal shows the screen again."""
        self._preloading: asyncio.Task[None] | None = None
        self._leaving = Leaving(self, self._give_terminal_back)
        self.signals = self._leaving.signals
        # Made here, since the source may report a failure before Textual asks for a screen.
        self._source = ShownConnection(self, shown)

    def _begin_with_theme(self, name: str) -> None:
        """Set the first theme, without Textual's watcher: it would parse every style again."""
        for theme in TERMINAL_THEMES:
            self.register_theme(theme)
        is_known = name in self.available_themes
        if not is_known or (self.no_color and not self.available_themes[name].ansi):
            name = DARK
        self.set_reactive(ChatKitApp.theme, name)
        self.stylesheet.set_variables(self.get_css_variables())

    def get_css_variables(self) -> dict[str, str]:
        """Add the fills, such as `$chosen`, and the kinds of frames to the theme's variables."""
        return screen_variables(self, super().get_css_variables())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add what a painted theme needs on a terminal with 256 colors."""
        return painted_filters(self, super().get_line_filters())

    # -- start and end -----------------------------------------------------------------------------

    def run(self, **arguments: Any) -> int | None:
        """Show the screen until the user leaves; `return_code` and `crash` say how it ended.

        Restore the terminal, also after a signal or a lost terminal. `arguments` are those of
        Textual's `run`.
        """
        self.signals.start(sys.__stdin__.fileno() if sys.__stdin__ else 0)
        try:
            return super().run(**{"mouse": self.options.mouse, **arguments})
        finally:
            self._give_terminal_back()
            if self._driver is not None:
                self._driver.close()
            self.signals.stop()

    @property
    def was_shown(self) -> bool:
        """Whether the app took over the terminal."""
        terminal = self._terminal
        return self._driver is not None if terminal is None else terminal.was_in_use

    @property
    def _terminal(self) -> TerminalDriver | None:
        if sys.platform == "win32":
            return None
        from chatkit_tui.terminal.driver import TerminalDriver

        return self._driver if isinstance(self._driver, TerminalDriver) else None

    def get_driver_class(self) -> type[Driver]:
        """Return our driver instead of Textual's for Linux."""
        found = super().get_driver_class()
        if sys.platform == "win32":
            return found
        from textual.drivers.linux_driver import LinuxDriver

        from chatkit_tui.terminal.driver import TerminalDriver

        return TerminalDriver if found is LinuxDriver else found

    def on_load(self) -> None:
        """Connect before the first frame."""
        asyncio.get_running_loop().set_exception_handler(log_stray_error)
        self._leaving.start()
        self._source.open()

    def take_over(self) -> Takeover:
        """Take the terminal from the splash screen; keys wait until the list has its threads."""
        from chatkit_tui.terminal.driver import Takeover

        hand_over, self.hand_over = self.hand_over, None
        before = hand_over() if hand_over is not None else Takeover()
        if before.shown is not None:
            self._type_ahead.hold(_LIST_WITHIN, self._release_frames)
        return before

    def _release_frames(self) -> None:
        """Show the screen once it is drawn with the effects of keys that the splash screen had."""
        if (terminal := self._terminal) is not None:
            self.call_after_refresh(terminal.release)

    def on_list_started(self, message: ListStarted) -> None:
        """Pass on the queued keys to the list, then import what they may need."""
        message.stop()
        self._type_ahead.release()
        if self._preloading is None:
            self._preloading = asyncio.create_task(preload())

    def _give_terminal_back(self) -> None:
        if (terminal := self._terminal) is not None:
            terminal.give_back_now()

    async def action_quit(self) -> None:
        self._leaving.leave()

    def action_interrupt(self) -> None:
        """Copy what the mouse selected, else leave with the exit code of an interrupt."""
        if selected := self.screen.get_selected_text():
            self.copy_to_clipboard(selected)
            self.screen.clear_selection()
        else:
            self._leaving.leave(INTERRUPTED)

    def clear_selection(self) -> None:
        """Forget what the mouse selected, when a field changes that the user types in.

        Textual asks for it also when a field is made, which happens in the background.
        """
        if hasattr(type(self.focused), "cursor_screen_offset"):
            super().clear_selection()

    # -- crashes -----------------------------------------------------------------------------------

    @property
    def crash(self) -> BaseException | None:
        """The uncaught error that ended the app, or None."""
        error: BaseException | None = self._exception
        return error.error if isinstance(error, WorkerFailed) else error

    def crash_with(self, error: Exception) -> None:
        """End the app because of an error in another thread."""
        self._handle_exception(error)

    def panic(self, *renderables: object) -> None:
        """End silently; the crash is reported once the terminal is restored."""
        del renderables
        self._fatal_error()

    def _fatal_error(self) -> None:
        # Textual would draw a traceback with every variable: keys, users, texts.
        if unbroken(self.workers):
            self._leaving.leave(CRASHED)
        else:
            self.signals.count_down(CRASHED)
            self._close_messages_no_wait()

    def input_dropped(self, what: Dropped) -> None:
        """Report dropped input where the focus is, and in the status line below a dialog."""
        receivers = [*self.screen_stack[:1], *([self.focused] if self.focused else [])]
        for receiver in dict.fromkeys(receivers):
            receiver.post_message(Reported(DROPPED_INPUT[what], bad=True))

    async def on_event(self, event: Event) -> None:
        """Sanitize pastes, turn keys that Textual would not insert into pastes, and queue input."""
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
            await super().on_event(event)  # never queued
        else:
            self._keys_first.claim()
            await self._type_ahead.take(event)

    async def _hand_on(self, event: Event) -> None:
        """Pass an event to the screen, unless it is older than the question on the terminal."""
        guarded = self._guarded
        if guarded is not None and not guarded.lets(event):
            return
        if isinstance(event, Key) and self.screen is self._browse:
            self.app_focus = True
            if await self._browse.press(event):
                return
        await super().on_event(event)

    async def on_key(self, event: Key) -> None:
        """Redraw the screen for a key that no other screen uses."""
        if event.key in map(canonical, self.keys.of(BY_ID["repaint"])):
            event.stop()
            event.prevent_default()
            self.action_repaint()

    @property
    def _guarded(self) -> Guarded | None:
        """The current screen, if it asks for a confirmation."""
        if self.returning is not None:
            return self.returning
        top = self.screen_stack[-1] if self.screen_stack else self._browse
        # Each key asks for it, and Python is slow to compare a class with a protocol.
        return top if top is not self._browse and isinstance(top, Guarded) else None

    def new_gate(self) -> ConfirmationGate:
        return ConfirmationGate(self._when_shown, lambda: self._terminal_changed_at)

    def terminal_changed(self) -> None:
        """Discard what the terminal has acknowledged; also called by signal handlers."""
        self._terminal_changed_at = monotonic()

    def ask_again(self) -> None:
        """Wait again until the terminal shows the question."""
        if self._guarded is not None:
            self._guarded.ask_again()

    def _when_shown(self, shown: Callable[[float], None], since: float) -> None:
        """Call `shown` with the time since when the terminal shows the current frame."""
        if self.is_headless:
            shown(monotonic())
        elif (terminal := self._terminal) is not None:
            terminal.when_shown(shown, since)
        else:
            self.set_timer(UNACKNOWLEDGED, lambda: shown(Event().time))

    def post_display_hook(self) -> None:
        self._keys_first.release()
        if not self._batch_count and self._guarded is not None:
            self._guarded.drawn()

    # -- the source --------------------------------------------------------------------------------

    def use(self, shown: ShownSource, get_source: GetSource) -> BrowseScreen:
        """Make the screen of a source; it keeps nothing of the one before."""
        self.options = shown.options
        self.keys, faults = read_keys(self.options.keys)
        dropped = [f"keys.{fault.command_id}: {fault.reason}" for fault in faults if fault.dropped]
        self.notes = (*self.options.notes, *dropped)
        self._browse = BrowseScreen(
            self.options,
            self.keys,
            self.notes,
            get_source,
            application=self,
            gate=self.gate,
            copy=self.copy,
            show_source=self.show_source,
            history=shown.history,
            link=self._line,
            key_priority=self._keys_first,
        )
        return self._browse

    @property
    def browse(self) -> BrowseScreen:
        """The screen of the source that is shown."""
        return self._browse

    def show_source(self, shown: ShownSource) -> None:
        """Show another source once it is open; if that fails, say why and keep this one."""
        work = partial(self._source.replace, shown)
        _: Worker[None] = self.run_worker(work, group="source", exclusive=True)

    def show_through(self, mask: Mask | None) -> None:
        """Show the same source through a mask, or without one."""
        work = partial(self._source.show_through, mask)
        _: Worker[None] = self.run_worker(work, group="source", exclusive=True)

    async def on_unmount(self) -> None:
        """Close the connections."""
        if self._preloading is not None:
            self._preloading.cancel()
        await self._source.close()

    # -- the screen --------------------------------------------------------------------------------

    @property
    def shows_cursor(self) -> bool:
        """Whether the terminal's cursor stays visible: under `--plain`."""
        return self.options.plain

    @property
    def cursor_position(self) -> Offset:
        """The terminal's cursor: in the field, or with `--plain` on the line that is read."""
        focused = self.screen.focused if self.screen_stack else None
        if self.options.plain and focused is not None:
            from chatkit_tui.ui.screen_reader import reading_place

            return reading_place(focused) or self._typed_at
        is_field = self.options.plain or hasattr(type(focused), "cursor_screen_offset")
        return self._typed_at if is_field else Offset(0, 0)  # hidden

    @cursor_position.setter
    def cursor_position(self, place: Offset) -> None:
        self._typed_at = place

    def get_default_screen(self) -> BrowseScreen:
        """Return the browse screen."""
        return self._browse

    def reply_received(self, seconds: float) -> None:
        """Measure the connection by the seconds that the terminal took to respond."""
        if self._line.reply_received(seconds):
            self._browse.call_later(self._browse.widths.link_changed)

    def has_slow_connection(self) -> bool:
        """Whether the connection to the terminal is slow, by option or measurement."""
        return self._line.slow

    def action_command_palette(self) -> None:
        """Open the palette; a screen over the panes has no commands in it."""
        from chatkit_tui.ui.palette import Palette

        if self.screen is self._browse:
            offered = self._browse.commands.working()
            others = [command for command in offered if command.id != "command_palette"]
            self.push_screen(Palette(others, self.keys), self._run_command)

    async def _run_command(self, command: Command[BrowseHost] | None) -> None:
        if command is not None:
            await self._browse.act(command)

    def action_repaint(self) -> None:
        """Draw the whole screen again."""
        if (terminal := self._terminal) is not None:
            terminal.redraw()
        self.refresh(layout=True)

    @cached_property
    def _copying(self) -> Copying:
        from chatkit_tui.ui.copying import Copying

        return Copying(self.options.copy, os.environ, self._send)

    async def copy(self, text: str) -> CopyResult:
        """Copy a text without controls."""
        result = await self._copying.copy(text)
        if result.reached:
            self._clipboard = text
        return result

    def copy_to_clipboard(self, text: str) -> None:
        """Copy what the user cut in a field or selected with the mouse."""
        self._clipboard = text
        self.run_worker(self._copying.copy(without_controls(text)), group="copy")

    def _send(self, sequence: str) -> None:
        """Send a sequence that does not draw."""
        if (driver := self._driver) is not None:
            getattr(driver, "send", driver.write)(sequence)


if TYPE_CHECKING:  # Textual's types cannot say that the app is one
    _: tuple[type[TerminalHost], type[ChildHost]] = (ChatKitApp, ChatKitApp)

"""Take over the terminal, and restore it whatever happens in between.

Textual's driver does this for an orderly start and end. This one also survives the loss of the
terminal and being stopped and continued, and switches off mouse reports in pixels. Its output goes
through a renderer, which sends only the difference.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
import termios
from collections.abc import Callable, Iterable
from contextlib import suppress
from math import inf, nextafter
from socket import socket, socketpair
from threading import get_ident
from time import monotonic
from types import FrameType
from typing import Any, Final, NamedTuple, Protocol, cast, runtime_checkable

from textual.app import App
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver
from textual.events import CursorPosition, Resize
from textual.message import Message

from chatkit_tui.terminal.cell_buffer import CellBuffer
from chatkit_tui.terminal.environment import bounded, keep_line_feeds, screen_stream, size_of
from chatkit_tui.terminal.input_decoder import PATIENCE, SLOW_PATIENCE, Dropped, InputDecoder, Token
from chatkit_tui.terminal.input_events import InputEvents
from chatkit_tui.terminal.renderer import LiveRenderer
from chatkit_tui.terminal.styles import Styles
from chatkit_tui.terminal.writer import TerminalWriter

_READ_SIZE: Final = 65_536
_POLL_SECONDS: Final = 0.1
"""Seconds between the checks of the input thread whether to end."""
OTHER_SCREEN: Final = "\x1b[?1049h"
"""How Textual switches to the alternate screen. Some terminals clear it each time."""
_MOUSE_IN_CELLS: Final = "\x1b[?1016l"
_SHOW_CURSOR: Final = "\x1b[?25h"
_UPDATE_DONE: Final = "\x1b[?2026l"
_ERASE: Final = "\x1b[r\x1b[m\x1b[H\x1b[J"
"""Resets the margins, and erases before leaving the alternate screen: tmux 3.3 mixes it with the
shell's screen after the pane grew, and without an alternate screen the shell continues on an empty
one."""
GIVE_BACK: Final = (
    "\x18"  # cancels an incomplete sequence
    f"{_UPDATE_DONE}\x1b[?2004l\x1b[?7h\x1b[?2048l"
    f"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l{_MOUSE_IN_CELLS}"
    f"\x1b[<u{_ERASE}\x1b[?1049l\x1b[?25h\x1b[?1004l\x1b[0m"
)
"""Switches off everything that the program switched on."""


class Takeover(NamedTuple):
    """A terminal that is in use already."""

    shown: tuple[CellBuffer, Styles] | None = None
    """What it shows; None if that is uncertain."""
    modes: list[Any] | None = None
    """The modes of its keyboard before it was in use."""
    typed: bytes = b""
    """What was read from it."""
    is_ahead: bool = False
    """Whether it shows what keys in `typed` do, so that no frame may be drawn before they do it."""


@runtime_checkable
class TerminalHost(Protocol):
    """What the driver needs of its app, beside what every Textual app has."""

    @property
    def shows_cursor(self) -> bool:
        """Return whether the terminal's cursor stays visible."""

    def has_slow_connection(self) -> bool:
        """Return whether the connection to the terminal is slow; called on any thread."""

    def take_over(self) -> Takeover:
        """Return what is known of the terminal so far; nothing after the first call."""

    def reply_received(self, seconds: float) -> None:
        """Take the seconds that a reply of the terminal took."""

    def terminal_changed(self) -> None:
        """Note that the terminal may show something else; called in signal handlers too."""

    def input_dropped(self, dropped: Dropped) -> None:
        """Report that input was dropped."""

    def crash_with(self, error: Exception) -> None:
        """End the app with an error of another thread."""


class TerminalDriver(LinuxDriver):
    """Textual's driver, made safe against the loss of the terminal and against job control."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        """`app` is a `TerminalHost`."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        assert isinstance(app, TerminalHost)  # noqa: S101 # Textual's signature cannot say so
        self._size = size or self._get_terminal_size()  # Textual's own query ignores the limits
        self._host: TerminalHost = app
        self._loop = asyncio.get_running_loop()
        self._writer = TerminalWriter(screen_stream())
        self._file = cast("Any", self._writer)  # has the methods of a file that Textual calls
        self._is_suspended = False
        self.in_use = False
        """Whether the program has the terminal."""
        self.was_in_use = False
        """Whether the program ever had the terminal."""
        self._has_other_screen = False
        """Whether the alternate screen is in use already, with the first frame on it."""
        self._renderer = LiveRenderer(
            self.send,
            os.environ,
            app.reply_received,
            app.has_slow_connection,
            lambda: self._writer.is_drained,
        )
        self._typed = b""
        """Input that was read before the terminal was taken over."""
        self._wake: tuple[socket, socket] | None = None
        """What a signal writes to, and what the event loop reads."""

    def _get_terminal_size(self) -> tuple[int, int]:
        return bounded(*super()._get_terminal_size())

    def write(self, data: str) -> None:
        """Write to the terminal; do nothing while another program has it."""
        if self._has_other_screen and data == OTHER_SCREEN:
            self._has_other_screen = False
        else:
            columns, rows = self._app.size
            self._renderer.write(data, (columns, rows))

    def when_shown(self, on_shown: Callable[[float], None], since: float) -> None:
        """Call `on_shown` with the time since when the terminal shows all that is drawn by now.

        Replies to queries from before `since` do not count.
        """
        self._renderer.when_shown(on_shown, since)

    def redraw(self) -> None:
        """Send the whole screen with the next frame."""
        self._renderer.redraw()

    def release(self) -> None:
        """Draw what was held back for keys typed ahead."""
        self._renderer.release()

    def send(self, data: str) -> None:
        """Write sequences that do not draw, past the renderer."""
        if self._writer_thread is not None and (rest := self._writer.write_at_once(data)):
            self._writer_thread.write(rest)

    def process_message(self, message: Message) -> None:
        """Pass on a message from the terminal, except replies to the renderer's queries."""
        if isinstance(message, CursorPosition) and self._renderer.expects_replies:
            self._renderer.reply_received(message.time)
        else:
            super().process_message(message)

    def start_application_mode(self) -> None:
        """Take over the terminal, unless it is lost or another program has it."""
        self._is_suspended = False
        self._renderer.begin()
        before = self._host.take_over()
        self._typed += before.typed
        self._has_other_screen = before.shown is not None and self._renderer.is_enabled
        if before.shown is not None:
            self._renderer.assume(*before.shown)
        if before.is_ahead:
            self._renderer.hold()
        self._wake_for_signals()
        super().start_application_mode()  # type: ignore[no-untyped-call] # untyped in Textual
        if before.modes is not None and self.attrs_before is not None:
            self.attrs_before = before.modes  # not those of the splash screen
        self._handle_resizes()
        if self._renderer.is_enabled and self._writer_thread is not None:
            keep_line_feeds(self.fileno)  # Textual alone writes no carriage returns
        if self._host.shows_cursor:
            self.send(_SHOW_CURSOR)
        self.in_use = self._writer_thread is not None
        self._is_suspended = not self.in_use  # the process is stopped in the background
        self.was_in_use |= self.in_use

    def stop_application_mode(self) -> None:
        """Restore the terminal if the program has it."""
        if self.in_use:
            self._renderer.end()
            self.disable_input()  # before erasing, since it takes a moment
            self.send(_UPDATE_DONE + _MOUSE_IN_CELLS + _ERASE)
            super().stop_application_mode()
            self.in_use = False

    def suspend_application_mode(self) -> None:
        """Restore the terminal for a while."""
        super().suspend_application_mode()
        self._is_suspended = True

    def close(self) -> None:
        """Wait until everything is written."""
        if self._writer_thread is not None:
            super().close()
            self._writer_thread = None
        if self._wake is not None:
            signal.set_wakeup_fd(-1)
            self._loop.remove_reader(self._wake[1])
            for end in self._wake:
                end.close()
            self._wake = None
        self._writer.close()

    def give_back_now(self) -> None:
        """Restore the terminal without waiting, on any thread and in any state of the others.

        For the moment before the process exits.
        """
        if not self.in_use:
            return
        with suppress(OSError, termios.error):
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            termios.tcflush(self.fileno, termios.TCIOFLUSH)
            # Opened again, since O_NONBLOCK on the file itself would be shared with the shell.
            flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK
            terminal = os.open(os.ttyname(self._writer.fileno()), flags)
            os.write(terminal, GIVE_BACK.encode())

    # Signals arrive between any two instructions, perhaps while the lock for writing is held. So
    # their handlers leave the work to the event loop.

    def _wake_for_signals(self) -> None:
        """Have each signal wake the event loop.

        The system may deliver a signal to any thread, above all SIGCONT, which finds the main
        thread stopped. Python runs the handler on the main thread, which would wait on.
        """
        if self._wake is None:
            self._wake = sender, receiver = socketpair()
            for end in self._wake:
                end.setblocking(False)  # noqa: FBT003 - its only parameter
            self._loop.add_reader(receiver, receiver.recv, 4096)
            signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)

    def _handle_resizes(self) -> None:
        """Note a resize before any key that is read after it, and determine the size.

        If the terminal reports its size, Textual waits for a report. That may not come: only the
        pixels changed, or another program switched the reports off.
        """
        textual_handler = signal.getsignal(signal.SIGWINCH)

        def resized(number: int, frame: FrameType | None) -> None:
            self._host.terminal_changed()
            if self._in_band_window_resize:
                self._loop.call_soon_threadsafe(self._send_size)
            elif callable(textual_handler):
                textual_handler(number, frame)

        signal.signal(signal.SIGWINCH, resized)

    def _send_size(self) -> None:
        """Send the size from the system, even if it did not change."""
        with suppress(OSError):  # ignores COLUMNS and LINES, as reports do
            if all(size := size_of(self.fileno)):
                self.send_message(Resize.from_dimensions(size, None))

    def _sigtstp_application(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop_process)

    def _sigcont_application(self, *_: object) -> None:
        self._host.terminal_changed()
        self._loop.call_soon_threadsafe(self._continue_process)

    def _stop_process(self) -> None:
        if not self._auto_restart:  # a child has the terminal, and was sent the same signal
            # As for the child, this stops nothing where no shell could continue it.
            handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            signal.pthread_kill(get_ident(), signal.SIGTSTP)
            signal.signal(signal.SIGTSTP, handler)
            return
        if self.in_use:
            self.suspend_application_mode()
            self._must_signal_resume = True
        os.kill(os.getpid(), signal.SIGSTOP)

    def _continue_process(self) -> None:
        """Take over the terminal again.

        SIGSTOP cannot be caught, so after it the terminal is released only now: otherwise its
        current state would be taken for the state before the program.
        """
        if self._auto_restart and (self.in_use or self._is_suspended):
            if self.in_use:
                self.suspend_application_mode()
            self.resume_application_mode()
            # The size is probably the same, for which Textual draws nothing.
            self._app.call_later(self._app.refresh, layout=True)

    # -- input -------------------------------------------------------------------------------------

    def _run_input_thread(self) -> None:
        """Read input until the end; pass errors of the program to the app."""
        try:
            self.run_input_thread()
        except OSError:
            return  # the terminal is lost, which the signal watcher reports
        except Exception as error:  # noqa: BLE001 # passed on, whatever it is
            self._loop.call_soon_threadsafe(self._host.crash_with, error)

    def run_input_thread(self) -> None:
        """Read, decode and pass on input until `exit_event` is set."""
        decoder, events = InputDecoder(ESCAPE_DELAY), InputEvents()
        while not self.exit_event.is_set():
            decoder.patience = SLOW_PATIENCE if self._host.has_slow_connection() else PATIENCE
            wait = _POLL_SECONDS if decoder.due is None else decoder.due - monotonic()
            # Bytes go before timeouts: they may have come while this process was stopped.
            data = self._read(max(0.0, min(_POLL_SECONDS, wait)))
            tokens = decoder.feed(data, monotonic()) if data else decoder.tick(monotonic())
            self._pass_on(tokens, events, monotonic())

    def _read(self, seconds: float) -> bytes:
        """Return the bytes that come within some seconds; empty if there are none.

        What was typed before is in one piece with what came since: an end of a paste in it decides
        about all of it.
        """
        typed, self._typed = self._typed, b""
        if not select.select([self.fileno], [], [], 0 if typed else seconds)[0]:
            return typed
        try:
            data = os.read(self.fileno, _READ_SIZE)
        except BlockingIOError:  # another process read it, and set O_NONBLOCK
            return typed
        if not data:
            self.exit_event.wait(_POLL_SECONDS)
        return typed + data

    def _pass_on(self, tokens: Iterable[Token], events: InputEvents, at: float) -> None:
        """Pass on the events of tokens that were read at `at`, in order.

        Their times increase by the minimum, to keep the order: a confirmation must follow the
        reply of the terminal.
        """
        for token in tokens:
            if isinstance(token, Dropped):
                self._loop.call_soon_threadsafe(self._host.input_dropped, token)
                continue
            for event in events.events(token):
                event.time = at = nextafter(at, inf)
                self.process_message(event)

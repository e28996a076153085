"""The terminal, taken over and given back as it was found, whatever happens in between.

Textual's driver does this for an orderly start and end. Here is what it leaves open: a line that
breaks while it is written to, being stopped and continued by others, and mouse reports in pixels.
What it writes goes by way of the stage, which sends the difference alone.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
import termios
from collections.abc import Iterable
from contextlib import suppress
from math import inf, nextafter
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver
from textual.events import CursorPosition, Resize

from chatkit_tui.terminal.acknowledgement import ShownWatch
from chatkit_tui.terminal.input_decoder import PATIENCE, SLOW_PATIENCE, Dropped, InputDecoder, Token
from chatkit_tui.terminal.input_events import InputEvents
from chatkit_tui.terminal.live_renderer import LiveRenderer, is_wanted
from chatkit_tui.terminal.streams import screen_stream
from chatkit_tui.terminal.writer import TerminalWriter
from chatkit_tui.text.size import bounded, size_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from textual.message import Message

    from chatkit_tui.ui.app import ChatKitApp

_READ_AT_ONCE = 65_536
"""Bytes."""
_LISTEN = 0.1
"""Seconds after which the thread that reads keys looks whether to end."""
OTHER_SCREEN = "\x1b[?1049h"
"""How the toolkit takes the terminal's other screen. Some terminals wipe it each time."""
_MOUSE_IN_CELLS = "\x1b[?1016l"
_SHOW_CURSOR = "\x1b[?25h"
_UPDATE_DONE = "\x1b[?2026l"
_ERASE = "\x1b[m\x1b[H\x1b[J"
"""For before the other screen is left: tmux 3.3 mixes what is on it with the shell's when the pane
has grown meanwhile, and where there is no other screen the shell goes on from an empty one."""
GIVE_BACK = (
    "\x18"  # ends a sequence that was cut short
    f"{_UPDATE_DONE}\x1b[?2004l\x1b[?7h\x1b[?2048l"
    f"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l{_MOUSE_IN_CELLS}"
    f"\x1b[<u{_ERASE}\x1b[?1049l\x1b[?25h\x1b[?1004l\x1b[0m"
)
"""Everything that is switched on for the screen, switched off."""


class TerminalDriver(LinuxDriver):
    """Textual's driver, which also survives the terminal and being stopped."""

    def __init__(
        self,
        app: ChatKitApp,
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._size = size or self._get_terminal_size()  # else the toolkit asks past the bounds
        self._chatkit = app
        self._loop = asyncio.get_running_loop()
        self._outlet = TerminalWriter(screen_stream())
        # It has the methods that are used of the many that a file has.
        self._file = cast("Any", self._outlet)
        self._suspended = False
        self.in_use = False
        """Whether the terminal is the program's at present."""
        self.was_in_use = False
        """Whether it ever was."""
        self._has_other_screen = False
        """Whether it need not be asked for, since the outline did so and stands on it."""
        self.stage: LiveRenderer | None = None
        """What the screen goes through; None where the environment switches it off."""
        if is_wanted(os.environ):
            self.stage = LiveRenderer(self.send, os.environ, app.answered, app.spares_line)
        self._shown_watch = ShownWatch(self.stage, lambda: self._outlet.is_drained)

    def _get_terminal_size(self) -> tuple[int, int]:
        return bounded(*super()._get_terminal_size())

    def write(self, data: str) -> None:
        """Write to the terminal; nothing happens while it is not the program's."""
        if self.stage is None:
            self.send(data)
        elif self._has_other_screen and data == OTHER_SCREEN:
            self._has_other_screen = False
        else:
            columns, rows = self._chatkit.size
            self.stage.write(data, (columns, rows))

    def when_shown(self, shown: Callable[[float], None], since: float) -> None:
        """Call `shown` with the time since when the terminal shows all that is drawn by now.

        What it acknowledged before `since` does not count.
        """
        self._shown_watch.wait(shown, since)

    def forget_screen(self) -> None:
        """Send the whole screen with the next frame."""
        if self.stage is not None:
            self.stage.repaint()

    def send(self, data: str) -> None:
        """Write to the terminal past the stage: what is no picture."""
        if self._writer_thread is not None and (rest := self._outlet.write_at_once(data)):
            self._writer_thread.write(rest)

    def process_message(self, message: Message) -> None:
        """Hand on what came from the terminal, but for the answers to the stage's questions."""
        stage = self.stage
        if isinstance(message, CursorPosition) and stage is not None and stage.expects_answers:
            stage.answered(message.time)
        else:
            super().process_message(message)

    def start_application_mode(self) -> None:
        """Take the terminal over, unless it is gone or another program's."""
        self._suspended = False
        if self.stage is not None:
            self.stage.begin()
        self._take_over()
        super().start_application_mode()  # type: ignore[no-untyped-call] # Textual gives it no types
        self._note_resizes()
        if self._chatkit.options.plain:
            self.send(_SHOW_CURSOR)
        self.in_use = self._writer_thread is not None
        self._suspended = not self.in_use  # started in the background, and stopped for it
        self.was_in_use |= self.in_use

    def _take_over(self) -> None:
        """Go on from what was drawn before the toolkit was there, if anything was."""
        outline, self._chatkit.outline = self._chatkit.outline, None
        picture = outline.hand_over() if outline is not None else None
        self._has_other_screen = False
        if picture is not None and self.stage is not None:
            self._chatkit.begins_with_threads()
            self.stage.stands(picture.grid, picture.styles)
            self._has_other_screen = True

    def stop_application_mode(self) -> None:
        """Give the terminal back, if it is the program's."""
        if self.in_use:
            if self.stage is not None:
                self.stage.end()
            self.disable_input()  # takes a moment, for which the screen would be blank
            self.send(_UPDATE_DONE + _MOUSE_IN_CELLS + _ERASE)
            super().stop_application_mode()
            self.in_use = False

    def suspend_application_mode(self) -> None:
        """Give the terminal back for a while."""
        super().suspend_application_mode()
        self._suspended = True

    def close(self) -> None:
        """Wait until everything is written."""
        if self._writer_thread is not None:
            super().close()
            self._writer_thread = None
        self._outlet.close()

    def give_back_now(self) -> None:
        """Give the terminal back without waiting for anything, on any thread.

        For the moment before the process is ended, with the other threads in whatever state.
        """
        if not self.in_use:
            return
        with suppress(OSError, termios.error):
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            termios.tcflush(self.fileno, termios.TCIOFLUSH)
            # Opened anew, since not to wait is otherwise a property shared with the shell.
            flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK
            line = os.open(os.ttyname(self._outlet.fileno()), flags)
            os.write(line, GIVE_BACK.encode())

    def release_signals(self) -> None:
        """Let stopping, continuing and resizing mean what they mean to any program."""
        for number in (signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH):
            signal.signal(number, signal.SIG_DFL)

    # Signals arrive between any two instructions, perhaps with the lock held that writing needs;
    # so what they ask for is done by the event loop.

    def _note_resizes(self) -> None:
        """Note a resize before any key that is read after it is handled, and find the size.

        Where the terminal reports its size, Textual waits for the report, which may not come:
        pixels alone changed, another program switched the reports off.
        """
        tell = signal.getsignal(signal.SIGWINCH)

        def resized(number: int, frame: FrameType | None) -> None:
            self._chatkit.terminal_changed()
            if self._in_band_window_resize:
                self._loop.call_soon_threadsafe(self._send_size)
            elif callable(tell):
                tell(number, frame)

        signal.signal(signal.SIGWINCH, resized)

    def _send_size(self) -> None:
        """Send the size that the system has for the terminal, be it the one before."""
        with suppress(OSError):  # COLUMNS and LINES do not count, as they do not for reports
            if all(size := size_of(self.fileno)):
                self.send_message(Resize.from_dimensions(size, None))

    def _sigtstp_application(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop_process)

    def _sigcont_application(self, *_: object) -> None:
        self._chatkit.terminal_changed()
        self._loop.call_soon_threadsafe(self._continue_process)

    def _stop_process(self) -> None:
        if self._auto_restart and self.in_use:
            self.suspend_application_mode()
            self._must_signal_resume = True
        os.kill(os.getpid(), signal.SIGSTOP)

    def _continue_process(self) -> None:
        """Take the terminal over again.

        After SIGSTOP, which cannot be heard, it was never given back: done now, so that what is
        found is not taken for how it was before the program.
        """
        if self._auto_restart and (self.in_use or self._suspended):
            if self.in_use:
                self.suspend_application_mode()
            self.resume_application_mode()
            # The size is likely to be the same, for which nothing would be drawn.
            self._chatkit.call_later(self._chatkit.refresh, layout=True)

    # -- input -------------------------------------------------------------------------------------

    def _run_input_thread(self) -> None:
        """Read keys until the end; an error that is not the line's is the app's."""
        try:
            self.run_input_thread()
        except OSError:
            return  # the line is gone: who watches it knows
        except Exception as error:  # noqa: BLE001 # told to the app, as any other
            self._loop.call_soon_threadsafe(self._chatkit.crash_with, error)

    def run_input_thread(self) -> None:
        """Read, decode and hand on what the terminal sends, until `exit_event` is set."""
        decoder, events = InputDecoder(ESCAPE_DELAY), InputEvents()
        while not self.exit_event.is_set():
            decoder.patience = SLOW_PATIENCE if self._chatkit.spares_line() else PATIENCE
            wait = _LISTEN if decoder.due is None else decoder.due - monotonic()
            # Bytes go before timeouts: they may have come while this process was stopped.
            if not select.select([self.fileno], [], [], max(0.0, min(_LISTEN, wait)))[0]:
                tokens = decoder.tick(monotonic())
            else:
                try:
                    data = os.read(self.fileno, _READ_AT_ONCE)
                except BlockingIOError:  # another process took it, and made the file not wait
                    continue
                if not data:
                    self.exit_event.wait(_LISTEN)
                    continue
                tokens = decoder.feed(data, monotonic())
            self._hand_on(tokens, events, monotonic())

    def _hand_on(self, tokens: Iterable[Token], events: InputEvents, at: float) -> None:
        """Hand on the events of tokens, in order; `at` is when they were read.

        Their times differ by the least, so that they tell the order: a confirmation counts behind
        the terminal's answer, not before it.
        """
        for token in tokens:
            if isinstance(token, Dropped):
                self._loop.call_soon_threadsafe(self._chatkit.input_dropped, token)
                continue
            for event in events.events(token):
                event.time = at = nextafter(at, inf)
                self.process_message(event)

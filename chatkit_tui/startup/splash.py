"""The outline of the screen, drawn before any slow import."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from chatkit_tui.terminal.environment import keep_line_feeds, screen_stream, size_of
from chatkit_tui.text.sanitize import sanitize

if TYPE_CHECKING:
    from chatkit_tui.startup.early_keys import EarlyKeys
    from chatkit_tui.startup.first_frame import FirstFrame
    from chatkit_tui.terminal.driver import Takeover

_TAKE: Final = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[r\x1b[H\x1b[J"
"""Switch to the alternate screen, without cursor and line wrap, nor margins that a killed program
left."""
_GIVE_BACK: Final = "\x1b[?7h\x1b[?25h\x1b[?1049l"
_ENDING: Final = ("SIGTERM", "SIGHUP", "SIGQUIT")


class Splash:
    """The screen until Textual runs: the header, and the first threads if they arrive in time.

    Keys wait, without echo, for the screen; it gets them all, also those that move the cursor here.
    Signals before it restore the terminal and end the program.
    """

    def __init__(self) -> None:
        self._output = screen_stream().fileno()
        self._keyboard = sys.__stdin__.fileno() if sys.__stdin__ else 0
        self._handlers: dict[int, Any] = {}
        self._modes: list[Any] | None = None
        """The modes of the keyboard before they were changed."""
        self._drawn: FirstFrame | None = None
        self._keys: EarlyKeys | None = None
        self._has_moved = False
        self._is_complete = True
        """Whether the terminal took everything written."""
        self._is_shown = False
        self._is_over = False

    def show(self, places: Sequence[str]) -> None:
        """Draw the beginning of the header: host and project.

        Do nothing in the background, where another program has the terminal.
        """
        if not self._is_in_foreground():
            self._is_over = True
            return
        self._is_shown = True
        for name in _ENDING:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                self._handlers[number] = signal.signal(number, self._end)
        self._disable_echo()
        header = "  ".join(sanitize(place) for place in places if place)
        self._write(f"{_TAKE}\x1b[1m ChatKit \x1b[m  {header}")

    @property
    def size(self) -> tuple[int, int] | None:
        """Return columns and lines of the terminal; None if unknown, or if the splash is over."""
        with suppress(OSError):
            if not self._is_over:
                return size_of(self._output)
        return None

    def draw(self, frame: FirstFrame) -> None:
        """Draw a frame, unless the splash is over or the terminal has another size."""
        if self.size == frame.size:
            if self._modes is not None:
                keep_line_feeds(self._keyboard)
            self._drawn = self._predicted(frame)
            self._write(f"\x1b[H\x1b[J{self._drawn.written()}")

    def listen(self, keys: Mapping[str, str]) -> None:
        """Answer keys that move the cursor, read on the running loop, until the hand-over.

        `keys` are the user's keys by command id.
        """
        if self._is_over or self._modes is None:
            return
        from chatkit_tui.startup.early_keys import EarlyKeys, read_moves

        self._keys = EarlyKeys(read_moves(keys), self._move_cursor)
        self._keys.listen(self._keyboard)

    def _move_cursor(self) -> None:
        before = self._drawn
        if before is not None and self._is_complete and self.size == before.size:
            self._drawn = self._predicted(before)
            self._write(self._drawn.written(before.screen))

    def _predicted(self, frame: FirstFrame) -> FirstFrame:
        """Return a frame with the cursor where the keys so far move it."""
        cursor = self._keys.cursor(frame.visible) if self._keys is not None else 0
        if cursor == frame.cursor:
            return frame
        self._has_moved = True
        return frame.with_cursor(cursor)

    def hand_over(self) -> Takeover:
        """Leave the terminal to Textual, which changes its keyboard modes once more.

        The modes are not restored here: an Enter in between would become a Ctrl+J.
        """
        from chatkit_tui.terminal.driver import Takeover

        self._is_over = True
        if self._modes is not None:
            self._change_modes(self._modes[6])
        frame = self._drawn if self._is_shown and self._is_complete else None
        return Takeover(
            shown=(frame.screen, frame.styles) if frame is not None else None,
            modes=self._modes,
            typed=self._keys.take() if self._keys is not None else b"",
            is_ahead=frame is not None and self._has_moved,
        )

    def end(self, *, give_back: bool) -> None:
        """Restore signal handlers; with `give_back`, restore the terminal too."""
        if give_back or not self._is_over:
            self._restore_keyboard()
        self._is_over = True
        if give_back and self._is_shown:
            self._write(_GIVE_BACK)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _end(self, number: int, frame: FrameType | None) -> None:
        del frame
        self._is_over = True
        self._restore_keyboard()
        self._write(_GIVE_BACK)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def _is_in_foreground(self) -> bool:
        """Return whether the program has the terminal; True if that is unknown."""
        try:
            return os.tcgetpgrp(self._keyboard) == os.getpgrp()
        except (AttributeError, OSError):
            return True

    # -- keyboard ----------------------------------------------------------------------------------

    def _disable_echo(self) -> None:
        """Neither echo input nor hold it back until Enter: it is for the screen."""
        with suppress(ImportError, OSError):
            import termios

            with suppress(termios.error):
                self._modes = termios.tcgetattr(self._keyboard)
                controls = list(self._modes[6])
                controls[termios.VSUSP] = b"\0"  # the screen handles Ctrl+Z itself
                controls[termios.VMIN] = controls[termios.VTIME] = b"\0"  # a read does not wait
                self._change_modes(controls)

    def _change_modes(self, controls: list[Any]) -> None:
        """Take input as it comes, with these control characters."""
        import termios

        with suppress(termios.error):
            modes = termios.tcgetattr(self._keyboard)
            modes[0] &= ~(termios.ICRNL | termios.IXON)
            modes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
            modes[6] = controls
            termios.tcsetattr(self._keyboard, termios.TCSANOW, modes)

    def _restore_keyboard(self) -> None:
        modes, self._modes = self._modes, None
        if modes is not None:
            import termios

            with suppress(termios.error):
                termios.tcsetattr(self._keyboard, termios.TCSANOW, modes)

    # -- output ------------------------------------------------------------------------------------

    def _write(self, text: str) -> None:
        """Write as much as the terminal takes without blocking."""
        data = text.encode("utf-8", "replace")
        written = 0
        with suppress(OSError):  # reading from a lost terminal reports it
            _, ready, _ = select.select([], [self._output], [], 0)
            if ready:
                written = self._write_now(data)
        self._is_complete = self._is_complete and written == len(data)

    def _write_now(self, data: bytes) -> int:
        try:
            flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK
            # Opened again, since O_NONBLOCK on the file itself would be shared with the shell.
            terminal = os.open(os.ttyname(self._output), flags)
        except (AttributeError, OSError):  # not available on this system
            return os.write(self._output, data)
        try:
            return os.write(terminal, data)
        finally:
            os.close(terminal)

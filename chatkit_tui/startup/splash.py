"""The outline of the screen, drawn before anything slow is imported."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, Any

from chatkit_tui.terminal.streams import screen_stream
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.size import size_of

if TYPE_CHECKING:
    from chatkit_tui.ui.first_frame import FirstFrame

_TAKE = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[H\x1b[J"
"""Another screen, without a cursor, where what is too long is cut."""
_GIVE_BACK = "\x1b[?7h\x1b[?25h\x1b[?1049l"
_ENDING = ("SIGTERM", "SIGHUP", "SIGQUIT")


class Splash:
    """What stands on the terminal for as long as the screen is not there: where one is, and the
    first threads where they come before it.

    Keys wait for the screen, unseen. Signals that come before it, which has its own way with them,
    give the terminal back and end the program.
    """

    def __init__(self) -> None:
        self._line = screen_stream().fileno()
        self._keyboard = sys.__stdin__.fileno() if sys.__stdin__ else 0
        self._before: dict[int, Any] = {}
        self._modes: list[Any] | None = None
        """How the keyboard was treated, while it is treated otherwise."""
        self._drawn: FirstFrame | None = None
        self._is_whole = True
        """Whether the terminal took all that was written."""
        self._taken = False
        self._over = False

    def show(self, places: Sequence[str]) -> None:
        """Draw where one is: the beginning of the header. Nothing in the background, where the
        terminal is another program's."""
        if not self._is_in_front():
            self._over = True
            return
        self._taken = True
        for name in _ENDING:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                self._before[number] = signal.signal(number, self._end)
        self._hush()
        words = "  ".join(sanitize(place) for place in places if place)
        self._write(f"{_TAKE}\x1b[1m ChatKit \x1b[m  {words}")

    @property
    def size(self) -> tuple[int, int] | None:
        """Columns and lines of the terminal; None where it does not say, or where nothing more
        may be drawn."""
        with suppress(OSError):
            if not self._over:
                return size_of(self._line)
        return None

    def draw(self, picture: FirstFrame) -> None:
        """Draw more, unless the screen has the terminal already, or it has another size."""
        if self.size == picture.size:
            self._write(f"\x1b[H\x1b[J{picture.written()}")
            self._drawn = picture

    def hand_over(self) -> FirstFrame | None:
        """Leave the terminal to the screen; gives what stands there, None if that is not sure."""
        self._over = True
        self._let_be()
        return self._drawn if self._taken and self._is_whole else None

    def end(self, *, give_back: bool) -> None:
        """Listen to signals no more; give the terminal back if no screen came that did."""
        if not self._over:
            self.hand_over()
        if give_back and self._taken:
            self._write(_GIVE_BACK)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _end(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.hand_over()
        self._write(_GIVE_BACK)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def _is_in_front(self) -> bool:
        """Whether the terminal is this program's; taken for granted where nobody knows."""
        try:
            return os.tcgetpgrp(self._keyboard) == os.getpgrp()
        except (AttributeError, OSError):
            return True

    # -- keys --------------------------------------------------------------------------------------

    def _hush(self) -> None:
        """Have what is typed neither echoed nor held back until Enter: it is for the screen."""
        with suppress(ImportError, OSError):
            import termios

            with suppress(termios.error):
                self._modes = termios.tcgetattr(self._keyboard)
                modes = termios.tcgetattr(self._keyboard)
                modes[0] &= ~(termios.ICRNL | termios.IXON)
                modes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
                modes[6][termios.VSUSP] = b"\0"  # the screen knows how to be stopped
                termios.tcsetattr(self._keyboard, termios.TCSANOW, modes)

    def _let_be(self) -> None:
        modes, self._modes = self._modes, None
        if modes is not None:
            import termios

            with suppress(termios.error):
                termios.tcsetattr(self._keyboard, termios.TCSANOW, modes)

    # -- the terminal ------------------------------------------------------------------------------

    def _write(self, text: str) -> None:
        """Write what the terminal takes without being waited for."""
        data = text.encode("utf-8", "replace")
        taken = 0
        with suppress(OSError):  # the terminal is gone: whoever reads from it finds out
            _, ready, _ = select.select([], [self._line], [], 0)
            if ready:
                taken = self._try(data)
        self._is_whole = self._is_whole and taken == len(data)

    def _try(self, data: bytes) -> int:
        try:
            flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK
            # Opened anew, since not to wait is otherwise a property shared with the shell.
            line = os.open(os.ttyname(self._line), flags)
        except (AttributeError, OSError):  # no such thing on this system
            return os.write(self._line, data)
        try:
            return os.write(line, data)
        finally:
            os.close(line)

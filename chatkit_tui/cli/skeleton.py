"""The outline of the screen, drawn before anything slow is imported."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import Any

from chatkit_tui.text.visible import visible

_TAKE = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[H\x1b[J"
"""Another screen, without a cursor, where what is too long is cut."""
_GIVE_BACK = "\x1b[?7h\x1b[?25h\x1b[?1049l"
_ENDING = ("SIGTERM", "SIGHUP", "SIGQUIT")


class Skeleton:
    """Name and places of the header, for as long as the screen is not there to show them.

    Signals that come before the screen, which has its own way with them, give the terminal back and
    end the program.
    """

    def __init__(self) -> None:
        self._line = sys.__stderr__.fileno() if sys.__stderr__ else 2  # where Textual draws
        self._before: dict[int, Any] = {}

    def show(self, places: Sequence[str]) -> None:
        """Draw it."""
        for name in _ENDING:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                self._before[number] = signal.signal(number, self._end)
        words = "  ".join(visible(place) for place in places if place)
        self._write(f"{_TAKE}\x1b[1m ChatKit \x1b[m  {words}")

    def end(self, *, give_back: bool) -> None:
        """Listen to signals no more; give the terminal back if no screen came that did."""
        if give_back:
            self._write(_GIVE_BACK)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _end(self, number: int, frame: FrameType | None) -> None:
        del frame
        self._write(_GIVE_BACK)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def _write(self, text: str) -> None:
        with suppress(OSError):  # the terminal is gone: whoever reads from it finds out
            _, ready, _ = select.select([], [self._line], [], 0)
            if ready:  # one that takes nothing is not waited for
                os.write(self._line, text.encode("utf-8", "replace"))

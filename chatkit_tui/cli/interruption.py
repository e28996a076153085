"""A signal in the middle of something that must not be broken off: heard, and answered later."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from types import TracebackType
from typing import Self

from chatkit_tui.cli.failures import complain

PATIENCE = 10.0
"""Seconds that the step under way has after a signal; then the program ends in the middle of it."""
_HEARD = ("SIGINT", "SIGTERM", "SIGHUP")


class Interruption:
    """Within it, on an event loop, the first signal that would end the program is only kept.

    A second one ends it at once, and so does patience that has run out. On Windows, whose loops
    hear no signals, all is as it was.
    """

    def __init__(self) -> None:
        self.code: int | None = None
        """The exit code of the signal that came, as shells have it; None before there is one."""
        self._loop = asyncio.get_running_loop()
        self._alarm: asyncio.TimerHandle | None = None
        self._heard: list[int] = []

    def __enter__(self) -> Self:
        for name in _HEARD if sys.platform != "win32" else ():
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
                self._loop.add_signal_handler(number, self._hear, 128 + number)
                self._heard.append(number)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        for number in self._heard:
            self._loop.remove_signal_handler(number)

    def _hear(self, code: int) -> None:
        if self.code is not None:
            os._exit(code)
        self.code = code
        complain("stopping after what is under way; a second signal ends it at once")
        self._alarm = self._loop.call_later(PATIENCE, os._exit, code)

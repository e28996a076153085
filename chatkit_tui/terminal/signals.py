"""Signals, and the terminal going away: heard on a thread of its own, whatever the screen does.

An event loop that waits for a terminal that takes no more output hears no signal; this thread
does. It asks the loop to leave, and ends the program itself when nothing comes of that.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from types import FrameType
from typing import Any

LEAVE_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
"""The signals that leave; the exit code is 128 and the signal's number, as shells have it."""
LINE_GONE = 129
"""The exit code when the terminal went away: that of SIGHUP, which says the same."""


class SignalWatcher:
    """Hears what ends the program, from `start` to `stop`."""

    def __init__(
        self,
        leave: Callable[[int], None],
        end_now: Callable[[int], None],
        patience: Callable[[], float],
    ) -> None:
        """All three are called on the watching thread.

        `leave` asks for an orderly end with an exit code. `patience` gives the seconds that this
        may take from now on. `end_now` ends the process, and does not return.
        """
        self._leave = leave
        self._end_now = end_now
        self._patience = patience
        self._before: dict[int, Any] = {}
        self._pipe: tuple[int, int] | None = None
        self._thread: threading.Thread | None = None

    def start(self, line: int) -> None:
        """Begin to listen to signals and to the terminal behind a file descriptor.

        On the main thread alone. A hang-up that is ignored already, as under nohup, stays so.
        On Windows, where there is neither, nothing happens.
        """
        if sys.platform == "win32":
            return
        self._pipe = os.pipe()
        os.set_blocking(self._pipe[1], False)
        for name in LEAVE_ON:
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._heard)
        self._thread = threading.Thread(
            target=self._watch, args=(line, self._pipe[0]), name="end-watch", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Listen no more; signals mean again what they meant before."""
        if self._pipe is None or self._thread is None:
            return
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.write(self._pipe[1], b"\0")
        self._thread.join()
        for end in self._pipe:
            os.close(end)
        self._pipe = None

    def count_down(self, code: int) -> None:
        """From now on, leaving with this exit code may take as long as the patience lasts."""
        if self._pipe is not None:
            with suppress(OSError):  # a full pipe: it has been told often enough
                os.write(self._pipe[1], bytes([max(code, 1)]))

    def _heard(self, number: int, frame: FrameType | None) -> None:
        del frame
        self.count_down(128 + number)

    def _watch(self, line: int, pipe: int) -> None:
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        poll.register(line, 0)  # nothing is asked for, and a hang-up is told always
        code = 0
        deadline: float | None = None
        while True:
            left = None if deadline is None else max(0.0, deadline - monotonic()) * 1000
            events = dict(poll.poll(left))
            if not events and deadline is not None and monotonic() >= deadline:
                self._end_now(code)
                return
            told = os.read(pipe, 1)[0] if pipe in events else 0
            if pipe in events and not told:
                return
            if line in events:
                poll.unregister(line)
                # macOS knows no poll for some terminals and says that they are invalid.
                told = told or (0 if events[line] & select.POLLNVAL else LINE_GONE)
            if told and deadline is None:
                code = told
                deadline = monotonic() + self._patience()
                self._leave(code)

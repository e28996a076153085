"""Watch for signals and for the loss of the terminal, in a thread.

An event loop that is blocked by the terminal handles no signal. This thread asks the loop to leave,
and ends the program itself after a timeout.
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
"""The signals that end the program, with the exit code 128 plus the number of the signal."""
TERMINAL_LOST = 129
"""The exit code when the terminal is lost: that of SIGHUP."""


class SignalWatcher:
    """Watch from `start` to `stop` for what ends the program."""

    def __init__(
        self,
        leave: Callable[[int], None],
        end_now: Callable[[int], None],
        patience: Callable[[], float],
    ) -> None:
        """All three are called on the watching thread.

        `leave` asks for an orderly end with an exit code. `patience` returns the seconds that this
        may take. `end_now` ends the process.
        """
        self._leave = leave
        self._end_now = end_now
        self._patience = patience
        self.spares_keyboard = False
        """Whether signals of keys are for a child that has the terminal."""
        self.before_end: Callable[[], None] | None = None
        """Called before `end_now`."""
        self._before: dict[int, Any] = {}
        self._pipe: tuple[int, int] | None = None
        self._thread: threading.Thread | None = None

    def start(self, terminal: int) -> None:
        """Watch signals and the terminal with this file descriptor; call it on the main thread.

        Signals that are ignored, as SIGHUP under nohup, stay ignored. Do nothing on Windows.
        """
        if sys.platform == "win32":
            return
        self._pipe = os.pipe()
        os.set_blocking(self._pipe[1], False)
        for name in LEAVE_ON:
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._handle)
        self._thread = threading.Thread(
            target=self._watch, args=(terminal, self._pipe[0]), name="signals", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop watching, and restore the handlers of signals."""
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
        """Start the timeout for leaving with this exit code."""
        if self._pipe is not None:
            with suppress(OSError):  # the pipe is full: the timeout runs
                os.write(self._pipe[1], bytes([max(code, 1)]))

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self.spares_keyboard and number in (signal.SIGINT, signal.SIGQUIT):
            return
        self.count_down(128 + number)

    def _watch(self, terminal: int, pipe: int) -> None:
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        poll.register(terminal, 0)  # reports a hang-up without being asked to
        code = 0
        deadline: float | None = None
        while True:
            left = None if deadline is None else max(0.0, deadline - monotonic()) * 1000
            events = dict(poll.poll(left))
            if not events and deadline is not None and monotonic() >= deadline:
                if self.before_end is not None:
                    self.before_end()
                self._end_now(code)
                return
            received = os.read(pipe, 1)[0] if pipe in events else 0
            if pipe in events and not received:
                return
            if terminal in events:
                poll.unregister(terminal)
                # macOS cannot poll some terminals, and reports them as invalid.
                received = received or (0 if events[terminal] & select.POLLNVAL else TERMINAL_LOST)
            if received and deadline is None:
                code = received
                deadline = monotonic() + self._patience()
                self._leave(code)

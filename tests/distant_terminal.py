"""A terminal at the far end of a slow line, as over SSH from a train."""

from __future__ import annotations

import os
import select
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

from tests.fork_server import Program
from tests.pty_terminal import Terminal, Written

_PIECE = 512
"""Bytes taken from the program at once: on the slowest line a fraction of a second."""


@dataclass(frozen=True, slots=True)
class Line:
    """What lies between the program and the terminal."""

    delay: float
    """Seconds that anything takes, each way."""
    rate: float
    """Bytes a second towards the terminal. Keys and answers are few: they take the delay alone."""
    buffer: int = 262_144
    """Bytes that wait on the way (in sockets and in sshd) before the program has to wait."""


class DistantTerminal(Terminal):
    """As `Terminal`; times are those at which things happen in front of the person.

    Nothing moves but while it is waited for something.
    """

    def __init__(
        self,
        command: Sequence[str] | Program,
        *,
        line: Line,
        columns: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.line = line
        self._to_program: deque[Written] = deque()
        self._to_terminal: deque[Written] = deque()
        self._free_at = 0.0
        """When the last byte so far leaves the narrowest part of the line."""
        self._ended_writing = False
        super().__init__(command, columns=columns, rows=rows, environment=environment)

    def send(self, keys: str, later: float = 0) -> float:
        """Send keys as `Terminal` does, `later` seconds from now; return when."""
        at = perf_counter() + later
        self._type(keys.encode(), at)
        return at

    def _type(self, data: bytes, now: float) -> None:
        self._to_program.append(Written(now + self.line.delay, data))

    def _read(self, seconds: float) -> bool:
        end = perf_counter() + seconds
        while True:
            now = perf_counter()
            if self._deliver(now):
                return True
            if now >= end or (self._ended_writing and not self._to_terminal):
                return False
            due = [queue[0].at for queue in (self._to_program, self._to_terminal) if queue]
            self._take_in(max(0.0, min([end, *due]) - now))

    def _deliver(self, now: float) -> bool:
        """Hand over what has arrived at either end; whether anything did at the terminal."""
        while self._to_program and self._to_program[0].at <= now:
            if not self._ended_writing:
                os.write(self._line, self._to_program[0].data)
            self._to_program.popleft()
        shown = False
        while self._to_terminal and self._to_terminal[0].at <= now:
            self._show(self._to_terminal.popleft())
            shown = True
        return shown

    def _take_in(self, seconds: float) -> None:
        """Put onto the line what the program writes meanwhile, as far as there is room."""
        waiting = max(0.0, self._free_at - perf_counter()) * self.line.rate
        has_room = waiting < self.line.buffer and not self._ended_writing
        ready, _, _ = select.select([self._line] if has_room else [], [], [], seconds)
        if not ready:
            return
        try:
            data = os.read(self._line, _PIECE)
        except OSError:  # what Linux says when the program has ended
            data = b""
        if not data:
            self._ended_writing = True
            return
        self._free_at = max(self._free_at, perf_counter()) + len(data) / self.line.rate
        self._to_terminal.append(Written(self._free_at + self.line.delay, data))

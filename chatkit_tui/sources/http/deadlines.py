"""How slowly an answer may arrive, and when a call is late.

A read timeout alone never ends an answer that sends a byte now and then. Here the bytes are
counted, and an answer that arrives more slowly than `LeastSpeed` is given up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import httpx

LARGEST_HEAD: Final = 128 * 1024
"""Bytes of status line and headers, with all `1xx` answers before them."""


LATE_AFTER: Final = 2.0
"""Seconds from which a call is late enough to say so."""


@contextmanager
def report_late(tell: Callable[[], object] | None) -> Iterator[None]:
    """Call `tell` once if what happens inside, on the running event loop, is late."""
    timer = asyncio.get_running_loop().call_later(LATE_AFTER, tell) if tell else None
    try:
        yield
    finally:
        if timer is not None:
            timer.cancel()


@dataclass(frozen=True, slots=True)
class LeastSpeed:
    """The least that must arrive of an answer once it has begun."""

    size: int = 1024
    """Bytes of the body in every period; the head must be complete within the first period."""
    seconds: float = 30.0
    """The period."""

    def __str__(self) -> str:
        return f"less than {self.size / 1024:g} kB in {self.seconds:g} s"


class TooSlowError(httpx.ReadTimeout):
    """An answer that began and then arrived too slowly."""


class HeadTooLargeError(httpx.RemoteProtocolError):
    """An answer whose head, or whose `1xx` answers, never end."""


class Watch:
    """Counts the bytes of one answer as they arrive."""

    def __init__(self, least: LeastSpeed, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds."""
        self._least = least
        self._clock = clock
        self.begin()

    def begin(self) -> None:
        """Expect a new answer; the time before its first byte is not counted."""
        self._since: float | None = None
        self._size = 0
        self._in_head = True

    def head_arrived(self) -> None:
        """Begin to count the body."""
        self._since, self._size, self._in_head = self._clock(), 0, False

    def left(self) -> float | None:
        """Return the seconds that the next byte may take, or None before the first byte."""
        if self._since is None:
            return None
        return max(0.0, self._since + self._least.seconds - self._clock())

    def arrived(self, size: int) -> None:
        """Count bytes that arrived.

        Raise `TooSlowError` or `HeadTooLargeError` if the answer must be given up.
        """
        if self._since is None:
            self._since = self._clock()
        self._size += size
        if self._in_head:
            if self._size > LARGEST_HEAD:
                raise HeadTooLargeError(f"more than {LARGEST_HEAD} bytes of headers")
        elif self._size >= self._least.size:
            self._since, self._size = self._clock(), 0
        if not self.left():
            self.give_up()

    def give_up(self) -> None:
        """Raise `TooSlowError`."""
        if self._in_head:
            raise TooSlowError(f"its head was not complete after {self._least.seconds:g} s")
        raise TooSlowError(str(self._least))

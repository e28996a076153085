"""Limits on how slowly a response may arrive, and when a request is late.

A read timeout never ends a response that sends a byte now and then. So the bytes are counted, and
a response slower than `LeastSpeed` is aborted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

import httpx

LARGEST_HEAD: Final = 128 * 1024
"""Bytes of status line and headers, with all `1xx` answers before them."""


LATE_AFTER: Final = 2.0
"""Seconds after which a request is reported as late."""


@contextmanager
def report_late(callback: Callable[[], object] | None) -> Iterator[None]:
    """Call `callback` once if the block takes longer than `LATE_AFTER`."""
    timer = asyncio.get_running_loop().call_later(LATE_AFTER, callback) if callback else None
    try:
        yield
    finally:
        if timer is not None:
            timer.cancel()


class LeastSpeed(NamedTuple):
    """The minimum that must arrive of a response once it has begun."""

    size: int = 1024
    """Bytes of the body in every period; the head must be complete within the first period."""
    seconds: float = 30.0
    """The period."""

    def __str__(self) -> str:
        return f"less than {self.size / 1024:g} kB in {self.seconds:g} s"


class TooSlowError(httpx.ReadTimeout):
    """A response that began and then arrived too slowly."""


class HeadTooLargeError(httpx.RemoteProtocolError):
    """A response whose head or whose `1xx` responses never end."""


class Watch:
    """Counts the bytes of one response as they arrive."""

    def __init__(self, least: LeastSpeed, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` returns seconds."""
        self._least = least
        self._clock = clock
        self.begin()

    def begin(self) -> None:
        """Expect a new response; the time before its first byte does not count."""
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

        Raise `TooSlowError` or `HeadTooLargeError` if the response must be aborted.
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
        if self._in_head:
            raise TooSlowError(f"its head was not complete after {self._least.seconds:g} s")
        raise TooSlowError(str(self._least))

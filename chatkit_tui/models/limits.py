"""How much of one JSON text is read, and how reading it is stopped.

A few kilobytes on the wire can inflate to millions of rows or values, which would take gigabytes
and minutes. What is over a limit is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event
from typing import Final

MOST_ROWS: Final = 100_000
"""Rows of a page."""

MOST_MEMBERS: Final = 100_000
"""Members of a row, or of the answer itself."""

MOST_STEPS: Final = 2_000_000
"""Steps, each some microseconds, that it may take to find the parts of an answer,
or the escapes in one."""

MOST_STEPS_AT_ONCE: Final = 200_000
"""The same where a key waits for the end."""

MOST_VALUES: Final = 2_000_000
"""Values of a text that is parsed: up to half a gigabyte of memory, and under a second."""

_TOO_MANY_PARTS: Final = "has too many parts and was not read"

TOO_MUCH_REASON: Final = "too many values to be read"

_OFTEN: Final = 1024
"""Steps between two looks at whether to stop."""

_stop: ContextVar[Event | None] = ContextVar("stop", default=None)


class TooMuchError(ValueError):
    """A JSON text that has more parts than are read; the message follows "the answer"."""


class StoppedError(Exception):
    """Reading was stopped because the result is no longer wanted."""


class Effort:
    """The steps that reading one text may still take."""

    __slots__ = ("_event", "_left")

    def __init__(self, most: int = MOST_STEPS) -> None:
        self._left = most
        self._event = _stop.get()

    def step(self) -> None:
        """Count a step.

        Raise `TooMuchError` if there were too many, and `StoppedError` within `stoppable`.
        """
        self._left -= 1
        if self._left < 0:
            raise TooMuchError(_TOO_MANY_PARTS)
        if not self._left % _OFTEN:
            self.check()

    def spend(self, steps: int) -> None:
        """Count any number of steps at once; raise as `step` does."""
        self._left -= steps
        if self._left < 0:
            raise TooMuchError(_TOO_MANY_PARTS)
        self.check()

    def check(self) -> None:
        """Raise `StoppedError` if the event of `stoppable` is set."""
        if self._event is not None and self._event.is_set():
            raise StoppedError


@contextmanager
def stoppable() -> Iterator[Event]:
    """Yield an event that ends each reading begun inside, in other threads too, once it is set."""
    event = Event()
    token = _stop.set(event)
    try:
        yield event
    finally:
        _stop.reset(token)


def check_rows(count: int) -> None:
    """Raise `TooMuchError` if a page has more rows than are read."""
    if count > MOST_ROWS:
        raise TooMuchError(f"has more than {MOST_ROWS:,} rows and was not read")


def check_members(count: int) -> None:
    """Raise `TooMuchError` if an object has more members than are looked at."""
    if count > MOST_MEMBERS:
        raise TooMuchError(f"has an object of more than {MOST_MEMBERS:,} members and was not read")


def check_values(text: str) -> None:
    """Raise `TooMuchError` if JSON text has more values than are parsed.

    Separators are counted, those inside strings as well.
    """
    if len(text) <= MOST_VALUES:
        return
    if text.count(",") + text.count("[") + text.count("{") > MOST_VALUES:
        raise TooMuchError("has too many values and was not read")

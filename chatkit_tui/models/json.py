"""Parsing and writing of JSON, and limits on what is read.

A few kilobytes can inflate to millions of values, which take gigabytes and minutes. A text over a
limit is rejected.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event
from typing import Any, Final, TypeAlias

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
TOO_DEEP_REASON: Final = "nested too deeply to be read"

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


JSON: TypeAlias = Any
"""A JSON value: dict, list, str, int, float, bool or None."""

_MOST_DIGITS: Final = 4_000

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_MENDED: Final = re.compile("⟨U\\+D[89A-F][0-9A-F]{2}⟩")


def _integer(digits: str) -> int | str:
    """Return an integer, or its text if it exceeds the interpreter's limit of digits."""
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


DECODER: Final = json.JSONDecoder(strict=False, parse_int=_integer)
"""Accepts control characters inside strings."""


def load_json(raw: bytes | str) -> JSON:
    """Parse JSON text of a ChatKit server.

    Control characters inside strings are accepted. A lone surrogate, which cannot be encoded,
    becomes the text `⟨U+D800⟩`. Raise `ValueError` if it is not JSON, `TooMuchError` if it has too
    many values, and `RecursionError` if it is nested too deeply.
    """
    text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
    check_values(text)
    value = DECODER.decode(text)
    return mend(value) if "\\ud" in text or "\\uD" in text else value


def mend(value: JSON) -> JSON:
    """Return a value with lone surrogates in its texts and keys replaced."""
    if isinstance(value, str):
        if value.isascii():
            return value
        return _LONE_SURROGATE.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", value)
    if isinstance(value, list):
        return [mend(entry) for entry in value]
    if isinstance(value, dict):
        return {mend(key): mend(entry) for key, entry in value.items()}
    return value


def is_mended(text: str) -> bool:
    """Return whether lone surrogates of a text were replaced: it is not what the server has."""
    return _MENDED.search(text) is not None


def dump_json(value: JSON) -> str:
    """Return the compact JSON text of a value, not escaped to ASCII."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

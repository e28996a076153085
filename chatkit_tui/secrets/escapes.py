"""Text without its escapes, and the original position of each part.

JSON, URLs, HTML and programming languages escape characters in different ways, also nested. All
escapes are undone until none is left. The result is useful only for a search, since it is unknown
which escapes were intended.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import Final, NamedTuple, TypeAlias

Spend: TypeAlias = Callable[[int], object]
"""Counts the steps of a search, and stops it by raising."""


def unlimited(_: int) -> None:
    """Allow any number of steps."""


class Reading(NamedTuple):
    """An unescaped text, and the mapping of its positions to its source."""

    text: str
    source: Reading | None = None
    positions: Sequence[int] = ()
    """The start and end in `text` of each unescaped character, in order, and the end of it."""
    origins: Sequence[int] = ()
    """The same positions in `source`."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the start and end of a part of this text in the original text."""
        if self.source is None:
            return start, end
        before = bisect_right(self.positions, start) - 1
        origin = self.origins[before] + start - self.positions[before] if before >= 0 else start
        behind = bisect_left(self.positions, end)
        if behind < len(self.positions) and self.positions[behind] == end:
            until = self.origins[behind]
        elif behind > 0:
            until = self.origins[behind - 1] + end - self.positions[behind - 1]
        else:
            until = end
        return self.source.span(origin, until)


_LAYERS: Final = 8
"""Nested encodings that are undone; repeated ones count once."""

_NAMED: Final = {
    "amp": "&",
    "num": "#",
    "percnt": "%",
    "bsol": "\\",
    "lowbar": "_",
    "UnderBar": "_",
    "period": ".",
    "sol": "/",
    "plus": "+",
    "equals": "=",
    "colon": ":",
    "quot": '"',
    "hyphen": "-",
    "dash": "-",
    "Tab": "\t",
    "NewLine": "\n",
    "semi": ";",
    "commat": "@",
}
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t"}


@cache
def _escape() -> re.Pattern[str]:
    """Return the pattern of one escaped character."""
    code = "[0-9A-Fa-f]{2}"
    # Each alternative begins with a literal, for speed. A run of backslashes matches from its first
    # one only: the time would be quadratic otherwise.
    return re.compile(
        r"(\\(?<!\\\\)\\*+"
        rf"(?:u00{code}|u\{{0*{code}\}}|U000000{code}|x{code}|[01][0-7]{{2}}|[^\\])"
        rf"|%(?:25)*{code}"
        rf"|&(?:amp;)*(?:#[xX]0*{code}|#0*\d{{2,3}}|{'|'.join(_NAMED)});?)",
        re.DOTALL,
    )


def _meaning(escape: str) -> str:
    if escape[0] == "&":
        name = escape.rstrip(";").rpartition(";")[2].lstrip("&")
        if name[0] != "#":
            return _NAMED[name]
        return chr(int(name[-2:], 16) if name[1] in "xX" else int(name[1:]))
    code = escape.lstrip("\\")
    if len(code) == 1:
        return _CONTROLS.get(code, code)
    return chr(int(code, 8) if code.isdigit() else int(code.rstrip("}")[-2:], 16))


@cache
def _breaks() -> re.Pattern[str]:
    return re.compile(r"([\0\r\n]+)")


def readings(text: str, spend: Spend = unlimited) -> Iterator[Reading]:
    """Yield a text unchanged, then unescaped, then without line breaks.

    `spend` receives the number of escapes; an exception that it raises stops the work.
    """
    reading = Reading(text)
    yield reading
    if any(mark in text for mark in "\\%&"):
        for _ in range(_LAYERS):
            shorter = _resolved(reading, _escape(), _meaning)
            spend(len(shorter.positions) // 2)
            if shorter is reading:
                break
            reading = shorter
        yield reading
    if any(character in reading.text for character in "\0\r\n"):
        yield _resolved(reading, _breaks(), lambda _: "")


def unescaped(text: str) -> str:
    """Return a text without escapes of any language."""
    *_, last = readings(text)
    return last.text


class _Meanings(dict[str, str]):
    """A cache of the meanings of escapes."""

    def __init__(self, meaning: Callable[[str], str]) -> None:
        self._meaning = meaning

    def __missing__(self, escape: str) -> str:
        self[escape] = meaning = self._meaning(escape)
        return meaning


def _resolved(reading: Reading, pattern: re.Pattern[str], meaning: Callable[[str], str]) -> Reading:
    """Return a reading with each match replaced by its meaning, at most one character.

    There is no Python loop: a hostile text may consist of escapes.
    """
    parts = pattern.split(reading.text)  # every second part is a match
    if len(parts) == 1:
        return reading
    origins = array("I", accumulate(map(len, parts)))
    parts[1::2] = map(_Meanings(meaning).__getitem__, parts[1::2])
    positions = array("I", accumulate(map(len, parts)))
    return Reading("".join(parts), reading, positions, origins)

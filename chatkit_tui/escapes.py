"""What a text says, whatever escapes it is written in, and where each part of it stands.

JSON, URLs, HTML and programming languages escape characters in ways of their own, also within each
other. All are undone here until none is left, which is of use only to search for something: which
of the escapes were meant as such is not known.
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
"""Takes account of the steps that some work took, and ends it by raising."""


def unlimited(_: int) -> None:
    """Let any number of steps be taken."""


class Reading(NamedTuple):
    """What a text says, and how its places are found in the text that it was made of."""

    text: str
    made_of: Reading | None = None
    places: Sequence[int] = ()
    """Places in `text` where a character that was read begins, and where it ends, in order, and
    the end of the text."""
    origins: Sequence[int] = ()
    """The same places in the text that it was made of."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return from where to where a part of this text stands in the text as it came."""
        if self.made_of is None:
            return start, end
        before = bisect_right(self.places, start) - 1
        origin = self.origins[before] + start - self.places[before] if before >= 0 else start
        behind = bisect_left(self.places, end)
        if behind < len(self.places) and self.places[behind] == end:
            until = self.origins[behind]
        elif behind > 0:
            until = self.origins[behind - 1] + end - self.places[behind - 1]
        else:
            until = end
        return self.made_of.span(origin, until)


_LAYERS: Final = 8
"""Encodings within each other that are followed; repeated ones count once."""

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
    """One character as JSON, a URL, HTML or a programming language escapes it."""
    code = "[0-9A-Fa-f]{2}"
    # Each way begins with a literal, which makes the search for all of them fast. A run of
    # backslashes is tried from its first one only: a long run would cost the square of its length.
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
    said = escape.lstrip("\\")
    if len(said) == 1:
        return _CONTROLS.get(said, said)
    return chr(int(said, 8) if said.isdigit() else int(said.rstrip("}")[-2:], 16))


@cache
def _breaks() -> re.Pattern[str]:
    return re.compile(r"([\0\r\n]+)")


def readings(text: str, spend: Spend = unlimited) -> Iterator[Reading]:
    """Yield a text as it stands, without its escapes, and without the line breaks in it.

    `spend` is called with the number of escapes that were undone; what it raises ends the work.
    """
    reading = Reading(text)
    yield reading
    if any(mark in text for mark in "\\%&"):
        for _ in range(_LAYERS):
            shorter = _resolved(reading, _escape(), _meaning)
            spend(len(shorter.places) // 2)
            if shorter is reading:
                break
            reading = shorter
        yield reading
    if any(character in reading.text for character in "\0\r\n"):
        yield _resolved(reading, _breaks(), lambda _: "")


def unescaped(text: str) -> str:
    """Return a text without its escapes, in whatever language each of them is."""
    *_, last = readings(text)
    return last.text


class _Meanings(dict[str, str]):
    """What each escape means, found out once."""

    def __init__(self, meaning: Callable[[str], str]) -> None:
        self._meaning = meaning

    def __missing__(self, escape: str) -> str:
        self[escape] = found = self._meaning(escape)
        return found


def _resolved(reading: Reading, pattern: re.Pattern[str], meaning: Callable[[str], str]) -> Reading:
    """Return a reading with each match replaced by the one character, or none, that it means.

    The loops are those of the interpreter, since a hostile text consists of escapes.
    """
    parts = pattern.split(reading.text)  # every second one is a match
    if len(parts) == 1:
        return reading
    origins = array("I", accumulate(map(len, parts)))
    parts[1::2] = map(_Meanings(meaning).__getitem__, parts[1::2])
    places = array("I", accumulate(map(len, parts)))
    return Reading("".join(parts), reading, places, origins)

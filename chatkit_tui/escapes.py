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
from typing import Final, NamedTuple


class Reading(NamedTuple):
    """What a text says, and how its places are found in the text that it was made of."""

    text: str
    made_of: Reading | None = None
    places: Sequence[int] = ()
    """Places in `text` where a character that was read begins, and where it ends, in order."""
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
    # Each way begins with a literal, which makes the search for all of them fast.
    return re.compile(
        rf"\\\\*(?:u00({code})|u\{{0*({code})\}}|U000000({code})|x({code}))"
        rf"|%(?:25)*({code})|&(?:amp;)*#[xX]0*({code});?"
        r"|&(?:amp;)*#0*(\d{2,3});?"
        r"|\\\\*([01][0-7]{2})"
        rf"|&(?:amp;)*({'|'.join(_NAMED)});?"
        r"|\\\\*([^\\])",
        re.DOTALL,
    )


def _meaning(match: re.Match[str]) -> str:
    found = match[match.lastindex or 0]
    if match.lastindex in (7, 8):
        return chr(int(found, 10 if match.lastindex == 7 else 8))
    if match.lastindex == 9:
        return _NAMED[found]
    return _CONTROLS.get(found, found) if match.lastindex == 10 else chr(int(found, 16))


@cache
def _breaks() -> re.Pattern[str]:
    return re.compile(r"[\0\r\n]+")


def readings(text: str) -> Iterator[Reading]:
    """Yield a text as it stands, without its escapes, and without the line breaks in it."""
    reading = Reading(text)
    yield reading
    if any(mark in text for mark in "\\%&"):
        for _ in range(_LAYERS):
            shorter = _resolved(reading, _escape(), _meaning)
            if shorter is reading:
                break
            reading = shorter
        yield reading
    if any(character in reading.text for character in "\0\r\n"):
        yield _resolved(reading, _breaks(), lambda _: "")


def _resolved(
    reading: Reading, pattern: re.Pattern[str], meaning: Callable[[re.Match[str]], str]
) -> Reading:
    """Return a reading with each match replaced by the one character, or none, that it means."""
    parts: list[str] = []
    places, origins = array("I"), array("I")
    length = done = 0
    for match in pattern.finditer(reading.text):
        start, end = match.span()
        parts += (reading.text[done:start], character := meaning(match))
        length += start - done
        places.extend((length, length + len(character)))
        origins.extend((start, end))
        length += len(character)
        done = end
    if not parts:
        return reading
    return Reading("".join((*parts, reading.text[done:])), reading, places, origins)

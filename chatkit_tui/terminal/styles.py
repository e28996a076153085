"""Numbered styles of cells, parsed from SGR and written in few bytes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

PLAIN: Final = 0
"""The style number of an empty cell."""

_OFF: Final = {
    "1": "22",
    "2": "22",
    "3": "23",
    "4": "24",
    "5": "25",
    "6": "25",
    "7": "27",
    "8": "28",
    "9": "29",
    "21": "24",
    "53": "55",
}
"""The parameter that switches each attribute off; two attributes may share one."""
_OFF_OF: Final = {
    off: frozenset(on for on, its_off in _OFF.items() if its_off == off) for off in _OFF.values()
}
_SEEN_ON_BLANKS: Final = frozenset({"4", "5", "6", "7", "9", "21", "53"})


class Style(NamedTuple):
    """Attributes, colors and link of a cell."""

    attributes: frozenset[str] = frozenset()
    """SGR parameters, such as `1` for bold and `7` for reverse."""
    foreground: str = ""
    """SGR parameters of the color, such as `38;5;12`; empty for the terminal's default."""
    background: str = ""
    link: str = ""
    """The URL; empty for none."""

    @property
    def shows_on_blank(self) -> bool:
        """Return whether a space shows more of it than the background."""
        return bool(self.link) or not self.attributes.isdisjoint(_SEEN_ON_BLANKS)


class Styles:
    """Assign numbers to styles; 0 is the plain style."""

    MAX: Final = 20_000
    """Styles that are numbered at most; a conversation has some dozens."""

    def __init__(self) -> None:
        self._numbers: dict[Style, int] = {}
        self._styles: list[Style] = []
        self._after: dict[tuple[int, str], int] = {}
        self._blank: list[int] = []
        self._steps: dict[tuple[int, int], str] = {}
        self.number(Style())

    def __getitem__(self, number: int) -> Style:
        return self._styles[number]

    @property
    def full(self) -> bool:
        """Return whether to start again with new numbers."""
        return len(self._styles) >= self.MAX

    def number(self, style: Style) -> int:
        found = self._numbers.get(style)
        if found is None:
            found = self._numbers[style] = len(self._styles)
            self._styles.append(style)
            # A space shows links, underlines and the background, and nothing else.
            self._blank.append(found)
            if not style.shows_on_blank:
                self._blank[found] = self.number(Style(background=style.background))
        return found

    def on_blank(self, number: int) -> int:
        """Return the style of a space in this style, without what a space does not show."""
        return self._blank[number]

    def of_text(self, number: int, text: str) -> list[int]:
        """Return the style of each character of a text in this style."""
        blank = self._blank[number]
        if blank == number or " " not in text:
            return [number] * len(text)
        return [blank if character == " " else number for character in text]

    def after(self, number: int, parameters: str) -> int:
        """Return the style after an SGR sequence with these parameters (`1;31`; empty resets)."""
        key = (number, parameters)
        found = self._after.get(key)
        if found is None:
            found = self._after[key] = self.number(_applied(self._styles[number], parameters))
        return found

    def linked(self, number: int, url: str) -> int:
        """Return the style with another link; an empty URL removes it."""
        return self.number(self._styles[number]._replace(link=url))

    def step(self, start: int, end: int) -> str:
        """Return the sequences that change one style to the other."""
        key = (start, end)
        found = self._steps.get(key)
        if found is None:
            old, new = self._styles[start], self._styles[end]
            found = self._steps[key] = _sgr(old._replace(link=""), new._replace(link=""))
            if old.link != new.link:
                # One id for the same URL: terminals highlight a link over two lines as one.
                target = f"id=c{end};{new.link}" if new.link else ";"
                found = self._steps[key] = f"\x1b]8;{target}\x1b\\{found}"
        return found


@lru_cache(4096)
def _sgr(old: Style, new: Style) -> str:
    if old == new:
        return ""
    values = [*sorted(new.attributes, key=int), new.foreground, new.background]
    whole = ";".join(filter(None, ["0", *values])) if any(values) else ""
    changes: list[str] = []
    removed = old.attributes - new.attributes
    remaining = set(old.attributes)
    for off in sorted({_OFF[attribute] for attribute in removed}):
        changes.append(off)
        remaining -= _OFF_OF[off]
    changes += sorted(new.attributes - remaining, key=int)
    if old.foreground != new.foreground:
        changes.append(new.foreground or "39")
    if old.background != new.background:
        changes.append(new.background or "49")
    changed = ";".join(changes)
    return f"\x1b[{min(changed, whole, key=len)}m"


def _applied(style: Style, parameters: str) -> Style:
    attributes, foreground, background = set(style.attributes), style.foreground, style.background
    for code in _codes(parameters):
        first = code.partition(";")[0]
        if first in ("", "0"):
            attributes, foreground, background = set(), "", ""
        elif first in _OFF:
            attributes.add(first)
        elif first in _OFF_OF:
            attributes -= _OFF_OF[first]
        elif first == "38" or 30 <= int(first) <= 37 or 90 <= int(first) <= 97:
            foreground = code
        elif first == "48" or 40 <= int(first) <= 47 or 100 <= int(first) <= 107:
            background = code
        elif first == "39":
            foreground = ""
        elif first == "49":
            background = ""
    return Style(frozenset(attributes), foreground, background, style.link)


def _codes(parameters: str) -> Iterator[str]:
    """Yield the parameters; a color of several numbers is one."""
    numbers = parameters.split(";")
    at = 0
    while at < len(numbers):
        first = numbers[at].lstrip("0") or "0"
        length = 1
        if first in ("38", "48") and at + 1 < len(numbers):
            length = {"5": 3, "2": 5}.get(numbers[at + 1], 2)
        yield ";".join([first, *numbers[at + 1 : at + length]])
        at += length

"""Parse the output of Textual: draw into a cell buffer, and pass on the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from chatkit_tui.terminal.cell_buffer import CellBuffer
from chatkit_tui.terminal.styles import PLAIN, Styles
from chatkit_tui.text.width import is_narrow

_PARTS: Final = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|\x1b\[(?:(?P<colors>[0-9;]*)m|(?P<place>[0-9]*;?[0-9]*)H|\?2026(?P<frame>[hl]))"
    r"|\x1b\]8;[^;\x07\x1b]*;(?P<link>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|(?P<other>\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9:;<=>?]*[ -/]*[@-~]"
    r"|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[ -/]*[0-~]|\x07)"
    r"|."  # Textual never writes a control character outside a sequence
)
_OTHER_SCREEN: Final = re.compile(r"\x1b\[\?(?:47|1047|1049)[hl]|\x1bc|\x1b\[!p")
"""The sequences after which the content of the screen is unknown."""

_PLACE: Final = re.compile(r"\x1b\[([1-9][0-9]{0,5});([1-9][0-9]{0,5})H")
CACHED_LINES: Final = 300
"""Lines whose cells are cached, for the next place that they are written to."""


class _ParsedLine(NamedTuple):
    """The cells of a line, and the style after them."""

    texts: list[str]
    styles: list[int]
    style: int


@dataclass(slots=True, eq=False, repr=False)
class ParsedOutput:
    """What a piece of output contained, apart from what it drew."""

    through: list[str] = field(default_factory=list)
    """Sequences to pass on: modes, queries, the clipboard, the bell."""
    drawn: bool = False
    """Whether anything was drawn or the cursor moved."""
    frames: bool = False
    """Whether a frame began; Textual writes that only to terminals that support it."""
    screen_lost: bool = False
    """Whether the content of the screen is unknown from here on."""


class AnsiParser:
    """Draw into a cell buffer what a terminal would show."""

    def __init__(self, screen: CellBuffer, styles: Styles) -> None:
        self.screen = screen
        self._styles = styles
        self._style = PLAIN
        self._cache: dict[tuple[str, int], _ParsedLine | None] = {}
        """Lines that were parsed before, by text and initial style; None if a line has more than
        narrow text and colors."""
        self.line = 0
        self.column = 0

    def begin(self, screen: CellBuffer, styles: Styles) -> None:
        """Continue with another cell buffer."""
        self.screen, self._styles, self._style = screen, styles, PLAIN
        self._cache.clear()

    def read(self, written: str) -> ParsedOutput:
        """Parse a piece of output that contains whole sequences."""
        result = ParsedOutput()
        for number, line in enumerate(written.split("\n")):
            if number:
                self.line, self.column = self.line + 1, 0
            if not self._read_cached(line, result):
                self._read_parts(line, result)
        return result

    def _read_cached(self, written: str, result: ParsedOutput) -> bool:
        """Draw a line that was parsed before, perhaps elsewhere; return False if it was not.

        After a key, most of the output was on the screen already, a few lines away.
        """
        place = _PLACE.match(written)
        if place is None:
            return False
        key = (written[place.end() :], self._style)
        if key not in self._cache:
            if len(self._cache) >= CACHED_LINES:
                self._cache.clear()
            self._cache[key] = self._parse_line(*key)
        parsed = self._cache[key]
        line, column = int(place[1]) - 1, int(place[2]) - 1
        if parsed is None or not self.screen.put_cells(line, column, *parsed[:2]):
            return False
        self.line, self.column = line, column + len(parsed.texts)
        self._style = parsed.style
        result.drawn = True
        return True

    def _parse_line(self, written: str, style: int) -> _ParsedLine | None:
        texts: list[str] = []
        styles: list[int] = []
        for part in _PARTS.finditer(written):
            kind = part.lastgroup
            if kind == "colors":
                style = self._styles.after(style, part["colors"])
            elif kind == "text" and is_narrow(part[0]):
                texts += part[0]
                styles += self._styles.of_text(style, part[0])
            else:
                return None
        return _ParsedLine(texts, styles, style)

    def _read_parts(self, written: str, result: ParsedOutput) -> None:
        for part in _PARTS.finditer(written):
            kind = part.lastgroup
            if kind == "text":
                self._put(part[0])
                result.drawn = True
            elif kind == "colors":
                self._style = self._styles.after(self._style, part["colors"])
            elif kind == "place":
                line, _, column = part["place"].partition(";")
                self.line = max(0, int(line or 1) - 1)
                self.column = max(0, int(column or 1) - 1)
                result.drawn = True
            elif kind == "link":
                self._style = self._styles.linked(self._style, part["link"])
            elif kind == "frame":
                result.frames |= part["frame"] == "h"
            elif kind == "other":
                result.through.append(part[0])
                result.screen_lost |= bool(_OTHER_SCREEN.fullmatch(part[0]))

    def _put(self, text: str) -> None:
        if self.line < self.screen.height:
            self.column = self.screen.put(self.line, self.column, text, self._style, self._styles)

"""Reading what Textual writes: the picture goes into a grid, the rest goes through."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from chatkit_tui.terminal.cell_buffer import BLANK, CellBuffer
from chatkit_tui.terminal.styles import PLAIN, Styles
from chatkit_tui.text.width import is_narrow

_PARTS: Final = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|\x1b\[(?:(?P<colours>[0-9;]*)m|(?P<place>[0-9]*;?[0-9]*)H|\?2026(?P<frame>[hl]))"
    r"|\x1b\]8;[^;\x07\x1b]*;(?P<link>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|(?P<other>\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9:;<=>?]*[ -/]*[@-~]"
    r"|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[ -/]*[0-~]|\x07)"
    r"|."  # what steers without being a sequence never was the toolkit's
)
_OTHER_SCREEN: Final = re.compile(r"\x1b\[\?(?:47|1047|1049)[hl]|\x1bc|\x1b\[!p")
"""After these the terminal shows something else than before."""

_PLACE: Final = re.compile(r"\x1b\[([1-9][0-9]{0,5});([1-9][0-9]{0,5})H")
KEPT: Final = 300
"""Lines whose cells are kept, to be put where they are written next."""


class _Stretch(NamedTuple):
    """Cells side by side, and the style that what follows them has."""

    texts: list[str]
    styles: list[int]
    style: int


@dataclass(slots=True)
class ParsedOutput:
    """What was in a piece of what Textual writes, beside the picture."""

    through: list[str] = field(default_factory=list)
    """What is for the terminal as it stands: modes, questions, the clipboard, the bell."""
    picture: bool = False
    """Whether anything was drawn, or the cursor put somewhere."""
    frames: bool = False
    """Whether a frame was begun, which is written to terminals that know of frames."""
    screen_lost: bool = False
    """Whether the terminal shows something else from here on."""


class AnsiParser:
    """Writes into a grid what a terminal would show."""

    def __init__(self, grid: CellBuffer, styles: Styles) -> None:
        self.grid = grid
        self._styles = styles
        self._style = PLAIN
        self._known: dict[tuple[str, int], _Stretch | None] = {}
        """What was read before, by its text and the style that it began in; None where it is
        more than narrow text and its colours."""
        self.line = 0
        self.column = 0

    def begin(self, grid: CellBuffer, styles: Styles) -> None:
        """Go on with another grid."""
        self.grid, self._styles, self._style = grid, styles, PLAIN
        self._known.clear()

    def read(self, written: str) -> ParsedOutput:
        """Take in a piece; it holds whole sequences, as Textual writes them."""
        result = ParsedOutput()
        for number, line in enumerate(written.split("\n")):
            if number:
                self.line, self.column = self.line + 1, 0
            if not self._read_again(line, result):
                self._read_parts(line, result)
        return result

    def _read_again(self, written: str, result: ParsedOutput) -> bool:
        """Take in a line that was read before, perhaps in another place; False if it was not.

        Most of what is written with a key stood on the screen already, a few lines off.
        """
        place = _PLACE.match(written)
        if place is None:
            return False
        key = (written[place.end() :], self._style)
        if key not in self._known:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[key] = self._stretch(*key)
        stretch = self._known[key]
        line, column = int(place[1]) - 1, int(place[2]) - 1
        if stretch is None or not self.grid.put_cells(line, column, *stretch[:2]):
            return False
        self.line, self.column = line, column + len(stretch.texts)
        self._style = stretch.style
        result.picture = True
        return True

    def _stretch(self, written: str, style: int) -> _Stretch | None:
        texts: list[str] = []
        styles: list[int] = []
        for part in _PARTS.finditer(written):
            kind = part.lastgroup
            if kind == "colours":
                style = self._styles.after(style, part["colours"])
            elif kind == "text" and is_narrow(part[0]):
                texts += part[0]
                blank = self._styles.on_blank(style)
                styles += [blank if each == BLANK else style for each in part[0]]
            else:
                return None
        return _Stretch(texts, styles, style)

    def _read_parts(self, written: str, result: ParsedOutput) -> None:
        for part in _PARTS.finditer(written):
            kind = part.lastgroup
            if kind == "text":
                self._put(part[0])
                result.picture = True
            elif kind == "colours":
                self._style = self._styles.after(self._style, part["colours"])
            elif kind == "place":
                line, _, column = part["place"].partition(";")
                self.line = max(0, int(line or 1) - 1)
                self.column = max(0, int(column or 1) - 1)
                result.picture = True
            elif kind == "link":
                self._style = self._styles.linked(self._style, part["link"])
            elif kind == "frame":
                result.frames |= part["frame"] == "h"
            elif kind == "other":
                result.through.append(part[0])
                result.screen_lost |= bool(_OTHER_SCREEN.fullmatch(part[0]))

    def _put(self, text: str) -> None:
        if self.line < self.grid.height:
            self.column = self.grid.put(self.line, self.column, text, self._style, self._styles)

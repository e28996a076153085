"""Reading what Textual writes: the picture goes into a grid, the rest goes through."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from chatkit_tui.ui.stage.grid import Grid
from chatkit_tui.ui.stage.styles import PLAIN, Styles

_PARTS: Final = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)"
    r"|\x1b\[(?:(?P<colours>[0-9;]*)m|(?P<place>[0-9]*;?[0-9]*)H|\?2026(?P<frame>[hl]))"
    r"|\x1b\]8;[^;\x07\x1b]*;(?P<link>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|(?P<newline>\n)"
    r"|(?P<other>\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9:;<=>?]*[ -/]*[@-~]"
    r"|\x1b[PX^_][^\x1b]*\x1b\\|\x1b[ -/]*[0-~]|\x07)"
    r"|."  # what steers without being a sequence never was the toolkit's
)
_OTHER_SCREEN: Final = re.compile(r"\x1b\[\?(?:47|1047|1049)[hl]|\x1bc|\x1b\[!p")
"""After these the terminal shows something else than before."""


@dataclass(slots=True)
class Read:
    """What was in a piece of what Textual writes, beside the picture."""

    through: list[str] = field(default_factory=list)
    """What is for the terminal as it stands: modes, questions, the clipboard, the bell."""
    picture: bool = False
    """Whether anything was drawn, or the cursor put somewhere."""
    frames: bool = False
    """Whether a frame was begun, which is written to terminals that know of frames."""
    screen_lost: bool = False
    """Whether the terminal shows something else from here on."""


class Reader:
    """Writes into a grid what a terminal would show."""

    def __init__(self, grid: Grid, styles: Styles) -> None:
        self.grid = grid
        self._styles = styles
        self._style = PLAIN
        self.line = 0
        self.column = 0

    def begin(self, grid: Grid, styles: Styles) -> None:
        """Go on with another grid."""
        self.grid, self._styles, self._style = grid, styles, PLAIN

    def read(self, written: str) -> Read:
        """Take in a piece; it holds whole sequences, as Textual writes them."""
        result = Read()
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
            elif kind == "newline":
                self.line, self.column = self.line + 1, 0
            elif kind == "frame":
                result.frames |= part["frame"] == "h"
            elif kind == "other":
                result.through.append(part[0])
                result.screen_lost |= bool(_OTHER_SCREEN.fullmatch(part[0]))
        return result

    def _put(self, text: str) -> None:
        if self.line < self.grid.height:
            self.column = self.grid.put(self.line, self.column, text, self._style, self._styles)

"""What of colours and letters a terminal can show, and what the reader wants of it.

Whatever draws uses colours, italics and Textual's own scroll bars freely; here is the one place
that takes them out again of every line, before it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.scrollbar import ScrollBarRender

_WITHOUT_ITALICS = ("linux", "screen")
"""How the names of terminals begin that show italics as a colour of their own, or turned round."""
_UPRIGHT = Style(italic=False)
_NO_COLOURS = Style(color="default", bgcolor="default")
_TURNED_ROUND = _NO_COLOURS + Style(reverse=True)


class PlainScrollBars(ScrollBarRender):
    """Scroll bars of spaces alone, the thumb turned round."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


class ColorFilter(LineFilter):
    """Takes colours or italics out of lines, or both.

    What has another background than the terminal's own, such as what is chosen, is turned round
    in place of that. So the theme has to be one of those that fit in.
    """

    def __init__(self, *, colours: bool, italics: bool) -> None:
        """Which of them stay."""
        super().__init__()
        self._colours = colours
        self._italics = italics

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, less what is not wanted."""
        del background
        return [
            Segment(text, style and _sober(style, self._colours, self._italics), control)
            for text, style, control in segments
        ]


@lru_cache(4096)
def _sober(style: Style, colours: bool, italics: bool) -> Style:
    if not colours:
        behind = style.bgcolor
        style += _NO_COLOURS if behind is None or behind.is_default else _TURNED_ROUND
    return style if italics else style + _UPRIGHT


def has_italics(environ: Mapping[str, str]) -> bool:
    """Whether the terminal slants letters where it is asked to."""
    return not environ.get("TERM", "").startswith(_WITHOUT_ITALICS)


def mend_colours(environ: MutableMapping[str, str]) -> None:
    """Forget that somebody has 16 million colours where the terminal between has not.

    GNU screen and the console of Linux hand on the variable of the terminal that they were started
    in, and take the numbers of such a colour for other orders.
    """
    if "STY" in environ or environ.get("TERM") == "linux":
        environ.pop("COLORTERM", None)

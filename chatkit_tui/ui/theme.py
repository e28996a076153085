"""Styles of drawn text: the only module that assigns colors.

Colors are variables of the current theme, so that light and dark, the terminal's sixteen colors and
a user's theme all work. Color is never the only difference: weight, lines or words differ too, and
are all that remains under `NO_COLOR`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import ClassVar, Final, NamedTuple

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color, ColorParseError
from textual.filter import LineFilter
from textual.scrollbar import ScrollBarRender
from textual.strip import Strip
from textual.widget import Widget

from chatkit_tui.document.spans import PLAIN, Paint, Role, Span, Style
from chatkit_tui.text.width import cells

PLAIN_CLASS: Final = "-plain"
"""The CSS class of an app that draws with ASCII and without colors."""


class Look(NamedTuple):
    """Color and attributes of a role."""

    color: str | None = None
    """The name of a theme variable without the dollar sign, or of one of the terminal's sixteen
    colors; None for the color of text."""
    style: str = ""
    """Attributes beside the color, as Rich names them."""
    colorless: str = ""
    """Attributes in place of the color in a theme without colors."""


LOOKS: Final[Mapping[Role, Look]] = {
    "text": Look(),
    "dim": Look(None, "dim"),
    "heading": Look("text-primary", "bold"),
    "user": Look("text-primary", "bold"),
    "assistant": Look("text-success", "bold"),
    "widget": Look("text-secondary", "bold"),
    "tool": Look("text-warning", "bold"),
    "task": Look("text-secondary"),
    "unknown": Look("text-error", "bold"),
    "link": Look("text-secondary", "underline"),
    "code": Look("text-accent", colorless="bold"),
    "code.keyword": Look("text-primary", "bold"),
    "code.string": Look("text-success"),
    "code.number": Look("text-secondary"),
    "code.comment": Look(None, "dim italic"),
    "code.name": Look("text-warning"),
    "quote": Look(None, "italic"),
    "field": Look(None, "dim"),
    "good": Look("text-success"),
    "busy": Look("text-warning"),
    "bad": Look("text-error", "bold"),
    "hidden": Look("text-warning", "reverse"),
    "key": Look("primary", "bold"),
    "mark": Look("accent", "bold"),
    "chip": Look(None, "bold reverse"),
}
"""The look of each role."""

PAINTS: Final[Mapping[Paint, Look]] = {
    "red": Look("text-error"),
    "yellow": Look("text-warning"),
    "green": Look("text-success"),
    "cyan": Look("text-secondary"),
    "blue": Look("text-primary"),
    "magenta": Look("ansi_magenta"),
    "grey": Look(None, "dim"),
}
"""The look of text in each color.

A background is the same color in reverse video, so that text on it is as readable as text in that
color, whatever sixteen colors the terminal has.
"""

LINE_LOOKS: Final[Mapping[Role, Look]] = {
    **LOOKS,
    "good": Look("success"),
    "busy": Look("warning"),
    "bad": Look("error", "bold"),
}
"""The look of each role in lists and status lines.

Component classes would say the same in CSS, but cost each widget a computed style per class at the
start.
"""

COLORLESS: Final[Mapping[str, str]] = {
    look.color: "" for look in (*LOOKS.values(), *PAINTS.values()) if look.color
}
"""The variables of a theme without colors."""


@lru_cache(512)
def _rich_style(look: Look, color: str | None) -> RichStyle:
    """Return a look in a color; None for the color of text, empty for no colors."""
    style = RichStyle.parse(look.style)
    if color is None:
        return style
    if not color:
        return style + RichStyle.parse(look.colorless)
    try:
        return style + RichStyle.from_color(Color.parse(color).rich_color)
    except ColorParseError:
        return style  # the theme lacks the color, or has it relative to the background


def strip_of(widget: Widget, spans: Sequence[Span]) -> Strip:
    """Return a line of a widget, as wide as the widget."""
    variables = {} if widget.app.no_color else widget.app.theme_variables
    segments = [
        Segment(text, None if style == PLAIN else _line_style(style, variables))
        for text, style in spans
    ]
    strip = Strip(segments, sum(cells(text) for text, _ in spans))
    # Merge equal styles: each change costs a dozen bytes.
    return (
        strip.adjust_cell_length(widget.size.width)
        .apply_style(widget.visual_style.rich_style)
        .simplify()
    )


def _line_style(style: Style, variables: Mapping[str, str]) -> RichStyle:
    look = _line_look(style)
    return _rich_style(look, variables.get(look.color or ""))


@lru_cache(64)
def _line_look(style: Style) -> Look:
    look = LINE_LOOKS[style.role]
    flags = f"{'bold ' * style.bold}{'italic ' * style.italic}{look.style}"
    return look._replace(style=flags)


class TextStyles:
    """Rich styles for the styles of drawn lines, in one theme."""

    def __init__(self, variables: Mapping[str, str], *, code: bool = True) -> None:
        """`variables` are those of `App.theme_variables`.

        `code` is whether code is highlighted: most changes of color on a screen are in code, and
        each costs as many bytes as the word.
        """
        self._variables = variables
        self._code = code
        self._cache: dict[Style, RichStyle] = {}
        self.cursor = self._style(Look("primary", "bold"))
        """The bar beside the selected item."""
        self.resting_cursor = self._style(Look(None, "dim"))
        """The same bar while another part of the screen has the focus."""
        self.match = self._style(Look("text-warning", "bold underline"))
        self.current_match = self._style(Look("text-warning", "bold reverse"))

    def __getitem__(self, style: Style) -> RichStyle:
        found = self._cache.get(style)
        if found is None:
            found = self._cache[style] = self._painted(style) + RichStyle(
                bold=style.bold or None,
                italic=style.italic or None,
                underline=style.underline or None,
                strike=style.strike or None,
                link=style.link,
            )
            if len(self._cache) > 2_000:  # every link has its own style
                self._cache.clear()
        return found

    def _painted(self, style: Style) -> RichStyle:
        """Return the style of a role in the colors of `style`."""
        is_uniform = not self._code and style.role.startswith("code.")
        role = self._style(LOOKS["code" if is_uniform else style.role])
        if style.background is not None:
            # Neither dim nor a second color, which would reduce the contrast.
            background = RichStyle.from_color(self._style(PAINTS[style.background]).color)
            return background + RichStyle(reverse=True, bold=role.bold, italic=role.italic)
        if style.color is not None:
            return role + self._style(PAINTS[style.color])
        return role

    def _style(self, look: Look) -> RichStyle:
        return _rich_style(look, look.color and self._variables.get(look.color, look.color))


# -- terminals without colors or italics -----------------------------------------------------------

_UPRIGHT: Final = RichStyle(italic=False)
_NO_COLORS: Final = RichStyle(color="default", bgcolor="default")
_REVERSE: Final = _NO_COLORS + RichStyle(reverse=True)


class PlainScrollBars(ScrollBarRender):
    """Scroll bars of spaces, with the thumb in reverse video."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


class ColorFilter(LineFilter):
    """Remove colors or italics, or both, from every line before it is written.

    A background other than the terminal's own becomes reverse video.
    """

    def __init__(self, *, colors: bool, italics: bool) -> None:
        """Keep colors, or italics, if true."""
        super().__init__()
        self._colors = colors
        self._italics = italics

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without colors or italics."""
        del background
        return [
            Segment(text, style and _filtered(style, self._colors, self._italics), control)
            for text, style, control in segments
        ]


@lru_cache(4096)
def _filtered(style: RichStyle, colors: bool, italics: bool) -> RichStyle:
    if not colors:
        background = style.bgcolor
        style += _NO_COLORS if background is None or background.is_default else _REVERSE
    return style if italics else style + _UPRIGHT

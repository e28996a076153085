"""Styles of the screen: the tables of `tokens` as Textual themes, Rich styles and filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, get_args

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color, ColorParseError
from textual.filter import LineFilter
from textual.scrollbar import ScrollBarRender
from textual.strip import Strip
from textual.theme import BUILTIN_THEMES, Theme
from textual.widget import Widget

from chatkit_tui.document.spans import Span, Style
from chatkit_tui.text.plain import is_plain
from chatkit_tui.text.width import line_width
from chatkit_tui.ui.tokens import (
    HUES,
    PAINTS,
    Fill,
    Look,
    Scheme,
    fill_look,
    look_on,
    resolve,
    scheme_named,
    words_of,
)

if TYPE_CHECKING:
    from textual.app import App

PLAIN_CLASS: Final = "-plain"
"""The CSS class of an app that draws with ASCII and without colors."""
SLOW_CLASS: Final = "-slow"
"""The CSS class of an app on a slow connection, which draws without fills."""
DARK: Final = "dark"
"""The default theme. Its words are in the terminal's colors, which take the fewest bytes."""

# -- Textual's themes ------------------------------------------------------------------------------


def _css_color(number: str) -> str:
    """Return one of the 256 colors as CSS; empty for no color."""
    if not number:
        return ""
    color = Color.from_rich_color(RichColor.from_ansi(int(number)))
    return color.css if int(number) < 16 else color.hex


def _terminal_theme(scheme: Scheme, base: str, line: str) -> Theme:
    """Return a theme in the terminal's colors, with the hues of the tables.

    `line` is the color between the panes, a number of the 256.
    """
    theme = BUILTIN_THEMES[base]

    def hue(name: str) -> str:
        return _css_color(resolve(HUES[name].of(scheme), scheme).color) or "ansi_default"

    return replace(
        theme,
        name=scheme,
        primary=hue("blue"),
        secondary=hue("cyan"),
        warning=hue("yellow"),
        error=hue("red"),
        success=hue("green"),
        accent=hue("code"),
        variables={**theme.variables, "border-blurred": _css_color(line)},
    )


TERMINAL_THEMES: Final = (
    _terminal_theme("dark", "ansi-dark", "240"),
    _terminal_theme("light", "ansi-light", "250"),
    _terminal_theme("ansi-dark", "ansi-dark", "8"),
    _terminal_theme("ansi-light", "ansi-light", "8"),
)
"""The themes in the terminal's colors."""


def scheme_of(app: App[Any]) -> Scheme:
    """Return the column of the tables for an app."""
    return "colorless" if app.no_color else scheme_named(app.theme)


def screen_variables(app: App[Any], variables: dict[str, str]) -> dict[str, str]:
    """Return the CSS variables of a theme with those of its fills and of the kinds of frames."""
    frame, bar = ("ascii", "ascii") if is_plain() else ("round", "outer")
    return variables | fill_variables(scheme_of(app), variables) | {"frame": frame, "bar": bar}


def fill_variables(scheme: Scheme, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the fills as CSS variables: `$chosen`, `$chosen-text` and `$chosen-style`, ….

    `variables` are those of the theme.
    """
    found = {}
    for fill in get_args(Fill):
        look = fill_look(fill, scheme)
        background = _textual_color(look.background, variables)
        color = _textual_color(look.color, variables)
        if color is None and background is not None:
            color = _readable(background, variables)
        found[fill] = background.css if background else "ansi_default"
        found[f"{fill}-text"] = color.css if color else "ansi_default"
        found[f"{fill}-style"] = " ".join(look.attributes) or "none"
    red = _textual_color(look_on("field", "red", scheme).color, variables)
    found["field-danger"] = red.css if red else "ansi_default"
    return found


def _textual_color(name: str, variables: Mapping[str, str]) -> Color | None:
    """Return a color of the tables; None if there is none, or the theme lacks it."""
    if name.isdecimal():
        return Color.parse(_css_color(name))
    variable, _, share = name.removeprefix("$").partition("/")
    if not (value := variables.get(variable)):  # to parse it would search for a similar name
        return None
    try:
        color = Color.parse(value)
        if share:
            return Color.parse(variables["background"]).blend(color, int(share) / 100)
    except (ColorParseError, KeyError):
        return None
    return color


def _readable(background: Color, variables: Mapping[str, str]) -> Color:
    """Return the color for text on a background: of the theme, else black or white."""
    own = _textual_color("$background", variables)
    candidates = [color for color in (own, Color(0, 0, 0), Color(255, 255, 255)) if color]
    enough = (color for color in candidates if contrast(color, background) >= ENOUGH_CONTRAST)
    return next(enough, max(candidates, key=lambda color: contrast(color, background)))


ENOUGH_CONTRAST: Final = 4.5
"""The contrast that WCAG 2.2 asks of text."""


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colors as WCAG 2.2 has it, from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04 else ((part + 0.055) / 1.055) ** 2.4
        for part in color.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# -- Rich styles -----------------------------------------------------------------------------------


class TextStyles:
    """Rich styles for the styles of drawn lines, in one theme."""

    def __init__(
        self,
        scheme: Scheme,
        variables: Mapping[str, str],
        *,
        slow: bool = False,
        code: bool = True,
    ) -> None:
        """`variables` are those of `App.theme_variables`.

        `slow` is whether the connection is, so that nothing is filled. `code` is whether code is
        highlighted: most changes of color on a screen are in code, and each costs as many bytes as
        the word.
        """
        self._scheme: Scheme = scheme
        self._variables = variables
        self._slow = slow
        self._code = code
        self._cache: dict[Style | tuple[Fill, Style], RichStyle] = {}
        self._fills: dict[Fill, RichStyle] = {}
        self.cursor = self._rich("bold blue")
        """The bar beside the selected item."""
        self.match = self._rich("bold underline yellow")
        self.current_match = self._rich("bold reverse yellow")

    def __getitem__(self, style: Style) -> RichStyle:
        """Return a style in front of the screen's own background."""
        found = self._cache.get(style)
        return found if found is not None else self._cached(style, self._plain(style))

    def fill(self, fill: Fill) -> RichStyle:
        """Return the style of the blanks of a filled line; without a color on a slow connection."""
        found = self._fills.get(fill)
        if found is None:
            look = fill_look(fill, self._scheme, slow=self._slow)
            found = _rich_style(look, self._variables)
            background = _textual_color(look.background, self._variables)
            if background is not None and not look.color:
                readable = _readable(background, self._variables)
                found += RichStyle(color=readable.rich_color)
            self._fills[fill] = found
        return found

    def on(self, fill: Fill, style: Style) -> RichStyle:
        """Return a style in front of a filled line."""
        key = (fill, style)
        found = self._cache.get(key)
        if found is None:
            words = words_of(style, code=self._code)
            look = look_on(fill, words, self._scheme, slow=self._slow)
            made = self.fill(fill) + _rich_style(look, self._variables) + _rest(style)
            found = self._cached(key, made)
        return found

    def _cached(self, key: Style | tuple[Fill, Style], style: RichStyle) -> RichStyle:
        if len(self._cache) > 2_000:  # every link has its own style
            self._cache.clear()
        self._cache[key] = style
        return style

    def _plain(self, style: Style) -> RichStyle:
        made = self._rich(words_of(style, code=self._code))
        if style.background is not None:
            # Neither dim nor a second color, which would reduce the contrast.
            background = RichStyle.from_color(self._rich(PAINTS[style.background]).color)
            made = background + RichStyle(
                reverse=True, bold=made.bold, italic=made.italic, underline=made.underline
            )
        return made + _rest(style)

    def _rich(self, words: str) -> RichStyle:
        return _rich_style(resolve(words, self._scheme), self._variables)


def _rest(style: Style) -> RichStyle:
    """Return what a style has beyond the words of its look."""
    return RichStyle(strike=style.strike or None, link=style.link)


def _rich_style(look: Look, variables: Mapping[str, str]) -> RichStyle:
    style = RichStyle.parse(" ".join(look.attributes))
    color, background = (_rich_color(name, variables) for name in (look.color, look.background))
    return style + RichStyle(color=color, bgcolor=background)


def _rich_color(name: str, variables: Mapping[str, str]) -> RichColor | None:
    if name.isdecimal():
        return RichColor.from_ansi(int(name))
    color = _textual_color(name, variables) if name else None
    return color.rich_color if color else None


_STYLES: Final[dict[tuple[str, Scheme, bool, bool], TextStyles]] = {}
"""The text styles by theme, scheme, speed of the connection and highlighting of code."""


def styles_of(app: App[Any], *, code: bool = True) -> TextStyles:
    """Return the text styles of the current theme of an app; see `TextStyles` for `code`."""
    key = (app.theme, scheme_of(app), app.has_class(SLOW_CLASS), code)
    found = _STYLES.get(key)
    if found is None:
        _, scheme, slow, _ = key
        found = _STYLES[key] = TextStyles(scheme, app.theme_variables, slow=slow, code=code)
    return found


def strip_of(widget: Widget, spans: Sequence[Span], fill: Fill | None = None) -> Strip:
    """Return a line of a widget, as wide as the widget, filled or not."""
    styles, width = styles_of(widget.app), widget.size.width
    taken = line_width(spans)
    if fill is None:
        segments = [Segment(text, styles[style]) for text, style in spans]
    else:
        segments = [Segment(text, styles.on(fill, style)) for text, style in spans]
        if taken < width:
            segments.append(Segment(" " * (width - taken), styles.fill(fill)))
            taken = width
    # Merge equal styles: each change costs a dozen bytes.
    return (
        Strip(segments, taken)
        .adjust_cell_length(width)
        .apply_style(widget.visual_style.rich_style)
        .simplify()
    )


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

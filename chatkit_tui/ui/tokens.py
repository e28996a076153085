"""Colors and attributes of the screen as data, for Textual's themes and for the first frame.

A look is written as words: attributes, the color of the text, then `on` and the color behind it. A
color is one of:

- a number from 16, one of the fixed 256: the same on every terminal;
- a number below 16, one of the terminal's own colors, which its user chose to be readable;
- a hue of `HUES`;
- `$name`, a variable of the theme; `$name/10` is its background, blended with 10 % of that.

Does not import Textual or Rich.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal, NamedTuple, TypeAlias

from chatkit_tui.document.spans import Paint, Role, Style

Scheme: TypeAlias = Literal["dark", "light", "ansi-dark", "ansi-light", "themed", "colorless"]
"""A column of the tables. `dark` and `light` use the fixed 256 colors for fills, `ansi-…` the
terminal's sixteen only, `themed` the colors of one of Textual's themes."""
Fill: TypeAlias = Literal[
    "header",  # header and footer
    "heading",  # of the pane that has the keys
    "heading-other",  # of another pane
    "chosen",  # the row under the cursor
    "chosen-other",  # the same in a pane without the keys
    "field",  # input fields and buttons
    "danger",  # the focused button that destroys
]
"""What a whole line, or a whole field, is filled as."""


class Row(NamedTuple):
    """A look in each scheme."""

    dark: str
    light: str
    ansi_dark: str
    ansi_light: str
    themed: str
    colorless: str

    def of(self, scheme: Scheme) -> str:
        return self[_COLUMNS[scheme]]


_COLUMNS: Final[Mapping[Scheme, int]] = {
    "dark": 0,
    "light": 1,
    "ansi-dark": 2,
    "ansi-light": 3,
    "themed": 4,
    "colorless": 5,
}


PICKED_THEMES: Final = (
    *("dark", "light", "nord", "gruvbox", "tokyo-night", "catppuccin-mocha"),
    *("textual-dark", "textual-light"),
)
"""The themes that the program offers; the configuration may name others of Textual."""


def theme_for(name: str, *, fixed_colors: bool) -> str:
    """Return the theme that a name stands for on a terminal with the fixed 256 colors or not."""
    return f"ansi-{name}" if name in ("dark", "light") and not fixed_colors else name


def scheme_named(theme: str) -> Scheme:
    """Return the column of a theme."""
    return _OF_THEMES.get(theme, "themed")


_OF_THEMES: Final[Mapping[str, Scheme]] = {
    "dark": "dark",
    "light": "light",
    "ansi-dark": "ansi-dark",
    "ansi-light": "ansi-light",
}

# fmt: off
HUES: Final[Mapping[str, Row]] = {
    # Not 4 on dark: that blue is unreadable on some terminals. Not 3 on light: it is too pale.
    #               dark  light  16 dark  16 light  themed             no colors
    "blue":    Row("12", "4",   "12",    "4",      "$text-primary",   ""),
    "green":   Row("2",  "2",   "2",     "2",      "$text-success",   ""),
    "yellow":  Row("3",  "130", "3",     "bold",   "$text-warning",   ""),
    "cyan":    Row("6",  "6",   "6",     "6",      "$text-secondary", ""),
    "magenta": Row("5",  "5",   "5",     "5",      "5",               ""),
    "red":     Row("1",  "1",   "1",     "1",      "$text-error",     ""),
    "code":    Row("2",  "5",   "2",     "5",      "$text-accent",    "bold"),
}
"""The color of each hue on the terminal's, or the theme's, own background."""

FILLS: Final[Mapping[Fill, Row]] = {
    "header": Row(
        "250 on 236", "238 on 254", "", "", "$foreground on $foreground/10", ""),
    "heading": Row(
        "bold 234 on 74", "bold 231 on 25", "bold reverse blue", "bold reverse blue",
        "bold on $primary", "bold reverse"),
    "heading-other": Row(
        "250 on 238", "238 on 252", "underline", "underline",
        "$foreground on $foreground/10", "underline"),
    "chosen": Row(
        "255 on 24", "16 on 153", "reverse", "reverse", "$foreground on $primary/28", "reverse"),
    "chosen-other": Row(
        "252 on 236", "238 on 254", "bold", "bold", "$foreground on $foreground/7", "bold"),
    "field": Row(
        "255 on 236", "16 on 254", "underline", "underline",
        "$foreground on $foreground/10", "underline"),
    "danger": Row(
        "bold 231 on 124", "bold 231 on 124", "bold reverse red", "bold reverse red",
        "bold on $error", "bold reverse"),
}
"""Fills bring both of their colors, so that they are readable on any palette. Without a color for
the text, it is black or white, or the theme's background, whatever has enough contrast."""

SLOW_FILLS: Final[Mapping[Fill, str]] = {
    "header": "",
    "heading": "bold blue",
    "heading-other": "",
    "chosen": "",
    "chosen-other": "",
    "field": "underline",
    "danger": "bold reverse red",
}
"""The same on a slow connection: a fill is sent again with every row that changes."""

HUES_ON_FILLS: Final[Mapping[str, tuple[str, str]]] = {
    "blue": ("117", "25"),
    "green": ("114", "22"),
    "yellow": ("221", "58"),
    "cyan": ("80", "23"),
    "magenta": ("219", "53"),
    "red": ("217", "88"),
    "code": ("114", "53"),
}
"""Hues in front of the fills of the dark and the light scheme."""
# fmt: on

LOOKS: Final[Mapping[Role, str]] = {
    "text": "",
    "dim": "dim",
    "heading": "bold blue",
    "user": "bold blue",
    "assistant": "bold green",
    "widget": "bold cyan",
    "tool": "bold yellow",
    "task": "cyan",
    "unknown": "bold magenta",
    "link": "underline cyan",
    "code": "code",
    "code.keyword": "bold blue",
    "code.string": "green",
    "code.number": "cyan",
    "code.comment": "dim italic",
    "code.name": "yellow",
    "quote": "italic",
    "field": "dim",
    "good": "green",
    "busy": "yellow",
    "bad": "bold red",
    "hidden": "reverse yellow",
    "key": "bold blue",
    "mark": "bold green",
    "chip": "bold reverse",
}
"""The look of each role. Color is never the only difference: words or symbols differ, too."""

PAINTS: Final[Mapping[Paint, str]] = {
    "red": "red",
    "yellow": "yellow",
    "green": "green",
    "cyan": "cyan",
    "blue": "blue",
    "magenta": "magenta",
    "grey": "dim",
}
"""The look of text in each color of a widget."""

_ATTRIBUTES: Final = {"bold": "1", "dim": "2", "italic": "3", "underline": "4", "reverse": "7"}


class Look(NamedTuple):
    """A look whose hues are resolved."""

    attributes: tuple[str, ...] = ()
    """Attributes as Rich names them."""
    color: str = ""
    """A number or a variable, as in the tables; empty for none."""
    background: str = ""

    @property
    def is_fill(self) -> bool:
        """Whether spaces in this look are seen as filled."""
        return bool(self.background) or "reverse" in self.attributes

    @property
    def sgr(self) -> str:
        """The parameters of an SGR sequence. Variables of a theme are left out."""
        codes = [_ATTRIBUTES[name] for name in self.attributes]
        for color, base in ((self.color, 30), (self.background, 40)):
            if color.isdecimal():
                number = int(color)
                if number < 16:
                    codes.append(str(base + number + (52 if number > 7 else 0)))
                else:
                    codes.append(f"{base + 8};5;{number}")
        return ";".join(codes)


def words_of(style: Style, *, code: bool = True) -> str:
    """Return the look of a style in words; `code` is whether code is highlighted."""
    is_uniform = not code and style.role.startswith("code.")
    words = [LOOKS["code" if is_uniform else style.role]]
    if style.color is not None:
        words.append(PAINTS[style.color])
    flags = {"bold": style.bold, "italic": style.italic, "underline": style.underline}
    return " ".join([*words, *(name for name, is_on in flags.items() if is_on)])


@lru_cache(512)
def resolve(words: str, scheme: Scheme) -> Look:
    """Return a look of the tables in a scheme."""
    attributes: list[str] = []
    color = background = ""
    front, _, behind = words.partition("on ")
    pending = front.split()
    while pending:
        word = pending.pop(0)
        if word in _ATTRIBUTES:
            attributes.append(word)
        elif word in HUES:
            pending += HUES[word].of(scheme).split()
        else:
            color = word
    background = behind.strip()
    return Look(tuple(dict.fromkeys(attributes)), color, background)


@lru_cache(64)
def fill_look(fill: Fill, scheme: Scheme, *, slow: bool = False) -> Look:
    """Return the look of a filled line; `slow` is whether the connection is."""
    return resolve(SLOW_FILLS[fill] if slow else FILLS[fill].of(scheme), scheme)


@lru_cache(1024)
def look_on(fill: Fill, words: str, scheme: Scheme, *, slow: bool = False) -> Look:
    """Return a look in front of a filled line, without the fill's own colors.

    In front of a fill, nothing is dim or italic, and hues come from the fixed 256 as well. The
    solid heading, and the terminal's own colors in reverse, have no hues.
    """
    plain = resolve(words, scheme)
    behind = fill_look(fill, scheme, slow=slow)
    if not behind.is_fill:
        return plain
    kept = tuple(name for name in plain.attributes if name not in ("dim", "italic"))
    color = ""
    if scheme == "themed":
        has_own_hue = "primary" in behind.background or "error" in behind.background
        # The bar of what is chosen keeps its accent.
        if not has_own_hue or (fill == "chosen" and "blue" in words.split()):
            color = plain.color
    elif scheme in ("dark", "light") and fill not in ("heading", "danger"):
        hues = [word for word in words.split() if word in HUES]
        color = HUES_ON_FILLS[hues[-1]][scheme == "light"] if hues else ""
    return Look(kept, color)

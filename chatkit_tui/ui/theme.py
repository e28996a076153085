"""What the styles of drawn lines look like: the one place where a role or a paint gets a colour.

Colours are the variables of the theme that is on, so that light, dark, the terminal's own sixteen
colours and a reader's choice all work. Colour is never the only sign: whatever matters differs
in weight, line or word as well, and under `NO_COLOR` that alone is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from rich.style import Style as RichStyle
from textual.color import Color, ColorParseError

from chatkit_tui.document.spans import Paint, Role, Style


class Look(NamedTuple):
    """How a role looks."""

    colour: str | None = None
    """The name of a theme variable, without the dollar sign, or one of the terminal's sixteen
    colours; None for the colour of text."""
    style: str = ""
    """What it has beside a colour, in Rich's words."""
    alone: str = ""
    """What it has in a colour's place where there are none."""


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
    "code": Look("text-accent", alone="bold"),
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
}
"""Every role. A new one is one line here."""

PAINTS: Final[Mapping[Paint, Look]] = {
    "red": Look("text-error"),
    "yellow": Look("text-warning"),
    "green": Look("text-success"),
    "cyan": Look("text-secondary"),
    "blue": Look("text-primary"),
    "magenta": Look("ansi_magenta"),
    "grey": Look(None, "dim"),
}
"""Every paint, as the colour of words.

Behind words the same colour is used turned round: the words in the background's own colour. Then
they are as readable as words in that colour are, whatever sixteen colours a terminal has; no pair
of two of them would be.
"""

COLOURLESS: Final[Mapping[str, str]] = {
    look.colour: "" for look in (*LOOKS.values(), *PAINTS.values()) if look.colour
}
"""Variables of a theme without colours: weight, lines and words alone tell things apart."""


class TextStyles:
    """The styles of one theme, made as they are needed and kept."""

    def __init__(self, variables: Mapping[str, str], *, code: bool = True) -> None:
        """`variables` are the theme's, as `App.theme_variables` has them.

        `code` is whether words of code differ: most changes of colour on a screen are theirs, and
        each costs a slow line as much as the word.
        """
        self._variables = variables
        self._code = code
        self._made: dict[Style, RichStyle] = {}
        self.cursor = self._look(Look("primary", "bold"))
        """The bar in front of the item with the cursor."""
        self.resting_cursor = self._look(Look(None, "dim"))
        """The same bar while another part of the screen has the keys."""
        self.match = self._look(Look("text-warning", "bold underline"))
        """What a search found."""
        self.current_match = self._look(Look("text-warning", "bold reverse"))
        """The one of these that the search stands at."""

    def __getitem__(self, style: Style) -> RichStyle:
        """How a drawn style looks."""
        made = self._made.get(style)
        if made is None:
            made = self._made[style] = self._painted(style) + RichStyle(
                bold=style.bold or None,
                italic=style.italic or None,
                underline=style.underline or None,
                strike=style.strike or None,
                link=style.link,
            )
            if len(self._made) > 2_000:  # every link has a style of its own
                self._made.clear()
        return made

    def _painted(self, style: Style) -> RichStyle:
        """The look of its role, in the paints that it asks for."""
        alike = not self._code and style.role.startswith("code.")
        look = self._look(LOOKS["code" if alike else style.role])
        if style.background is not None:
            # Neither dim nor another colour: both would take the words' contrast away.
            behind = RichStyle.from_color(self._look(PAINTS[style.background]).color)
            return behind + RichStyle(reverse=True, bold=look.bold, italic=look.italic)
        if style.color is not None:
            return look + self._look(PAINTS[style.color])
        return look

    def _look(self, look: Look) -> RichStyle:
        style = RichStyle.parse(look.style)
        if look.colour is None:
            return style
        if not self._variables.get(look.colour, look.colour):
            return style + RichStyle.parse(look.alone)
        try:
            colour = Color.parse(self._variables.get(look.colour, look.colour))
        except ColorParseError:
            return style  # a theme that has no such colour, or one relative to what is behind it
        return style + RichStyle.from_color(colour.rich_color)

"""Colours as widgets spell them, in the few paints that every terminal has.

A widget may ask for any of sixteen million colours, for a page that it knows the background of. A
terminal has its own sixteen, which its owner chose to be readable; so a colour is taken for its
hue, and the theme gives the hue its shade.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from colorsys import rgb_to_hls
from functools import lru_cache
from typing import Final, NamedTuple

from chatkit_tui.document.spans import Paint
from chatkit_tui.models.fields import JSON

_TOKENS: Final[dict[str, Paint]] = {
    "secondary": "grey",
    "tertiary": "grey",
    "muted": "grey",
    "subtle": "grey",
    "disabled": "grey",
    "success": "green",
    "info": "blue",
    "discovery": "magenta",
    "warning": "yellow",
    "caution": "yellow",
    "danger": "red",
    "error": "red",
}
"""Tokens for what a colour means. Those that mean ordinary text (`prose`, `primary`, `emphasis`,
`strong`, `default`) and ordinary backgrounds (`surface`, …) are not among them."""

_FAMILIES: Final[dict[str, Paint]] = {
    "red": "red",
    "rose": "red",
    "crimson": "red",
    "tomato": "red",
    "coral": "red",
    "orange": "yellow",
    "amber": "yellow",
    "yellow": "yellow",
    "gold": "yellow",
    "brown": "yellow",
    "lime": "green",
    "green": "green",
    "emerald": "green",
    "olive": "green",
    "teal": "cyan",
    "cyan": "cyan",
    "aqua": "cyan",
    "turquoise": "cyan",
    "sky": "blue",
    "blue": "blue",
    "navy": "blue",
    "indigo": "blue",
    "violet": "magenta",
    "purple": "magenta",
    "fuchsia": "magenta",
    "magenta": "magenta",
    "pink": "magenta",
    "gray": "grey",
    "grey": "grey",
    "silver": "grey",
    "slate": "grey",
    "zinc": "grey",
    "neutral": "grey",
    "stone": "grey",
}
"""Families of shades, chart colours and the CSS names that are as common."""

_HUES: Final[tuple[tuple[float, Paint], ...]] = (
    (18, "red"),
    (68, "yellow"),
    (165, "green"),
    (196, "cyan"),
    (255, "blue"),
    (335, "magenta"),
    (360, "red"),
)
"""Up to which degree of the colour wheel a paint goes."""

_LONGEST: Final = 200
"""Characters of a colour that are read; nothing longer is one."""

_SHADE: Final = re.compile(r"([a-z]+)(?:-(alpha))?(?:-(\d{1,3}))?")
_ALPHA: Final = re.compile(r"alpha-(\d{1,3})")
_HEX: Final = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_FUNCTION: Final = re.compile(r"(rgb|hsl)a?\(([^()]*)\)")
_GRADIENT: Final = re.compile(
    r"#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^()]*\)|[a-z]+(?:-alpha)?(?:-\d{1,3})?"
)


class _Colour(NamedTuple):
    """What is known of a colour that was understood."""

    paint: Paint | None
    solid: bool
    """Whether it is strong enough to stand behind words as a block, not as a tint."""


_NONE: Final = _Colour(None, solid=False)


def terminal_color(value: JSON) -> Paint | None:
    """The paint that comes nearest to a colour of a widget; None for that of ordinary text.

    Understands tokens (`danger`, `secondary`, …), shades (`blue-500`, `red-alpha-20`), `alpha-70`,
    the commonest CSS names, hexadecimal of 3, 4, 6 and 8 digits, `rgb(…)`, `hsl(…)`, the first
    colour of a gradient, and objects with `light` and `dark`. Anything else is None; never raises.
    """
    return _colour(value).paint


def backdrop(value: JSON) -> Paint | None:
    """The paint for a background that is a strong colour; None for a surface, a tint or no colour.

    Words on it are drawn in the colour of the terminal's background, so only what was meant as a
    solid block becomes one; `terminal_color` tells the hue of a tint as well, for a frame or a bar.
    """
    colour = _colour(value)
    return colour.paint if colour.solid else None


def _colour(value: JSON) -> _Colour:
    if isinstance(value, str):
        return _read(value[: _LONGEST + 1])
    if isinstance(value, dict):
        sides = [value.get(side) for side in ("dark", "light")]
        found = [_read(side[: _LONGEST + 1]) for side in sides if isinstance(side, str)]
        named = next((colour.paint for colour in found if colour.paint), None)
        return _Colour(named, solid=all(colour.solid for colour in found))
    return _NONE


@lru_cache(maxsize=512)
def _read(text: str) -> _Colour:
    word = text.strip().lower()
    if not word or len(word) > _LONGEST:
        return _NONE
    return next((found for read in _READERS if (found := read(word))), _NONE)


def _token(word: str) -> _Colour | None:
    name = _TOKENS.get(word)
    return _Colour(name, solid=name != "grey") if name else None


def _transparency(word: str) -> _Colour | None:
    """`alpha-70`: the colour of text, so much of it in per cent."""
    match = _ALPHA.fullmatch(word)
    return _Colour("grey" if int(match[1]) < 60 else None, solid=False) if match else None


def _shade(word: str) -> _Colour | None:
    match = _SHADE.fullmatch(word)
    family = _FAMILIES.get(match[1]) if match else None
    if match is None or family is None:
        return None
    number = int(match[3] or 500)
    if family == "grey" and not 200 < number < 700:
        return _NONE  # as good as black or white: the page's own
    least = 60 if match[2] else 300
    return _Colour(family, solid=family != "grey" and number >= least)


def _hexadecimal(word: str) -> _Colour | None:
    match = _HEX.fullmatch(word)
    if match is None:
        return None
    digits = match[1]
    if len(digits) <= 4:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[start : start + 2], 16) / 255 for start in range(0, len(digits), 2)]
    hue, lightness, saturation = rgb_to_hls(*parts[:3])
    return _measured(hue * 360, lightness, saturation, parts[3] if len(parts) > 3 else 1.0)


def _function(word: str) -> _Colour | None:
    """`rgb(…)` and `hsl(…)`, with commas or spaces, with and without a transparency."""
    match = _FUNCTION.fullmatch(word)
    if match is None:
        return None
    parts = re.split(r"[\s,/]+", match[2].strip())
    try:
        numbers = [
            float(part.rstrip("%deg")) / (100 if part.endswith("%") else 1) for part in parts
        ]
    except ValueError:
        return None
    if not 3 <= len(numbers) <= 4 or not all(0 <= number <= 360 for number in numbers):
        return None
    alpha = numbers[3] if len(numbers) > 3 else 1.0
    if match[1] == "hsl":
        return _measured(numbers[0] % 360, min(numbers[2], 1), min(numbers[1], 1), alpha)
    red, green, blue = (
        min(number if part.endswith("%") else number / 255, 1.0)
        for number, part in zip(numbers[:3], parts, strict=False)
    )
    hue, lightness, saturation = rgb_to_hls(red, green, blue)
    return _measured(hue * 360, lightness, saturation, alpha)


def _gradient(word: str) -> _Colour | None:
    """The first colour that a gradient goes through."""
    name, _, rest = word.partition("gradient(")
    if not rest or " " in name:
        return None
    for part in _GRADIENT.findall(rest):
        for read in (_token, _hexadecimal, _function, _shade):
            if found := read(part):
                return found
    return _NONE


def _measured(degrees: float, lightness: float, saturation: float, alpha: float) -> _Colour:
    if alpha < 0.05 or lightness < 0.06 or lightness > 0.97:
        return _NONE  # invisible, or black or white: the page's own
    if saturation < 0.18:
        return _Colour("grey" if 0.25 < lightness < 0.8 else None, solid=False)
    name = next(name for limit, name in _HUES if degrees <= limit)
    return _Colour(name, solid=alpha >= 0.5 and 0.12 < lightness < 0.8)


_READERS: Final[tuple[Callable[[str], _Colour | None], ...]] = (
    _token,
    _transparency,
    _shade,
    _hexadecimal,
    _function,
    _gradient,
)
"""Each spelling, the commonest first."""

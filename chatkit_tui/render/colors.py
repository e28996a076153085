"""Colors of widgets, reduced to the few that every terminal has.

A widget may use any of 16 million colors, for a page with a known background. A terminal has 16
colors that its user chose to be readable: so only the hue of a color counts, and the theme gives
it its shade.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from colorsys import rgb_to_hls
from functools import lru_cache
from typing import Final, NamedTuple

from chatkit_tui.document.spans import Paint
from chatkit_tui.models.json import JSON


def _by_word(words: dict[Paint, str]) -> dict[str, Paint]:
    return {word: paint for paint, listed in words.items() for word in listed.split()}


_TOKENS: Final = _by_word(
    {
        "grey": "secondary tertiary muted subtle disabled",
        "green": "success",
        "blue": "info",
        "magenta": "discovery",
        "yellow": "warning caution",
        "red": "danger error",
    }
)
"""Semantic tokens. Those of ordinary text (`prose`, `primary`, `emphasis`, `strong`, `default`) and
of ordinary backgrounds (`surface`, …) have no color."""

_FAMILIES: Final = _by_word(
    {
        "red": "red rose crimson tomato coral",
        "yellow": "orange amber yellow gold brown",
        "green": "lime green emerald olive",
        "cyan": "teal cyan aqua turquoise",
        "blue": "sky blue navy indigo",
        "magenta": "violet purple fuchsia magenta pink",
        "grey": "gray grey silver slate zinc neutral stone",
    }
)
"""Families of shades, chart colors and common CSS names."""

_HUES: Final[tuple[tuple[float, Paint], ...]] = (
    (18, "red"),
    (68, "yellow"),
    (165, "green"),
    (196, "cyan"),
    (255, "blue"),
    (335, "magenta"),
    (360, "red"),
)
"""The last degree of each color on the color wheel."""

_LONGEST: Final = 200
"""Characters of the longest text that is read as a color."""

_SHADE: Final = re.compile(r"([a-z]+)(?:-(alpha))?(?:-(\d{1,3}))?")
_ALPHA: Final = re.compile(r"alpha-(\d{1,3})")
_HEX: Final = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_FUNCTION: Final = re.compile(r"(rgb|hsl)a?\(([^()]*)\)")
_GRADIENT: Final = re.compile(
    r"#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^()]*\)|[a-z]+(?:-alpha)?(?:-\d{1,3})?"
)


class _Color(NamedTuple):
    """A color that was read."""

    paint: Paint | None
    solid: bool
    """Whether it is strong enough for a block behind text, not only a tint."""


_NONE: Final = _Color(None, solid=False)


def terminal_color(value: JSON) -> Paint | None:
    """Return the nearest color of the terminal; None for that of ordinary text.

    A value is a token (`danger`, `secondary`, …), a shade (`blue-500`, `red-alpha-20`), `alpha-70`,
    a common CSS name, 3, 4, 6 or 8 hexadecimal digits, `rgb(…)`, `hsl(…)`, a gradient (its first
    color counts), or an object with `light` and `dark`. Return None for others. Never raise.
    """
    return _color(value).paint


def backdrop(value: JSON) -> Paint | None:
    """Return the color of a solid background; None for a surface, a tint or no color.

    Text on it has the color of the terminal's background, so only a solid block becomes one. For
    a frame or a bar, `terminal_color` returns the hue of a tint too.
    """
    color = _color(value)
    return color.paint if color.solid else None


def _color(value: JSON) -> _Color:
    if isinstance(value, str):
        return _read(value[: _LONGEST + 1])
    if isinstance(value, dict):
        sides = [value.get(side) for side in ("dark", "light")]
        found = [_read(side[: _LONGEST + 1]) for side in sides if isinstance(side, str)]
        named = next((color.paint for color in found if color.paint), None)
        return _Color(named, solid=all(color.solid for color in found))
    return _NONE


@lru_cache(maxsize=512)
def _read(text: str) -> _Color:
    word = text.strip().lower()
    if not word or len(word) > _LONGEST:
        return _NONE
    return next((found for read in _READERS if (found := read(word))), _NONE)


def _token(word: str) -> _Color | None:
    name = _TOKENS.get(word)
    return _Color(name, solid=name != "grey") if name else None


def _transparency(word: str) -> _Color | None:
    """`alpha-70`: the color of text with an opacity in percent."""
    match = _ALPHA.fullmatch(word)
    return _Color("grey" if int(match[1]) < 60 else None, solid=False) if match else None


def _shade(word: str) -> _Color | None:
    match = _SHADE.fullmatch(word)
    family = _FAMILIES.get(match[1]) if match else None
    if match is None or family is None:
        return None
    number = int(match[3] or 500)
    if family == "grey" and not 200 < number < 700:
        return _NONE  # almost black or white, as the page itself
    least = 60 if match[2] else 300
    return _Color(family, solid=family != "grey" and number >= least)


def _hexadecimal(word: str) -> _Color | None:
    match = _HEX.fullmatch(word)
    if match is None:
        return None
    digits = match[1]
    if len(digits) <= 4:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[start : start + 2], 16) / 255 for start in range(0, len(digits), 2)]
    hue, lightness, saturation = rgb_to_hls(*parts[:3])
    return _measured(hue * 360, lightness, saturation, parts[3] if len(parts) > 3 else 1.0)


def _function(word: str) -> _Color | None:
    """`rgb(…)` and `hsl(…)`, with commas or spaces, with or without an opacity."""
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


def _gradient(word: str) -> _Color | None:
    name, _, rest = word.partition("gradient(")
    if not rest or " " in name:
        return None
    for part in _GRADIENT.findall(rest):
        for read in (_token, _hexadecimal, _function, _shade):
            if found := read(part):
                return found
    return _NONE


def _measured(degrees: float, lightness: float, saturation: float, alpha: float) -> _Color:
    if alpha < 0.05 or lightness < 0.06 or lightness > 0.97:
        return _NONE  # invisible, or black or white as the page itself
    if saturation < 0.18:
        return _Color("grey" if 0.25 < lightness < 0.8 else None, solid=False)
    name = next(name for limit, name in _HUES if degrees <= limit)
    return _Color(name, solid=alpha >= 0.5 and 0.12 < lightness < 0.8)


_READERS: Final[tuple[Callable[[str], _Color | None], ...]] = (
    _token,
    _transparency,
    _shade,
    _hexadecimal,
    _function,
    _gradient,
)
"""One reader for each form, the most common first."""

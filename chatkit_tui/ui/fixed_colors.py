"""Painted themes on terminals with 256 colors: each color becomes the nearest of the fixed ones.

Rich rounds red, green and blue each by itself, which turns the dark greys of themes into navy and
teal, and makes a row under the cursor differ from what is around it by accident.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import dist
from typing import Any, Final

from rich.color import Color as RichColor
from rich.color import ColorType
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter

FIXED: Final = range(16, 256)
"""The numbers of the colors that are the same on every terminal."""


class FixedColors(LineFilter):
    """Replace every color of 24 bits by the nearest of the fixed 256."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in fixed colors."""
        del background
        return [
            Segment(text, style and _fixed_style(style), control)
            for text, style, control in segments
        ]


_FIXED_COLORS: Final = FixedColors()


def painted_filters(app: App[Any], filters: Sequence[LineFilter]) -> Sequence[LineFilter]:
    """Return filters, and that of a painted theme if the terminal has 256 colors."""
    if app.current_theme.ansi or app.console.color_system != "256":
        return filters
    return (*filters, _FIXED_COLORS)


@lru_cache(4096)
def _fixed_style(style: RichStyle) -> RichStyle:
    colors = (style.color, style.bgcolor)
    if not any(color is not None and color.type is ColorType.TRUECOLOR for color in colors):
        return style
    color, background = (color and _fixed_color(color) for color in colors)
    return style + RichStyle(color=color, bgcolor=background)


def _fixed_color(color: RichColor) -> RichColor:
    if color.type is not ColorType.TRUECOLOR or color.triplet is None:
        return color
    return RichColor.from_ansi(nearest_fixed(color.triplet))


@lru_cache(1024)
def nearest_fixed(color: ColorTriplet) -> int:
    """Return the number of the fixed color that looks most like a color."""
    wanted = _perceived(color)
    return min(FIXED, key=lambda number: dist(wanted, _perceived(_triplet(number))))


def _triplet(number: int) -> ColorTriplet:
    return RichColor.from_ansi(number).get_truecolor()


@lru_cache(512)
def _perceived(color: ColorTriplet) -> tuple[float, float, float]:
    """Return lightness and two hues as in Oklab, whose distances are those that the eye sees."""
    red, green, blue = (
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in color
    )
    long = (0.4122 * red + 0.5363 * green + 0.0514 * blue) ** (1 / 3)
    medium = (0.2119 * red + 0.6807 * green + 0.1074 * blue) ** (1 / 3)
    short = (0.0883 * red + 0.2817 * green + 0.6300 * blue) ** (1 / 3)
    return (
        0.2105 * long + 0.7936 * medium - 0.0041 * short,
        1.9780 * long - 2.4286 * medium + 0.4506 * short,
        0.0259 * long + 0.7828 * medium - 0.8087 * short,
    )

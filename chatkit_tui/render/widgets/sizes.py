"""Sizes of every spelling, as cells of a terminal.

A cell is taken to be 8 pixels wide and 16 high, as in a browser's text of ordinary size; gaps and
paddings without a unit come in steps of 4 pixels, widths without one in pixels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from chatkit_tui.models.fields import JSON
from chatkit_tui.render.layout.box import Box

ACROSS: Final = 8
"""Pixels of a cell's width."""
DOWN: Final = 16
"""Pixels of a cell's height."""
STEP: Final = 4
"""Pixels of one step of a gap or padding."""

WIDEST: Final = 100_000
"""Pixels; sizes beyond are no sizes."""
WIDEST_GAP: Final = 8
"""Cells."""
WIDEST_PADDING: Final = 2
"""Cells on each side: what is only air gives way to words."""

_SIZE: Final = re.compile(r"\s*(\d{1,6}(?:\.\d{1,9})?|\.\d{1,9})\s*(px|rem|em|%)?\s*")
_UNITS: Final = {"px": 1.0, "rem": 16.0, "em": 16.0}
_NAMES: Final = {
    "3xs": 1, "2xs": 1, "xs": 1, "sm": 2, "md": 3, "lg": 4, "xl": 6, "2xl": 8, "3xl": 12
}  # fmt: skip
"""Steps for the names that some servers use in place of numbers."""


def pixels(value: JSON, *, unit: float = 1.0) -> float | None:
    """A size in pixels, 0 to `WIDEST`; None for a share, a keyword or no size.

    `unit` is the pixels of a number that comes without a unit.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return value * unit if 0 <= value <= WIDEST else None
    if not isinstance(value, str):
        return None
    if value in _NAMES:
        return float(_NAMES[value] * STEP)
    match = _SIZE.fullmatch(value[:40])
    if match is None or match[2] == "%":
        return None
    return min(WIDEST, float(match[1]) * _UNITS.get(match[2], unit))


def share(value: JSON) -> float | None:
    """What comes in per cent, from 0 to 100; None for anything else."""
    match = _SIZE.fullmatch(value[:40]) if isinstance(value, str) else None
    return min(100.0, float(match[1])) if match and match[2] == "%" else None


def number(value: JSON) -> float | None:
    """A number of any spelling that is 0 or more; None for anything else."""
    return pixels(value) if not isinstance(value, str) or _SIZE.fullmatch(value[:40]) else None


def gap_across(value: JSON) -> int:
    """The cells between two parts of a row: at least one, or their words would be one word."""
    found = pixels(value, unit=STEP)
    return 2 if found is None else max(1, min(WIDEST_GAP, round(found / ACROSS)))


def gap_down(value: JSON) -> bool:
    """Whether there is an empty line between two parts of a column."""
    found = pixels(value, unit=STEP)
    return found is not None and found >= DOWN


class Padding(NamedTuple):
    """The air around a box: cells on its sides, and whether empty lines part it from others."""

    left: int = 0
    right: int = 0
    margin: bool = False


_SIDES: Final = {
    "left": ("left", "x"),
    "right": ("right", "x"),
    "top": ("top", "y"),
    "bottom": ("bottom", "y"),
}


def padding(value: JSON) -> Padding:
    """A padding: one size for all sides, or an object with `x`, `y` or single sides."""
    found = {}
    for side, names in _SIDES.items():
        given = value
        if isinstance(value, dict):
            given = next((value[name] for name in names if name in value), None)
        found[side] = pixels(given, unit=STEP) or 0.0
    return Padding(
        min(WIDEST_PADDING, round(found["left"] / ACROSS)),
        min(WIDEST_PADDING, round(found["right"] / ACROSS)),
        max(found["top"], found["bottom"]) >= DOWN,
    )


def sized(box: Box, props: Mapping[str, JSON]) -> None:
    """Give a box the sizes that its component asks for, as far as its words allow."""
    if "width" in props:
        _set_width(box, props["width"])
    if "flex" in props:
        _set_flex(box, props["flex"])
    if "minWidth" in props and (least := pixels(props["minWidth"])) is not None:
        box.natural = max(box.natural, min(round(least / ACROSS), 40))
    if "maxWidth" in props and (most := pixels(props["maxWidth"])) is not None:
        box.max_width = min(box.max_width or WIDEST, max(box.min_width, round(most / ACROSS)))


def _set_width(box: Box, value: JSON) -> None:
    if (part := share(value)) is not None:
        box.share = part / 100
    elif (width := pixels(value)) is not None:
        box.natural = max(box.min_width, round(width / ACROSS))
        box.max_width = min(box.max_width or WIDEST, box.natural)
    elif value in ("fit-content", "min-content", "max-content"):
        box.max_width = min(box.max_width or WIDEST, box.natural)


def _set_flex(box: Box, value: JSON) -> None:
    if value == "auto":
        box.flex = 1.0
    elif isinstance(value, str):
        first = value.split(None, 1)[:1]  # the growth of a shorthand like "1 1 0%"
        box.flex = min(100.0, number(first[0]) or 0.0) if first else 0.0
    else:
        box.flex = min(100.0, number(value) or 0.0)

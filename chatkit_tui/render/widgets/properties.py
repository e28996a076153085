"""Reading the properties of a component, in any of their spellings.

A cell counts as 8 pixels wide and 16 high, as in a browser's text of ordinary size. Gaps and
paddings without a unit are steps of 4 pixels, widths without one are pixels.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from chatkit_tui.document.spans import DIM, PLAIN, Inline, Role, Style, untrusted
from chatkit_tui.models.json import JSON, dump_json
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.colors import terminal_color

# -- text and flags --------------------------------------------------------------------------------


def words(value: JSON) -> str:
    """Return a JSON value as words: text unchanged, "" for null, else its JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else dump_json(value)


def text(node: WidgetNode, prop: str) -> str:
    """Return a property as words; "" if it is missing or null."""
    return words(node.props.get(prop))


def flag(node: WidgetNode, prop: str) -> bool:
    """Return whether a property is true."""
    value = node.props.get(prop)
    return value is True or (isinstance(value, str) and value.lower() == "true")


def object_of(value: JSON) -> dict[str, JSON]:
    """Return a value that should be an object; an empty object if it is not."""
    return value if isinstance(value, dict) else {}


def list_of(value: JSON) -> list[JSON]:
    """Return a value that should be a list; any other value but null is its only entry."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def only_leaf(node: WidgetNode) -> WidgetNode:
    """Return what is in boxes around a single component."""
    while len(node.children) == 1:
        node = node.children[0]
    return node


def texts_of(node: WidgetNode) -> frozenset[str]:
    """Return the texts in a component and its children, without regard to case."""
    found: set[str] = set()
    nodes = [node]
    for inner in nodes:
        nodes.extend(inner.children)
        found.update(words(inner.props.get(prop)).casefold() for prop in ("value", "label"))
    return frozenset(found)


def remarks(*texts: str) -> tuple[Inline, ...]:
    """Return the texts that are not empty as dim remarks in parentheses."""
    given = [entry for entry in texts if entry]
    return (untrusted(f"  ({', '.join(given)})", DIM),) if given else ()


LONGEST_PAYLOAD: Final = 32
"""Characters of the longest payload in a note."""


def short_payload(value: JSON) -> str:
    """Return a payload as `{decision: reject}`; "" for none, a nested or a long one."""
    if value is None or value == {}:
        return ""
    fields = value if isinstance(value, dict) else {"": value}
    if any(isinstance(field, (dict, list)) for field in fields.values()):
        return ""
    parts = [
        f"{name}: {_field(field)}" if name else _field(field) for name, field in fields.items()
    ]
    shown = f"{{{', '.join(parts)}}}"
    return shown if len(shown) <= LONGEST_PAYLOAD else ""


def _field(value: JSON) -> str:
    return value if isinstance(value, str) else dump_json(value)


# -- styles ----------------------------------------------------------------------------------------

_ROLES: Final[dict[str, Role]] = {
    "secondary": "dim",
    "tertiary": "dim",
    "success": "good",
    "warning": "busy",
    "caution": "busy",
    "danger": "bad",
    "error": "bad",
}


def colored(value: JSON) -> Style:
    """Return the style of a color: the role of a color with a meaning, else the color itself."""
    if value is None:
        return PLAIN
    role = _ROLES.get(value, "text") if isinstance(value, str) else "text"
    color = terminal_color(value) if role == "text" else None
    return DIM if color == "grey" else Style(role, color=color)


def style_of(node: WidgetNode, role: Role = "text") -> Style:
    """Return the style of a component's text; its color takes precedence over the role."""
    style = colored(node.props.get("color"))
    return Style(
        role=role if style.role == "text" and style.color is None else style.role,
        bold=text(node, "weight").lower() in ("semibold", "bold"),
        italic=flag(node, "italic"),
        strike=flag(node, "lineThrough"),
        color=style.color,
    )


# -- sizes -----------------------------------------------------------------------------------------

PIXELS_ACROSS: Final = 8
"""Pixels of a cell's width."""
PIXELS_DOWN: Final = 16
"""Pixels of a cell's height."""
STEP: Final = 4
"""Pixels of one step of a gap or padding."""

WIDEST: Final = 100_000
"""Pixels of the largest valid size."""
WIDEST_GAP: Final = 8
"""Cells."""
WIDEST_PADDING: Final = 2
"""Cells on each side."""

_SIZE: Final = re.compile(r"\s*(\d{1,6}(?:\.\d{1,9})?|\.\d{1,9})\s*(px|rem|em|%)?\s*")
_UNITS: Final = {"px": 1.0, "rem": 16.0, "em": 16.0}
_NAMES: Final = {
    "3xs": 1, "2xs": 1, "xs": 1, "sm": 2, "md": 3, "lg": 4, "xl": 6, "2xl": 8, "3xl": 12
}  # fmt: skip
"""Steps of the names that some servers use instead of numbers."""


def pixels(value: JSON, *, unit: float = 1.0) -> float | None:
    """Return a size in pixels, 0 to `WIDEST`; None for a percentage, a keyword or no size.

    `unit` is the pixels of a number without a unit.
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
    """Return a percentage, from 0 to 100; None for anything else."""
    match = _SIZE.fullmatch(value[:40]) if isinstance(value, str) else None
    return min(100.0, float(match[1])) if match and match[2] == "%" else None


def number(value: JSON) -> float | None:
    """Return a number of any spelling that is 0 or more; None for anything else."""
    return pixels(value) if not isinstance(value, str) or _SIZE.fullmatch(value[:40]) else None


def gap_across(value: JSON) -> int:
    """Return the cells between two parts of a row: at least one, to keep words apart."""
    found = pixels(value, unit=STEP)
    return 2 if found is None else max(1, min(WIDEST_GAP, round(found / PIXELS_ACROSS)))


def gap_down(value: JSON) -> bool:
    """Return whether an empty line is between two parts of a column."""
    found = pixels(value, unit=STEP)
    return found is not None and found >= PIXELS_DOWN


class Padding(NamedTuple):
    """Cells on both sides of a box, and whether empty lines separate it from its neighbors."""

    left: int = 0
    right: int = 0
    margin: bool = False


def padding(value: JSON) -> Padding:
    """Return a padding: one size for all sides, or an object with `x`, `y` or single sides."""
    if value is None:
        return Padding()

    def side(name: str, axis: str) -> float:
        given = value
        if isinstance(value, dict):
            given = value.get(name, value.get(axis))
        return pixels(given, unit=STEP) or 0.0

    return Padding(
        min(WIDEST_PADDING, round(side("left", "x") / PIXELS_ACROSS)),
        min(WIDEST_PADDING, round(side("right", "x") / PIXELS_ACROSS)),
        max(side("top", "y"), side("bottom", "y")) >= PIXELS_DOWN,
    )

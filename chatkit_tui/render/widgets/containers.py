"""The components that arrange others: Box, Row, Col, Form, Spacer, Divider, Transition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chatkit_tui.document.spans import DIM, Paint, Span, Style
from chatkit_tui.models.fields import JSON
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.colors import terminal_color
from chatkit_tui.render.layout.box import Box, Text
from chatkit_tui.render.layout.flow import Column, Row, Spacer
from chatkit_tui.render.layout.frames import Dot, Frame, Prefixed, Progress, Rule, Stripe
from chatkit_tui.render.widgets.properties import noted, noted_actions
from chatkit_tui.render.widgets.registry import WidgetBuilder, component, stacked
from chatkit_tui.render.widgets.sizes import ACROSS, gap_across, gap_down, padding, pixels, share

_SIDES: Final = ("top", "right", "bottom", "left")
_ROWS: Final = ("row", "row-reverse", "horizontal")


@component("Box")
def box(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """What is inside; a progress bar or a swatch of colour when that is all it is."""
    if (progress := _progress(node)) is not None:
        return noted(progress, node, builder)
    if not node.children:
        return noted(_swatch(node.props), node, builder)
    return arranged(node, builder, "col")


@component("Row")
def row(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """What is inside, side by side."""
    return arranged(node, builder, "row")


@component("Col")
def col(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """What is inside, one below the other."""
    return arranged(node, builder, "col")


@component("Form")
def form(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """What is inside, and what sending it would do."""
    inside = _dressed(_flow(node, builder, "col"), node.props, builder)
    submit = noted_actions(node, builder)
    if not submit:
        return inside
    note = Text((Span("on submit  ", DIM), *submit))
    return note if inside is None else stacked([inside, note])


@component("Spacer")
def spacer(_node: WidgetNode, _builder: WidgetBuilder) -> Box | None:
    """Room between the parts of a row; in a column there is none to give away."""
    return Spacer()


@component("Divider")
def divider(_node: WidgetNode, _builder: WidgetBuilder) -> Box | None:
    """A rule."""
    return Rule()


@component("Transition")
def transition(node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """Its child."""
    return noted(builder.inside(node), node, builder)


def arranged(node: WidgetNode, builder: WidgetBuilder, direction: str) -> Box | None:
    """The children of a component in its direction, with its border, background and actions."""
    inside = _flow(node, builder, direction)
    # A frame or bar around nothing but a picture says less than it takes.
    if not all(child.type in ("Image", "Icon") for child in node.children):
        inside = _dressed(inside, node.props, builder)
    return noted(inside, node, builder)


def _flow(node: WidgetNode, builder: WidgetBuilder, direction: str) -> Box | None:
    props = node.props
    parts = builder.each(node)
    align = _keyword(props.get("align"))
    if (_keyword(props.get("direction")) or direction) not in _ROWS:
        return stacked(parts, gap=gap_down(props.get("gap")), align=align)
    beside = [Stripe("│", "|") if isinstance(part, Rule) else part for part in parts]
    if all(isinstance(part, Spacer) or part.stretches for part in beside):
        return None
    return Row(
        beside,
        gap=gap_across(props.get("gap")),
        align=align,
        justify=_keyword(props.get("justify")),
        wrap=_keyword(props.get("wrap")) in ("wrap", "wrap-reverse", "true"),
    )


def _keyword(value: JSON) -> str:
    """A value that names something, without the prefixes and spellings of style sheets."""
    if value is True:
        return "true"
    if not isinstance(value, str):
        return ""
    return value.strip().lower().removeprefix("flex-").removeprefix("space-")


# -- borders, backgrounds, padding -----------------------------------------------------------------


def _dressed(inside: Box | None, props: Mapping[str, JSON], builder: WidgetBuilder) -> Box | None:
    """A box in the border, or before the bar for the background, that its component has."""
    if inside is None:
        return None
    border = props.get("border")
    sides = [side for side in _SIDES if _border_size(border, side)]
    background = terminal_color(props.get("background"))
    air = padding(props.get("padding"))
    if len(sides) == 4:
        color = _border_color(border) or background
        return Frame([inside], style=Style("dim", color=color), dashed=_is_dashed(border))
    if background not in (None, "grey"):
        bar = Span("| " if builder.context.plain else "▎ ", Style(color=background))
        inside = Prefixed(inside, bar, bar)
    elif air.left or air.right:
        room = Span(" " * air.left, DIM)
        inside = Prefixed(inside, room, room, right=air.right)
    if "left" in sides:
        sign = "| " if builder.context.plain else "│ "
        line = Span(sign, Style("dim", color=_border_color(border)))
        inside = Prefixed(inside, line, line)
    if "top" in sides or "bottom" in sides:
        above = [Rule()] if "top" in sides else []
        below = [Rule()] if "bottom" in sides else []
        inside = Column([*above, inside, *below])
    inside.margin = air.margin
    return inside


def _side(border: JSON, side: str) -> JSON:
    """What a border is on one side: a number, an object, or nothing."""
    if not isinstance(border, dict):
        return border
    if not any(name in border for name in (*_SIDES, "x", "y")):
        return border
    return border.get(side, border.get("y" if side in ("top", "bottom") else "x"))


def _border_size(border: JSON, side: str) -> float:
    given = _side(border, side)
    if isinstance(given, dict):
        given = given.get("size", 1)
    return pixels(given) or float(given is True)


def _border_color(border: JSON) -> Paint | None:
    sides = [_side(border, side) for side in _SIDES]
    given: dict[str, JSON] = next((side for side in sides if isinstance(side, dict)), {})
    return terminal_color(given.get("color"))


def _is_dashed(border: JSON) -> bool:
    given = _side(border, "top")
    return isinstance(given, dict) and given.get("style") in ("dashed", "dotted")


# -- boxes that are drawings -----------------------------------------------------------------------


def _progress(node: WidgetNode) -> Progress | None:
    """A progress bar: a coloured box in a coloured box, and no words."""
    if len(node.children) != 1 or not node.props.get("background"):
        return None
    inner = node.children[0]
    if inner.type != "Box" or inner.children or not inner.props.get("background"):
        return None
    part = share(inner.props.get("width"))
    if part is None:
        return None
    return Progress(part, Style(color=terminal_color(inner.props["background"])))


def _swatch(props: Mapping[str, JSON]) -> Box | None:
    """A box of nothing but colour: a stripe beside its row, a dot, or a line."""
    if not props.get("background"):
        return None
    style = Style(color=terminal_color(props["background"]))
    size = pixels(props.get("size"))
    width = pixels(props.get("width")) if size is None else size
    height = pixels(props.get("height")) if size is None else size
    if width is None or width > 40 * ACROSS:
        return None
    if height is None and width <= 2 * ACROSS:
        return Stripe("▌", "|", style)
    if height is not None and max(width, height) <= 4 * ACROSS:
        return Dot("●", "o", style)
    return None

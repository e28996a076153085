"""The components that arrange others: Box, Row, Col, Form, Spacer, Divider, Transition."""

from __future__ import annotations

import re

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.blocks import Block, Paragraph, Rule
from chatkit_tui.render.lines import DIM, Span
from chatkit_tui.render.widgets.outline import Outline, component
from chatkit_tui.render.widgets.props import noted_actions, side_by_side, text, with_note

_PER_CENT = re.compile(r"\s*(\d{1,3}(?:\.\d+)?)\s*%\s*")


@component("Box")
def box(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """What is inside, or the share that a progress bar shows."""
    share = _progress(node)
    if share is not None:
        return (Paragraph((Span(f"{share:g} %", DIM),)),)
    if text(node, "direction").lower() == "row":
        return row(node, outline)
    return col(node, outline)


@component("Row")
def row(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """What is inside, on one line as far as it is of one line each."""
    groups = [outline.draw(child) for child in node.children if child.type != "Divider"]
    return with_note(side_by_side(filter(None, groups)), noted_actions(node, outline))


@component("Col")
def col(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """What is inside, one below the other."""
    return with_note(outline.inside(node), noted_actions(node, outline))


@component("Form")
def form(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """What is inside, and what sending it would do."""
    in_a_row = text(node, "direction").lower() == "row"
    inside = side_by_side(outline.each(node)) if in_a_row else outline.inside(node)
    submit = noted_actions(node, outline)
    return (*inside, Paragraph((Span("on submit", DIM), *submit))) if submit else inside


@component("Spacer")
def spacer(_node: WidgetNode, _outline: Outline) -> tuple[Block, ...]:
    """Nothing: an outline has no room to push apart."""
    return ()


@component("Divider")
def divider(_node: WidgetNode, _outline: Outline) -> tuple[Block, ...]:
    """A rule."""
    return (Rule(),)


@component("Transition")
def transition(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """Its child."""
    return col(node, outline)


def _progress(node: WidgetNode) -> float | None:
    """The share of a progress bar, in per cent: a coloured box in a coloured box, and no words."""
    if len(node.children) != 1 or not node.props.get("background"):
        return None
    inner = node.children[0]
    if inner.type != "Box" or inner.children or not inner.props.get("background"):
        return None
    share = _PER_CENT.fullmatch(text(inner, "width"))
    return float(share[1]) if share else None

"""The walk over a widget, and the one table of functions that draw its components.

A widget is drawn as an outline: every word and every action, in the order of the tree, with
things that stand in a row on one line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.blocks import Block, Indented, Paragraph
from chatkit_tui.render.context import Context
from chatkit_tui.render.lines import DIM, Span, Style
from chatkit_tui.render.spans import foreign, lines_of, words

MAX_INDENTS = 6
"""What is nested deeper in an outline stays at this indent, so that words keep their room."""


class Outline:
    """The walk over one widget: gives each component to its function."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._indents = 0

    def draw(self, node: WidgetNode) -> tuple[Block, ...]:
        """One component with everything inside it."""
        return DRAWINGS.get(node.type, _unknown)(node, self)

    def each(self, node: WidgetNode) -> list[tuple[Block, ...]]:
        """The children of a component, each for itself; those that draw nothing are left out."""
        return [blocks for child in node.children if (blocks := self.draw(child))]

    def inside(self, node: WidgetNode) -> tuple[Block, ...]:
        """The children of a component, one below the other."""
        return tuple(block for blocks in self.each(node) for block in blocks)

    def indented(self, first: Span, draw: Callable[[], tuple[Block, ...]]) -> tuple[Block, ...]:
        """What `draw` gives behind a marker, or without one past `MAX_INDENTS`."""
        self._indents += 1
        blocks = draw()
        self._indents -= 1
        if self._indents >= MAX_INDENTS or not blocks:
            return blocks
        return (Indented(blocks, first, Span(" " * len(first.text), DIM)),)


Drawing: TypeAlias = Callable[[WidgetNode, Outline], tuple[Block, ...]]

DRAWINGS: dict[str, Drawing] = {}
"""The function for each component; filled by `component` in the files of this package."""


def component(name: str) -> Callable[[Drawing], Drawing]:
    """Enter the function below as the drawing of a component. Raises `ValueError` on a second."""

    def enter(drawing: Drawing) -> Drawing:
        if name in DRAWINGS:
            raise ValueError(f"two drawings of {name}")
        DRAWINGS[name] = drawing
        return drawing

    return enter


_TEXT_LIKE = ("label", "title", "value", "text")


def _unknown(node: WidgetNode, outline: Outline) -> tuple[Block, ...]:
    """A component that is not known: its name, its words, its children."""
    name = foreign(f"({node.type or 'component without a type'})", Style("unknown"))
    found = [words(node.props.get(prop)) for prop in _TEXT_LIKE]
    said = tuple(lines_of(text) for text in found if text)
    head: tuple[Block, ...] = (Paragraph((name,)),)
    if len(said) == 1 and "\n" not in said[0].spans[0].text:
        head, said = (Paragraph((name, Span(" "), *said[0].spans)),), ()
    return (*head, *outline.indented(Span("  "), lambda: (*said, *outline.inside(node))))

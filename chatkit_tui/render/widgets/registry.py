"""The builder over a widget, and the one table of functions that draw its components."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final, TypeAlias

from chatkit_tui.document.blocks import text_block
from chatkit_tui.document.spans import DIM, Span, Style, untrusted
from chatkit_tui.document.symbols import Symbol
from chatkit_tui.models.fields import JSON, dump_json
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.context import Context
from chatkit_tui.render.layout.box import Box, Text
from chatkit_tui.render.layout.flow import Column, Spacer
from chatkit_tui.render.layout.frames import Prefixed
from chatkit_tui.render.widgets.sizes import sized


def words(value: JSON) -> str:
    """Return a JSON value as words: text unchanged, "" for null, else its JSON."""
    if isinstance(value, str):
        return value
    return "" if value is None else dump_json(value)


class WidgetBuilder:
    """The builder over one widget: gives each component to its function."""

    def __init__(self, context: Context, names: Collection[str] = ()) -> None:
        """`names` are those of the fields in the widget, which their labels need not repeat."""
        self.context = context
        self.names = names

    def draw(self, node: WidgetNode) -> Box | None:
        """One component with everything inside it; None when there is nothing to see of it."""
        box = DRAWINGS.get(node.type, _unknown)(node, self)
        if box is not None:
            sized(box, node.props)
        return box

    def symbol(self, symbol: Symbol, style: Style | None = None) -> Span:
        """Return a symbol in the form that the terminal can show, and a space."""
        sign = symbol.ascii if self.context.plain else symbol.sign
        return Span(f"{sign} ", Style(symbol.role) if style is None else style)

    def each(self, node: WidgetNode) -> list[Box]:
        """The children of a component, each for itself; those that draw nothing are left out."""
        boxes: list[Box] = []
        for child in node.children:
            box = self.draw(child)
            if box is not None:
                boxes.append(box)
        return boxes

    def inside(self, node: WidgetNode) -> Box | None:
        """The children of a component, one below the other."""
        return stacked(self.each(node))


def stacked(boxes: Sequence[Box], *, gap: bool = False, align: str = "start") -> Box | None:
    """Boxes below one another; None when there are none."""
    solid = [box for box in boxes if not isinstance(box, Spacer)]
    if len(solid) == 1 and align not in ("center", "end"):
        return solid[0]
    return Column(solid, gap=gap, align=align) if solid else None


Drawing: TypeAlias = Callable[[WidgetNode, WidgetBuilder], Box | None]

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


_TEXT_LIKE: Final = ("label", "title", "value", "text")
_INDENT: Final = Span("  ", DIM)


def _unknown(node: WidgetNode, builder: WidgetBuilder) -> Box:
    """A component that is not known: its name, its words, its children."""
    name = untrusted(f"({node.type or 'component without a type'})", Style("unknown"))
    found = [text for prop in _TEXT_LIKE if (text := words(node.props.get(prop)))]
    said = [text_block(text).spans for text in found]
    head = Text((name,))
    if len(said) == 1 and "\n" not in found[0]:
        head = Text((name, Span(" "), *said[0]))
        said = []
    inside = stacked([*map(Text, said), *builder.each(node)])
    return Column([head, Prefixed(inside, _INDENT, _INDENT)]) if inside else head

"""The registry of the functions that build components, and the builder that calls them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple, TypeAlias

from chatkit_tui.document.blocks import text_block
from chatkit_tui.document.spans import DIM, LEADS_TO, Inline, Span, Style, Symbol, untrusted
from chatkit_tui.models.json import JSON
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render import RenderContext
from chatkit_tui.render.layout.box import Box, Text, WithNote
from chatkit_tui.render.layout.flow import Column, stacked
from chatkit_tui.render.layout.frames import Prefixed
from chatkit_tui.render.widgets.properties import (
    PIXELS_ACROSS,
    WIDEST,
    number,
    object_of,
    pixels,
    share,
    words,
)


class FormFields(NamedTuple):
    """The fields of a widget."""

    names: frozenset[str] = frozenset()
    """The names of all fields."""
    labelled: frozenset[int] = frozenset()
    """The `id()` of each component that is a field behind a label of its own."""
    number: int = 0
    options: int = 0
    """The number of options that are drawn when the item is open."""


class WidgetBuilder:
    """Builds the boxes of one widget."""

    def __init__(self, context: RenderContext, fields: FormFields | None = None) -> None:
        """Make a builder for a widget that has these fields."""
        self.context = context
        self.fields = fields or FormFields()

    def is_labelled(self, node: WidgetNode) -> bool:
        """Return whether a field has a label before it."""
        return id(node) in self.fields.labelled

    def build(self, node: WidgetNode) -> Box | None:
        """Return the box of a component with its children; None if it has nothing to show."""
        function, notes_itself = REGISTRY.get(node.type, _UNKNOWN)
        box = function(node, self)
        if not notes_itself:
            box = self.noted(box, node)
        if box is not None:
            _set_sizes(box, node.props)
        return box

    def children(self, node: WidgetNode) -> list[Box]:
        """Return the boxes of a component's children, without those that have nothing to show."""
        boxes: list[Box] = []
        for child in node.children:
            box = self.build(child)
            if box is not None:
                boxes.append(box)
        return boxes

    def content(self, node: WidgetNode) -> Box | None:
        """Return the children of a component below one another; None if there are none."""
        return stacked(self.children(node))

    def symbol(self, symbol: Symbol, style: Style | None = None) -> Span:
        """Return a symbol in the form that the terminal can show, and a space."""
        sign = symbol.ascii if self.context.plain else symbol.sign
        return Span(f"{sign} ", Style(symbol.role) if style is None else style)

    def action_note(self, action: JSON) -> tuple[Inline, ...]:
        """Return the name of an action and its handler, unless that is the server."""
        if not action:
            return ()
        named = object_of(action) or {"type": action}
        name = words(named.get("type")) or "unnamed action"
        handler = words(named.get("handler"))
        if handler and handler != "server":
            name = f"{name} ({handler})"
        return (self.symbol(LEADS_TO, DIM), untrusted(name, DIM))

    def action_notes(self, node: WidgetNode) -> tuple[Inline, ...]:
        """Return the notes of all actions of a component itself."""
        spans: list[Inline] = []
        for prop, value in node.props.items():
            if prop[-6:].lower() == "action" and isinstance(value, (dict, str)):
                note = self.action_note(value)
                spans += (Span("  "), *note) if spans and note else note
        return tuple(spans)

    def noted(self, box: Box | None, node: WidgetNode) -> Box | None:
        """Return a box with a note of the component's own actions."""
        note = self.action_notes(node)
        if not note:
            return box
        return Text(note) if box is None else WithNote(box, note)


def _set_sizes(box: Box, props: Mapping[str, JSON]) -> None:
    """Give a box the sizes that its component requests, as far as its words allow."""
    if "width" in props:
        width = props["width"]
        if (part := share(width)) is not None:
            box.share = part / 100
        elif (size := pixels(width)) is not None:
            box.natural = max(box.min_width, round(size / PIXELS_ACROSS))
            box.max_width = min(box.max_width or WIDEST, box.natural)
        elif width in ("fit-content", "min-content", "max-content"):
            box.max_width = min(box.max_width or WIDEST, box.natural)
    if "flex" in props:
        flex = props["flex"]
        if isinstance(flex, str):  # the growth of a shorthand like "1 1 0%" is its first word
            flex = 1 if flex == "auto" else next(iter(flex.split(None, 1)), None)
        box.flex = min(100.0, number(flex) or 0.0)
    if "minWidth" in props and (size := pixels(props["minWidth"])) is not None:
        box.natural = max(box.natural, min(round(size / PIXELS_ACROSS), 40))
    if "maxWidth" in props and (size := pixels(props["maxWidth"])) is not None:
        box.max_width = min(
            box.max_width or WIDEST, max(box.min_width, round(size / PIXELS_ACROSS))
        )


# -- registry --------------------------------------------------------------------------------------

BuildFunction: TypeAlias = Callable[[WidgetNode, WidgetBuilder], Box | None]


class Registered(NamedTuple):
    """The function that builds a component."""

    function: BuildFunction
    notes_itself: bool
    """Whether it places the notes of the component's actions; else they follow the box."""


REGISTRY: dict[str, Registered] = {}
"""The function for each component; `component` fills it when the families are imported."""


def component(name: str, *, notes_itself: bool = False) -> Callable[[BuildFunction], BuildFunction]:
    """Register a function for a component. Raise `ValueError` if the component has one."""

    def register(function: BuildFunction) -> BuildFunction:
        if name in REGISTRY:
            raise ValueError(f"{name} is registered twice")
        REGISTRY[name] = Registered(function, notes_itself)
        return function

    return register


_TEXT_PROPERTIES: Final = ("label", "title", "value", "text")
_INDENT: Final = Span("  ", DIM)


def _unknown(node: WidgetNode, builder: WidgetBuilder) -> Box:
    """Return an unknown component: its name, its text and its children."""
    name = untrusted(f"({node.type or 'component without a type'})", Style("unknown"))
    found = [text for prop in _TEXT_PROPERTIES if (text := words(node.props.get(prop)))]
    texts = [text_block(text).spans for text in found]
    head = Text((name,))
    if len(texts) == 1 and "\n" not in found[0]:
        head = Text((name, Span(" "), *texts[0]))
        texts = []
    content = stacked([*map(Text, texts), *builder.children(node)])
    return Column([head, Prefixed(content, _INDENT, _INDENT)]) if content else head


_UNKNOWN: Final = Registered(_unknown, notes_itself=True)

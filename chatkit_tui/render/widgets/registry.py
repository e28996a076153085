"""The registry of the functions that build components, and the builder that calls them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final, NamedTuple, TypeAlias

from chatkit_tui.document.blocks import text_block
from chatkit_tui.document.spans import DIM, LEADS_TO, Span, Style, Symbol
from chatkit_tui.models.json import JSON
from chatkit_tui.models.widgets import WidgetNode, shared_actions
from chatkit_tui.render import RenderContext
from chatkit_tui.render.layout.box import Box, Note, Text
from chatkit_tui.render.layout.column import Column, stacked
from chatkit_tui.render.layout.notes import WithNotes, note_spans
from chatkit_tui.render.widgets.properties import (
    PIXELS_ACROSS,
    WIDEST,
    number,
    object_of,
    pixels,
    share,
    short_payload,
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


UNKNOWN: Final = "unknown component"
"""The name under which the function for all unknown components is registered."""

_TEXT_PROPERTIES: Final = ("label", "title", "value", "text")
_OWN_TEXTS: Final[Mapping[str, Collection[str]]] = {
    **dict.fromkeys(("Text", "Title", "Caption", "Label", "Markdown"), ("value",)),
    **dict.fromkeys(("Input", "Textarea", "DatePicker", "Select", "RadioGroup"), ("value",)),
    **dict.fromkeys(("Badge", "Button"), ("label",)),
    "Checkbox": ("label", "value"),
}
"""Those of `_TEXT_PROPERTIES` that known components draw themselves, or never show."""
_FOREIGN_TEXTS: Final = {
    name: tuple(prop for prop in _TEXT_PROPERTIES if prop not in own)
    for name, own in _OWN_TEXTS.items()
}
"""The others."""


class WidgetBuilder:
    """Builds the boxes of one widget."""

    def __init__(
        self,
        context: RenderContext,
        root: WidgetNode,
        fields: FormFields | None = None,
        *,
        is_open: bool = False,
    ) -> None:
        """Make a builder for a widget that has these fields."""
        self.context = context
        self.is_open = is_open
        """Whether the boxes are for an open item, in which nothing is left out."""
        self.root = root
        self.fields = fields or FormFields()
        self.adjacent_texts: Collection[str] = ()
        """The texts next to the current component, which images and bars do not repeat."""
        self.chosen: WidgetNode | None = None
        """The button in the current row that is switched on."""
        self.named: set[str] = set()
        """The types of unknown components whose names are already shown."""
        self._shared_actions = shared_actions(root)

    def is_labelled(self, node: WidgetNode) -> bool:
        """Return whether a field has a label before it."""
        return id(node) in self.fields.labelled

    def build(self, node: WidgetNode) -> Box | None:
        """Return the box of a component with its children; None if it has nothing to show."""
        function, notes_itself = REGISTRY.get(node.type) or REGISTRY[UNKNOWN]
        box = function(node, self)
        if not node.children and node.type in REGISTRY and (texts := self.extra_texts(node)):
            box = Column([*texts, box]) if box else stacked(texts)
        if box is not None and not box.picture:
            if notes_itself and isinstance(box, WithNotes):
                _set_sizes(box.box, node.props)
                box.measure()
            else:
                _set_sizes(box, node.props)
        return box if notes_itself else self.noted(box, node)

    def children(self, node: WidgetNode) -> list[Box]:
        """Return the boxes of a component's children, without those that have nothing to show."""
        boxes = self.extra_texts(node) if node.type in REGISTRY else []
        for child in node.children:
            box = self.build(child)
            if box is not None:
                boxes.append(box)
        return boxes

    def content(self, node: WidgetNode) -> Box | None:
        """Return the children of a component below one another; None if there are none."""
        return stacked(self.children(node))

    def extra_texts(self, node: WidgetNode) -> list[Box]:
        """Return the texts in properties that the type of a component does not have."""
        foreign = _FOREIGN_TEXTS.get(node.type, _TEXT_PROPERTIES)
        texts = [words(node.props[prop]) for prop in foreign if prop in node.props]
        return [Text(text_block(text).spans) for text in texts if text]

    def symbol(self, symbol: Symbol, style: Style | None = None) -> Span:
        """Return a symbol in the form that the terminal can show, and a space."""
        sign = symbol.form(plain=self.context.plain)
        return Span(f"{sign} ", Style(symbol.role) if style is None else style)

    def action_note(self, action: JSON) -> Note:
        """Return a note with the name of an action and its handler, unless that is the server."""
        named = object_of(action) or {"type": action}
        kind = words(named.get("type"))
        name = kind or "unnamed action"
        handler = words(named.get("handler"))
        if handler and handler != "server":
            name = f"{name} ({handler})"
        payload = short_payload(named.get("payload")) if kind in self._shared_actions else ""
        return Note(self.symbol(LEADS_TO, DIM), name, payload)

    def action_notes(self, node: WidgetNode) -> tuple[Note, ...]:
        """Return the notes of all actions of a component itself."""
        return tuple(map(self.action_note, own_actions(node)))

    def noted(self, box: Box | None, node: WidgetNode) -> Box | None:
        """Return a box with notes of the component's own actions."""
        notes = self.action_notes(node)
        if not notes:
            return box
        return Text(note_spans(notes)) if box is None else WithNotes(box, notes)


def own_actions(node: WidgetNode) -> list[JSON]:
    """Return the actions of a component itself."""
    return [
        value
        for prop, value in node.props.items()
        if prop[-6:].lower() == "action" and value and isinstance(value, (dict, str))
    ]


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

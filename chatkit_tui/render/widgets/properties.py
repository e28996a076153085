"""The properties of a component, whatever spelling they came in."""

from __future__ import annotations

from collections.abc import Sequence

from chatkit_tui.document.blocks import Block, Paragraph
from chatkit_tui.document.spans import DIM, Inline, Role, Span, Style, untrusted
from chatkit_tui.document.symbols import LEADS_TO
from chatkit_tui.models.fields import JSON
from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.render.colors import terminal_color
from chatkit_tui.render.layout.blocks import BlockBox
from chatkit_tui.render.layout.box import Box, Text, WithNote
from chatkit_tui.render.widgets.registry import WidgetBuilder, words

_ROLES: dict[str, Role] = {
    "secondary": "dim",
    "tertiary": "dim",
    "success": "good",
    "warning": "busy",
    "caution": "busy",
    "danger": "bad",
    "error": "bad",
}
_BOLD = ("semibold", "bold")


def text(node: WidgetNode, prop: str) -> str:
    """A property as words; "" when it is missing or null."""
    return words(node.props.get(prop))


def flag(node: WidgetNode, prop: str) -> bool:
    """Whether a property says yes."""
    value = node.props.get(prop)
    return value is True or (isinstance(value, str) and value.lower() == "true")


def object_of(value: JSON) -> dict[str, JSON]:
    """A value that should be an object; an empty one when it is not."""
    return value if isinstance(value, dict) else {}


def list_of(value: JSON) -> list[JSON]:
    """A value that should be a list: nothing for null, one entry for anything that is no list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def colored(value: JSON) -> Style:
    """The style for a colour: a role where it means something, else its paint."""
    role = _ROLES.get(value, "text") if isinstance(value, str) else "text"
    color = terminal_color(value) if role == "text" else None
    return Style("dim") if color == "grey" else Style(role, color=color)


def style_of(node: WidgetNode) -> Style:
    """The look of a component's words."""
    return colored(node.props.get("color"))._replace(
        bold=text(node, "weight").lower() in _BOLD,
        italic=flag(node, "italic"),
        strike=flag(node, "lineThrough"),
    )


def remarks(*texts: str) -> tuple[Inline, ...]:
    """Remarks in dim brackets behind something; nothing for no remarks."""
    given = [entry for entry in texts if entry]
    return (untrusted(f"  ({', '.join(given)})", DIM),) if given else ()


def boxed(blocks: Sequence[Block]) -> Box | None:
    """Blocks as a box; None when there are none."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return Text(blocks[0].spans)
    return BlockBox(blocks) if blocks else None


# -- actions ---------------------------------------------------------------------------------------


def leads_to(action: JSON, builder: WidgetBuilder) -> tuple[Inline, ...]:
    """What an action is called and who takes it, for behind the thing that sets it off."""
    if not action:
        return ()
    named = object_of(action) or {"type": action}
    name = words(named.get("type")) or "unnamed action"
    handler = words(named.get("handler"))
    if handler and handler != "server":
        name = f"{name} ({handler})"
    return (builder.symbol(LEADS_TO, DIM), untrusted(name, DIM))


def noted_actions(node: WidgetNode, builder: WidgetBuilder) -> tuple[Inline, ...]:
    """Every action of a component itself."""
    spans: list[Inline] = []
    for prop, value in node.props.items():
        if prop[-6:].lower() == "action" and isinstance(value, (dict, str)):
            note = leads_to(value, builder)
            spans += (Span("  "), *note) if spans and note else note
    return tuple(spans)


def noted(box: Box | None, node: WidgetNode, builder: WidgetBuilder) -> Box | None:
    """A box with a note of what the component's own actions would do."""
    note = noted_actions(node, builder)
    if not note:
        return box
    return Text(note) if box is None else WithNote(box, note)

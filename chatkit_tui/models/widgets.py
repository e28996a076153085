"""Widgets: the component tree in the string of a `chatkit.widget` item.

Any string is read without an error, up to limits; components beyond them are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chatkit_tui.models.json import JSON, load_json

MAX_LEVELS = 64
"""Components below this level are only counted; the root is level 1."""

MAX_NODES = 5_000
"""Components after this number, in document order, are only counted."""

_JSON_LEVELS = 300
"""The level at which deeply nested JSON is truncated: above `MAX_LEVELS` components of two levels
each, and far below the interpreter's limit."""

_NAMES_OF_COMPONENTS = (
    "Card ListView ListViewItem Basic Box Row Col Form Spacer Divider Transition "
    "Text Title Caption Label Markdown Badge Icon Image "
    "Button Input Textarea Select RadioGroup Checkbox DatePicker "
    "Chart Table Table.Row Table.Cell"
)
COMPONENTS = tuple(_NAMES_OF_COMPONENTS.split())
"""The names of all known components."""
_KNOWN = frozenset(COMPONENTS)

_NOT_A_LETTER = re.compile("[^a-z]")
_BY_LETTERS = {_NOT_A_LETTER.sub("", name.lower()): name for name in COMPONENTS}


class WidgetNode(NamedTuple):
    """One component of a widget."""

    type: str
    """A name of `COMPONENTS`, else the type in the JSON, or ""."""
    props: Mapping[str, JSON]
    """The other fields of the component."""
    children: Sequence[WidgetNode] = ()


@dataclass(frozen=True, slots=True)
class WidgetTree:
    """The tree of a widget's string."""

    text: str
    """The string."""
    root: WidgetNode | None
    """None if the string contains no component; `problem` is the reason."""
    problem: str = ""
    """The reason to show the string itself; empty if there is none."""
    components: Sequence[WidgetNode] = ()
    """All components in document order, the root first."""
    left_out: int = 0
    """The number of components and objects beyond `MAX_LEVELS` or `MAX_NODES`."""

    @property
    def nodes(self) -> int:
        """Return the number of components."""
        return len(self.components)


class Action(NamedTuple):
    """An action of a component."""

    path: str
    """The components from the root to it, numbered among their siblings."""
    label: str
    """The label of its component, or empty."""
    prop: str
    """Its property, such as `onClickAction` or `confirm.action`."""
    type: str
    """The integrator's name for it, or empty."""
    handler: str
    """`server` or `client`, or empty."""
    payload: JSON
    """The payload that it sends, or None."""
    value: JSON
    """The JSON value of the action."""


# -- reading ---------------------------------------------------------------------------------------


def read_widget(text: str) -> WidgetTree:
    """Return the tree of a widget's string, whatever it contains.

    Children may be a list, one object, a text, null or missing. The case of names is ignored.
    """
    left_out = 0
    try:
        value = load_json(text.removeprefix("\ufeff"))
    except ValueError:
        return WidgetTree(text, None, "not JSON")
    except RecursionError:
        shallow, left_out = _without_depths(text)
        try:
            value = load_json(shallow)
        except ValueError:
            return WidgetTree(text, None, "not JSON")
    if isinstance(value, list):
        value = {"type": "Basic", "children": value}
    if not isinstance(value, dict):
        return WidgetTree(text, None, "not a component")
    nodes, omitted = _nodes(value)
    return WidgetTree(text, nodes[0], "", nodes, left_out + omitted)


def _nodes(root: dict[str, JSON]) -> tuple[list[WidgetNode], int]:
    """Return the components within the limits, in document order, and the number of others."""
    nodes: list[WidgetNode] = []
    omitted = 0
    waiting: list[tuple[JSON, int, list[WidgetNode]]] = [(root, 1, [])]
    while waiting:
        value, level, siblings = waiting.pop()
        if value is None:
            continue
        if isinstance(value, list):
            waiting.extend((entry, level, siblings) for entry in reversed(value))
            continue
        if not isinstance(value, dict):
            value = {"type": "Text", "value": value}
        children: list[WidgetNode] = []
        if level > MAX_LEVELS or len(nodes) >= MAX_NODES:
            omitted += 1
        else:
            props = {k: v for k, v in value.items() if k not in ("type", "children")}
            nodes.append(WidgetNode(component_name(value.get("type")), props, children))
            siblings.append(nodes[-1])
        waiting.append((value.get("children"), level + 1, children))
    return nodes, omitted


def component_name(word: JSON) -> str:
    """Return the name in `COMPONENTS` for a `type`, else the type, or "" if it is not a string."""
    if not isinstance(word, str):
        return ""
    if word in _KNOWN:
        return word
    return _BY_LETTERS.get(_NOT_A_LETTER.sub("", word.lower()), word)


_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)


def _without_depths(text: str) -> tuple[str, int]:
    """Replace JSON below `_JSON_LEVELS` by null, and return the text and the number of objects."""
    parts: list[str] = []
    level, objects, start = 0, 0, 0
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "[{":
            level += 1
            if level == _JSON_LEVELS + 1:
                parts += (text[start : token.start()], "null")
            objects += sign == "{" and level > _JSON_LEVELS
        elif sign in "]}":
            if level == _JSON_LEVELS + 1:
                start = token.end()
            level -= 1
    if level <= _JSON_LEVELS:
        parts.append(text[start:])
    return "".join(parts), objects


# -- actions ---------------------------------------------------------------------------------------


def actions(tree: WidgetTree) -> tuple[Action, ...]:
    """Return the actions of a tree, in document order."""
    return tuple(iterate_actions(tree))


def iterate_actions(tree: WidgetTree) -> Iterator[Action]:
    """Yield the actions of a tree, in document order."""
    labels = _labels(tree)
    waiting = [(tree.root, tree.root.type or "component")] if tree.root else []
    while waiting:
        node, path = waiting.pop()
        for prop, value, label in _own_actions(node):
            fields = value if isinstance(value, dict) else {"type": value}
            yield Action(
                path,
                label or labels[id(node)] or _first_word(node, _NAMES),
                prop,
                _word(fields.get("type")),
                _word(fields.get("handler")),
                fields.get("payload"),
                value,
            )
        several = len(node.children) > 1
        below = [
            (child, f"{path} › {child.type or 'component'}" + (f" {place}" if several else ""))
            for place, child in enumerate(node.children, 1)
        ]
        waiting.extend(reversed(below))


def _own_actions(node: WidgetNode) -> Iterator[tuple[str, JSON, str]]:
    """Yield the actions of a node: property, value, and their own label."""
    for prop, value in node.props.items():
        if prop.lower().endswith("action") and value:
            if isinstance(value, (dict, str)):
                yield prop, value, ""
        elif isinstance(value, dict) and isinstance(value.get("action") or None, (dict, str)):
            yield f"{prop}.action", value["action"], _word(value.get("label"))


def count_payloads(tree: WidgetTree) -> int:
    """Return the number of actions that send a payload."""
    return sum(
        isinstance(value, dict) and value.get("payload") is not None
        for node in tree.components
        for _, value, _ in _own_actions(node)
    )


def shared_actions(root: WidgetNode) -> frozenset[str]:
    """Return the types of actions that components send with different payloads."""
    payloads: dict[str, JSON] = {}
    shared: set[str] = set()
    nodes = [root]
    for node in nodes:
        nodes.extend(node.children)
        for prop, value in node.props.items():
            if value.__class__ is not dict:  # most values; an action without fields has no payload
                continue
            action = value if prop[-6:].lower() == "action" else value.get("action")
            if isinstance(action, dict) and (name := _word(action.get("type"))) not in shared:
                payload = action.get("payload")
                if payloads.setdefault(name, payload) != payload:
                    shared.add(name)
    return frozenset(shared)


def images(tree: WidgetTree) -> tuple[str, ...]:
    """Return the addresses of the images of a tree, each once, in document order."""
    found: dict[str, None] = {}
    for node in tree.components:
        source = node.props.get("src") if node.type == "Image" else None
        status = node.props.get("status")
        favicon = status.get("favicon") if isinstance(status, dict) else None
        for value in (source, favicon, background_image(node.props)):
            if value and (address := _word(value)):
                found[address] = None
    return tuple(found)


_URL = re.compile(r"""url\(\s*["']?([^"'()\s]+)["']?\s*\)""")


def background_image(props: Mapping[str, JSON]) -> str:
    """Return the address in a background such as `url(…)`; "" if it is a color."""
    background = props.get("background")
    is_url = isinstance(background, str) and "url(" in background
    found = _URL.search(_word(background)[:4096]) if is_url else None
    return found[1] if found else ""


_LABELS = ("label", "value", "text", "title")
_NAMES = ("name", "iconStart", "iconEnd")


def _labels(tree: WidgetTree) -> dict[int, str]:
    """Return the first text of each component or of those inside it, by the `id` of the node."""
    labels: dict[int, str] = {}
    for node in reversed(tree.components):  # what is inside a component first
        inside = (labels[id(child)] for child in node.children)
        labels[id(node)] = _first_word(node, _LABELS) or next(filter(None, inside), "")
    return labels


def _first_word(node: WidgetNode, props: tuple[str, ...]) -> str:
    return next((word for prop in props if (word := _word(node.props.get(prop)))), "")


def _word(value: JSON) -> str:
    return value if isinstance(value, str) else ""

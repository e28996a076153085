"""Widgets: the component tree that a `chatkit.widget` item carries in a string.

Reading is tolerant and bounded: whatever the string holds, a tree comes back, and what it could
not take in is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from chatkit_tui.models.fields import JSON, load_json

MAX_LEVELS = 64
"""A component below this level is counted instead of read; the root is level 1."""

MAX_NODES = 5_000
"""Components after this many, in the order of the text, are counted instead of read."""

_JSON_LEVELS = 300
"""Where text that is nested too deeply for the JSON parser is cut: enough for `MAX_LEVELS`
components, which take two levels of JSON each, and far from the interpreter's limit."""

COMPONENTS = (
    "Card",
    "ListView",
    "ListViewItem",
    "Basic",
    "Box",
    "Row",
    "Col",
    "Form",
    "Spacer",
    "Divider",
    "Transition",
    "Text",
    "Title",
    "Caption",
    "Label",
    "Markdown",
    "Badge",
    "Icon",
    "Image",
    "Button",
    "Input",
    "Textarea",
    "Select",
    "RadioGroup",
    "Checkbox",
    "DatePicker",
    "Chart",
    "Table",
    "Table.Row",
    "Table.Cell",
)
"""Every component that is known, by its name on the wire."""

_NOT_A_LETTER = re.compile("[^a-z]")
_BY_LETTERS = {_NOT_A_LETTER.sub("", name.lower()): name for name in COMPONENTS}


@dataclass(frozen=True, slots=True)
class WidgetNode:
    """One component of a widget."""

    type: str
    """A name of `COMPONENTS`, whatever its case on the wire; else the word that came, or ""."""
    props: Mapping[str, JSON]
    """Every other field of the component as it came."""
    children: tuple[WidgetNode, ...] = ()


@dataclass(frozen=True, slots=True)
class WidgetTree:
    """What a widget's string was read as."""

    text: str
    """The string as it came."""
    root: WidgetNode | None
    """None when the string holds no component; `problem` says why."""
    problem: str = ""
    """Why the text has to be shown as it is, in a few words; empty when it does not."""
    nodes: int = 0
    """How many components the tree has."""
    left_out: int = 0
    """How many components and objects were beyond `MAX_LEVELS` or `MAX_NODES`."""


class Action(NamedTuple):
    """Something that a component of a widget could make happen."""

    path: str
    """Where it is: the components from the root down, numbered among their siblings."""
    label: str
    """The words of the component that sets it off, as they came; empty when it has none."""
    prop: str
    """The property that holds it, as `onClickAction` or `confirm.action`."""
    type: str
    """What the integrator called it; empty when it has no name."""
    handler: str
    """`server` or `client`, who takes it; empty when it does not say."""
    payload: JSON
    """What it would send; None when it has none."""
    value: JSON
    """The whole action as it came."""


# -- reading ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    """A component whose children are still being read."""

    type: str
    props: dict[str, JSON]
    children: list[_Draft]
    node: WidgetNode | None = None


def read_widget(text: str) -> WidgetTree:
    """The tree in a widget's string; never raises for what the string holds.

    Children may be a list, one object, a bare text, null or missing; a component's name may be in
    any case. At most `MAX_NODES` components of `MAX_LEVELS` levels are read, the rest is counted.
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
    drafts, beyond = _drafts(value)
    for draft in reversed(drafts):  # every child comes after its parent, so it is finished first
        children = tuple(child.node for child in draft.children if child.node)
        draft.node = WidgetNode(draft.type, draft.props, children)
    return WidgetTree(text, drafts[0].node, "", len(drafts), left_out + beyond)


def _drafts(root: dict[str, JSON]) -> tuple[list[_Draft], int]:
    """Every component within the bounds, in the order of the text, and how many are beyond."""
    drafts: list[_Draft] = []
    beyond = 0
    waiting: list[tuple[JSON, int, list[_Draft]]] = [(root, 1, [])]
    while waiting:
        value, level, siblings = waiting.pop()
        if value is None:
            continue
        if isinstance(value, list):
            waiting.extend((entry, level, siblings) for entry in reversed(value))
            continue
        if not isinstance(value, dict):
            value = {"type": "Text", "value": value}
        draft = _Draft(component_name(value.get("type")), {}, [])
        if level > MAX_LEVELS or len(drafts) >= MAX_NODES:
            beyond += 1
        else:
            draft.props = {k: v for k, v in value.items() if k not in ("type", "children")}
            siblings.append(draft)
            drafts.append(draft)
        waiting.append((value.get("children"), level + 1, draft.children))
    return drafts, beyond


def component_name(word: JSON) -> str:
    """The name in `COMPONENTS` that a `type` means, else the word itself; "" when it is no text."""
    if not isinstance(word, str):
        return ""
    return _BY_LETTERS.get(_NOT_A_LETTER.sub("", word.lower()), word)


_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)


def _without_depths(text: str) -> tuple[str, int]:
    """JSON text with null for whatever is below `_JSON_LEVELS`, and how many objects that were."""
    kept: list[str] = []
    level, objects, start = 0, 0, 0
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "[{":
            level += 1
            if level == _JSON_LEVELS + 1:
                kept += (text[start : token.start()], "null")
            objects += sign == "{" and level > _JSON_LEVELS
        elif sign in "]}":
            if level == _JSON_LEVELS + 1:
                start = token.end()
            level -= 1
    if level <= _JSON_LEVELS:
        kept.append(text[start:])
    return "".join(kept), objects


# -- actions ---------------------------------------------------------------------------------------


def actions(tree: WidgetTree) -> tuple[Action, ...]:
    """Every action of a tree, in the order of the text."""
    return tuple(_actions(tree))


def _actions(tree: WidgetTree) -> Iterator[Action]:
    waiting = [(tree.root, tree.root.type or "component")] if tree.root else []
    labels = _labels(tree.root) if tree.root else {}
    while waiting:
        node, path = waiting.pop()
        for prop, value, label in _held(node):
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


def _held(node: WidgetNode) -> Iterator[tuple[str, JSON, str]]:
    """The properties of a node that are actions: where, what, and a label of their own."""
    for prop, value in node.props.items():
        if prop.lower().endswith("action") and value:
            if isinstance(value, (dict, str)):
                yield prop, value, ""
        elif isinstance(value, dict) and isinstance(value.get("action") or None, (dict, str)):
            yield f"{prop}.action", value["action"], _word(value.get("label"))


_LABELS = ("label", "value", "text", "title")
_NAMES = ("name", "iconStart", "iconEnd")


def _labels(root: WidgetNode) -> dict[int, str]:
    """The first words of each component or of what is inside it, by the identity of its node.

    A component that holds an action and has no words is called by its own field or icon instead.
    """
    order = [root]
    for node in order:
        order.extend(node.children)
    labels: dict[int, str] = {}
    for node in reversed(order):  # children come after their parent, so they are labelled first
        inside = (labels[id(child)] for child in node.children)
        labels[id(node)] = _first_word(node, _LABELS) or next(filter(None, inside), "")
    return labels


def _first_word(node: WidgetNode, props: tuple[str, ...]) -> str:
    return next((word for prop in props if (word := _word(node.props.get(prop)))), "")


def _word(value: JSON) -> str:
    return value if isinstance(value, str) else ""

"""The properties of a component, whatever spelling they came in."""

from __future__ import annotations

from collections.abc import Iterable

from chatkit_tui.models.widgets import WidgetNode
from chatkit_tui.models.wire import JSON
from chatkit_tui.render.blocks import Block, Paragraph
from chatkit_tui.render.lines import DIM, Role, Span, Style
from chatkit_tui.render.running import running
from chatkit_tui.render.signs import LEADS_TO
from chatkit_tui.render.spans import foreign, lines_of, words
from chatkit_tui.render.widgets.outline import Outline
from chatkit_tui.text.width import cells

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


def role_of(color: JSON) -> Role:
    """What a colour token means; colours that only decorate mean ordinary text."""
    return _ROLES.get(color, "text") if isinstance(color, str) else "text"


def style_of(node: WidgetNode) -> Style:
    """The look of a component's words."""
    return Style(
        role_of(node.props.get("color")),
        bold=text(node, "weight").lower() in _BOLD,
        italic=flag(node, "italic"),
        strike=flag(node, "lineThrough"),
    )


def said(value: str, style: Style) -> tuple[Block, ...]:
    """Words with their line breaks; nothing for no words."""
    return (lines_of(value, style),) if value else ()


def remarks(*texts: str) -> tuple[Span, ...]:
    """Remarks in dim brackets behind something; nothing for no remarks."""
    given = [entry for entry in texts if entry]
    return (foreign(f"  ({', '.join(given)})", DIM),) if given else ()


# -- actions ---------------------------------------------------------------------------------------


def leads_to(action: JSON, outline: Outline) -> tuple[Span, ...]:
    """What an action is called and who takes it, behind the thing that sets it off."""
    if not action:
        return ()
    named = object_of(action) or {"type": action}
    name = words(named.get("type")) or "unnamed action"
    handler = words(named.get("handler"))
    arrow = f"  {LEADS_TO.shown(outline.context)} "
    if handler and handler != "server":
        return (Span(arrow, DIM), foreign(f"{name} ({handler})", DIM))
    return (Span(arrow, DIM), foreign(name, DIM))


def noted_actions(node: WidgetNode, outline: Outline) -> tuple[Span, ...]:
    """Every action of a component itself, behind its words."""
    return tuple(
        span
        for prop, value in node.props.items()
        if prop.lower().endswith("action") and isinstance(value, (dict, str))
        for span in leads_to(value, outline)
    )


def with_note(blocks: tuple[Block, ...], spans: tuple[Span, ...]) -> tuple[Block, ...]:
    """Blocks with a note: behind the words of a single paragraph, else on a line of its own."""
    if not spans:
        return blocks
    if len(blocks) == 1 and (line := one_line(blocks)):
        return (Paragraph((*line, *spans)),)
    first = spans[0]
    return (*blocks, Paragraph((Span(first.text.lstrip(), first.style), *spans[1:])))


# -- side by side ----------------------------------------------------------------------------------

ROW = 76
"""Cells of the longest line that the parts of a row are joined to."""
STACK = 40
"""Cells of the longest line that a column inside a row is joined to."""
LEAD = 20
"""Cells of the longest thing, an icon or a badge, that joins the first line of a column."""


def one_line(blocks: tuple[Block, ...]) -> tuple[Span, ...] | None:
    """The spans of blocks that are one paragraph without line breaks, else None."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        spans = blocks[0].spans
        if not any("\n" in span.text for span in spans):
            return spans
    return None


def side_by_side(groups: Iterable[tuple[Block, ...]]) -> tuple[Block, ...]:
    """Groups of blocks in a row: short neighbours share a line of at most `ROW` cells."""
    result: list[Block] = []
    line: list[Span] = []
    for blocks in groups:
        spans = one_line(blocks) or _stack(blocks)
        if spans is None and line and _width(line) <= LEAD and (first := one_line(blocks[:1])):
            blocks = (Paragraph((*line, Span("  "), *first)), *blocks[1:])
            line = []
        elif line and (spans is None or _width(line) + 2 + _width(spans) > ROW):
            result.append(Paragraph(tuple(line)))
            line = []
        if spans is None:
            result.extend(blocks)
        else:
            line += (Span("  "), *spans) if line else spans
    if line:
        result.append(Paragraph(tuple(line)))
    return tuple(result)


def _stack(blocks: tuple[Block, ...]) -> tuple[Span, ...] | None:
    """A short stack of short lines as one line, `Depart · 08:10`; None for anything else."""
    if not 2 <= len(blocks) <= 3:
        return None
    spans: list[Span] = []
    for block in blocks:
        line = one_line((block,))
        if not line:
            return None
        spans += (Span(" · ", DIM), *line) if spans else line
    return tuple(spans) if _width(spans) <= STACK else None


def _width(spans: Iterable[Span]) -> int:
    return sum(cells(span.text) for span in spans)


def in_a_cell(blocks: Iterable[Block]) -> tuple[Span, ...]:
    """Blocks as running text, for a cell of a table."""
    spans: list[Span] = []
    for inner in running(blocks):
        if inner:
            spans += (Span("  "), *inner) if spans else inner
    return tuple(spans)

"""What is of an unknown kind: shown as its JSON, never as a guess of what it might be."""

from __future__ import annotations

from chatkit_tui.document.blocks import Block, Fold, Indented, Paragraph, Preformatted
from chatkit_tui.document.spans import DIM, PLAIN, Span, Style
from chatkit_tui.models.fields import JSON, FieldError, dump_json
from chatkit_tui.models.items import Item, UnknownItem, UnknownPart
from chatkit_tui.render.context import Context
from chatkit_tui.render.json_view import json_blocks
from chatkit_tui.render.spans import lines_of, note, untrusted
from chatkit_tui.render.symbols import UNKNOWN, WARNING
from chatkit_tui.render.untrusted_spans import shown

CARD_LINES = 12
"""How many lines of an unknown item are shown before it is opened."""

LARGE_SHOWN = 50_000
"""Bytes of an item's JSON that are shown where the item is too large to be drawn."""


def unknown_item(item: UnknownItem, _context: Context) -> tuple[Block, ...]:
    """The JSON of an item whose type is not known, or its text when it is no JSON."""
    return (Fold(json_blocks(item.raw) if item.raw else value_blocks(item.value), CARD_LINES),)


def large_item(item: Item) -> tuple[Block, ...]:
    """An item that is too large to be drawn as what it is: its size, and how its JSON begins."""
    size = Paragraph((Span(f"{len(item.raw):,} bytes, too large to be drawn", Style("bad")),))
    beginning = item.raw[:LARGE_SHOWN].decode("utf-8", "replace").split("\n")
    rest = f"({len(item.raw) - LARGE_SHOWN:,} more bytes are in its raw JSON)"
    lines = Preformatted(tuple(shown(line.removesuffix("\r")) for line in beginning))
    return (size, Fold((lines, note(rest)), CARD_LINES))


def value_blocks(value: JSON) -> tuple[Block, ...]:
    """A parsed value as JSON; a string is a string, not JSON text."""
    return json_blocks(dump_json(value) if isinstance(value, str) else value)


def unknown_part(part: UnknownPart, what: str, context: Context) -> tuple[Block, ...]:
    """A content part, attachment or task of an unknown type: its text, else its JSON.

    `what` says what it is a kind of, as "part" or "task".
    """
    kind = untrusted(part.type, Style("unknown", bold=True))
    sign = Span(f"{UNKNOWN.shown(context)} unknown {what} ", Style("unknown"))
    head = Paragraph((sign, kind) if part.type else (sign,))
    if part.text is not None:
        return (head, lines_of(part.text))
    gutter = Span("  ", PLAIN)
    return (head, Indented((Fold(value_blocks(part.value)),), gutter, gutter))


def problem_blocks(problems: tuple[FieldError, ...], context: Context) -> tuple[Block, ...]:
    """The fields that did not fit: where, why, and what came."""
    blocks: list[Block] = []
    for problem in problems:
        where = untrusted(problem.path or "this item", Style("field"))
        why = untrusted(f" does not fit: {problem.reason}", Style("bad"))
        blocks.append(Paragraph((Span(f"{WARNING.shown(context)} ", Style("bad")), where, why)))
        if problem.path:
            gutter = Span("  ", DIM)
            blocks.append(Indented((Fold(value_blocks(problem.value)),), gutter, gutter))
    return tuple(blocks)

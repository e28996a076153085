"""Calls of tools that ran in the end user's browser."""

from __future__ import annotations

from chatkit_tui.document.blocks import Block, Fold, Indented, Paragraph
from chatkit_tui.document.spans import DIM, Span, Style
from chatkit_tui.models.fields import load_json
from chatkit_tui.models.items import ClientToolCall
from chatkit_tui.render.context import Context
from chatkit_tui.render.json_view import json_blocks
from chatkit_tui.render.spans import FIELD, lines_of, untrusted
from chatkit_tui.render.symbols import BUSY, DONE, STATUS_UNKNOWN, Symbol

_STATUS: dict[str, tuple[Symbol, str]] = {
    "completed": (DONE, "completed"),
    "in_progress": (BUSY, "in progress"),
}


def tool_status(item: ClientToolCall) -> tuple[Symbol, str]:
    """The sign and the word for how far a call is; a new word is shown as it came."""
    return _STATUS.get(item.status, (STATUS_UNKNOWN, item.status))


def tool_title(item: ClientToolCall) -> tuple[Span, ...]:
    """What stands in the head of a call: its name and how far it is."""
    sign, word = tool_status(item)
    name = untrusted(item.name, Style("tool", bold=True)) if item.name else Span("no name", DIM)
    return (name, Span("  "), untrusted(word, Style(sign.role)))


def tool_call(item: ClientToolCall, _context: Context) -> tuple[Block, ...]:
    """What the tool was called with and what it gave back."""
    blocks = (*_value("arguments", item.arguments), *_output(item))
    if item.call_id:
        return (Paragraph((Span("call ", FIELD), untrusted(item.call_id, DIM))), *blocks)
    return blocks


def _output(item: ClientToolCall) -> tuple[Block, ...]:
    if item.output is not None:
        return _value("output", item.output)
    word = "none yet" if item.status == "in_progress" else "none"
    return (Paragraph((Span("output ", FIELD), Span(word, DIM))),)


def _value(name: str, text: str) -> tuple[Block, ...]:
    """JSON in a string under its name; beside it when it is short; as text when it is no JSON."""
    if not text:
        return (Paragraph((Span(f"{name} ", FIELD), Span("empty", DIM))),)
    gutter = Span("  ", DIM)
    try:
        value = load_json(text)
    except (ValueError, RecursionError) as error:
        reason = "not JSON" if isinstance(error, ValueError) else "too deep to be read as JSON"
        head = Paragraph((Span(f"{name} ", FIELD), Span(f"({reason})", Style("bad"))))
        return (head, Indented((Fold((lines_of(text, Style("code")),)),), gutter, gutter))
    if not isinstance(value, (dict, list)) or not value:
        return (Paragraph((Span(f"{name} ", FIELD), untrusted(text, Style("code")))),)
    return (
        Paragraph((Span(name, FIELD),)),
        Indented((Fold(json_blocks(text)),), gutter, gutter),
    )

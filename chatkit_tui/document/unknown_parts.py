"""What of an item is of an unknown type or invalid, so that nothing is left out."""

from __future__ import annotations

from collections.abc import Iterable

from chatkit_tui.document.blocks import Block, Fold, Paragraph, indented, text_block
from chatkit_tui.document.from_json import value_blocks
from chatkit_tui.document.spans import FIELD, UNKNOWN, WARNING, Inline, Style, untrusted
from chatkit_tui.models.fields import FieldError
from chatkit_tui.models.parts import UnknownPart


def unknown_part(part: UnknownPart, what: str) -> tuple[Block, ...]:
    """Return a part of an unknown type: its text, else its JSON. `what` names the kind of part."""
    spans: tuple[Inline, ...] = (UNKNOWN.span(after=f" unknown {what} "),)
    if part.type:
        spans += (untrusted(part.type, Style("unknown", bold=True)),)
    if part.text is not None:
        return (Paragraph(spans), text_block(part.text))
    return (Paragraph(spans), indented(Fold(value_blocks(part.value))))


def invalid_fields(problems: Iterable[FieldError]) -> tuple[Block, ...]:
    """Return the path, the reason and the value of each invalid field."""
    blocks: list[Block] = []
    for problem in problems:
        path = untrusted(problem.path or "this item", FIELD)
        reason = untrusted(f" does not fit: {problem.reason}", Style("bad"))
        blocks.append(Paragraph((WARNING.span(), path, reason)))
        if problem.path:
            blocks.append(indented(Fold(value_blocks(problem.value))))
    return tuple(blocks)

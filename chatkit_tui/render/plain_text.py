"""Blocks as running text, for where there are no lines: cells of a table, and finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chatkit_tui.document.blocks import Block, Drawn, Fold, Indented, Paragraph, Preformatted, Table
from chatkit_tui.document.spans import Span
from chatkit_tui.render.untrusted_spans import drawable


def plain_spans(blocks: Iterable[Block]) -> Iterator[tuple[Span, ...]]:
    """The spans of each piece of text in blocks, folded ones included; markers are left out."""
    waiting = [iter(blocks)]
    while waiting:
        block = next(waiting[-1], None)
        if block is None:
            waiting.pop()
        elif isinstance(block, Paragraph):
            yield drawable(block.spans)
        elif isinstance(block, Preformatted):
            yield from map(drawable, block.lines)
        elif isinstance(block, Table):
            for row in block.rows:
                yield from map(drawable, row)
        elif isinstance(block, Drawn):
            yield from block.picture.words()
        elif isinstance(block, (Indented, Fold)):
            waiting.append(iter(block.blocks))


def plain_text(blocks: Iterable[Block]) -> str:
    """All text in blocks, a line for each piece of it."""
    return "\n".join("".join([span.text for span in spans]) for spans in plain_spans(blocks))

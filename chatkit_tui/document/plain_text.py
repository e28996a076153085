"""A document as the text that it shows: for search, and for cells of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from chatkit_tui.document.blocks import (
    Block,
    Code,
    Drawn,
    Fold,
    Indented,
    Paragraph,
    Preformatted,
    Table,
)
from chatkit_tui.document.code import code_lines
from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import Line, line_text


def text_pieces(blocks: Iterable[Block], *, plain: bool = False) -> Iterator[Line]:
    """Yield each piece of text in blocks, including folded ones, without markers."""
    safe = partial(safe_spans, plain=plain)
    waiting = [iter(blocks)]
    while waiting:
        block = next(waiting[-1], None)
        if block is None:
            waiting.pop()
        elif isinstance(block, Paragraph):
            yield safe(block.spans)
        elif isinstance(block, Preformatted):
            yield from map(safe, block.lines)
        elif isinstance(block, Code):
            yield from code_lines(block, plain=plain)
        elif isinstance(block, Table):
            for row in block.rows:
                yield from map(safe, row)
        elif isinstance(block, Drawn):
            yield from map(safe, block.picture.words())
        elif isinstance(block, (Indented, Fold)):
            waiting.append(iter(block.blocks))


def plain_text(blocks: Iterable[Block], *, plain: bool = False) -> str:
    """Return all text in blocks, a line for each piece of it."""
    return "\n".join(map(line_text, text_pieces(blocks, plain=plain)))

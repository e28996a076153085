"""A document as the text that it shows: for search, and for cells of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

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
from chatkit_tui.document.code import code_text
from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import Inline, line_text, untrusted


def text_pieces(blocks: Iterable[Block]) -> Iterator[Sequence[Inline]]:
    """Yield each piece of text in blocks, including folded ones, without markers."""
    waiting = [iter(blocks)]
    while waiting:
        block = next(waiting[-1], None)
        if block is None:
            waiting.pop()
        elif isinstance(block, Paragraph):
            yield block.spans
        elif isinstance(block, Preformatted):
            yield from block.lines
        elif isinstance(block, Code):
            yield from ((untrusted(line),) for line in code_text(block))
        elif isinstance(block, Table):
            for row in block.rows:
                yield from row
        elif isinstance(block, Drawn):
            yield from block.picture.texts()
        elif isinstance(block, (Indented, Fold)):
            waiting.append(iter(block.blocks))


def plain_text(blocks: Iterable[Block], *, plain: bool = False) -> str:
    """Return all text in blocks as it is shown, a line for each piece of it."""
    pieces = (safe_spans(piece, plain=plain) for piece in text_pieces(blocks))
    return "\n".join(map(line_text, pieces))

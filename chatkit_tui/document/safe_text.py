"""The way out of a document: its text, safe to draw, to copy or to search."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

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
from chatkit_tui.document.spans import (
    Inline,
    Line,
    Span,
    Style,
    SymbolSpan,
    UntrustedSpan,
    line_text,
    untrusted,
)
from chatkit_tui.text.links import address_words, safe_link
from chatkit_tui.text.sanitize import pieces, sanitize, without_controls

HIDDEN: Final = Style("hidden")

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"`⟨⟩]+", re.IGNORECASE)
# What ends a sentence rather than an address; a bracket only if it was not opened in it.
_TRAILING: Final = ".,:;!?'*_~…。、，"
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}


def safe_spans(inlines: Sequence[Inline], *, plain: bool = False, copy: bool = False) -> Line:
    """Return running text as spans; symbols for hidden characters have a style of their own.

    `plain` writes the program's own symbols in ASCII. `copy` is for text that leaves the terminal:
    hidden characters and addresses stay unchanged, control characters are dropped.
    """
    spans: list[Span] = []
    for inline in inlines:
        if isinstance(inline, UntrustedSpan):
            raw = inline.text.unsafe
            if raw.isascii() and raw.isprintable() and (not inline.links or "://" not in raw):
                found: Sequence[Span] = (Span(raw, inline.style),)  # most text
            else:
                found = _safe(inline, plain=plain, copy=copy)
        elif isinstance(inline, SymbolSpan):
            found = (Span(inline.ascii if plain else inline.text, inline.style),)
        else:
            found = (inline,)
        for span in found:
            if not span.text:
                continue
            if spans and spans[-1].style == span.style:
                spans[-1] = Span(spans[-1].text + span.text, span.style)
            else:
                spans.append(span)
    return tuple(spans)


def _safe(inline: UntrustedSpan, *, plain: bool, copy: bool) -> Sequence[Span]:
    if copy:
        return (Span(without_controls(inline.text), inline.style),)
    if inline.links == "inside":
        return _linked(inline, plain)
    text = inline.text.unsafe
    text = address_words(text) if inline.links else text
    return _sanitized(text, inline.style, plain, breaks=inline.breaks)


def _sanitized(text: str, style: Style, plain: bool, *, breaks: bool) -> list[Span]:
    safe = sanitize(text, breaks=breaks, plain=plain)
    if safe is text:
        return [Span(text, style)]
    return [
        Span(piece.text, HIDDEN if piece.hidden else style)
        for piece in pieces(text, breaks=breaks, plain=plain)
    ]


def _linked(inline: UntrustedSpan, plain: bool) -> list[Span]:
    text, style, breaks = inline.text.unsafe, inline.style, inline.breaks
    spans: list[Span] = []
    done = 0
    for start, address in _addresses(text):
        if link := safe_link(address):
            spans += _sanitized(text[done:start], style, plain, breaks=breaks)
            done = start + len(address)
            linked = style._replace(role="link", link=link)
            spans += _sanitized(address_words(address), linked, plain, breaks=False)
    return spans + _sanitized(text[done:], style, plain, breaks=breaks)


def _addresses(text: str) -> Iterator[tuple[int, str]]:
    if "://" not in text:
        return
    for match in _ADDRESS.finditer(text):
        address = match[0]
        while address:
            last = address[-1]
            unopened = last in _BRACKETS and address.count(last) > address.count(_BRACKETS[last])
            if not unopened and last not in _TRAILING:
                break
            address = address[:-1]
        yield match.start(), address


def text_pieces(blocks: Iterable[Block]) -> Iterator[Sequence[Inline]]:
    """Yield each piece of text in blocks, including folded ones, without the program's markers."""
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
            yield from ((untrusted(line),) for line in block.lines())
        elif isinstance(block, Table):
            for row in block.rows:
                yield from row
        elif isinstance(block, Drawn):
            yield from block.picture.texts()
        elif isinstance(block, (Indented, Fold)):
            if isinstance(block, Indented) and isinstance(block.first, UntrustedSpan):
                yield (block.first,)
            waiting.append(iter(block.blocks))


def plain_text(blocks: Iterable[Block], *, plain: bool = False) -> str:
    """Return all text in blocks as it is shown, a line for each piece of it."""
    pieces = (safe_spans(piece, plain=plain) for piece in text_pieces(blocks))
    return "\n".join(map(line_text, pieces))

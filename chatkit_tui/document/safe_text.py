"""The way out of a document: running text as spans that are safe to draw or to copy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from chatkit_tui.document.spans import Inline, Line, Span, Style, SymbolSpan, UntrustedSpan
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
    hidden characters and addresses stay as they came, control characters are dropped.
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

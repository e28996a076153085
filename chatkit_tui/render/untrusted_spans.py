"""Foreign text as spans: made visible, with the signs for hidden characters set apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from chatkit_tui.document.spans import PLAIN, Inline, Line, Span, Style
from chatkit_tui.text.links import address_words, safe_link
from chatkit_tui.text.sanitize import pieces, sanitize

HIDDEN: Final = Style("hidden")

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"`⟨⟩]+", re.IGNORECASE)
# What ends a sentence rather than an address; a bracket only when it was not opened in it.
_TRAILING: Final = ".,:;!?'*_~…。、，"
_BRACKETS: Final = {")": "(", "]": "[", "}": "{"}


def drawable(inlines: Sequence[Inline]) -> Line:
    """Return running text as spans that are safe to draw."""
    spans: list[Span] = []
    for inline in inlines:
        if isinstance(inline, Span):
            spans.append(inline)
            continue
        text, style = inline.text.unsafe, inline.style
        if inline.links == "inside":
            spans += shown_with_links(text, style, breaks=inline.breaks)
        else:
            text = address_words(text) if inline.links else text
            spans += shown(text, style, breaks=inline.breaks)
    return tuple(spans)


def shown(text: str, style: Style = PLAIN, *, breaks: bool = False) -> tuple[Span, ...]:
    """Foreign text as spans of one style; signs that stand for hidden characters get their own.

    `breaks` is that of `text.visible`. An empty text gives no span.
    """
    safe = sanitize(text, breaks=breaks)
    if safe is text:  # nothing had to be changed
        return (Span(text, style),) if text else ()
    return tuple(
        Span(piece.text, HIDDEN if piece.hidden else style)
        for piece in pieces(text, breaks=breaks)
        if piece.text
    )


def shown_with_links(text: str, style: Style = PLAIN, *, breaks: bool = False) -> tuple[Span, ...]:
    """As `shown`, with the web addresses that stand in the text made into links, whose hosts
    are written in Punycode where they are in other letters."""
    if "://" not in text:
        return shown(text, style, breaks=breaks)
    spans: list[Span] = []
    done = 0
    for match in _ADDRESS.finditer(text):
        address = _without_trailing(match[0])
        if link := safe_link(address):
            spans += shown(text[done : match.start()], style, breaks=breaks)
            done = match.start() + len(address)
            spans += shown(address_words(address), style._replace(role="link", link=link))
    spans += shown(text[done:], style, breaks=breaks)
    return tuple(spans)


def _without_trailing(address: str) -> str:
    while address:
        last = address[-1]
        unopened = last in _BRACKETS and address.count(last) > address.count(_BRACKETS[last])
        if not unopened and last not in _TRAILING:
            break
        address = address[:-1]
    return address

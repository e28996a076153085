"""Small things that every kind of item is built of: foreign words as spans and paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from chatkit_tui.document.blocks import Block, Paragraph
from chatkit_tui.document.spans import DIM, PLAIN, Span, Style
from chatkit_tui.models.fields import JSON, dump_json
from chatkit_tui.render.untrusted_spans import shown_with_links
from chatkit_tui.text.links import address_words, safe_link
from chatkit_tui.text.sanitize import sanitize

FIELD: Final = Style("field")


def untrusted(text: str, style: Style = PLAIN) -> Span:
    """Foreign text of one line as one span, made visible."""
    return Span(sanitize(text), style)


def lines_of(text: str, style: Style = PLAIN) -> Paragraph:
    """Foreign text of any number of lines, its web addresses as links."""
    return Paragraph(shown_with_links(text, style, breaks=True))


def note(text: str) -> Paragraph:
    """Words of our own that only help."""
    return Paragraph((Span(text, DIM),))


def address(url: str) -> Span:
    """A foreign address in full, its host in Punycode where it is in other letters; a link where it
    is one that may be opened."""
    link = safe_link(url)
    return untrusted(address_words(url), Style("link", link=link) if link else DIM)


def joined(spans: Iterable[Span], between: str = "  ") -> tuple[Span, ...]:
    """The spans that have words, with space between them."""
    made: list[Span] = []
    for span in spans:
        if span.text:
            if made:
                made.append(Span(between))
            made.append(span)
    return tuple(made)


def spaced(groups: Iterable[Sequence[Block]], between: Block) -> tuple[Block, ...]:
    """The blocks of all groups that are not empty, with a block between each two groups."""
    made: list[Block] = []
    for group in groups:
        if group:
            if made:
                made.append(between)
            made += group
    return tuple(made)


def words(value: JSON) -> str:
    """A JSON value as the words it is shown with: text as it is, null not at all, anything else
    as JSON has it."""
    if isinstance(value, str):
        return value
    return "" if value is None else dump_json(value)

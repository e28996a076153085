"""The matches of a search in the rendered lines of an item."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from chatkit_tui.document.spans import line_text
from chatkit_tui.text.folding import Query

if TYPE_CHECKING:
    from chatkit_tui.ui.transcript.item_renderer import DrawnItem

_WORD = re.compile(r"\S+")
_FRAMES = "─│╌╎╭╮├┤╰╯┼▎▌"
"""Symbols of frames and bars, which may split the words of a match."""


class Piece(NamedTuple):
    """The part of a match in one line, as offsets of characters."""

    start: int
    end: int
    number: int
    """The number of the match in the item, from 0."""


class Highlights(NamedTuple):
    """The matches in an item."""

    pieces: dict[int, list[Piece]]
    """Pieces by line."""
    lines: tuple[int, ...]
    """The line where each match begins."""


NO_HIGHLIGHTS = Highlights({}, ())


def find_highlights(item: DrawnItem, query: Query, count: int) -> Highlights:
    """Find the matches in an item's lines, including those split by a line break.

    `count` is the number of matches in the item's words. The head is searched only if the body
    has fewer, because most of the head, such as the time, does not belong to the words.
    """
    found = NO_HIGHLIGHTS
    for first, ignored in ((item.head, _FRAMES), (item.head, ""), (0, "")):
        found = _find(item, query, first, ignored)
        if len(found.lines) >= count:
            break
    return found


def _find(item: DrawnItem, query: Query, first: int, ignored: str) -> Highlights:
    """Return the matches from a line on, without words that consist of `ignored` symbols."""
    starts: list[int] = []  # where each word begins in the text of all words
    places: list[tuple[int, int]] = []  # line and offset of each word
    words: list[str] = []
    length = 0
    for number, line in enumerate(item.lines[first:], first):
        for word in _WORD.finditer(line_text(line)):
            if not word[0].strip(ignored or None):
                continue
            starts.append(length)
            places.append((number, word.start()))
            words.append(word[0])
            length += len(word[0]) + 1
    # A space at each end, for queries that begin or end with a space.
    spans = query.spans(f" {' '.join(words)} ")
    pieces: dict[int, list[Piece]] = {}
    lines: list[int] = []
    for start, end in spans:
        found = _pieces(max(0, start - 1), min(end - 1, length - 1), starts, places, words)
        for line_number, begin, stop in found:
            pieces.setdefault(line_number, []).append(Piece(begin, stop, len(lines)))
        lines.append(found[0][0])
    return Highlights(pieces, tuple(lines))


def _pieces(
    start: int, end: int, starts: list[int], places: list[tuple[int, int]], words: list[str]
) -> list[tuple[int, int, int]]:
    """Return line, begin and end of each part of a span of the text of all words."""
    first, last = bisect_right(starts, start) - 1, bisect_right(starts, max(start, end - 1)) - 1
    found: list[tuple[int, int, int]] = []
    for word in range(first, last + 1):
        line, offset = places[word]
        begin = offset + min(max(0, start - starts[word]), len(words[word]))
        stop = offset + min(end - starts[word], len(words[word]))
        if found and found[-1][0] == line:
            found[-1] = (line, found[-1][1], stop)
        else:
            found.append((line, begin, stop))
    return found

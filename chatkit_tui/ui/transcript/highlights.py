"""Where the matches of a search stand in the lines of an item."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from chatkit_tui.document.spans import plain
from chatkit_tui.text.folding import Query
from chatkit_tui.ui.transcript.item_renderer import DrawnItem

_WORD = re.compile(r"\S+")
_DRAWN = "─│╌╎╭╮├┤╰╯┼▎▌"
"""Signs of frames and bars: words that a line break parts stand on both sides of them."""


class Piece(NamedTuple):
    """The part of a match that stands in one line; offsets count characters of that line."""

    start: int
    end: int
    number: int
    """Which match of the item it belongs to, 0 for the first."""


class Highlights(NamedTuple):
    """The matches in an item."""

    pieces: dict[int, list[Piece]]
    """By line."""
    lines: tuple[int, ...]
    """The line that each match begins in."""


NO_MARKS = Highlights({}, ())


def find_highlights(item: DrawnItem, query: Query, count: int) -> Highlights:
    """Find the matches in an item's lines, also those that a line break parts.

    `count` is how many there are in the item's words. The head is looked at only where the body
    has fewer: what stands in it beside a title, the time above all, is not searched.
    """
    marks = NO_MARKS
    for first, passed_over in ((item.head, _DRAWN), (item.head, ""), (0, "")):
        marks = _marks(item, query, first, passed_over)
        if len(marks.lines) >= count:
            break
    return marks


def _marks(item: DrawnItem, query: Query, first: int, passed_over: str) -> Highlights:
    """The matches from a line on, as if words of no other signs than those did not stand there."""
    starts: list[int] = []
    """Where each word begins in the text of all words."""
    places: list[tuple[int, int]] = []
    """Line and offset of each word."""
    words: list[str] = []
    length = 0
    for number, line in enumerate(item.lines[first:], first):
        for word in _WORD.finditer(plain(line)):
            if not word[0].strip(passed_over or None):
                continue
            starts.append(length)
            places.append((number, word.start()))
            words.append(word[0])
            length += len(word[0]) + 1
    # A space at either end, for queries that begin or end with one.
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
    """Line, begin and end of each line's part of a span of the text of all words."""
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

"""The width of text in cells of a terminal.

It must equal that of `rich.cells.cell_len`, which Textual uses; the tests compare every character.
Rich itself is slower for Latin text with typographic marks, and splits flags into two clusters.
An emoji sequence counts as one character. Text should be sanitized; control characters have no
width. Characters of ambiguous width (`±`, `α`, box drawing) take one cell, the default of
terminals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.unicode_data import WIDTHS, widens

# The other characters take one cell each.
_NOT_NARROW: Final = re.compile(
    "[^ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20bf\u2190-\u21ff\u2400-\u2426\u2500-\u25fc\u2800-\u28ff]"
)
_JOINER: Final = "\u200d"
_BETWEEN_LETTERS: Final = "\u200c\u200d"
_WIDE_LOOK: Final = "\ufe0f"


def is_narrow(text: str) -> bool:
    """Return whether every character takes one cell."""
    return text.isascii() or not _NOT_NARROW.search(text)


def cells(text: str) -> int:
    """Return the width of a line of text in cells."""
    if text.isascii():
        return len(text)
    return _cached_count(text) if len(text) < 64 else _count(text)


def line_width(line: Sequence[tuple[str, object]]) -> int:
    """Return the width of a line of texts, each with its style, in cells."""
    if len(line) == 1:
        return cells(line[0][0])
    return sum([cells(text) for text, _ in line])


def _count(text: str) -> int:
    if not _NOT_NARROW.search(text):
        return len(text)
    if _JOINER in text or _WIDE_LOOK in text:
        return sum(width for _, width in clusters(text))
    return sum(map(WIDTHS.__getitem__, text))


_cached_count: Final = lru_cache(4096)(_count)


def clusters(text: str) -> Iterator[tuple[str, int]]:
    """Yield the grapheme clusters of a text, each with its width in cells."""
    start = width = 0
    joined = False
    last: str | None = None  # a variation selector may widen it
    for index, character in enumerate(text):
        if joined:  # a joiner joins this character to the previous one
            joined = False
            continue
        if character == _JOINER:
            joined = True
            continue
        if character == _WIDE_LOOK:
            if last is not None and widens(last):
                width += 1
            last = None
            continue
        taken = WIDTHS[character]
        if taken == 0:
            continue
        if width and not _is_flag(text, start, index):
            yield text[start:index], width
            start, width = index, 0
        width += taken
        last = character
    if start < len(text):
        yield text[start:], width


def _is_flag(text: str, start: int, index: int) -> bool:
    return (
        index == start + 1
        and "\U0001f1e6" <= text[start] <= "\U0001f1ff"
        and "\U0001f1e6" <= text[index] <= "\U0001f1ff"
    )


def take(text: str, width: int) -> str:
    """Return the longest prefix of whole characters that fits into `width` cells."""
    if width <= 0:
        return ""
    if is_narrow(text):
        return text[:width]
    used = end = 0
    for cluster, size in clusters(text):
        if used + size > width:
            return text[:end]
        used += size
        end += len(cluster)
    return text


def shorten(text: str, width: int, *, ellipsis: str | None = None) -> str:
    """Return the text, truncated to `width` cells with an ellipsis if necessary.

    A joiner at the end is removed. `ellipsis` is one character by default.
    """
    if cells(text) <= width:
        return text
    if ellipsis is None:
        ellipsis = ui_text("…")
    prefix = take(text, width - cells(ellipsis)).rstrip(_BETWEEN_LETTERS)
    return prefix + take(ellipsis, width)

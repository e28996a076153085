"""How many cells of a terminal a text takes.

Counted as the toolkit counts (`rich.cells.cell_len`), because a line whose width two parts of a
program count differently tears the screen: character by character, an emoji sequence as one.
The tests compare the two over every character. Texts are expected to have gone through
`text.sanitize`; of others the width is counted all the same, a control character as nothing.

Characters whose width Unicode calls ambiguous (`±`, `α`, box drawing) take one cell, as in every
terminal that was not told otherwise; a terminal set to draw them wide has to be set back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.unicode_data import WIDTHS, widens

# Everything here takes one cell: no look at the single characters is needed.
_NOT_NARROW: Final = re.compile(
    "[^ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20bf\u2190-\u21ff\u2400-\u2426\u2500-\u25fc\u2800-\u28ff]"
)
_JOINER: Final = "\u200d"
_BETWEEN_LETTERS: Final = "\u200c\u200d"
_WIDE_LOOK: Final = "\ufe0f"


def is_narrow(text: str) -> bool:
    """Whether every character takes one cell, so that cells can be counted as characters."""
    return text.isascii() or not _NOT_NARROW.search(text)


def cells(text: str) -> int:
    """The number of cells that the text takes on one line."""
    if text.isascii():
        return len(text)
    return _cells(text) if len(text) < 64 else _count(text)


@lru_cache(4096)
def _cells(text: str) -> int:
    return _count(text)


def _count(text: str) -> int:
    if not _NOT_NARROW.search(text):
        return len(text)
    if _JOINER in text or _WIDE_LOOK in text:
        return sum(width for _, width in clusters(text))
    return sum(map(WIDTHS.__getitem__, text))


def clusters(text: str) -> Iterator[tuple[str, int]]:
    """The text in pieces that must not be split, each with its width in cells.

    A piece is a character with the marks that stand on it, or an emoji sequence.
    """
    start = width = 0
    joined = False
    last: str | None = None  # what a variation selector would widen
    for index, character in enumerate(text):
        if joined:  # the character after a joiner melts into the one before it
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
    """The longest beginning of the text that fits into `width` cells; splits no character."""
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
    """The text if it fits into `width` cells, else its beginning and an ellipsis.

    A joiner or non-joiner goes with the letter behind it that has no room; it would hide there.
    Where not even the ellipsis fits, as much of the ellipsis as does. By default it is that of
    the program, one sign or three dots.
    """
    if cells(text) <= width:
        return text
    if ellipsis is None:
        ellipsis = ui_text("…")
    kept = take(text, width - cells(ellipsis)).rstrip(_BETWEEN_LETTERS)
    return kept + take(ellipsis, width)

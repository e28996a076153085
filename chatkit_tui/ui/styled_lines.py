"""Lines of sanitized spans around the transcript. Does not import Textual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chatkit_tui.document.spans import Span, Style
from chatkit_tui.text.width import cells, shorten

STRONG: Final = Style(bold=True)
DERIVED: Final = Style(italic=True)
"""A title made from the first words of a thread."""
KEY: Final = Style("key")
MARK: Final = Style("mark")
CHIP: Final = Style("chip")
GOOD: Final = Style("good")
BUSY: Final = Style("busy")
BAD: Final = Style("bad")


def spread(left: Sequence[Span], right: Sequence[Span], width: int) -> list[Span]:
    """Return spans at both ends of a line; the left ones are shortened first."""
    right = fit(right, width)
    taken = sum(cells(text) for text, _ in right)
    left = fit(left, max(0, width - taken - (1 if taken else 0)))
    space = width - taken - sum(cells(text) for text, _ in left)
    return [*left, Span(" " * space), *right]


def fit(spans: Sequence[Span], width: int) -> list[Span]:
    """Return as many spans as fit, the last one shortened."""
    fitting: list[Span] = []
    room = width
    for span in spans:
        size = cells(span.text)
        if size > room:
            if room > 1 and (short := shorten(span.text, room)):
                fitting.append(Span(short, span.style))
            break
        fitting.append(span)
        room -= size
    return fitting

"""Lines made of parts: sanitized text and its kind. Does not import Textual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from chatkit_tui.text.width import cells, shorten

Part: TypeAlias = tuple[str, str]
"""Sanitized text and its kind: a key of `theme.PART_LOOKS`."""


def spread(left: Sequence[Part], right: Sequence[Part], width: int) -> list[Part]:
    """Return parts at both ends of a line; the left ones are shortened first."""
    right = fit(right, width)
    taken = sum(cells(text) for text, _ in right)
    left = fit(left, max(0, width - taken - (1 if taken else 0)))
    space = width - taken - sum(cells(text) for text, _ in left)
    return [*left, (" " * space, "plain"), *right]


def fit(parts: Sequence[Part], width: int) -> list[Part]:
    """Return as many parts as fit, the last one shortened."""
    fitting: list[Part] = []
    room = width
    for text, kind in parts:
        size = cells(text)
        if size > room:
            if room > 1 and (short := shorten(text, room)):
                fitting.append((short, kind))
            break
        fitting.append((text, kind))
        room -= size
    return fitting

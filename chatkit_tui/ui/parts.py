"""Lines made of parts: showable texts, and what each of them is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from chatkit_tui.text.width import cells, shorten

Part: TypeAlias = tuple[str, str]
"""Showable text, and what it is: a name of `part_styles.LOOKS`."""


def spread(left: Sequence[Part], right: Sequence[Part], width: int) -> list[Part]:
    """Parts at the two ends of a line; the left ones give way."""
    kept_right = fit(right, width)
    taken = sum(cells(text) for text, _ in kept_right)
    kept_left = fit(left, max(0, width - taken - (1 if taken else 0)))
    space = width - taken - sum(cells(text) for text, _ in kept_left)
    return [*kept_left, (" " * space, "plain"), *kept_right]


def fit(parts: Sequence[Part], width: int) -> list[Part]:
    """As many of the parts as have room, the last one shortened."""
    kept: list[Part] = []
    room = width
    for text, what in parts:
        size = cells(text)
        if size > room:
            if room > 1 and (short := shorten(text, room)):
                kept.append((short, what))
            break
        kept.append((text, what))
        room -= size
    return kept

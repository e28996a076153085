"""What the view of a transcript posts to its owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from chatkit_tui.feed import Side
    from chatkit_tui.ui.transcript.status_text import Position


@dataclass(eq=False, repr=False)
class PageWanted(Message):
    """The window comes near the gap, or the user goes to an end that is not loaded."""

    side: Side
    """The side of the feed to load."""


@dataclass(eq=False, repr=False)
class PositionChanged(Message):
    """The cursor is on another item, or its position has changed."""

    position: Position | None
    """None if there is no thread."""

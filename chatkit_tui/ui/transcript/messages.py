"""What the transcript tells the screen."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from chatkit_tui.ui.transcript.item_renderer import DrawnItem
from chatkit_tui.ui.transcript.transcript_state import Position

if TYPE_CHECKING:
    from chatkit_tui.feed import Side


@dataclass
class PageWanted(Message):
    """The window comes near items that are not loaded, or an end was asked for."""

    side: Side
    """The side of the feed to load."""


@dataclass
class PositionChanged(Message):
    """The cursor is on another item, or something that a status line tells is different now."""

    position: Position | None
    """None when there is no thread."""
    item_id: str | None
    """The cursor's item; None when there is none."""


@dataclass
class FindChanged(Message):
    """The search went on, or stands at another match."""

    query: str
    """What is looked for; empty when the search has ended."""
    current: int = 0
    """The number of the match that it stands at, from the top; 0 for none."""
    total: int = 0
    """How many matches were found so far."""
    searched: int = 0
    """How many items were searched."""
    loaded: int = 0
    """How many items there are to search."""
    done: bool = True
    """Whether all that is loaded was searched."""
    opened: bool = False
    """Whether an item was just opened because the match was folded away in it."""


@dataclass
class ItemDrawn(Message):
    """A large item was drawn in a thread."""

    key: str
    stamp: Hashable
    """How and of what it was drawn."""
    drawn: DrawnItem

"""The predicates by name, and what a predicate found."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple


class Predicate(StrEnum):
    """A kind of problem. Its value is its name in options, filters and JSON."""

    UNANSWERED = "unanswered"
    TOOL_ERROR = "tool-error"
    IN_PROGRESS = "in-progress"
    SLOW_ANSWER = "slow-answer"
    HIDDEN_CHARACTERS = "hidden-characters"
    BROKEN_ITEM = "broken-item"

    @property
    def help(self) -> str:
        """What it means, in a sentence for users."""
        return _HELP[self]


OF_SEVERAL_ITEMS: Final = frozenset({Predicate.UNANSWERED, Predicate.SLOW_ANSWER})
"""Predicates that depend on other items than the one they are found in. Their reasons quote nothing
of the conversation."""

_HELP: Final = {
    Predicate.UNANSWERED: (
        "A user message without text, widget or tool call after it;"
        " a last word of thanks counts too."
    ),
    Predicate.TOOL_ERROR: "A tool call whose arguments or output are not JSON or show an error.",
    Predicate.IN_PROGRESS: "A tool call that is still in progress.",
    Predicate.SLOW_ANSWER: (
        "An answer after at least 30 s and 4 times the thread's median; needs 3 answers."
    ),
    Predicate.HIDDEN_CHARACTERS: (
        "An item with characters that are invisible or control a terminal."
    ),
    Predicate.BROKEN_ITEM: "An item of an unknown type, without an id, or with invalid fields.",
}


class Finding(NamedTuple):
    """A problem that was found in an item."""

    predicate: Predicate
    item_id: str | None
    """None for an item without an id."""
    reason: str
    """One clause. Parts of it are untrusted: sanitize it before it is drawn."""
    place: int
    """The index of the item in what was given."""

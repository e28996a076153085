"""Threads that stay loaded after one went on to others, so that one can go back at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed
    from chatkit_tui.models.items import Item
    from chatkit_tui.ui.transcript.viewport import Place

KEPT = 8
"""How many threads stay loaded."""


@dataclass
class OpenThread:
    """A thread that was read in this run: what is loaded of it, and where one was."""

    feed: Feed[Item]
    place: Place | None = None


class OpenThreads:
    """The threads that were read last, by their ids."""

    def __init__(self, make: Callable[[str], Feed[Item]]) -> None:
        """`make` gives the feed of a thread that nothing is loaded of."""
        self._make = make
        self._kept: OrderedDict[str, OpenThread] = OrderedDict()

    def take(self, thread_id: str) -> OpenThread:
        """What is there of a thread that is read now; the one read longest ago may have to go."""
        kept = self._kept.get(thread_id)
        if kept is None:
            kept = self._kept[thread_id] = OpenThread(self._make(thread_id))
        self._kept.move_to_end(thread_id)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return kept

    def leave(self, thread_id: str, place: Place | None) -> None:
        """Remember where one was in a thread."""
        if kept := self._kept.get(thread_id):
            kept.place = place

    def drop(self, thread_id: str) -> None:
        """Let go of a thread."""
        self._kept.pop(thread_id, None)

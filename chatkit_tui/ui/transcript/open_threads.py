"""The threads that were opened last: they stay loaded, so that going back is immediate."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed
    from chatkit_tui.ui.transcript.viewport import Place

LIMIT = 8
"""How many threads stay loaded."""


@dataclass
class OpenThread:
    """The loaded items of a thread, and where the user left it."""

    feed: Feed
    place: Place | None = None


class OpenThreads:
    """The threads that were opened last, by id."""

    def __init__(self, make_feed: Callable[[str], Feed]) -> None:
        self._make_feed = make_feed
        self._threads: OrderedDict[str, OpenThread] = OrderedDict()

    def open(self, thread_id: str) -> OpenThread:
        """Return a thread, with what is loaded of it; drop the least recent of too many."""
        thread = self._threads.get(thread_id)
        if thread is None:
            thread = self._threads[thread_id] = OpenThread(self._make_feed(thread_id))
        self._threads.move_to_end(thread_id)
        while len(self._threads) > LIMIT:
            self._threads.popitem(last=False)
        return thread

    def leave(self, thread_id: str, place: Place | None) -> None:
        """Remember where the user left a thread."""
        if thread := self._threads.get(thread_id):
            thread.place = place

    def drop(self, thread_id: str) -> None:
        self._threads.pop(thread_id, None)

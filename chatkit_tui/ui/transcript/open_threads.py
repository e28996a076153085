"""The threads opened last, which stay loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed
    from chatkit_tui.ui.transcript.viewport import Place

OPEN_THREADS = 8
"""How many threads stay loaded."""


class OpenThreads:
    """What is loaded of the threads opened last, by id, and where the user left each."""

    def __init__(self) -> None:
        self._threads: dict[str, tuple[Feed, Place | None]] = {}

    def __contains__(self, thread_id: str) -> bool:
        return thread_id in self._threads

    def get(self, thread_id: str) -> tuple[Feed, Place | None] | None:
        """Return what is loaded and the place; None if the thread is not kept."""
        return self._threads.get(thread_id)

    def keep(self, thread_id: str, feed: Feed, place: Place | None) -> None:
        """Keep a thread as the last; forget the one that was kept first if there are too many."""
        self.forget(thread_id)
        self._threads[thread_id] = feed, place
        if len(self._threads) > OPEN_THREADS:
            self.forget(next(iter(self._threads)))

    def forget(self, thread_id: str) -> None:
        """Forget a thread, if it is kept."""
        self._threads.pop(thread_id, None)

"""The preview of the thread under the list's cursor: its first page, loaded once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker

from chatkit_tui.errors import ChatKitError
from chatkit_tui.ui.background_work import KeyPriority
from chatkit_tui.ui.threads.rows import Row

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Side

PREVIEW = "preview"
"""The group of the worker that loads the page."""
FRESH = 60.0
"""Seconds in which the page of a preview is not requested again when its thread is opened."""


@dataclass(eq=False, repr=False)
class PreviewLoaded(Message):
    """The first page of a thread was loaded for a preview, or could not be loaded."""

    row: Row
    first_words: str | None
    feed: Feed | None


class PreviewLoader:
    """Loads the preview of one thread at a time, and posts `PreviewLoaded` to a widget.

    The keys come first.
    """

    def __init__(self, widget: Widget, key_priority: KeyPriority) -> None:
        self._widget = widget
        self._key_priority = key_priority
        self.thread_id: str | None = None
        """The id of the thread that is being loaded."""

    def start(self, side: Side, row: Row, first_words: str | None, feed: Feed) -> None:
        """Load the first page of `feed` instead of what is being loaded."""

        async def load() -> None:
            await self._key_priority.wait()
            loaded: Feed | None = None
            with suppress(ChatKitError):
                await feed.load(side)
                loaded = feed
            await self._key_priority.wait()
            self._widget.post_message(PreviewLoaded(row, first_words, loaded))

        self.thread_id = row.id
        _: Worker[None] = self._widget.run_worker(load, group=PREVIEW, exclusive=True)

    def cancel(self) -> None:
        if self.thread_id is not None:
            self.thread_id = None
            self._widget.workers.cancel_group(self._widget, PREVIEW)

    def end(self, message: PreviewLoaded) -> bool:
        """Note the end of a load; return False if another thread is wanted by now."""
        is_wanted = message.row.id == self.thread_id
        if is_wanted:
            self.thread_id = None
        return is_wanted


def is_fresh(feed: Feed, clock: Callable[[], float]) -> bool:
    """Return whether the first page was requested less than `FRESH` seconds ago."""
    entry = next((side[0] for side in (feed.old, feed.new) if side), None)
    return entry is not None and clock() - entry.page.asked[1] < FRESH

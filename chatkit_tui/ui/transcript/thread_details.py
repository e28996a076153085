"""Title and status of the open thread, requested again behind its items."""

from __future__ import annotations

from contextlib import suppress

from textual.widget import Widget
from textual.worker import Worker

from chatkit_tui.errors import ChatKitError
from chatkit_tui.sources.base import GetSource
from chatkit_tui.ui.background_work import KeyPriority
from chatkit_tui.ui.messages import ThreadRead

THREAD = "thread"
"""The group of the worker that requests the title and the status."""


class ThreadDetails:
    """Requests the title and the status after the keys, and posts `ThreadRead` to a widget."""

    def __init__(self, widget: Widget, get_source: GetSource, key_priority: KeyPriority) -> None:
        self._widget = widget
        self._get_source = get_source
        self._key_priority = key_priority
        self.is_requested = False
        """Whether they were requested since the thread was opened."""

    def request(self, thread_id: str) -> None:
        """Request them with low priority; ignore a failure."""

        async def request() -> None:
            from chatkit_tui.models.threads import read_thread

            await self._key_priority.wait()
            with suppress(ChatKitError):
                source = await self._get_source()
                thread = read_thread(await source.get_thread(thread_id, background=True))
                if thread.id == thread_id:
                    self._widget.post_message(ThreadRead(thread))

        self.is_requested = True
        _: Worker[None] = self._widget.run_worker(request, group=THREAD, exclusive=True)

    def leave(self) -> None:
        """Cancel what is in flight: another thread is opened, or none."""
        self.is_requested = False
        self._widget.workers.cancel_group(self._widget, THREAD)

"""What both halves of the screen have in common: loading that fails, stops, is tried again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from time import monotonic
from typing import Final

from textual.containers import Vertical
from textual.worker import Worker

from chatkit_tui.errors import ChatKitError
from chatkit_tui.ui.gateway import Gateway
from chatkit_tui.ui.keys import Keys
from chatkit_tui.ui.messages import PaneChanged, Said, ServerTried
from chatkit_tui.ui.troubles import Trouble, trouble_of
from chatkit_tui.ui.widgets.notice import Notice
from chatkit_tui.ui.widgets.one_line import OneLine

PAGES: Final = "pages"
"""The group of the workers that Esc stops."""


class LoadingPane(Vertical):
    """A pane whose workers fetch and post messages; the handlers of these change its state."""

    DEFAULT_CSS = """
    LoadingPane { width: 1fr; height: 1fr; }
    """

    def __init__(self, name: str, keys: Keys, gateway: Callable[[], Awaitable[Gateway]]) -> None:
        """`name` is the pane's id; `gateway` gives the way to the server, and may raise."""
        super().__init__(id=name)
        self.gateway = gateway
        self.head = OneLine(id=f"{name}-head")
        self.notice = Notice()
        self.trouble: Trouble | None = None
        """What failed last, until something else is tried."""
        self.work = ""
        """What is under way, in a word or two; empty when nothing is."""
        self.since = 0.0
        """When that was begun, in seconds of the monotonic clock."""
        self.asked = 0
        """A number that grows when what is under way is given up, so that late messages tell."""
        self._retry: Callable[[], None] | None = None
        self._retry_key = keys.first_name("retry")

    def begin(
        self, work: Callable[[], Coroutine[None, None, None]], what: str, retry: Callable[[], None]
    ) -> None:
        """Start work in a worker. It must post a message in any case; `retry` starts it anew.

        Work that is given up before its turn is never called: a coroutine made beforehand would
        complain that nobody awaited it.
        """
        self.trouble = None
        self.work, self.since = what, monotonic()
        self._retry = retry
        self.changed()
        _: Worker[None] = self.run_worker(work, group=PAGES)

    def end(self, error: ChatKitError | None = None, *, still: str = "") -> None:
        """The work is done, or failed; `still` is what goes on."""
        self.work = still
        if error is not None:
            self.trouble = trouble_of(error)
        self.post_message(ServerTried(offline=self.trouble is not None and self.trouble.offline))

    def cancel_loading(self) -> None:
        """Give up what is under way; what is loaded stays."""
        self.workers.cancel_group(self, PAGES)
        self.asked += 1
        self.work = ""

    def action_retry(self) -> None:
        """Ask again for what failed."""
        if self._retry is not None:
            self._retry()

    def action_stop(self) -> None:
        """Stop what is under way, because the reader says so."""
        self.cancel_loading()
        self.stopped()
        self.post_message(Said("stopped"))
        self.changed()

    def stopped(self) -> None:
        """The reader stopped what was under way."""

    def changed(self) -> None:
        """Show what is different now, here and in the lines around the panes."""
        self.notice.say(self.trouble, self._retry_key)
        self.show_head()
        self.post_message(PaneChanged())

    def show_head(self) -> None:
        """Say in the line over the pane what it shows."""
        raise NotImplementedError

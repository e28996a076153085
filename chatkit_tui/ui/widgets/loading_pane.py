"""What both halves of the screen have in common: loading that fails, stops, is tried again."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from time import monotonic
from typing import Final

from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.worker import Worker

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.errors import ChatKitError
from chatkit_tui.sources.base import GetSource, Retry, ThreadSource
from chatkit_tui.ui.failures import (
    FIRST_AGAIN,
    LoadFailure,
    Waiting,
    listen_for_retries,
    load_failure,
    retry_delay,
)
from chatkit_tui.ui.messages import PaneChanged, Said
from chatkit_tui.ui.widgets.notice import Notice
from chatkit_tui.ui.widgets.one_line import OneLine

PAGES: Final = "pages"
"""The group of the workers that Esc stops."""


class LoadingPane(Vertical):
    """A pane whose workers fetch and post messages; the handlers of these change its state.

    What failed because the server was not reached, or asked to wait, is tried again by itself.
    Everything that a pane asks for only reads, so that asking once more does no harm.
    """

    DEFAULT_CSS = """
    LoadingPane { width: 1fr; height: 1fr; }
    """

    @dataclass
    class Waits(Message, namespace="loading_pane"):
        """A call failed, and the client waits before it sends it again."""

        asked: int
        waiting: Waiting

    def __init__(self, name: str, keys: Keymap, get_source: GetSource) -> None:
        """`name` is the pane's id; `get_source` returns the source of threads, and may raise."""
        super().__init__(id=name)
        self._get_source = get_source
        self.head = OneLine(id=f"{name}-head")
        self.notice = Notice()
        self.trouble: LoadFailure | None = None
        """What failed last, until something else is tried."""
        self.work = ""
        """What is under way, in a word or two; empty when nothing is."""
        self.since = 0.0
        """When that was begun, in seconds of the monotonic clock."""
        self.waiting: Waiting | None = None
        """What the client waits for before it sends a call again; None while it does not."""
        self.asked = 0
        """A number that grows when what is under way is given up, so that late messages tell."""
        self._retry: Callable[[], None] | None = None
        self._retry_key = keys.first_name("retry")
        self._failures = 0
        """How often it failed since something came."""
        self._again: Timer | None = None
        self._again_in = 0.0
        self._tried_by_itself = 0.0
        self._by_itself = False
        """Whether no key began what is under way: until it ends, what failed stays to be read."""

    async def source(self) -> ThreadSource:
        """Return the source of threads, and show the retries of this task's requests."""
        asked = self.asked

        def waits(retry: Retry) -> None:
            self.post_message(self.Waits(asked, Waiting.of(retry)))

        listen_for_retries(waits)
        return await self._get_source()

    def begin(
        self, work: Callable[[], Coroutine[None, None, None]], what: str, retry: Callable[[], None]
    ) -> None:
        """Start work in a worker. It must post a message in any case; `retry` starts it anew.

        Work that is given up before its turn is never called: a coroutine made beforehand would
        complain that nobody awaited it.
        """
        self._plan(None)
        self.trouble, self._by_itself = None, False
        self.work, self.since, self.waiting = what, monotonic(), None
        self._retry = retry
        self.changed()
        _: Worker[None] = self.run_worker(work, group=PAGES)

    def end(self, error: ChatKitError | None = None, *, still: str = "") -> None:
        """The work is done, or failed; `still` is what goes on."""
        self.work, self.waiting = still, None
        if error is not None:
            self.trouble = load_failure(error)
            self._failures += 1
            self._plan(retry_delay(self.trouble, self._failures))
        else:
            self._failures = 0
            if self._by_itself:
                self.trouble = None
        self._by_itself = False

    def cancel_loading(self) -> None:
        """Give up what is under way; what is loaded stays."""
        self.workers.cancel_group(self, PAGES)
        self.asked += 1
        self.work, self.waiting = "", None
        self._plan(None)

    def on_loading_pane_waits(self, message: Waits) -> None:
        """Say what is waited for, unless nobody wants it any more."""
        message.stop()
        if message.asked == self.asked and self.work:
            self.waiting = message.waiting
            self.post_message(PaneChanged())

    # -- trying again ------------------------------------------------------------------------------

    @property
    def again(self) -> float:
        """Seconds until what failed is tried again by itself; 0 for never."""
        return self._again_in if self._again is not None else 0.0

    def _plan(self, seconds: float | None) -> None:
        """Try again by itself after so many seconds; with None or 0 not at all."""
        if self._again is not None:
            self._again.stop()
        self._again_in = seconds or 0.0
        self._again = self.set_timer(seconds, self._try_by_itself) if seconds else None

    def _try_by_itself(self) -> None:
        self._again = None
        if self.trouble is not None and not self.work:
            self._tried_by_itself = monotonic()
            told = self.trouble
            self.action_retry()
            if self.work:
                self.trouble, self._by_itself = told, True
                self.changed()

    def go_on(self) -> None:
        """The server is in reach again: ask for what was waiting for that.

        At most once in `FIRST_AGAIN` seconds, where some calls reach it and others never do.
        """
        waits = self.trouble is not None and self.trouble.offline
        if waits and monotonic() - self._tried_by_itself >= FIRST_AGAIN:
            self._plan(None)
            self._try_by_itself()

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
        self.notice.say(self.trouble, self._retry_key, again=self.again)
        self.show_head()
        self.post_message(PaneChanged())

    def show_head(self) -> None:
        """Say in the line over the pane what it shows."""
        raise NotImplementedError

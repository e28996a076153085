"""Follow the open thread: poll for what is new or changed while the user looks at it."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Final

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.errors import (
    AuthenticationError,
    ChatKitError,
    NotFoundError,
    PermissionDeniedError,
)
from chatkit_tui.models.thread_summary import ENDED
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.background_work import CallLater, Timer, call_later
from chatkit_tui.ui.failures import begin_poll, countdown, load_failure
from chatkit_tui.ui.messages import Reported, ThreadRead
from chatkit_tui.ui.threads.pane import ThreadsPane
from chatkit_tui.ui.transcript.pane import TranscriptPane

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed
    from chatkit_tui.inspection.poll_schedule import PollSchedule

FOLLOW: Final = "follow"
"""The group of the worker that polls."""
AGAIN: Final = 1.0
"""Seconds until the first poll, and until the next one after a pause."""


class FollowActions:
    """Polls one thread, until another one is open or the thread is deleted.

    A poll is one small request, which is not retried: `Feed.poll`, or in each fifth turn the title
    and the status of the thread. `PollSchedule` has the intervals between polls. No poll is sent
    while the terminal has no focus, or while the transcript is hidden.

    A poll never moves what is read, except that a cursor at the newest end stays at the end, as
    `tail -f` does; it stops at the first new item if the new ones do not fit the window.
    """

    def __init__(self, host: ActionHost) -> None:
        self.call_later: CallLater = call_later
        self._host = host
        self._feed: Feed | None = None
        """What is followed; None for nothing."""
        self._schedule: PollSchedule | None = None
        self._timer: Timer | None = None
        self._is_asking = False
        self._delay = AGAIN
        """Seconds until the next poll, from the last one or from the end of a pause."""
        self._failure = ""
        """What failed last, with the seconds until the next poll."""
        self._thread = b""
        """The thread as it came last."""

    # -- state -------------------------------------------------------------------------------------

    def amount_of(self, pane: ThreadsPane | TranscriptPane) -> str:
        """Return how much of a pane is loaded, and whether it is followed."""
        words = self._words() if pane is self._host.transcript else ""
        return "  ".join(part for part in (pane.amount, words) if part)

    def _words(self) -> str:
        if self._feed is None:
            return ""
        if not self._host.app.app_focus:
            return "following, paused without focus"
        if self._failure:
            return f"following, {self._failure}"
        row = self._host.transcript.row
        status = row.status if row and row.status in ENDED else ""
        return f"following slowly: thread {status}" if status else "following"

    @property
    def _is_paused(self) -> bool:
        host = self._host
        is_hidden = host.where is Pane.THREADS and not host.two_panes
        return is_hidden or len(host.app.screen_stack) > 1 or not host.app.app_focus

    # -- beginning and end -------------------------------------------------------------------------

    def action_follow(self) -> None:
        """Follow the open thread, or stop following it."""
        host = self._host
        if self._feed is not None:
            self.end()
            host.status.report("following has ended")
            return
        from chatkit_tui.inspection.poll_schedule import PollSchedule

        self._feed, self._schedule = host.transcript.feed, PollSchedule()
        self._delay, self._failure = AGAIN, ""
        self.update()

    def end(self) -> None:
        """Follow nothing."""
        self._stop_timer()
        self._host.cancel_workers(FOLLOW)
        self._feed, self._is_asking = None, False

    def update(self) -> None:
        """Pause, resume or end, as the screen is now."""
        if self._feed is None:
            return
        if self._feed is not self._host.transcript.feed:
            self.end()
        elif self._is_paused:
            self._stop_timer()
        elif self._timer is None and not self._is_asking:
            self._timer = self.call_later(self._delay, self._poll)

    def visibility_changed(self, _: object = None) -> None:
        """Pause or resume; after a pause, the next poll is soon unless the last one failed."""
        if self._feed is not None:
            if not self._failure:
                self._delay = AGAIN
            self._host.update_lines()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # -- polls -------------------------------------------------------------------------------------

    def _poll(self) -> None:
        self._timer = None
        feed, row = self._feed, self._host.transcript.row
        if feed is not None and row is not None and not self._is_paused:
            self._is_asking = True
            self._host.run_worker(partial(self._ask, feed, row.id), group=FOLLOW, exclusive=True)

    async def _ask(self, feed: Feed, thread_id: str) -> None:
        begin_poll()
        schedule = self._schedule
        assert schedule is not None  # noqa: S101 # it is followed
        try:
            if schedule.asks_thread:
                await self._ask_thread(thread_id)
                is_changed = False
            else:
                is_changed = await self._ask_items(feed)
        except ChatKitError as error:
            self._failed(feed, schedule, error)
            return
        if self._feed is not feed:
            return
        row = self._host.transcript.row
        schedule.is_open = row is None or row.status not in ENDED
        self._delay = schedule.succeeded(changed=is_changed)
        self._is_asking = False
        if self._failure:
            self._failure = ""
            self._host.update_lines()
        self.update()

    async def _ask_thread(self, thread_id: str) -> None:
        from chatkit_tui.models.threads import read_thread

        source = await self._host.get_source()
        row = await source.get_thread(thread_id, background=True)
        if row.raw != self._thread:
            self._thread = row.raw
            if (thread := read_thread(row)).id == thread_id:
                self._host.post_message(ThreadRead(thread))

    async def _ask_items(self, feed: Feed) -> bool:
        """Poll the items, and show what changed; return whether anything did."""
        revision = feed.revision
        growth = await feed.poll()
        transcript = self._host.transcript
        # In this very turn: until the view has followed, it may only draw what it has.
        if feed.revision != revision and transcript.feed is feed:
            transcript.view.feed_changed(keep_end=True)
            transcript.changed()
        return bool(growth.added or growth.changed or growth.gone)

    def _failed(self, feed: Feed, schedule: PollSchedule, error: ChatKitError) -> None:
        if self._feed is not feed:
            return
        self._is_asking = False
        if isinstance(error, NotFoundError) and error.from_api:
            self.end()
            self._host.post_message(
                Reported("following has ended: the thread was deleted", bad=True)
            )
        elif isinstance(error, AuthenticationError | PermissionDeniedError):
            self.end()
            text = f"following has ended: {load_failure(error).with_wait}"
            self._host.post_message(Reported(text, bad=True))
        else:
            failure = load_failure(error)
            self._delay = schedule.failed(failure.wait)
            again = countdown(math.ceil(self._delay))
            self._failure = f"paused for {again}: {sanitize(failure.text)}"
        self._host.update_lines()

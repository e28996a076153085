"""What both panes share: a feed that is loaded in workers, and what happens when that fails."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import Worker

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.document.spans import DIM, Span
from chatkit_tui.errors import ChatKitError
from chatkit_tui.sources.base import GetSource, Retry, ThreadSource
from chatkit_tui.terminal.flow_control import LinkSpeed
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import shorten
from chatkit_tui.ui.failures import (
    FIRST_AGAIN,
    LoadFailure,
    Waiting,
    countdown,
    listen_for_retries,
    load_failure,
    retry_delay,
)
from chatkit_tui.ui.messages import PaneChanged, Reported
from chatkit_tui.ui.options import Options, Times
from chatkit_tui.ui.styled_lines import BAD, BUSY, KEY
from chatkit_tui.ui.theme import strip_of
from chatkit_tui.ui.threads.line import setting_of
from chatkit_tui.ui.widgets.lines import OneLine

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Growth, Side


# -- the failure -----------------------------------------------------------------------------------

MAX_LINES = 4
"""A longer message is shortened."""
INDENT = 3
"""Columns before the message."""


class Notice(Widget):
    """The last failure of a pane; hidden if there is none.

    The last line has the key to retry and the countdown to an automatic retry, which redraws that
    line alone.
    """

    DEFAULT_CSS = """
    Notice { height: auto; display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._failure: LoadFailure | None = None
        self.is_shown_above = False
        """Whether the pane itself shows the failure; then this shows a countdown or nothing."""
        self._retry_key = ""
        self._again = 0.0
        self._until = 0.0
        self._timer: Timer | None = None

    def show_failure(
        self, failure: LoadFailure | None, retry_key: str, *, again: float = 0.0
    ) -> None:
        """Show a failure, or hide with None. A failure without text shows the last line only.

        `again` is the seconds until an automatic retry; 0 for none.
        """
        if failure is self._failure:
            return
        self._failure, self._retry_key = failure, retry_key
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.display = failure is not None and (again > 0 or not self.is_shown_above)
        if failure is not None:
            self._again = again
            self._until = monotonic() + again
            if again > 0:
                self._timer = self.set_interval(1.0, self._tick)
            self.refresh(layout=True)

    def _tick(self) -> None:
        if self._timer is not None and self._until <= monotonic():
            self._timer.stop()
            self._timer = None
        self.refresh(Region(0, self.size.height - 1, self.size.width, 1))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        del container, viewport
        return len(self._message(width)) + 1

    def _message(self, width: int) -> list[str]:
        text = sanitize(self._failure.text) if self._failure and not self.is_shown_above else ""
        if not text:
            return []
        from chatkit_tui.text.wrap import break_lines  # not needed for the first frame

        room = max(10, width - INDENT)
        lines = [text[begin:end] for begin, end in break_lines(text, room)]
        if len(lines) > MAX_LINES:
            lines[MAX_LINES - 1 :] = [shorten(" ".join(lines[MAX_LINES - 1 :]), room)]
        return lines

    def _retry_parts(self) -> list[Span]:
        parts: list[Span] = [
            Span(" " * INDENT),
            Span(self._retry_key, KEY),
            Span(" tries again", DIM),
        ]
        left = math.ceil(self._until - monotonic())
        if self._failure is not None and self._again and left > 0:
            asked = " as the server asks" if self._failure.wait == self._again else ""
            parts.append(Span(f"; by itself in {countdown(left)}{asked}", BUSY))
        return parts

    def render_line(self, y: int) -> Strip:
        lines = self._message(self.size.width)
        if y >= len(lines):
            return strip_of(self, self._retry_parts())
        return strip_of(self, [Span(" ! " if y == 0 else " " * INDENT, BAD), Span(lines[y])])


# -- the pane --------------------------------------------------------------------------------------

LOADS: Final = "loads"
"""The group of the workers that the stop command cancels."""


class LoadingPane(Vertical):
    """A pane with a feed. Its workers post messages, whose handlers change its state.

    After a connection error, or if the server asks to wait, the pane retries by itself. All its
    requests only read, so that a retry does no harm.
    """

    DEFAULT_CSS = """
    LoadingPane { width: 1fr; height: 1fr; }
    """

    @dataclass(eq=False, repr=False)
    class Waits(Message, namespace="loading_pane"):
        """A request failed, and the source waits before it retries."""

        load_number: int
        waiting: Waiting

    @dataclass(eq=False, repr=False)
    class Loaded(Message, namespace="loading_pane"):
        """A load of a feed has ended."""

        load_number: int
        feed: Feed
        side: Side | None
        """The side that was loaded; None for a refresh."""
        then: Callable[[], object] | None
        """What the rows were loaded for, to be called once they are there."""
        growth: Growth | None = None
        """What to report, if anything."""
        error: ChatKitError | None = None

    def __init__(
        self, name: str, options: Options, keys: Keymap, get_source: GetSource, link: LinkSpeed
    ) -> None:
        """`name` is the pane's id; `get_source` returns the source of threads, and may raise."""
        super().__init__(id=name)
        self._get_source = get_source
        self._link = link
        self.setting = setting_of(options)
        """The form of times and symbols."""
        self.head = OneLine(id=f"{name}-head", fill="heading-other")
        self.notice = Notice()
        self.feed: Feed | None = None
        self.failure: LoadFailure | None = None
        """What failed last, until another load begins."""
        self.work = ""
        """What is in flight, in a word or two; empty for nothing."""
        self.since = 0.0
        """When that began, in seconds of the monotonic clock."""
        self.waiting: Waiting | None = None
        """The retry that the source waits for, or None."""
        self._load_number = 0
        """Grows when loads are cancelled, so that late messages can be ignored."""
        self._retry: Callable[[], None] | None = None
        self._retry_key = keys.first_name("retry")
        self._failures = 0
        """How many loads failed in a row."""
        self._timer: Timer | None = None
        self._delay = 0.0
        self._retried_at = 0.0
        self._is_automatic = False
        """Whether the load began without a key: then the last failure stays visible."""

    @property
    def content(self) -> Widget:
        """The widget between heading and notice."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield self.head
        yield self.content
        yield self.notice

    def on_descendant_focus(self) -> None:
        self.head.set_fill("heading")

    def on_descendant_blur(self) -> None:
        self.head.set_fill("heading-other")

    def focus_content(self) -> None:
        self.content.focus()

    @property
    def loaded(self) -> int:
        return 0 if self.feed is None else len(self.feed)

    @property
    def counts_down(self) -> bool:
        """Whether the pane is going to retry by itself."""
        return self._timer is not None

    def set_times(self, times: Times, now: float) -> None:
        """Set the form of times, and the moment that ages refer to."""
        if (times, now) != (self.setting.times, self.setting.now):
            self.setting = self.setting._replace(times=times, now=now)
            self.setting_changed()

    def setting_changed(self) -> None:
        raise NotImplementedError

    # -- loading -----------------------------------------------------------------------------------

    async def source(self) -> ThreadSource:
        """Return the source of threads, and show the retries of this task's requests."""
        number = self._load_number

        def waits(retry: Retry) -> None:
            self.post_message(self.Waits(number, Waiting.of(retry)))

        listen_for_retries(waits)
        return await self._get_source()

    async def load(
        self,
        feed: Feed,
        load: Callable[[], Awaitable[Growth | None]],
        side: Side | None = None,
        then: Callable[[], object] | None = None,
    ) -> None:
        """Load rows of a feed, and post `Loaded`."""
        message = self.Loaded(self._load_number, feed, side, then)
        try:
            message.growth = await load()
        except ChatKitError as error:
            message.error = error
        self.post_message(message)

    def load_for(
        self, then: Callable[[], object], load: Callable[[Feed], Awaitable[None]], what: str
    ) -> None:
        """Load what a command needs of the feed, and call `then` unless that failed.

        `what` is the work in a few words.
        """
        if (feed := self.feed) is not None:
            work = partial(self.load, feed, partial(load, feed), then=then)
            self.begin(work, what, lambda: self.load_for(then, load, what))

    def begin(
        self, work: Callable[[], Coroutine[None, None, None]], what: str, retry: Callable[[], None]
    ) -> None:
        """Start work in a worker; `retry` starts it again. The work must post a message.

        Pass a function, not a coroutine: a worker cancelled before its start never awaits it.
        """
        self._schedule_retry(0)
        self.failure, self._is_automatic = None, False
        self.work, self.since, self.waiting = what, monotonic(), None
        self._retry = retry
        self.changed()
        _: Worker[None] = self.run_worker(work, group=LOADS)

    def end(self, error: ChatKitError | None = None, *, remaining: str = "") -> None:
        """Note the end of the work; `remaining` is what is still in flight."""
        self.work, self.waiting = remaining, None
        if error is not None:
            self.failure = load_failure(error)
            self._failures += 1
            self._schedule_retry(retry_delay(self.failure, self._failures))
        else:
            self._failures = 0
            if self._is_automatic:
                self.failure = None
        self._is_automatic = False

    def cancel_loads(self) -> None:
        """Cancel what is in flight; loaded rows stay."""
        self.workers.cancel_group(self, LOADS)
        self._load_number += 1
        self.work, self.waiting = "", None
        self._schedule_retry(0)

    def is_cancelled(self, message: Waits | Loaded) -> bool:
        """Return whether a message is about a load that was cancelled."""
        return message.load_number != self._load_number

    def on_loading_pane_waits(self, message: Waits) -> None:
        message.stop()
        if self.work and not self.is_cancelled(message):
            self.waiting = message.waiting
            self.post_message(PaneChanged())

    # -- retries -----------------------------------------------------------------------------------

    def _schedule_retry(self, delay: float) -> None:
        """Retry after `delay` seconds; with 0, not at all."""
        if self._timer is not None:
            self._timer.stop()
        self._delay = delay
        self._timer = self.set_timer(delay, self._retry_automatically) if delay else None

    def _retry_automatically(self) -> None:
        self._timer, failure = None, self.failure
        if failure is not None and not self.work:
            self._retried_at = monotonic()
            self.action_retry()
            if self.work:
                self.failure, self._is_automatic = failure, True
                self.changed()

    def resume(self) -> None:
        """Retry because the server is reachable again, at most once in `FIRST_AGAIN` seconds.

        Some requests may reach it while others never do.
        """
        is_waiting = self.failure is not None and self.failure.offline
        if is_waiting and monotonic() - self._retried_at >= FIRST_AGAIN:
            self._schedule_retry(0)
            self._retry_automatically()

    def action_retry(self) -> None:
        """Repeat the load that failed."""
        if self._retry is not None:
            self._retry()

    def action_stop(self) -> None:
        """Cancel what is in flight for the user."""
        self.cancel_loads()
        self.stopped()
        self.post_message(Reported("stopped"))
        self.changed()

    def stopped(self) -> None:
        """Adapt to the end of all loads."""

    def changed(self) -> None:
        """Show the new state in the pane and in the lines around both panes."""
        delay = self._delay if self.counts_down else 0.0
        self.show_head()
        self.notice.show_failure(self.failure, self._retry_key, again=delay)
        self.post_message(PaneChanged())

    def show_head(self) -> None:
        """Show in the heading what the pane contains."""
        raise NotImplementedError

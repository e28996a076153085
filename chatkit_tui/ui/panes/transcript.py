"""The right half: the thread that is being read, loaded as one goes through it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from chatkit_tui.errors import ChatKitError
from chatkit_tui.text.visible import visible
from chatkit_tui.ui.gateway import Gateway, Order
from chatkit_tui.ui.messages import PaneChanged, Said
from chatkit_tui.ui.options import Options, Times
from chatkit_tui.ui.thread_line import Setting, status_sign, time_text, title_part
from chatkit_tui.ui.thread_rows import Row
from chatkit_tui.ui.troubles import Trouble, trouble_of
from chatkit_tui.ui.widgets.notice import Notice
from chatkit_tui.ui.widgets.one_line import OneLine, Part

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Side
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.pages import Page

KEPT = 8
"""How many threads stay loaded after one went on to others, so that one can go back at once."""


@dataclass
class Reading:
    """A thread that was opened in this run: what is loaded of it."""

    row: Row
    feed: Feed[Item]


class TranscriptPane(Vertical):
    """One thread with its items; what is loaded of the last few is kept."""

    DEFAULT_CSS = """
    TranscriptPane { width: 1fr; height: 1fr; }
    """

    @dataclass
    class Grown(Message):
        """A page came, or did not. `asked` tells whether it is still the thread that is read."""

        asked: Row
        feed: Feed[Item] | None = None
        error: ChatKitError | None = None
        newer: int | None = None
        """How many items came since, when that was asked."""

    def __init__(self, options: Options, gateway: Callable[[], Awaitable[Gateway]]) -> None:
        super().__init__(id="transcript")
        self._gateway = gateway
        self._clock = options.clock
        self._setting = Setting(options.clock(), options.zone, options.times, options.plain)
        self.row: Row | None = None
        """The thread that is read."""
        self.first_words: str | None = None
        self.newest_first = False
        self.trouble: Trouble | None = None
        self.work = ""
        """What is under way, in a word or two; empty when nothing is."""
        self._retry: Callable[[], None] | None = None
        self._feed: Feed[Item] | None = None
        self._kept: OrderedDict[str, Reading] = OrderedDict()
        self._head = OneLine(id="transcript-head")
        self._notice = Notice()

    def compose(self) -> ComposeResult:
        """Heading, transcript, what failed."""
        yield self._head
        yield self._notice

    # -- what is shown elsewhere -------------------------------------------------------------------

    @property
    def loaded(self) -> int:
        """How many items are loaded."""
        return len(self._feed) if self._feed is not None else 0

    @property
    def amount(self) -> str:
        """What is loaded and whether there is more, in words; never a total nobody knows."""
        feed = self._feed
        if feed is None:
            return ""
        noun = "item" if len(feed) == 1 else "items"
        if feed.broken:
            return f"{len(feed)} {noun} loaded; the server's list is broken"
        return f"{len(feed)} {noun}" if feed.whole else f"{len(feed)} {noun} loaded, more exist"

    @property
    def position(self) -> str:
        """The place of the cursor."""
        return ""

    # -- loading -----------------------------------------------------------------------------------

    def open(self, row: Row, first_words: str | None) -> None:
        """Read a thread, from where it was left in this run."""
        if self.row is not None and self.row.id == row.id and self._feed is not None:
            return
        self.workers.cancel_group(self, "items")
        self.row = row
        self.first_words = first_words
        kept = self._kept.get(row.id)
        self._feed = kept.feed if kept else None
        self.trouble = None
        self.work = ""
        if kept is None:
            self._load_first()
        self._changed()

    def _load_first(self) -> None:
        row = self.row
        if row is None:
            return
        side_name = "new" if self.newest_first else "old"

        async def first() -> None:
            feed = None
            try:
                feed = await self._new_feed(row.id)
                from chatkit_tui.feed import Side

                await feed.load(Side(side_name))
            except ChatKitError as error:
                self.post_message(self.Grown(row, feed, error))
            else:
                self.post_message(self.Grown(row, feed))

        self._run(first(), "loading", self._load_first)

    async def _new_feed(self, thread_id: str) -> Feed[Item]:
        gateway = await self._gateway()
        from chatkit_tui.feed import Feed

        async def fetch(*, after: str | None, order: Order, limit: int) -> Page[Item]:
            return await gateway.threads.list_items(
                thread_id, limit=limit, order=order, after=after
            )

        return Feed(fetch)

    def load(self, side: Side) -> None:
        """Grow one side by a page, unless it is growing."""
        feed, row = self._feed, self.row
        if feed is None or row is None or not feed.can_grow(side) or side in feed.loading:
            return

        async def grow() -> None:
            try:
                await feed.load(side)
            except ChatKitError as error:
                self.post_message(self.Grown(row, feed, error))
            else:
                self.post_message(self.Grown(row, feed))

        self._run(grow(), "loading", lambda: self.load(side))

    def action_load_newer(self) -> None:
        """Ask for items that came since."""
        feed, row = self._feed, self.row
        if row is None:
            return
        if feed is None:
            self._load_first()
            return

        async def newer() -> None:
            before = len(feed)
            try:
                await feed.load_newer()
            except ChatKitError as error:
                self.post_message(self.Grown(row, feed, error))
            else:
                self.post_message(self.Grown(row, feed, newer=len(feed) - before))

        self._run(newer(), "asking for newer items", self.action_load_newer)

    def _run(self, work: Awaitable[None], what: str, retry: Callable[[], None]) -> None:
        self.trouble = None
        self.work = what
        self._retry = retry
        self._changed()
        self.run_worker(work, group="items")

    def on_transcript_pane_grown(self, message: Grown) -> None:
        """Take in a page, unless another thread is read by now."""
        message.stop()
        if self.row is None or message.asked.id != self.row.id:
            return
        self.work = ""
        if message.error is not None:
            self.trouble = trouble_of(message.error)
        elif message.feed is not None:
            self._keep(self.row, message.feed)
            if message.newer is not None:
                self.post_message(Said(newer_words(message.newer)))
        self._changed()

    def _keep(self, row: Row, feed: Feed[Item]) -> None:
        self._feed = feed
        self._kept[row.id] = Reading(row, feed)
        self._kept.move_to_end(row.id)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    # -- verbs of the commands ---------------------------------------------------------------------

    def action_retry(self) -> None:
        """Ask again for what failed."""
        if self._retry is not None:
            self._retry()

    def action_stop(self) -> None:
        """Stop what is under way; what is loaded stays."""
        self.workers.cancel_group(self, "items")
        self.work = ""
        self.post_message(Said("stopped"))
        self._changed()

    # -- what the screen sets ----------------------------------------------------------------------

    def set_times(self, times: Times) -> None:
        """Write times in another form."""
        self._setting = Setting(self._clock(), self._setting.zone, times, self._setting.plain)
        self._changed()

    def forget(self, thread_ids: Iterable[str]) -> None:
        """Let go of threads that were deleted."""
        for thread_id in thread_ids:
            self._kept.pop(thread_id, None)
            if self.row is not None and self.row.id == thread_id:
                self.workers.cancel_group(self, "items")
                self.row, self._feed, self.trouble, self.work = None, None, None, ""
        self._changed()

    def copyable(self) -> list[tuple[str, str]]:
        """What there is to copy: a name and the text of each."""
        return [("thread id", self.row.id)] if self.row else []

    def take_keys(self) -> None:
        """Give the transcript the keys."""

    def _changed(self) -> None:
        self._head.show(*self._heading())
        self._notice.say(self.trouble, "r")
        self.post_message(PaneChanged())

    def _heading(self) -> tuple[list[Part], list[Part]]:
        row = self.row
        if row is None:
            return [(" No thread is open.", "dim")], []
        sign = status_sign(row.status)
        title, _ = title_part(row, self.first_words, strong=True)
        left: list[Part] = [
            (" ", "plain"),
            (sign.ascii if self._setting.plain else sign.sign, sign.role),
            (f" {title}", "strong"),
        ]
        status = f"{row.status}: {row.reason}" if row.reason else row.status
        return left, [(f"{visible(status)}  {time_text(row, self._setting)} ", "dim")]


def newer_words(count: int) -> str:
    """What came since, in words."""
    if not count:
        return "nothing came since"
    return "1 newer item" if count == 1 else f"{count} newer items"

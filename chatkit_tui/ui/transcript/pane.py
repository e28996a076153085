"""The right half: the thread that is being read, loaded as one goes through it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.message import Message
from textual.worker import Worker

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.errors import ChatKitError
from chatkit_tui.render.context import Context
from chatkit_tui.sources.base import GetSource, ListQuery, Order
from chatkit_tui.terminal.clipboard import Source
from chatkit_tui.terminal.link_speed import LinkSpeed
from chatkit_tui.text.plain import quoted
from chatkit_tui.ui.background_work import KeyPriority
from chatkit_tui.ui.failures import LoadFailure
from chatkit_tui.ui.messages import AskedAgain, PaneChanged, Said, ThreadSeen
from chatkit_tui.ui.options import Options, Times
from chatkit_tui.ui.threads.line import Setting, heading
from chatkit_tui.ui.threads.rows import Row
from chatkit_tui.ui.transcript.find_session import FindChanged
from chatkit_tui.ui.transcript.open_threads import OpenThreads
from chatkit_tui.ui.transcript.status_text import (
    amount_words,
    found_words,
    newer_words,
    place_words,
)
from chatkit_tui.ui.transcript.view import PageWanted, PositionChanged, TranscriptView
from chatkit_tui.ui.widgets.loading_pane import LoadingPane

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Growth, Side
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.page import Page
    from chatkit_tui.models.threads import Thread

NOT_COME = "did not come; why stands below"
"""What is said among the items, where some are missing."""
THREAD = "thread"
"""The group of the worker that asks for the title and the status."""
FIRST_ITEMS = 5
"""How many items are looked through for the first words of a thread without a title."""


class TranscriptPane(LoadingPane):
    """One thread with its items; what is loaded of the last few threads is kept."""

    @dataclass
    class Grown(Message):
        """A page came, or did not. `feed` tells whether it is still the one that is read."""

        feed: Feed[Item]
        side: Side | None
        """The side that was asked for; None for what came since."""
        error: ChatKitError | None = None
        growth: Growth | None = None
        """What came, where it is to be told."""
        sought: str | None = None
        """The item that all this was for."""

    def __init__(
        self,
        options: Options,
        keys: Keymap,
        get_source: GetSource,
        line: LinkSpeed,
        keys_first: KeyPriority,
    ) -> None:
        super().__init__("transcript", keys, get_source)
        self._line = line
        self._keys_first = keys_first
        self._clock = options.clock
        self._setting = Setting(options.clock(), options.zone, options.times, options.plain)
        self.row: Row | None = None
        """The thread that is read."""
        self._first_words: str | None = None
        self._feed: Feed[Item] | None = None
        self._open_threads = OpenThreads(self._new_feed)
        self._thread_asked = False
        """Whether title and status were asked for since the thread was opened."""
        self._search: FindChanged | None = None
        placeholder = f"{keys.first_name('open')} opens a thread."
        self.view = TranscriptView(self._drawing(), placeholder=placeholder)
        self.line_changed()

    def compose(self) -> ComposeResult:
        """Heading, transcript, what failed."""
        yield self.head
        yield self.view
        yield self.notice

    def _drawing(self) -> Context:
        setting = self._setting
        user = (self.row.user if self.row else None) or ""
        relative = setting.times is Times.RELATIVE
        return Context(setting.now, setting.shown_zone, relative, setting.plain, user)

    # -- what is shown elsewhere -------------------------------------------------------------------

    @property
    def loaded(self) -> int:
        """How many items are loaded."""
        return len(self._feed) if self._feed is not None else 0

    @property
    def first_words(self) -> str | None:
        """What the user said first, for a thread without a title."""
        return self._first_words

    @property
    def found(self) -> int | None:
        """How many matches the search has; None while nobody searches."""
        return self._search.total if self._search else None

    @property
    def sought(self) -> str:
        """What is searched for."""
        return self._search.query if self._search else ""

    @property
    def found_words(self) -> str:
        """Where the search stands."""
        return found_words(self._search) if self._search else ""

    @property
    def amount(self) -> str:
        """What is loaded and whether there is more, and what a search found in it."""
        if self._feed is None or not (self._feed or self._feed.whole):
            return ""
        amount = amount_words(self._feed)
        return f"{quoted(self.sought)} {self.found_words}  {amount}" if self._search else amount

    @property
    def position(self) -> str:
        """The place of the cursor."""
        return place_words(self.view.position, self._setting.shown_zone)

    # -- the thread --------------------------------------------------------------------------------

    def open(self, row: Row, first_words: str | None) -> None:
        """Read a thread, from where it was left in this run.

        What is loaded of it is shown at once and asked for again; where nothing of it came, that is
        tried again.
        """
        self._first_words = first_words
        if self.row is not None and self.row.id == row.id:
            self.row = row
            self.changed()
            if not self.loaded and self.trouble is not None:
                self.action_retry()
            else:
                self.ask_again()
            return
        self._leave()
        self.row = row
        thread = self._open_threads.open(row.id)
        self._feed = thread.feed
        self.view.set_context(self._drawing())
        self.view.show(thread.feed, at=thread.place)
        self.changed()
        self.ask_again()

    def see(self, row: Row) -> None:
        """Take in what is known now of the thread that is read."""
        if self.row is not None and self.row.id == row.id and self.row != row:
            self.row = row
            self.view.set_context(self._drawing())
            self.changed()

    def _leave(self) -> None:
        """Stop loading the thread that is read, and remember where one was in it."""
        self.cancel_loading()
        self.workers.cancel_group(self, THREAD)
        if self.row is not None:
            self._open_threads.leave(self.row.id, self.view.place)
        self.row = self._feed = self.trouble = self._search = None
        self._thread_asked = False

    def _new_feed(self, thread_id: str) -> Feed[Item]:
        from chatkit_tui.feed import Feed  # by now the client has brought what this needs

        async def fetch(*, after: str | None, order: Order, limit: int) -> Page[Item]:
            if after is not None:  # for the first items one waits
                await self._keys_first.wait()
            source = await self.source()
            return await source.list_items(thread_id, ListQuery(limit, order, after))

        first, further = self._line.first_page, self._line.page
        return Feed(fetch, first_limit=first, limit=further, clock=self._clock)

    def forget(self, thread_ids: Iterable[str]) -> None:
        """Let go of threads that were deleted."""
        for thread_id in thread_ids:
            if self.row is not None and self.row.id == thread_id:
                self._leave()
                self.view.show(None)
            self._open_threads.drop(thread_id)
        self.changed()

    # -- loading -----------------------------------------------------------------------------------

    def on_page_wanted(self, message: PageWanted) -> None:
        """Load what the transcript comes near."""
        message.stop()
        feed, side = self._feed, message.side
        if feed is None:
            return
        work = partial(self._ask, feed, partial(feed.load, side), side)
        self.begin(work, "loading", self._retry_pages)
        self.view.feed_changed()

    async def _ask(
        self, feed: Feed[Item], load: Callable[[], Awaitable[Growth]], side: Side | None
    ) -> None:
        """Wait for what a feed loads, and tell how it ended."""
        try:
            growth = await load()
        except ChatKitError as error:
            self.post_message(self.Grown(feed, side, error))
        else:
            self.post_message(self.Grown(feed, side, growth=growth))

    def ask_again(self) -> None:
        """Ask again, unasked, for what is loaded of the thread, and for its title and status."""
        if self.row is None or self._feed is None or not self.loaded:
            return
        self._ask_thread(self.row.id)
        self._refresh(self._feed, newer=False)

    def _refresh(self, feed: Feed[Item], *, newer: bool) -> None:
        """Ask for the loaded tail again; with `newer`, tell also that nothing came."""

        async def refresh() -> None:
            try:
                growth = await feed.refresh(newer=newer)
            except ChatKitError as error:
                self.post_message(self.Grown(feed, None, error))
            else:
                tell = newer or growth.added or growth.changed or growth.gone
                self.post_message(self.Grown(feed, None, growth=growth if tell else None))

        what = "asking for newer items" if newer else "asking again"
        self.begin(refresh, what, self.action_load_newer)

    def _ask_thread(self, thread_id: str) -> None:
        """Ask for the title and the status, behind all else; a failure changes nothing."""

        async def ask() -> None:
            await self._keys_first.wait()
            with suppress(ChatKitError):
                source = await self._get_source()
                thread: Thread = (await source.get_thread(thread_id, background=True)).load()
                if thread.id == thread_id:
                    self.post_message(ThreadSeen(thread))

        self._thread_asked = True
        _: Worker[None] = self.run_worker(ask, group=THREAD, exclusive=True)

    def seek(self, item_id: str) -> None:
        """Load from both ends until an item is there, and go to it."""
        feed = self._feed
        if feed is None or self.go_to_item(item_id):
            return

        async def load() -> None:
            from chatkit_tui.feed import Side

            try:
                while not feed.whole and not feed.side_and_index(item_id):
                    growths = [await feed.load(side) for side in Side]
                    if not any(growth.added for growth in growths):
                        break
            except ChatKitError as error:
                self.post_message(self.Grown(feed, None, error))
            else:
                self.post_message(self.Grown(feed, None, sought=item_id))

        self.begin(load, "looking for the item", lambda: self.seek(item_id))

    def _retry_pages(self) -> None:
        self.trouble = None
        self.view.retry()
        self.changed()

    def action_load_newer(self) -> None:
        """Ask for items that came since, and again for the last of those that are loaded."""
        if self._feed is None or self.row is None:
            return
        self.post_message(AskedAgain())
        self._ask_thread(self.row.id)
        self._refresh(self._feed, newer=True)

    def on_transcript_pane_grown(self, message: Grown) -> None:
        """Take in a page, unless another thread is read by now."""
        message.stop()
        if message.feed is not self._feed:
            return
        still = "asking again" if message.feed.refreshing else ""
        self.end(message.error, still="loading" if message.feed.loading else still)
        self._derive_title(message.feed)
        if self.row is not None and message.error is None and not self._thread_asked:
            self._ask_thread(self.row.id)
        if self.trouble is not None and message.side is not None:
            # The place where items are missing may be out of sight: below is what happened.
            self.view.page_failed(message.side, NOT_COME)
        elif message.sought is not None:
            self.view.feed_changed()
            if not self.go_to_item(message.sought):
                self.post_message(Said("the item is not in this thread", bad=True))
        elif message.side is None and message.growth is not None:
            self.post_message(Said(newer_words(message.growth), refreshed=True))
        self.view.feed_changed()
        self.changed()

    def _derive_title(self, feed: Feed[Item]) -> None:
        """Call a thread without a title by its first words, if the list did not know them yet."""
        if self.row is None or self.row.title or self._first_words or not feed.old:
            return
        from chatkit_tui.render.threads import first_words

        self._first_words = first_words(entry.load() for entry in feed.old[:FIRST_ITEMS])

    # -- verbs of the commands ---------------------------------------------------------------------

    def action_cursor_down(self) -> None:
        """Next item."""
        self.view.cursor_down()

    def action_cursor_up(self) -> None:
        """Previous item."""
        self.view.cursor_up()

    def action_line_down(self) -> None:
        """One line down."""
        self.view.scroll_lines(1)

    def action_line_up(self) -> None:
        """One line up."""
        self.view.scroll_lines(-1)

    def action_page_down(self) -> None:
        """One window down."""
        self.view.page_down()

    def action_page_up(self) -> None:
        """One window up."""
        self.view.page_up()

    def action_top(self) -> None:
        """To the first item."""
        self.view.home()

    def action_bottom(self) -> None:
        """To the last item."""
        self.view.end()

    def action_raw(self) -> None:
        """The item as JSON, or drawn again."""
        self.view.toggle_raw()

    action_open_item = action_raw

    def action_fold(self) -> None:
        """Open or close what is folded in the item."""
        if not self.view.toggle_fold():
            self.post_message(Said("nothing is folded in this item"))

    def action_unfold_all(self) -> None:
        """Open what is folded in every item."""
        self.view.set_all_open(is_open=True)

    def action_fold_all(self) -> None:
        """Fold every item again."""
        self.view.set_all_open(is_open=False)

    def action_order(self) -> None:
        """Oldest or newest first."""
        self.view.set_order(newest_first=not self.view.newest_first)
        order = "newest first" if self.view.newest_first else "oldest first"
        self.post_message(Said(order))

    def action_next_match(self) -> None:
        """Next match."""
        self.view.finder.next()

    def action_previous_match(self) -> None:
        """Match before."""
        self.view.finder.previous()

    def action_clear_find(self) -> None:
        """End the search."""
        self.view.finder.clear()

    def stopped(self) -> None:
        """Say among the items that they are missing because they were not waited for."""
        for side in tuple(self._feed.loading) if self._feed is not None else ():
            self.view.page_failed(side, "stopped")
            self.trouble = LoadFailure("")
            self._retry = self._retry_pages

    # -- what the screen sets ----------------------------------------------------------------------

    def find(self, text: str) -> None:
        """Search as one types."""
        self.view.finder.find(text)

    def end_find(self, *, keep: bool) -> None:
        """Typing is over: keep the search, or end it and go back to where it began."""
        if keep:
            self.view.finder.accept()
        else:
            self.view.finder.clear(back=True)

    def go_to_item(self, item_id: str) -> bool:
        """Put the cursor on an item; False when it is not loaded here."""
        return self._feed is not None and self.view.go_to_item(item_id)

    def set_times(self, times: Times, now: float) -> None:
        """Write times in a form, and ages as of a moment."""
        if (times, now) != (self._setting.times, self._setting.now):
            self._setting = replace(self._setting, times=times, now=now)
            self.view.set_context(self._drawing())
            self.changed()

    def line_changed(self) -> None:
        """The line to the terminal is slow now, or it is not any more."""
        self.view.set_link_speed(self._line)

    def copyable(self) -> list[Source]:
        """What there is to copy."""
        ids = [("item id", self.view.id_of_cursor()), ("thread id", self.row and self.row.id)]
        return [*self.view.copies(), *(Source.of(name, text) for name, text in ids if text)]

    def take_keys(self) -> None:
        """Give the transcript the keys."""
        self.view.focus()

    # -- reactions ---------------------------------------------------------------------------------

    def on_find_changed(self, message: FindChanged) -> None:
        """The search went on."""
        message.stop()
        self._search = message if message.query else None
        self.post_message(PaneChanged())

    def on_position_changed(self, message: PositionChanged) -> None:
        """Tell where one is; the commands that work may be others."""
        message.stop()
        self.post_message(PaneChanged())

    def show_head(self) -> None:
        """Say which thread is read."""
        if self.row is not None:
            self.head.show(*heading(self.row, self._setting, self._first_words))
        else:
            self.head.show([])

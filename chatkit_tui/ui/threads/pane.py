"""The left half: the threads of an account, loaded as one goes through them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.message import Message

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.errors import ChatKitError
from chatkit_tui.sources.base import GetSource, ListQuery, Order
from chatkit_tui.terminal.clipboard import Source, json_for_copy
from chatkit_tui.terminal.link_speed import LinkSpeed
from chatkit_tui.text.folding import Query
from chatkit_tui.ui.messages import (
    AskedAgain,
    ListBegan,
    ListRefreshed,
    PaneChanged,
    Said,
    ThreadOpened,
)
from chatkit_tui.ui.options import Options, Times
from chatkit_tui.ui.threads.first_words import FirstWords
from chatkit_tui.ui.threads.line import Setting
from chatkit_tui.ui.threads.list import ThreadList
from chatkit_tui.ui.threads.rows import Marks, Row, ThreadRows, row_of, row_of_entry
from chatkit_tui.ui.threads.status_text import amount_words, head_parts, nothing_words, place_words
from chatkit_tui.ui.widgets.loading_pane import LoadingPane

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Side
    from chatkit_tui.models.page import Page
    from chatkit_tui.models.threads import Thread


class ThreadsPane(LoadingPane):
    """The list of threads and all that is known about it: order, user, filter, marks."""

    @dataclass
    class Came(Message):
        """Threads came, or an error in their place."""

        asked: int
        """What `LoadingPane.asked` was then; with another number by now, nobody wants it."""
        feed: Feed[Thread]
        """What was to grow or to be loaded anew."""
        error: ChatKitError | None = None

    def __init__(
        self,
        options: Options,
        keys: Keymap,
        get_source: GetSource,
        line: LinkSpeed,
    ) -> None:
        super().__init__("threads", keys, get_source)
        self._line = line
        self._keys = keys
        self.user = options.user
        """Only this user's threads; None for everybody's."""
        self.newest_first = True
        self.needle = ""
        """What is looked for in the loaded threads; empty for nothing."""
        self.marks = Marks()
        self._bound_for: Side | None = None
        """The end that the cursor is to go to as soon as it is loaded; any move takes it back."""
        self._feed: Feed[Thread] | None = None
        self._coming: Feed[Thread] | None = None
        """The list that is to take the place of this one."""
        self._known: dict[str, Row] = {}
        self.words = FirstWords(get_source)
        setting = Setting(options.clock(), options.zone, options.times, options.plain)
        self.list = ThreadList(setting, self.marks, self.words.found)

    def compose(self) -> ComposeResult:
        """Heading, list, what failed."""
        yield self.head
        yield self.list
        yield self.notice

    def on_mount(self) -> None:
        """Ask for the first page at once."""
        self.start()

    # -- what is shown elsewhere -------------------------------------------------------------------

    @property
    def loaded(self) -> int:
        """How many threads are loaded."""
        return len(self._feed) if self._feed is not None else 0

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return self._feed is not None and self._feed.whole

    @property
    def amount(self) -> str:
        """What is loaded and whether there is more, in words."""
        if self._feed is None:
            return ""
        return amount_words(self._feed, len(self.list.rows), filtered=bool(self.needle))

    @property
    def position(self) -> str:
        """The place of the cursor, as far as it is known."""
        complete = self.whole or bool(self.needle)
        return place_words(self.list.rows, self.list.cursor, complete=complete)

    @property
    def setting(self) -> Setting:
        """How times and signs are written."""
        return self.list.setting

    def copyable(self) -> list[Source]:
        """What there is to copy of the thread under the cursor."""
        row = self.list.current
        if row is None:
            return []
        raw = json_for_copy(self.list.rows.raw(self.list.cursor))
        texts = {"text": row.title, "raw JSON": raw, "thread id": row.id or None}
        return [Source.of(name, text) for name, text in texts.items() if text]

    @property
    def chosen(self) -> list[Row]:
        """The marked threads; without marks, the one under the cursor."""
        if self.marks:
            return self.marks.rows
        return [row] if (row := self.list.current) and row.id else []

    # -- loading -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Forget what is loaded and ask for the first page."""
        self._feed = None
        self.cancel_loading()
        self._show_rows(cursor=0)
        self.begin(self._first_page, "loading", self.start)

    async def _first_page(self) -> None:
        feed = self._new_feed()
        await self._ask(feed, partial(feed.load, self._near))

    async def _ask(self, feed: Feed[Thread], load: Callable[[], Awaitable[object]]) -> None:
        """Wait for what a feed loads, and tell how it ended."""
        asked = self.asked
        try:
            await load()
        except ChatKitError as error:
            self.post_message(self.Came(asked, feed, error))
        else:
            self.post_message(self.Came(asked, feed))

    def _new_feed(self) -> Feed[Thread]:
        from chatkit_tui.feed import Feed  # imports models, unlike first paint

        user = self.user

        async def fetch(*, after: str | None, order: Order, limit: int) -> Page[Thread]:
            source = await self.source()
            return await source.list_threads(ListQuery(limit, order, after, user))

        return Feed(fetch, first_limit=self._line.first_page, limit=self._line.page)

    @property
    def _near(self) -> Side:
        """The side of the feed that the list begins with."""
        from chatkit_tui.feed import Side

        return Side.NEW if self.newest_first else Side.OLD

    @property
    def _far(self) -> Side:
        """The side of the feed that the list ends with."""
        return self._near.opposite

    def _has(self, side: Side) -> bool:
        """Return whether an end of the list is loaded."""
        from chatkit_tui.feed import RowView

        return self._feed is not None and RowView(self._feed).has(side)

    def _load(self, side: Side) -> None:
        feed = self._feed
        if feed is None or not feed.can_grow(side) or side in feed.loading:
            return
        self.begin(
            partial(self._ask, feed, partial(feed.load, side)),
            "loading",
            partial(self._load, side),
        )

    def on_threads_pane_came(self, message: Came) -> None:
        """Take in a page or a whole new list, unless something else was asked for meanwhile."""
        message.stop()
        if message.asked != self.asked:
            return
        self.end(message.error)
        if message.error is None:
            if message.feed is self._feed:
                self._show_rows()
            elif self._feed is None:
                self._feed = message.feed
                self._show_rows(cursor=0)
            else:
                self._replace(message.feed)
            self._arrive()
            self._load_ahead()
        self.changed()
        self.post_message(ListBegan())

    def _arrive(self) -> None:
        """Put the cursor on the end that was asked for, if that has come."""
        side = self._bound_for
        if side is not None and self._has(side):
            self._bound_for = None
            self.list.move_to(0 if side == self._near else len(self.list.rows) - 1)
        elif side is not None:
            self._load(side)  # the server has one end alone, and the other is far

    def _load_ahead(self) -> None:
        """Load the next page when the cursor or the window comes near where threads are missing."""
        feed = self._feed
        if feed is None or self.trouble is not None or self.needle:
            return
        from chatkit_tui.feed import RowView

        margin = max(1, self._line.ahead * self.list.window)
        side = RowView(feed, newest_first=self.newest_first).side_to_load(self.list.cursor, margin)
        if side is not None:
            self._load(side)

    def _show_rows(self, *, cursor: int | None = None) -> None:
        rows = ThreadRows(
            self._feed,
            newest_first=self.newest_first,
            known=self._known,
            words=self.words.found,
            query=Query(self.needle, capitals=False) if self.needle else None,
        )
        self.list.show(rows, cursor=cursor)

    # -- refresh -----------------------------------------------------------------------------------

    def action_refresh(self) -> None:
        """Ask for the threads anew; what is shown stays until they are there."""
        if self._feed is None:
            self.start()
            return
        self.cancel_loading()
        self.post_message(AskedAgain())
        current = self.list.current
        self.begin(
            partial(self._refresh, current.key if current else None, self.list.cursor),
            "refreshing",
            self.action_refresh,
        )

    async def _refresh(self, key: str | None, index: int) -> None:
        feed = self._coming = self._new_feed()
        side = self._near

        async def load() -> None:
            while feed.can_grow(side):
                await feed.load(side)
                if key is None or feed.side_and_index(key) or len(feed) > index:
                    return

        await self._ask(feed, load)

    def _replace(self, feed: Feed[Thread]) -> None:
        """Show a new list in the place of the old one; cursor and marks stay."""
        self.cancel_loading()  # what still comes is of the old list
        self._feed = feed
        self._known.clear()
        self._show_rows()
        self.marks.update_all(self.list.rows)
        self.post_message(Said("refreshed", refreshed=True))
        self.post_message(ListRefreshed())

    # -- verbs of the commands ---------------------------------------------------------------------

    def action_cursor_down(self) -> None:
        """Next thread; in a filtered list, at its end, the next page."""
        if not self.list.move(1) and self.needle:
            self._load(self._near)

    def action_cursor_up(self) -> None:
        """Previous thread."""
        self.list.move(-1)

    action_line_down = action_cursor_down
    action_line_up = action_cursor_up

    def action_page_down(self) -> None:
        """One window down."""
        self.list.move(self.list.window)

    def action_page_up(self) -> None:
        """One window up."""
        self.list.move(-self.list.window)

    def action_top(self) -> None:
        """To the first thread."""
        self.list.move_to(0)

    def action_bottom(self) -> None:
        """To the last thread, by one request to the other end where that is not loaded."""
        if self.needle or self._has(self._far):
            self.list.move_to(len(self.list.rows) - 1)
        else:
            self._bound_for = self._far
            self._load(self._far)

    def stopped(self) -> None:
        """Show what came before it was stopped."""
        self._bound_for = None
        self._show_rows()

    def action_open(self) -> None:
        """Read the thread under the cursor."""
        if (row := self.list.current) and self._has_id(row, "opened"):
            self.post_message(ThreadOpened(row))

    def _has_id(self, row: Row, what: str) -> bool:
        """Whether the server can be asked for anything by a row; else say what cannot be."""
        if not row.id:
            words = f"this thread came without an id: it cannot be {what}"
            self.post_message(Said(words, bad=True))
        return bool(row.id)

    def action_mark(self) -> None:
        """Mark or unmark, and go on to the next thread."""
        row = self.list.current
        if row is None or not self._has_id(row, "marked or deleted"):
            return
        self.marks.toggle(row)
        self.list.refresh_thread(self.list.cursor)
        self.list.move(1)
        self.changed()

    def action_unmark_all(self) -> None:
        """Take all marks away."""
        self.marks.clear()
        self.list.refresh()
        self.changed()

    def action_clear_filter(self) -> None:
        """Show all loaded threads."""
        self.set_needle("")

    def action_order(self) -> None:
        """Newest or oldest first; what is loaded of both ends is kept.

        The cursor stays on its thread in a list without a gap; across a gap it would be left in
        the middle of nowhere, and goes to the end that the list now begins with.
        """
        self.newest_first = not self.newest_first
        self._bound_for = None
        self._show_rows(cursor=None if self.whole else 0)
        if self._feed is None or self._has(self._near):
            self._load_ahead()
        else:
            self._bound_for = self._near
            self._load(self._near)
        self.changed()

    # -- what the screen sets ----------------------------------------------------------------------

    def set_needle(self, needle: str) -> None:
        """Show only loaded threads with this in their title, first words, user, status or id."""
        if needle != self.needle:
            self.needle = needle
            self._show_rows()
            self.changed()

    def set_user(self, user: str | None) -> None:
        """Ask for the threads of one user, or of all."""
        if user != self.user:
            self.user = user
            self.post_message(AskedAgain())
            self.start()

    def set_times(self, times: Times, now: float) -> None:
        """Write times in a form, and ages as of a moment."""
        setting = self.list.setting
        if (times, now) != (setting.times, setting.now):
            self.list.setting = replace(setting, times=times, now=now)
            self.list.refresh()

    def drop(self, thread_ids: Iterable[str]) -> None:
        """Take threads out that were deleted, and their marks with them."""
        gone = set(thread_ids)
        self.marks.drop(gone)
        for feed in (self._feed, self._coming):
            if feed is not None:
                feed.drop(gone)
        self._show_rows()
        self._load_ahead()
        self.changed()

    def go_to(self, thread_id: str) -> None:
        """Put the cursor on a thread, if the list shows it."""
        if (index := self.list.rows.index(thread_id)) is not None:
            self.list.move_to(index)

    def row_of(self, thread_id: str) -> Row | None:
        """The row of a thread that is loaded; None for any other."""
        entry = self._feed.entry(thread_id) if self._feed is not None else None
        return row_of_entry(entry) if entry is not None else None

    def take_keys(self) -> None:
        """Give the list the keys."""
        self.list.focus()

    def take_in(self, thread: Thread) -> Row:
        """Remember what the server said of one thread just now."""
        row = row_of(thread)
        self._known[row.id] = row
        self.marks.update(row)
        if (index := self.list.rows.index(row.id)) is not None:
            self.list.refresh_thread(index)
        return row

    # -- reactions ---------------------------------------------------------------------------------

    def on_thread_list_moved(self, message: ThreadList.Moved) -> None:
        """Load ahead of the cursor, and fetch first words for what came into view."""
        message.stop()
        self._bound_for = None
        self._load_ahead()
        self.words.want(self, self.list.in_window())
        self.post_message(PaneChanged())

    def on_thread_list_chosen(self, message: ThreadList.Chosen) -> None:
        """A click on the cursor opens."""
        message.stop()
        self.action_open()

    def on_first_words_found(self, message: FirstWords.Found) -> None:
        """Show a title made of first words."""
        message.stop()
        self.words.take_in(message)
        if (index := self.list.rows.index(message.thread_id)) is not None:
            self.list.refresh_thread(index)
        self.words.want(self, self.list.in_window())

    def show_head(self) -> None:
        """Say what the list shows, and in an empty one why."""
        self.head.show(
            *head_parts(
                newest_first=self.newest_first,
                user=self.user,
                needle=self.needle,
                marks=len(self.marks),
            )
        )
        self.list.say(
            *nothing_words(
                self._feed,
                self._keys,
                failed=self.trouble is not None,
                working=bool(self.work),
                user=self.user,
                needle=self.needle,
            )
        )
        self.words.want(self, self.list.in_window())

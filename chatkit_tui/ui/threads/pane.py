"""The left pane: the threads of an account, loaded as the user scrolls."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.geometry import Size

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.sources.base import GetSource, ListQuery, Order
from chatkit_tui.terminal.clipboard import Source, json_for_copy
from chatkit_tui.terminal.flow_control import LinkSpeed
from chatkit_tui.ui.messages import (
    ListRefreshed,
    ListStarted,
    PaneChanged,
    PaneReloaded,
    Reported,
    ThreadOpened,
)
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.threads.line import list_heading
from chatkit_tui.ui.threads.list import FirstWords, ThreadList
from chatkit_tui.ui.threads.list_filter import ListFilter, SeenUsers
from chatkit_tui.ui.threads.rows import Row, ThreadRows, row_of, row_of_entry
from chatkit_tui.ui.threads.status_text import amount_words, empty_lines, head_parts, place_words
from chatkit_tui.ui.widgets.lines import Parts
from chatkit_tui.ui.widgets.loading_pane import LoadingPane

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Side
    from chatkit_tui.models.page import Page
    from chatkit_tui.models.threads import Thread


class ThreadsPane(LoadingPane):
    """The list of threads with its order, its user, its filter and its marks."""

    def __init__(
        self, options: Options, keys: Keymap, get_source: GetSource, link: LinkSpeed
    ) -> None:
        super().__init__("threads", options, keys, get_source, link)
        self._keys = keys
        self.user = options.user
        """The user whose threads are listed; None for all users."""
        self.newest_first = True
        self.users = SeenUsers()
        self.marks: dict[str, Row] = {}
        """The marked threads by id, in the order of marking. Refresh and filter keep them."""
        self._goal: Side | None = None
        """The end to go to as soon as it is loaded; any move cancels it."""
        self._next_feed: Feed | None = None
        """The feed that replaces this one after a refresh."""
        self._known: dict[str, Row] = {}
        self._described: Size | None = None
        """The size of the list that its heading is for."""
        self.words = FirstWords(get_source)
        self.list = ThreadList(self.setting, self.marks, self.words.found)
        self.filtering = ListFilter(options.filters, self.list)
        self.list.one_user = self.user is not None

    @property
    def content(self) -> ThreadList:
        return self.list

    @property
    def moves(self) -> ThreadsPane:
        return self

    def on_mount(self) -> None:
        self.start()

    # -- state for the lines around the panes ------------------------------------------------------

    @property
    def whole(self) -> bool:
        return self.feed is not None and self.feed.whole

    @property
    def amount(self) -> str:
        """How much is loaded, and whether more exists."""
        if self.feed is None:
            return ""
        amount = amount_words(self.feed, len(self.list.rows), filtered=bool(self.filter))
        return amount + self.filtering.doubts(self.list.rows, self._keys)

    @property
    def filter(self) -> str:
        """The text that the loaded threads are filtered by, or nothing."""
        return self.filtering.text

    @property
    def position(self) -> str:
        """The position of the cursor, as far as it is known."""
        complete = self.whole or bool(self.filter)
        return place_words(self.list.rows, self.list.cursor, complete=complete)

    def copyable(self) -> list[Source]:
        row = self.list.current
        if row is None:
            return []
        raw = json_for_copy(self.list.rows.raw(self.list.cursor))
        texts = {"text": row.title, "raw JSON": raw, "thread id": row.id or None}
        return [Source.of(name, text) for name, text in texts.items() if text]

    @property
    def chosen(self) -> list[Row]:
        """The marked threads; without marks, the thread under the cursor."""
        if self.marks:
            return list(self.marks.values())
        return [row] if (row := self.list.current) and row.id else []

    def row_of(self, thread_id: str) -> Row | None:
        """Return the row of a loaded thread, or None."""
        entry = self.feed.entry(thread_id) if self.feed is not None else None
        return row_of_entry(entry) if entry is not None else None

    def show_head(self) -> None:
        """Show in the heading what is listed, and in an empty list why it is empty."""
        self.notice.is_shown_above = not len(self.list.rows) and self.feed is None
        self._describe_list()
        self.words.request(self, self.list.rows_without_words())

    def _describe_list(self) -> None:
        """Show the heading of the list in its size, and in an empty one why it is empty."""
        self._described = self.list.size
        what = head_parts(
            newest_first=self.newest_first,
            user=self.user,
            needle=self.filter,
            marks=len(self.marks),
        )

        def parts_for(width: int) -> Parts:
            two_lines = self.list.lines_each == 2
            return list_heading(what, width, self.setting, two_lines=two_lines)

        self.head.show_in_width(parts_for)
        if not len(self.list.rows):
            lines = empty_lines(
                self.feed,
                self._keys,
                self.list.size.width,
                failure=self.failure,
                working=bool(self.work),
                counts_down=self.counts_down,
                user=self.user,
                nearest=self.users.nearest(self.user) if self.user else None,
                unread=len(self.list.rows.undecided) if self.filter else None,
            )
            self.list.set_empty_lines(*lines)

    # -- loading -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Forget the loaded threads, and load the first page."""
        self.feed = None
        self.cancel_loads()
        self._show_rows(cursor=0)
        self.begin(self._load_first, "loading", self.start)

    async def _load_first(self) -> None:
        feed = self._new_feed()
        await self.load(feed, partial(feed.load, self._near))

    def _new_feed(self) -> Feed:
        from chatkit_tui.feed import Feed  # imports models, unlike first paint

        user = self.user

        async def fetch(*, after: str | None, order: Order, limit: int) -> Page:
            source = await self.source()
            return await source.list_threads(ListQuery(limit, order, after, user))

        return Feed(fetch, first_limit=self._link.first_page, limit=self._link.page)

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
        from chatkit_tui.feed import RowView

        return self.feed is not None and RowView(self.feed).has(side)

    def _load(self, side: Side) -> None:
        feed = self.feed
        if feed is None or not feed.can_grow(side) or side in feed.loading:
            return
        work = partial(self.load, feed, partial(feed.load, side), side)
        self.begin(work, "loading", partial(self._load, side))

    def _load_ahead(self) -> None:
        """Load the next page if the cursor is near the gap."""
        if self.feed is None or self.failure is not None or self.filter:
            return
        from chatkit_tui.feed import RowView

        margin = max(1, self._link.ahead * self.list.window)
        rows = RowView(self.feed, newest_first=self.newest_first)
        if (side := rows.side_to_load(self.list.cursor, margin)) is not None:
            self._load(side)

    def on_loading_pane_loaded(self, message: LoadingPane.Loaded) -> None:
        """Show a page, or a whole new list."""
        message.stop()
        if self.is_cancelled(message):
            return
        self.end(message.error)
        if message.error is None:
            if message.feed is self.feed:
                self._show_rows()
            elif self.feed is None:
                self.feed = message.feed
                self._show_rows(cursor=0)
            else:
                self._replace(message.feed)
            self._go_to_goal()
            self._load_ahead()
        self.changed()
        self.post_message(ListStarted())

    def _go_to_goal(self) -> None:
        side = self._goal
        if side is None:
            return
        if self._has(side):
            self._goal = None
            self.list.move_to(0 if side is self._near else len(self.list.rows) - 1)
        else:
            self._load(side)  # the server has one end only, and the other is far

    def _show_rows(self, *, cursor: int | None = None) -> None:
        rows = ThreadRows(
            self.feed,
            newest_first=self.newest_first,
            known=self._known,
            words=self.words.found,
            wanted=self.filtering.wanted,
        )
        self.list.show(rows, cursor=cursor)

    def stopped(self) -> None:
        """Show what was loaded before the stop."""
        self._goal = None
        self._show_rows()

    # -- refresh -----------------------------------------------------------------------------------

    def action_refresh(self) -> None:
        """Load the list again; the old one stays until then."""
        if self.feed is None:
            self.start()
            return
        self.cancel_loads()
        self.post_message(PaneReloaded())
        current = self.list.current
        work = partial(self._load_again, current.key if current else None, self.list.cursor)
        self.begin(work, "refreshing", self.action_refresh)

    async def _load_again(self, key: str | None, index: int) -> None:
        """Load a new feed up to a thread, or to more rows than `index`."""
        feed = self._next_feed = self._new_feed()
        side = self._near

        async def load() -> None:
            while feed.can_grow(side):
                await feed.load(side)
                if key is None or feed.side_and_index(key) or len(feed) > index:
                    return

        await self.load(feed, load)

    def _replace(self, feed: Feed) -> None:
        """Show a new list; cursor and marks stay."""
        self.cancel_loads()  # those of the old list
        self.feed = feed
        self._known.clear()
        self._show_rows()
        rows = self.list.rows
        for thread_id in self.marks:
            if (index := rows.index(thread_id)) is not None and (row := rows.get(index)):
                self.marks[thread_id] = row
        self.post_message(Reported("refreshed", refreshed=True))
        self.post_message(ListRefreshed())

    # -- commands ----------------------------------------------------------------------------------

    def action_cursor_down(self) -> None:
        """Go to the next thread; at the end of a filtered list, load the next page."""
        if not self.list.move(1) and self.filter:
            self._load(self._near)

    def action_cursor_up(self) -> None:
        self.list.move(-1)

    action_line_down = action_cursor_down
    action_line_up = action_cursor_up

    def action_page_down(self) -> None:
        self.list.move(self.list.window)

    def action_page_up(self) -> None:
        self.list.move(-self.list.window)

    def action_top(self) -> None:
        self.list.move_to(0)

    def action_bottom(self) -> None:
        """Go to the last thread, loading the page of that end if necessary."""
        if self.filter or self._has(self._far):
            self.list.move_to(len(self.list.rows) - 1)
        else:
            self._goal = self._far
            self._load(self._far)

    def action_open(self) -> None:
        if (row := self.list.current) and self.has_id(row, "opened"):
            self.post_message(ThreadOpened(row))

    def has_id(self, row: Row, what: str) -> bool:
        """Return whether a thread has an id; if not, report what cannot be done with it."""
        if not row.id:
            words = f"this thread came without an id: it cannot be {what}"
            self.post_message(Reported(words, bad=True))
        return bool(row.id)

    def action_clear_filter(self) -> None:
        self.set_filter("")

    def action_order(self) -> None:
        """Reverse the order; what is loaded of both ends stays.

        The cursor stays on its thread. In a list with a gap, that could be far from both ends, so
        the cursor goes to the first thread.
        """
        self.newest_first = not self.newest_first
        self._goal = None
        self._show_rows(cursor=None if self.whole else 0)
        if self.feed is None or self._has(self._near):
            self._load_ahead()
        else:
            self._goal = self._near
            self._load(self._near)
        self.changed()

    # -- changes from the screen -------------------------------------------------------------------

    def set_filter(self, text: str) -> None:
        """Show the loaded threads that a filter shows; all of them if it is empty."""
        if text != self.filter:
            self.filtering.set(text, self.setting)
            self._show_rows()
            self.changed()

    def filter_again(self) -> None:
        """Filter again, by what is known of the threads now."""
        if self.filter:
            self._show_rows()
            self.changed()

    def look_at_users(self) -> None:
        """Note the users of all loaded threads."""
        self.users.look_at(ThreadRows(self.feed, known=self._known))

    def set_user(self, user: str | None) -> None:
        """List the threads of one user, or of all."""
        if user != self.user:
            self.look_at_users()
            self.user = user
            self.list.one_user = user is not None
            self.post_message(PaneReloaded())
            self.start()

    def setting_changed(self) -> None:
        self.list.setting = self.setting
        self.list.refresh()
        self._describe_list()

    def drop(self, thread_ids: Iterable[str]) -> None:
        """Remove deleted threads, and their marks."""
        gone = set(thread_ids)
        for thread_id in gone:
            self.marks.pop(thread_id, None)
        for feed in (self.feed, self._next_feed):
            if feed is not None:
                feed.drop(gone)
        self._show_rows()
        self._load_ahead()
        self.changed()

    def go_to(self, thread_id: str) -> None:
        if (index := self.list.rows.index(thread_id)) is not None:
            self.list.move_to(index)

    def step(self, by: int) -> Row | None:
        """Go to the next thread with an id, or the one before; return None if there is none."""
        start = self.list.cursor
        while self.list.move(by):
            if (row := self.list.current) and row.id:
                return row
        self.list.move_to(start)
        if by > 0:
            self._load(self._near)
        return None

    def update(self, thread: Thread) -> Row:
        """Replace what is known of a thread, and return its row."""
        row = row_of(thread)
        self._known[row.id] = row
        if row.id in self.marks:
            self.marks[row.id] = row
        self._refresh_thread(row.id)
        return row

    def _refresh_thread(self, thread_id: str) -> None:
        if (index := self.list.rows.index(thread_id)) is not None:
            self.list.row_changed(index)

    # -- messages ----------------------------------------------------------------------------------

    def on_thread_list_moved(self, message: ThreadList.Moved) -> None:
        """Load ahead of the cursor, and request first words for the visible threads."""
        message.stop()
        self._goal = None
        self._load_ahead()
        if self.list.size != self._described:
            self._describe_list()
        self.words.request(self, self.list.rows_without_words())
        self.post_message(PaneChanged())

    def on_thread_list_chosen(self, message: ThreadList.Chosen) -> None:
        message.stop()
        self.action_open()

    def on_first_words_found(self, message: FirstWords.Found) -> None:
        message.stop()
        self.words.add(message)
        self._refresh_thread(message.thread_id)
        self.words.request(self, self.list.rows_without_words())

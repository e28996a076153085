"""The left half: the threads of an account, loaded as one goes through them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from chatkit_tui.errors import ChatKitError
from chatkit_tui.text.visible import visible
from chatkit_tui.ui.first_words import FirstWords
from chatkit_tui.ui.gateway import Gateway, Order
from chatkit_tui.ui.keys import Keys
from chatkit_tui.ui.messages import PaneChanged, Said, ThreadOpened
from chatkit_tui.ui.options import Options, Times
from chatkit_tui.ui.thread_line import Setting
from chatkit_tui.ui.thread_rows import Row, ThreadRows, row_of
from chatkit_tui.ui.troubles import Trouble, trouble_of
from chatkit_tui.ui.widgets.notice import Notice
from chatkit_tui.ui.widgets.one_line import OneLine, Part
from chatkit_tui.ui.widgets.thread_list import ThreadList

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Side
    from chatkit_tui.models.pages import Page
    from chatkit_tui.models.threads import Thread

AHEAD = 2
"""How many windows of threads are loaded below the cursor."""


class ThreadsPane(Vertical):
    """The list of threads and all that is known about it: order, user, filter, marks."""

    DEFAULT_CSS = """
    ThreadsPane { width: 1fr; height: 1fr; }
    """

    @dataclass
    class Grown(Message):
        """A page came, or did not. `feed` tells whether it is still the one that is shown."""

        feed: Feed[Thread] | None
        error: ChatKitError | None = None
        last: bool = False
        """The cursor is to go to the far end with it."""

    @dataclass
    class Refreshed(Message):
        """The list was asked for anew."""

        feed: Feed[Thread] | None
        error: ChatKitError | None = None

    def __init__(
        self, options: Options, keys: Keys, gateway: Callable[[], Awaitable[Gateway]]
    ) -> None:
        super().__init__(id="threads")
        self._retry_key = keys.first_name("retry")
        self._gateway = gateway
        self._clock = options.clock
        self.user = options.user
        """Only this user's threads; None for everybody's."""
        self.newest_first = True
        self._to_end = False
        """The cursor is to go to the far end as soon as that is loaded; any move takes it back."""
        self.needle = ""
        """What is looked for in the loaded threads; empty for nothing."""
        self.marks: dict[str, Row] = {}
        """The marked threads by id; they outlive a refresh and every filter."""
        self.trouble: Trouble | None = None
        self.work = ""
        """What is under way, in a word or two; empty when nothing is."""
        self._retry: Callable[[], None] | None = None
        self._feed: Feed[Thread] | None = None
        self._known: dict[str, Row] = {}
        self.words = FirstWords(gateway)
        setting = Setting(options.clock(), options.zone, options.times, options.plain)
        self._head = OneLine(id="threads-head")
        self.list = ThreadList(setting, self.marks, self.words.found)
        self._notice = Notice()

    def compose(self) -> ComposeResult:
        """Heading, list, what failed."""
        yield self._head
        yield self.list
        yield self._notice

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
        """What is loaded and whether there is more, in words; never a total nobody knows."""
        if self._feed is None:
            return ""
        if self.needle:
            text = f"{len(self.list.rows)} of {self.loaded} loaded"
        else:
            text = f"{self.loaded} loaded"
        if self._feed.broken:
            return f"{text}; the server's list is broken"
        return text if self.whole else f"{text}, more exist"

    @property
    def position(self) -> str:
        """The place of the cursor, from the top or from the end, as far as it is known."""
        rows, cursor = self.list.rows, self.list.cursor
        if not len(rows):
            return ""
        if self.whole or self.needle:
            return f"{cursor + 1}/{len(rows)}"
        if rows.gap_index is None or cursor < rows.gap_index:
            return f"{cursor + 1}"
        from_end = len(rows) - 1 - cursor
        return f"last but {from_end}" if from_end else "last"

    @property
    def setting(self) -> Setting:
        """How times and signs are written."""
        return self.list.setting

    def copyable(self) -> list[tuple[str, str]]:
        """What there is to copy of the thread under the cursor: a name and the text of each."""
        row = self.list.current
        if row is None:
            return []
        raw = self.list.rows.raw(self.list.cursor).decode("utf-8", "replace")
        return [("text", row.title or ""), ("raw JSON", raw), ("thread id", row.id)]

    @property
    def chosen(self) -> list[Row]:
        """The marked threads; without marks, the one under the cursor."""
        if self.marks:
            return list(self.marks.values())
        return [row] if (row := self.list.current) else []

    # -- loading -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Forget what is loaded and ask for the first page."""
        self._feed = None
        self.workers.cancel_group(self, "pages")
        self._show_rows(cursor=0)
        self._run(self._first_page(), "loading", self.start)

    def _run(self, work: Awaitable[None], what: str, retry: Callable[[], None]) -> None:
        self.trouble = None
        self.work = what
        self._retry = retry
        self._changed()
        self.run_worker(work, group="pages", exit_on_error=True)

    async def _first_page(self) -> None:
        feed = None
        try:
            feed = await self._new_feed()
            await feed.load(self._near())
        except ChatKitError as error:
            self.post_message(self.Grown(feed, error))
        else:
            self.post_message(self.Grown(feed))

    async def _new_feed(self) -> Feed[Thread]:
        user = self.user
        gateway = await self._gateway()
        from chatkit_tui.feed import Feed  # brings the wire models, which the first paint can spare

        async def fetch(*, after: str | None, order: Order, limit: int) -> Page[Thread]:
            return await gateway.threads.list(limit=limit, order=order, after=after, user=user)

        return Feed(fetch)

    def _near(self) -> Side:
        """The side that the list begins with."""
        from chatkit_tui.feed import Side

        return Side.NEW if self.newest_first else Side.OLD

    def _far(self) -> Side:
        from chatkit_tui.feed import Side

        return Side.OLD if self.newest_first else Side.NEW

    def _load(self, side: Side, *, last: bool = False) -> None:
        feed = self._feed
        if feed is None or not feed.can_grow(side) or side in feed.loading:
            return

        async def grow() -> None:
            try:
                await feed.load(side)
            except ChatKitError as error:
                self.post_message(self.Grown(feed, error))
            else:
                self.post_message(self.Grown(feed, last=last))

        self._run(grow(), "loading", lambda: self._load(side, last=last))

    def on_threads_pane_grown(self, message: Grown) -> None:
        """Take in a page, unless something else was asked for meanwhile."""
        message.stop()
        if message.error is not None:
            self._failed(message.error)
            return
        first = self._feed is None
        if first:
            self._feed = message.feed
        elif message.feed is not self._feed:
            return
        self.work = ""
        self._show_rows(cursor=0 if first else None)
        if message.last and self._to_end:
            self.list.move_to(len(self.list.rows) - 1)
        self._load_ahead()
        self._changed()

    def _failed(self, error: ChatKitError) -> None:
        self.work = ""
        self.trouble = trouble_of(error)
        self._changed()

    def _load_ahead(self) -> None:
        """Load the next page when the cursor or the window comes near where threads are missing."""
        feed = self._feed
        if feed is None or feed.whole or self.trouble is not None or self.needle:
            return
        near, far = self._near(), self._far()
        upper = len(feed.new if self.newest_first else feed.old)
        margin = AHEAD * self.list.window
        cursor = self.list.cursor
        if len(feed) > upper and cursor >= upper:
            if cursor - upper < margin:
                self._load(far)
        elif upper - cursor <= margin:
            self._load(near)

    def _show_rows(self, *, cursor: int | None = None) -> None:
        rows = None
        if self._feed is not None:
            from chatkit_tui.feed import Rows

            rows = Rows(self._feed, newest_first=self.newest_first)
        shown = ThreadRows(rows, self._known, self.words.found, self.needle)
        self.list.show(shown, cursor=cursor)

    # -- refresh -----------------------------------------------------------------------------------

    def action_refresh(self) -> None:
        """Ask for the threads anew; what is shown stays until they are there."""
        if self._feed is None:
            self.start()
            return
        self.workers.cancel_group(self, "pages")
        current = self.list.current
        self._run(
            self._refresh(current.id if current else None, self.list.cursor),
            "refreshing",
            self.action_refresh,
        )

    async def _refresh(self, thread_id: str | None, index: int) -> None:
        feed = None
        try:
            feed = await self._new_feed()
            side = self._near()
            while feed.can_grow(side):
                await feed.load(side)
                if thread_id is None or feed.side_and_index(thread_id) or len(feed) > index:
                    break
        except ChatKitError as error:
            self.post_message(self.Refreshed(feed, error))
        else:
            self.post_message(self.Refreshed(feed))

    def on_threads_pane_refreshed(self, message: Refreshed) -> None:
        """Show the new list in the place of the old one."""
        message.stop()
        if message.error is not None or message.feed is None:
            if message.error is not None:
                self._failed(message.error)
            return
        self._feed = message.feed
        self._known.clear()
        self._show_rows()
        for thread_id in self.marks:
            if row := self._known.get(thread_id):
                self.marks[thread_id] = row
        self.work = ""
        self.post_message(Said("refreshed"))
        self._load_ahead()
        self._changed()

    # -- verbs of the commands ---------------------------------------------------------------------

    def action_cursor_down(self) -> None:
        """Next thread; in a filtered list, at its end, the next page."""
        if not self.list.move(1) and self.needle:
            self._load(self._near())

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
        feed = self._feed
        if feed is None:
            return
        far_rows = feed.old if self.newest_first else feed.new
        if self.needle or feed.whole or far_rows:
            self.list.move_to(len(self.list.rows) - 1)
        else:
            self._load(self._far(), last=True)
            self._to_end = True

    def action_open(self) -> None:
        """Read the thread under the cursor."""
        if row := self.list.current:
            self.post_message(ThreadOpened(row))

    def action_mark(self) -> None:
        """Mark or unmark, and go on to the next thread."""
        row = self.list.current
        if row is None:
            return
        if self.marks.pop(row.id, None) is None:
            self.marks[row.id] = row
        self.list.refresh_thread(self.list.cursor)
        self.list.move(1)
        self._changed()

    def action_unmark_all(self) -> None:
        """Take all marks away."""
        self.marks.clear()
        self.list.refresh()
        self._changed()

    def action_clear_filter(self) -> None:
        """Show all loaded threads."""
        self.set_needle("")

    def action_order(self) -> None:
        """Newest or oldest first; what is loaded of both ends is kept."""
        self.newest_first = not self.newest_first
        self._show_rows(cursor=0)
        if self._feed is not None and not (self._feed.new if self.newest_first else self._feed.old):
            self._load(self._near())
        self._load_ahead()
        self._changed()

    def action_retry(self) -> None:
        """Ask again for what failed."""
        if self._retry is not None:
            self._retry()

    def action_stop(self) -> None:
        """Stop what is under way; what is loaded stays."""
        self.workers.cancel_group(self, "pages")
        self.work = ""
        self.post_message(Said("stopped"))
        self._changed()

    # -- what the screen sets ----------------------------------------------------------------------

    def set_needle(self, needle: str) -> None:
        """Show only loaded threads with this in their title, user or id."""
        if needle != self.needle:
            self.needle = needle
            self._show_rows()
            self._changed()

    def set_user(self, user: str | None) -> None:
        """Ask for the threads of one user, or of all."""
        if user != self.user:
            self.user = user
            self.start()

    def set_times(self, times: Times) -> None:
        """Write times in another form."""
        self.list.setting = replace(self.list.setting, times=times, now=self._clock())
        self.list.refresh()

    def drop(self, thread_ids: Iterable[str]) -> None:
        """Take threads out that were deleted, and their marks with them."""
        gone = set(thread_ids)
        for thread_id in gone:
            self.marks.pop(thread_id, None)
            self._known.pop(thread_id, None)
        if self._feed is not None:
            self._feed.drop(gone)
        self._show_rows()
        self._load_ahead()
        self._changed()

    def go_to(self, thread_id: str) -> None:
        """Put the cursor on a thread, if the list shows it."""
        if (index := self.list.rows.index_of(thread_id)) is not None:
            self.list.move_to(index)

    def take_keys(self) -> None:
        """Give the list the keys."""
        self.list.focus()

    def take_in(self, thread: Thread) -> Row:
        """Remember what the server said of one thread just now."""
        row = row_of(thread)
        self._known[row.id] = row
        if row.id in self.marks:
            self.marks[row.id] = row
        if (index := self.list.rows.index_of(row.id)) is not None:
            self.list.refresh_thread(index)
        return row

    # -- reactions ---------------------------------------------------------------------------------

    def on_thread_list_moved(self, message: ThreadList.Moved) -> None:
        """Load ahead of the cursor, and fetch first words for what came into view."""
        message.stop()
        self._to_end = False
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
        if (index := self.list.rows.index_of(message.thread_id)) is not None:
            self.list.refresh_thread(index)
        self.words.want(self, self.list.in_window())

    def _changed(self) -> None:
        order = "newest first" if self.newest_first else "oldest first"
        left: list[Part] = [(" Threads", "strong"), (f"  {order}", "dim")]
        if self.user:
            left += [("  user ", "dim"), (visible(self.user), "plain")]
        if self.needle:
            left += [("  has ", "dim"), (f"“{visible(self.needle)}”", "plain")]
        right: list[Part] = [(f"{len(self.marks)} marked ", "busy")] if self.marks else []
        self._head.show(left, right)
        self._notice.say(self.trouble, self._retry_key)
        self.list.say(*self._nothing())
        self.words.want(self, self.list.in_window())
        self.post_message(PaneChanged())

    def _nothing(self) -> tuple[str, ...]:
        """What an empty list says."""
        if self._feed is None and self.trouble is not None:
            return ("The threads could not be loaded.",)
        if self._feed is None:
            return ("Loading…",) if self.work else ("Nothing is loaded.", "r asks for the threads.")
        if self.needle:
            return (
                f"Nothing matches in {self.loaded} loaded threads.",
                "Esc shows them all again" + ("." if self.whole else "; more exist."),
            )
        if self.user:
            return ("This user has no threads.", "f asks for another user, or for everybody.")
        return ("There are no threads.", "r asks again.")

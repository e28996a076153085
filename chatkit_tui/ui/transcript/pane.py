"""The right pane: an open thread, whose items are loaded as the user scrolls."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.render import RenderContext
from chatkit_tui.sources.base import GetSource, ListQuery, Order
from chatkit_tui.terminal.clipboard import Source
from chatkit_tui.terminal.flow_control import LinkSpeed
from chatkit_tui.text.plain import quoted
from chatkit_tui.ui.background_work import KeyPriority
from chatkit_tui.ui.failures import LoadFailure, delay_reading, is_poll
from chatkit_tui.ui.messages import (
    FindChanged,
    PageWanted,
    PaneChanged,
    PaneReloaded,
    PositionChanged,
    Reported,
)
from chatkit_tui.ui.options import Options, Times
from chatkit_tui.ui.threads.line import heading
from chatkit_tui.ui.threads.rows import Row
from chatkit_tui.ui.transcript.empty import shows_failure
from chatkit_tui.ui.transcript.open_threads import OpenThreads
from chatkit_tui.ui.transcript.preview import PreviewLoaded, PreviewLoader, is_fresh
from chatkit_tui.ui.transcript.status_text import (
    amount_words,
    failure_lines,
    found_words,
    newer_words,
    place_words,
)
from chatkit_tui.ui.transcript.thread_details import ThreadDetails
from chatkit_tui.ui.transcript.view import TranscriptView
from chatkit_tui.ui.widgets.loading_pane import LoadingPane

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Growth
    from chatkit_tui.feed.filtered_feed import FilteredFeed
    from chatkit_tui.models.page import Page
    from chatkit_tui.ui.transcript.search import AnyQuery
    from chatkit_tui.ui.transcript.viewport import Place

PAGE_FAILED = "failed to load (reason below)"
"""The text of the gap after a failure, whose reason the notice shows."""
FIRST_ITEMS = 5
"""How many items may contain the first words of an untitled thread."""


class TranscriptPane(LoadingPane):
    """A thread with its items. The threads that were opened last stay loaded.

    A preview shows the first page of a thread. It loads nothing else, and is forgotten unless its
    thread is opened.
    """

    def __init__(
        self,
        options: Options,
        keys: Keymap,
        get_source: GetSource,
        link: LinkSpeed,
        key_priority: KeyPriority,
    ) -> None:
        super().__init__("transcript", options, keys, get_source, link)
        self._key_priority = key_priority
        self._clock = options.clock
        self.row: Row | None = None
        """The open thread."""
        self.first_words: str | None = None
        """The title of an untitled thread, if known."""
        self._open_threads = OpenThreads()
        self._is_preview = False
        """Whether the thread is shown without being open."""
        self._preview = PreviewLoader(self, key_priority)
        self._details = ThreadDetails(self, get_source, key_priority)
        self.search: FindChanged | None = None
        self._next_key = keys.first_name("next_match")
        self.loads_rest = False
        """Whether all that is missing is being loaded for a search."""
        placeholder = f"{keys.first_name('open')} opens a thread."
        self.view = TranscriptView(
            self._render_context(), placeholder=placeholder, text_width=options.text_width
        )
        self.view.empty.failure_lines = lambda width: failure_lines(
            self.failure, keys, width, counts_down=self.counts_down
        )
        self.link_changed()

    @property
    def content(self) -> TranscriptView:
        return self.view

    @property
    def moves(self) -> TranscriptView:
        return self.view

    def _render_context(self) -> RenderContext:
        setting = self.setting
        user = (self.row.user if self.row else None) or ""
        relative = setting.times is Times.RELATIVE
        return RenderContext(
            setting.now, setting.shown_zone, relative, setting.plain, user, bar=True
        )

    # -- state for the lines around the panes ------------------------------------------------------

    @property
    def found_words(self) -> str:
        """What the search found, and the key that goes on if it found nothing."""
        key = "" if self.loads_rest else self._next_key
        return found_words(self.search, key) if self.search else ""

    @property
    def amount(self) -> str:
        """How much is loaded, and what a search found in it."""
        if self.feed is None or not (self.feed or self.feed.whole):
            return ""
        marks = len(self.view.state.marks) if self.view.state else 0
        amount = amount_words(self.feed, marks, self.filtered)
        search = self.search
        return f"{quoted(search.query)} {self.found_words}  {amount}" if search else amount

    @property
    def position(self) -> str:
        return place_words(self.view.position, self.setting.shown_zone)

    def copyable(self) -> list[Source]:
        ids = [("item id", self.view.id_of_cursor()), ("thread id", self.row and self.row.id)]
        return [*self.view.copies(), *(Source.of(name, text) for name, text in ids if text)]

    def show_head(self) -> None:
        """Show the open thread in the heading."""
        self.notice.is_shown_above = shows_failure(self.view.state)
        if self.row is not None:
            self.head.show(*heading(self.row, self.setting, self.first_words))
        else:
            self.head.show([])

    # -- the thread --------------------------------------------------------------------------------

    def open(self, row: Row, first_words: str | None) -> None:
        """Open a thread where the user left it, and refresh what is loaded of it."""
        self.cancel_preview()
        self.first_words = first_words
        if self.row is not None and self.row.id == row.id:
            self.row = row
            if self.open_preview():
                return
            self.changed()
            if not self.loaded and self.failure is not None:
                self.action_retry()
            else:
                self.refresh_loaded()
            return
        self._leave()
        self.row = row
        known = self._open_threads.get(row.id)
        feed, place = known or (self._new_feed(row.id), None)
        self._open_threads.keep(row.id, feed, place)
        self.feed = feed
        self.view.set_context(self._render_context())
        self.view.show(feed, at=place)
        self.changed()
        self.refresh_loaded()

    def update(self, row: Row) -> None:
        """Replace what is known of the open thread, if the row is its."""
        if self.row is not None and self.row.id == row.id and self.row != row:
            self.row = row
            self.setting_changed()

    def _leave(self) -> None:
        self.cancel_loads()
        self._details.leave()
        if self.row is not None and self.feed is not None and not self._is_preview:
            self._open_threads.keep(self.row.id, self.feed, self.view.place)
        self._is_preview = False
        self.row = self.feed = self.failure = self.search = None

    def _new_feed(self, thread_id: str) -> Feed:
        from chatkit_tui.feed import Feed  # imported by the source by now

        async def fetch(*, after: str | None, order: Order, limit: int) -> Page:
            if after is not None:  # the user waits for the first items
                delay_reading(self._key_priority.wait)
                await self._key_priority.wait()
            source = await self.source()
            background = self._preview.thread_id == thread_id
            return await source.list_items(
                thread_id,
                ListQuery(limit, order, after, background=background, once=is_poll()),
            )

        first, further = self._link.first_page, self._link.page
        return Feed(fetch, first_limit=first, limit=further, clock=self._clock)

    # -- the preview -------------------------------------------------------------------------------

    def preview(self, row: Row, first_words: str | None) -> None:
        """Show the first page of a thread as soon as it is loaded, or no thread if that fails."""
        if self.row is not None and self.row.id == row.id:
            return
        if known := self._open_threads.get(row.id):
            self._show_preview(row, first_words, *known)
            return
        self._preview.start(self.view.first_side, row, first_words, self._new_feed(row.id))

    def cancel_preview(self) -> None:
        """Cancel the preview that is being loaded; keep the one that is shown."""
        self._preview.cancel()

    def on_preview_loaded(self, message: PreviewLoaded) -> None:
        message.stop()
        if not self._preview.end(message):
            return
        if message.feed is None:
            self._close()  # else another thread's items stand beside the cursor
        else:
            self._show_preview(message.row, message.first_words, message.feed, None)

    def end_preview(self) -> None:
        """Show no thread instead of a preview."""
        if self._is_preview:
            self._close()

    def _show_preview(
        self, row: Row, first_words: str | None, feed: Feed, place: Place | None
    ) -> None:
        self._leave()
        self.row, self.first_words, self.feed, self._is_preview = row, first_words, feed, True
        self._find_first_words(feed)
        self.view.set_context(self._render_context())
        self.view.show(feed, at=place, may_load=False)
        self.changed()

    def open_preview(self) -> bool:
        """Open the thread of the preview; return False if there is none.

        Its page is requested again unless it was loaded for the preview a moment ago.
        """
        if not self._is_preview or self.row is None or self.feed is None:
            return False
        self._is_preview = False
        is_known = self.row.id in self._open_threads
        self._open_threads.keep(self.row.id, self.feed, self.view.place)
        self.changed()
        self.view.start_loading()
        if is_known or not is_fresh(self.feed, self._clock):
            self.refresh_loaded()
        else:
            self._details.request(self.row.id)
        return True

    def forget(self, thread_ids: Iterable[str]) -> None:
        """Close and forget deleted threads."""
        for thread_id in thread_ids:
            if self.row is not None and self.row.id == thread_id:
                self._close()
            self._open_threads.forget(thread_id)
        self.changed()

    def _close(self) -> None:
        """Show no thread."""
        self._leave()
        self.view.show(None)
        self.changed()

    def go_to_item(self, item_id: str) -> bool:
        """Go to an item, which ends a filter that hides it; return False if it is not loaded."""
        if self.feed is None or self.feed.side_and_index(item_id) is None:
            return False
        if self.filtered is not None and self.filtered.side_and_index(item_id) is None:
            self.show_items(None, self.view.place)
        return self.view.go_to_item(item_id)

    @property
    def filtered(self) -> FilteredFeed | None:
        """The items that a filter shows; None if all are shown."""
        shown = self.view.state.feed if self.view.state else None
        if self.feed is None or shown is None or shown is self.feed:
            return None
        from chatkit_tui.feed.filtered_feed import FilteredFeed

        return shown if isinstance(shown, FilteredFeed) else None

    def show_items(self, shown: Feed | None, at: Place | None) -> None:
        """Show the items of a filter, or all, from a place on. Marks stay; a search ends."""
        marks = self.view.state.marks if self.view.state else None
        self.view.finder.clear()
        self.view.show(self.feed if shown is None else shown, at=at)
        if self.view.state is not None and marks is not None:
            self.view.state.marks = marks
        self.changed()

    def setting_changed(self) -> None:
        self.view.set_context(self._render_context())
        self.changed()

    def link_changed(self) -> None:
        self.view.set_link_speed(self._link)

    # -- loading -----------------------------------------------------------------------------------

    def on_page_wanted(self, message: PageWanted) -> None:
        """Load the page that the transcript needs."""
        message.stop()
        feed, side = self.feed, message.side
        if feed is None:
            return
        work = partial(self.load, feed, partial(feed.load, side), side)
        self.begin(work, "loading", self._retry_pages)
        self.view.feed_changed()

    def refresh_loaded(self) -> None:
        """Request the loaded items, the title and the status again, without a key."""
        if self.row is None or self.feed is None or not self.loaded or self._is_preview:
            return
        self._details.request(self.row.id)
        self._refresh(self.feed, newer=False)

    def _refresh(self, feed: Feed, *, newer: bool) -> None:
        """Request the loaded tail again; with `newer`, report also that nothing is new."""

        async def refresh() -> Growth | None:
            growth = await feed.refresh(newer=newer)
            return growth if newer or growth.added or growth.changed or growth.gone else None

        what = "asking for newer items" if newer else "asking again"
        self.begin(partial(self.load, feed, refresh), what, self.action_load_newer)

    def seek(self, item_id: str, query: AnyQuery | None = None) -> None:
        """Load from both ends until an item is there, go to it, and find `query` from there."""
        if self.feed is None or self._go_to_sought(item_id, query):
            return

        async def load(feed: Feed) -> None:
            await feed.load_rest(lambda: feed.side_and_index(item_id) is None)

        def arrived() -> None:
            if not self._go_to_sought(item_id, query):
                self.post_message(Reported("the item is not in this thread", bad=True))

        self.load_for(arrived, load, "looking for the item")

    def _go_to_sought(self, item_id: str, query: AnyQuery | None) -> bool:
        is_there = self.go_to_item(item_id)
        if is_there and query is not None:
            self.view.finder.find(query)
            self.end_find(keep=True)
        return is_there

    def _retry_pages(self) -> None:
        self.failure = None
        self.view.retry()
        self.changed()

    def on_loading_pane_loaded(self, message: LoadingPane.Loaded) -> None:
        """Show what was loaded, unless another thread is open by now."""
        message.stop()
        feed = self.feed
        if feed is None or message.feed is not feed:
            return
        refreshing = "asking again" if feed.refreshing else ""
        self.end(message.error, remaining="loading" if feed.loading else refreshing)
        self._find_first_words(feed)
        if self.row is not None and message.error is None and not self._details.is_requested:
            self._details.request(self.row.id)
        if self.failure is not None and message.side is not None:
            # The gap may be out of sight, so the notice has the reason.
            self.view.page_failed(message.side, PAGE_FAILED)
        elif message.then is not None and message.error is None:
            self.view.feed_changed()
            message.then()
        elif message.side is None and message.growth is not None:
            self.post_message(Reported(newer_words(message.growth), refreshed=True))
        self.view.feed_changed()
        self.changed()

    def _find_first_words(self, feed: Feed) -> None:
        """Find the first words of an untitled thread that the list does not know."""
        if self.row is None or self.row.title or self.first_words or not feed.old:
            return
        from chatkit_tui.models.items import read_item
        from chatkit_tui.render.threads import first_words

        self.first_words = first_words(map(read_item, feed.old[:FIRST_ITEMS]))

    def stopped(self) -> None:
        """Show in the gap that loading was stopped."""
        for side in tuple(self.feed.loading) if self.feed is not None else ():
            self.view.page_failed(side, "stopped")
            self.failure = LoadFailure("")
            self._retry = self._retry_pages

    # -- commands ----------------------------------------------------------------------------------

    def action_load_newer(self) -> None:
        if self.feed is None or self.row is None:
            return
        self.post_message(PaneReloaded())
        self._details.request(self.row.id)
        self._refresh(self.feed, newer=True)

    def action_raw(self) -> None:
        self.view.toggle_raw()

    def action_fold(self) -> None:
        if not self.view.toggle_fold():
            self.post_message(Reported("nothing is folded in this item"))

    def action_unfold_all(self) -> None:
        self.view.set_all_open(is_open=True)

    def action_fold_all(self) -> None:
        self.view.set_all_open(is_open=False)

    def action_order(self) -> None:
        self.view.set_order(newest_first=not self.view.newest_first)
        order = "newest first" if self.view.newest_first else "oldest first"
        self.post_message(Reported(order))

    # -- find --------------------------------------------------------------------------------------

    def end_find(self, *, keep: bool) -> None:
        """End typing; keep the search, or end it and go back to where it began."""
        if keep:
            self.view.finder.accept()
        else:
            self.view.finder.clear(back=True)

    def on_find_changed(self, message: FindChanged) -> None:
        message.stop()
        self.search = message if message.query else None
        self.post_message(PaneChanged())

    def on_position_changed(self, message: PositionChanged) -> None:
        """Show the position, and the commands that are available there."""
        message.stop()
        self.post_message(PaneChanged())

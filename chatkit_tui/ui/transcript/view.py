"""The transcript of a thread: everything that one can do with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from textual.worker import Worker

from chatkit_tui.render.context import Context
from chatkit_tui.terminal.clipboard import Source
from chatkit_tui.terminal.link_speed import LinkSpeed
from chatkit_tui.text.folding import Query
from chatkit_tui.ui.transcript.find_session import FindSession
from chatkit_tui.ui.transcript.gap import Failure
from chatkit_tui.ui.transcript.item_renderer import (
    LARGE,
    DrawnItem,
    DrawOptions,
    amount,
    draw_apart,
    raw_of,
    text_of,
)
from chatkit_tui.ui.transcript.messages import FindChanged, ItemDrawn, PageWanted
from chatkit_tui.ui.transcript.moves import TranscriptMoves
from chatkit_tui.ui.transcript.transcript_state import AHEAD, TranscriptState
from chatkit_tui.ui.transcript.viewport import Place

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Side
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.page import Entry

PATIENCE = 0.015
"""Seconds that the screen waits for an item that is drawn in a thread, since most are soon there
and would only flicker; `BETWEEN_WAITS` is how long it then shows others without waiting."""
BETWEEN_WAITS = 0.1
LARGEST_WITH_TEXT = 1_000_000
"""Bytes of JSON up to which an item is drawn, so that it has a text to copy."""
BREATH = 0.002
"""Seconds that a search leaves to keys between two slices."""
TOLD_EVERY = 0.1
"""Seconds between two messages about a search that only counts on."""


class TranscriptView(TranscriptMoves):
    """A thread with a cursor. It holds a position and draws; it loads nothing and binds no key.

    Whoever mounts it answers `PageWanted` by loading that side of the feed, and then calls
    `feed_changed`, or `page_failed` when nothing came or the load was stopped.
    """

    def __init__(
        self,
        context: Context,
        *,
        newest_first: bool = False,
        placeholder: str = "No thread is open.",
        id: str | None = None,  # noqa: A002 - Textual's name for it
    ) -> None:
        """`placeholder` is what stands here while there is no thread."""
        super().__init__(context, placeholder, id=id)
        self.newest_first = newest_first
        self._searching: Worker[None] | None = None
        self._drawers = ThreadPoolExecutor(2, "draw")
        self._waited_at = 0.0
        self._find_began_at: Place | None = None
        self._ahead = AHEAD

    # -- the thread --------------------------------------------------------------------------------

    def show(self, feed: Feed[Item] | None, *, at: Place | None = None) -> None:
        """Show another thread, or none. `at` is where to begin, if that is loaded first.

        Asks for the first page if nothing is loaded.
        """
        self.find_clear()
        self.reading = None
        if feed is not None:
            self.reading = TranscriptState(
                feed, self.context, self._draw_apart, newest_first=self.newest_first, at=at
            )
            self.reading.ahead = self._ahead
        self.fit()
        self.feed_changed()

    def feed_changed(self) -> None:
        """The feed grew, shrank, began or ended a load."""
        if self.reading is not None:
            self.reading.follow()
        if self.found is not None:
            self.found.follow()
            self._search_on()
        self._changed()

    def page_failed(self, side: Side, message: str, hint: str = "") -> None:
        """A page did not come: say so in place. It is not asked for again before `retry`.

        `message` is one line, `hint` what helps; call again to change it, as for a countdown.
        """
        if self.reading is not None:
            self.reading.fail(side, Failure(message, hint))
            self._changed()

    def retry(self) -> bool:
        """Ask again for what failed; False when nothing did."""
        sides = self.reading.clear_failures() if self.reading else ()
        for side in sides:
            if self.reading and self.reading.ask(side):
                self.post_message(PageWanted(side))
        self._changed()
        return bool(sides)

    @property
    def failed(self) -> bool:
        """Whether there is something to try again."""
        return self.reading is not None and bool(self.reading.failures)

    def spare(self, line: LinkSpeed) -> None:
        """Load and colour as the line to the terminal allows."""
        self._ahead = line.ahead
        if self.reading is not None:
            self.reading.ahead = line.ahead
        self.colour_code(not line.slow)

    # -- how items are shown -----------------------------------------------------------------------

    def toggle_fold(self) -> bool:
        """Open or close what is folded in the cursor's item; False when nothing is."""
        return self._turn(lambda reading, row: reading.items.toggle_fold(row))

    def toggle_raw(self) -> bool:
        """Show the cursor's item as JSON, or again as what it says; False without an item."""
        return self._turn(lambda reading, row: reading.items.toggle_raw(row))

    def _turn(self, act: Callable[[TranscriptState, int], bool]) -> bool:
        reading = self.reading
        if reading is None or (row := reading.cursor.row) is None or not act(reading, row):
            return False
        reading.keep()
        reading.move(reading.cursor.reveal)
        self._changed()
        return True

    def unfold_all(self) -> None:
        """Open what is folded in all items, those to come included."""
        self._set_all_open(is_open=True)

    def fold_all(self) -> None:
        """Fold all items as they are by default."""
        self._set_all_open(is_open=False)

    def _set_all_open(self, *, is_open: bool) -> None:
        if self.reading is not None:
            self.reading.items.set_all_open(is_open=is_open)
            self.reading.keep()
            self._changed()

    def set_times(self, context: Context) -> None:
        """Draw for another present, zone or form of times."""
        self.context = context
        if self.reading is not None:
            self.reading.set_context(context)
        self._changed()

    def set_order(self, *, newest_first: bool) -> None:
        """Turn the order round; the cursor's item stays where it is."""
        self.newest_first = newest_first
        if self.reading is not None:
            self.reading.set_newest_first(newest_first=newest_first)
        self.feed_changed()

    # -- find --------------------------------------------------------------------------------------

    def find(self, text: str) -> None:
        """Search for a text from the cursor on; the newest text wins. Empty ends the search.

        The window goes to the first match as soon as it is found; called again for a text that
        was typed on, the search begins where the first one did.
        """
        began, before = self._find_began_at or self.place, self.found
        self._stop_searching()
        self._find_began_at = began
        reading = self.reading
        if not text or reading is None:
            self.find_clear(back=True)
            return
        row = reading.rows.index(began.key) if began else None
        self.found = FindSession(reading, Query(text), row or 0, before)
        self._search_on()
        self._changed()

    def find_next(self) -> bool:
        """To the next match, round at the end; False when there is none."""
        return self.found is not None and self._found(self.found.next())

    def find_previous(self) -> bool:
        """To the match before, round at the beginning; False when there is none."""
        return self.found is not None and self._found(self.found.previous())

    def find_accept(self) -> None:
        """The text is typed: the next search begins where the cursor is then."""
        self._find_began_at = None

    def find_clear(self, *, back: bool = False) -> None:
        """End the search; with `back`, return to where it began, unless it was accepted."""
        began = self._find_began_at
        was_on = self.found is not None
        self._stop_searching()
        if (
            back
            and began
            and self.reading
            and (row := self.reading.rows.index(began.key)) is not None
        ):
            self._move(lambda reading: reading.cursor.go_to(row, began.line))
        if was_on:
            self.post_message(FindChanged(""))
            self._changed()

    def _stop_searching(self) -> None:
        if self._searching is not None:
            self._searching.cancel()
        self._searching = self.found = self._find_began_at = None

    def _search_on(self) -> None:
        running = self._searching is not None and not self._searching.is_finished
        if self.found is not None and not running and not self.found.search.done:
            self._searching = self.run_worker(partial(self._search, self.found), group="find")
        elif self.found is not None:
            self._tell_find()

    async def _search(self, found: FindSession) -> None:
        told = 0.0
        going_on = True
        while going_on:
            before = found.current
            if (heavy := found.search.heavy()) is not None:
                await asyncio.to_thread(found.search.count_ahead, heavy)
            going_on = found.step()
            if found.current != before:
                self._found(going=True)
            elif perf_counter() - told > TOLD_EVERY:
                told = perf_counter()
                self._tell_find()
            await asyncio.sleep(BREATH)
        self.redraw()
        self._tell_find()

    def _found(self, going: bool) -> bool:
        if going:
            self._changed()
        self._tell_find()
        return going

    def _tell_find(self) -> None:
        if (found := self.found) is None:
            return
        search = found.search
        self.post_message(
            FindChanged(
                found.query.text,
                found.number,
                search.total,
                search.searched,
                len(found.reading.feed),
                search.done,
                found.opened,
            )
        )

    # -- copying -----------------------------------------------------------------------------------

    def id_of_cursor(self) -> str | None:
        """The id of the cursor's item; None when there is no item, or it came without an id."""
        entry = self._entry()
        return entry.id if entry and entry.has_id else None

    def copies(self) -> list[Source]:
        """What there is to copy of the cursor's item: what it says, folded parts included, unless
        it is too large to be drawn, and its JSON as it came."""
        entry = self._entry()
        if entry is None:
            return []
        texts = {"text": partial(text_of, entry, self.context), "raw JSON": partial(raw_of, entry)}
        if entry.size > LARGEST_WITH_TEXT:
            del texts["text"]
        small = entry.size < LARGE
        return [
            Source(name, make() if small else amount(entry.size), make)
            for name, make in texts.items()
        ]

    def _entry(self) -> Entry[Item] | None:
        row = self.reading.cursor.row if self.reading else None
        return self.reading.rows.entry(row) if self.reading and row is not None else None

    # -- drawing and telling -----------------------------------------------------------------------

    def _draw_apart(
        self,
        entry: Entry[Item],
        manner: DrawOptions,
        previous: Entry[Item] | None,
        stamp: Hashable,
    ) -> DrawnItem | None:
        drawing = self._drawers.submit(draw_apart, entry, manner, previous)
        now = perf_counter()
        if now - self._waited_at > BETWEEN_WAITS:
            with suppress(TimeoutError):
                return drawing.result(PATIENCE)
            self._waited_at = perf_counter()
        take = partial(self._take_drawn, drawing, entry.key, stamp)
        _worker: Worker[None] = self.run_worker(take, group="draw")
        return None

    async def _take_drawn(self, drawing: Future[DrawnItem], key: str, stamp: Hashable) -> None:
        drawn = await asyncio.wrap_future(drawing)
        self.post_message(ItemDrawn(key, stamp, drawn))

    def on_unmount(self) -> None:
        """Draw nothing more."""
        self._leisure.stop()
        self._drawers.shutdown(wait=False, cancel_futures=True)

    def on_item_drawn(self, message: ItemDrawn) -> None:
        """Put a large item where its place was kept."""
        message.stop()
        reading, found = self.reading, self.found
        if reading is None or not reading.items.take(message.key, message.stamp, message.drawn):
            return
        reading.keep()
        if found and found.current and found.current.key == message.key:
            found.stand_again()
        self._changed()

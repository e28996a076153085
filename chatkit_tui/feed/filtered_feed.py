"""The rows of a feed that a filter shows, as a feed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from typing import Final, Protocol

from chatkit_tui.feed.feed import Feed
from chatkit_tui.feed.feed_side import Side
from chatkit_tui.feed.loaded_rows import Growth
from chatkit_tui.feed.row_view import LoadedCopy
from chatkit_tui.models.page import RawRow

FIRST_BATCH: Final = 128
"""Rows that are judged before the first of them are shown; each further batch is twice as large,
since showing costs time for each loaded row."""
MOST_BARREN: Final = 1_000
"""Rows in a row that match nothing before loading pauses."""


class RowFilter(Protocol):
    """Decides which rows are shown. Called in threads."""

    def matches(self, row: RawRow) -> bool:
        """Return whether a row matches by itself. Raise nothing."""

    def among(self, rows: LoadedCopy) -> Collection[str] | None:
        """Return the keys of the rows that match by their neighbors; None for all."""


class FilteredFeed(Feed):
    """A feed that shows some rows of another feed, as far as they were judged.

    It is not `whole` before all rows of the list were loaded and judged. Rows that come later are
    shown once they are judged.
    """

    def __init__(self, feed: Feed, wanted: RowFilter, changed: Callable[[], None]) -> None:
        """`changed` is called after further rows were judged, in the same turn."""
        self.feed = feed
        self.rows = feed.rows
        self._wanted = wanted
        self._changed = changed
        self._verdicts: dict[str, tuple[RawRow, bool]] = {}
        """Whether a row matches by itself, by its key."""
        self._shown: Collection[str] = frozenset()
        self._judged = -1
        """The revision of the feed whose rows were judged."""
        self._was_whole = False
        """Whether all rows of the list were loaded when they were judged."""
        self._changes = 0
        self._barren = 0
        """Rows that were loaded since one of them matched."""
        self._count = len(feed)
        self._copy = LoadedCopy(feed, self._is_shown)
        self._copied = self.revision
        self._lock = asyncio.Lock()

    # -- judging -----------------------------------------------------------------------------------

    @property
    def is_judged(self) -> bool:
        """Whether all loaded rows were judged."""
        return self._judged == self.feed.revision

    @property
    def is_barren(self) -> bool:
        """Whether loading has paused: the last `MOST_BARREN` loaded rows matched nothing."""
        return self._barren >= MOST_BARREN and not self.feed.whole

    async def judge(self) -> None:
        """Judge the rows that were loaded or changed since, in threads."""
        async with self._lock:
            while not self.is_judged:
                await self._judge(self.feed.revision)

    async def _judge(self, revision: int) -> None:
        loaded = LoadedCopy(self.feed)
        among = await asyncio.to_thread(self._wanted.among, loaded)
        before = len(self._shown)
        unjudged = await asyncio.to_thread(self._unjudged, loaded)
        start, size = 0, FIRST_BATCH
        while start < len(unjudged):
            await asyncio.to_thread(self._judge_rows, unjudged[start : start + size])
            start, size = start + size, 2 * size
            if start < len(unjudged):
                self._show(*await asyncio.to_thread(self._passing, loaded, among), revision)
                self._changed()
        self._show(*await asyncio.to_thread(self._passing, loaded, among), revision)
        self._judged, self._was_whole = revision, loaded.whole
        count = len(loaded.old) + len(loaded.new)
        grown, self._count = count - self._count, count
        self._barren = 0 if len(self._shown) > before else self._barren + max(0, grown)
        self._changed()

    # In a thread, since each of 100,000 rows is looked at:

    def _unjudged(self, loaded: LoadedCopy) -> list[RawRow]:
        rows = (*loaded.old, *reversed(loaded.new))
        return [row for row in rows if self._verdict(row) is None]

    def _judge_rows(self, rows: Sequence[RawRow]) -> None:
        for row in rows:
            self._verdicts[row.key] = row, self._wanted.matches(row)

    def _verdict(self, row: RawRow) -> bool | None:
        judged, verdict = self._verdicts.get(row.key, (None, False))
        return verdict if judged is row else None

    def _passing(
        self, loaded: LoadedCopy, among: Collection[str] | None
    ) -> tuple[Collection[str], LoadedCopy]:
        """Return the keys of the rows that match so far, and these rows."""
        keys = {
            row.key
            for row in (*loaded.old, *loaded.new)
            if self._verdict(row) and (among is None or row.key in among)
        }
        rows = LoadedCopy(loaded, lambda row: row.key in keys)
        rows.make_index()
        return keys, rows

    def _show(self, keys: Collection[str], rows: LoadedCopy, revision: int) -> None:
        self._shown = keys
        self._changes += 1
        if self.feed.revision == revision:
            self._copy, self._copied = rows, self.revision

    # -- rows --------------------------------------------------------------------------------------

    def _is_shown(self, row: RawRow) -> bool:
        return row.key in self._shown

    def _rows(self) -> LoadedCopy:
        if self._copied != self.revision:
            self._copied = self.revision
            self._copy = LoadedCopy(self.feed, self._is_shown)
        return self._copy

    @property
    def old(self) -> Sequence[RawRow]:
        return self._rows().old

    @property
    def new(self) -> Sequence[RawRow]:
        return self._rows().new

    def __len__(self) -> int:
        return len(self.old) + len(self.new)

    def side_and_index(self, key: str) -> tuple[Side, int] | None:
        return self._rows().side_and_index(key)

    def entry(self, key: str) -> RawRow | None:
        return self.feed.entry(key) if key in self._shown else None

    def nearest(self, key: str) -> str | None:
        """Return the key of the first shown row from a row on; else of the last one before it."""
        keys = [row.key for row in self.rows]
        place = keys.index(key) if key in keys else 0
        order = (*keys[place:], *reversed(keys[:place]))
        return next((each for each in order if each in self._shown), None)

    def drop(self, identifiers: Collection[str]) -> int:
        return self.feed.drop(identifiers)

    # -- what is known of them ---------------------------------------------------------------------

    @property
    def whole(self) -> bool:
        return self.feed.whole and self._was_whole

    @property
    def hidden(self) -> int:
        return len(self.feed) - len(self)

    @property
    def broken(self) -> str | None:
        return self.feed.broken

    @property
    def revision(self) -> int:
        return self.feed.revision + self._changes

    # -- loading -----------------------------------------------------------------------------------

    @property
    def loading(self) -> frozenset[Side]:
        return self.feed.loading

    @property
    def refreshing(self) -> bool:
        return self.feed.refreshing

    def can_grow(self, side: Side) -> bool:
        return self.is_judged and not self.is_barren and self.feed.can_grow(side)

    async def load(self, side: Side) -> Growth:
        """Load and judge a page."""
        growth = await self.feed.load(side)
        await self.judge()
        return growth

    async def refresh(self, *, newer: bool = True) -> Growth:
        return await self.feed.refresh(newer=newer)

    async def poll(self) -> Growth:
        return await self.feed.poll()

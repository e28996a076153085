"""The refresh of a feed: rows that are loaded are asked for again, and newer ones are added."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from chatkit_tui.errors import UnknownCursorError
from chatkit_tui.feed.feed_side import FeedSide, Side, backoff_indices
from chatkit_tui.feed.loaded_rows import Bookmark, Growth, LoadedRows, Segment
from chatkit_tui.feed.page_requests import PageRequests, RequestedPage, SharedLoad
from chatkit_tui.models.page import Page, RawRow
from chatkit_tui.sources import paging
from chatkit_tui.sources.base import Order

MOST_AGAIN: Final = 2_000
"""Rows at the newest end that are asked for again, if one of them is not settled."""
MOST_SPOTS: Final = 10
"""Requests for rows further away that are not settled."""
NEAREST_CURSOR: Final = 1_000
"""Rows among which a cursor is looked for: one with an id of its own."""


class TailRefresh:
    """Asks again for what is loaded. See `Feed.refresh`."""

    def __init__(
        self,
        rows: LoadedRows,
        requests: PageRequests,
        load: Callable[[Side], Awaitable[Growth]],
    ) -> None:
        """`load` loads a page into the gap."""
        self._rows = rows
        self._requests = requests
        self._load = load
        self._refreshing: SharedLoad[Growth, Growth] | None = None
        self._is_for_newer = False
        """Whether the refresh in flight was called for newer rows."""
        self.broken: str | None = None
        """Why newer rows cannot be followed further; None while they can."""

    @property
    def is_refreshing(self) -> bool:
        return self._refreshing is not None

    async def refresh(self, *, newer: bool) -> Growth:
        """Refresh, or join the refresh that is in flight. Raise what the request raises.

        A refresh for newer rows waits for one that is not: that one may load fewer rows, or may
        have asked for the end of the list long ago.
        """
        if self._refreshing is None:
            self._is_for_newer = newer

            def forget() -> None:
                self._refreshing = None

            self._refreshing = SharedLoad(self._refresh(newer=newer), lambda it: it, forget)
        elif newer and not self._is_for_newer:
            growth = await self._refreshing.join()
            return growth.plus(await self.refresh(newer=True))
        return await self._refreshing.join()

    async def _refresh(self, *, newer: bool) -> Growth:
        rows = self._rows
        self.broken = None
        generation = self._requests.begin_generation()
        unsettled = [row.key for row in rows if row.page.unsettled and not row.is_settled]
        try:
            if not (len(rows) or rows.whole):
                return await self._load(Side.NEW)
            end = Side.NEW if rows.new.rows or rows.whole else Side.OLD
            growth = await self.ask_again(end, self._tail(end, unsettled), generation)
            if end is Side.OLD and newer and rows.only_side is None:
                growth = growth.plus(await self._load(Side.NEW))
            elif rows.begins_at_gap(end) and rows.old.rows:
                start = self._tail(Side.OLD, unsettled)
                growth = growth.plus(await self.ask_again(Side.OLD, start, generation))
            for side, place in self._spots(unsettled, generation):
                growth = growth.plus(await self.ask_again(side, place, generation, most_pages=1))
        finally:
            rows.expect_generation(generation)
        return growth._replace(whole=rows.whole)

    # -- which rows --------------------------------------------------------------------------------

    def _tail(self, side: Side, unsettled: Sequence[str]) -> int:
        """Return the place from which on rows are asked for again."""
        if self._rows.only_side is not None:
            return 0  # new rows may be anywhere
        segment = self._rows.segment(side)
        near = (
            place for place in _places(segment, unsettled) if place >= len(segment) - MOST_AGAIN
        )
        first = max(0, len(segment) - self._requests.limit)
        return min(first, next(near, first))

    def _spots(self, unsettled: Sequence[str], generation: int) -> list[tuple[Side, int]]:
        """Return sides and places of unsettled rows that were not asked for again yet."""
        spots = []
        joined = self._rows.whole or self._rows.only_side is not None
        for side in (Side.OLD,) if joined else Side:
            reached = -1
            segment = self._rows.segment(side)
            for place in _places(segment, unsettled):
                if (
                    place >= reached
                    and segment[place].page.asked[0] < generation
                    and self.can_reach(side, place)
                ):
                    spots.append((side, place))
                    reached = place + self._requests.first_limit
        return spots[-MOST_SPOTS:]

    def _cursors_before(self, side: Side, place: int) -> list[str | None]:
        """Return what rows from a place on may come after, best first.

        These are the server's own cursors, or ids of the nearest row before it that has one of its
        own and of rows further back in case those were deleted, and last None, the beginning of the
        list.
        """
        places = self._trail_before(side, place)
        known = [places[index][1] for index in backoff_indices(len(places))]
        known = known or self._ids_before(side, place)
        return [*known] if self._rows.begins_at_gap(side) else [*known, None]

    def _trail_before(self, side: Side, place: int) -> list[tuple[int, str]]:
        """Return the server's own cursors before a place with theirs, the nearest one first."""
        if self._rows.begins_at_gap(side):
            return []
        first = self._first_side
        places = ((first.place_behind(cursor), cursor) for cursor in first.trail)
        return sorted(
            ((at, it) for at, it in places if at is not None and at <= place), reverse=True
        )

    def _ids_before(self, side: Side, place: int) -> list[str]:
        segment, is_unique = self._rows.segment(side), self._rows.keys.is_unique
        cursors: list[str] = []
        for index in backoff_indices(place):
            last = place - 1 - index
            behind = (segment[at] for at in range(last, max(-1, last - NEAREST_CURSOR), -1))
            usable = (it for it in behind if it.page.ids_are_cursors and is_unique(it))
            nearest = next((entry.name for entry in usable), None)
            if nearest and nearest not in cursors:
                cursors.append(nearest)
        return cursors

    @property
    def _first_side(self) -> FeedSide:
        """The side that the list in order begins with."""
        return self._rows.side(self._rows.only_side or Side.OLD)

    def can_reach(self, side: Side, place: int) -> bool:
        """Return whether one page, after a cursor that is known, has the row at a place."""
        segment = self._rows.segment(side)
        if not place or segment[place - 1].page.ids_are_cursors:
            return True
        if self._rows.begins_at_gap(side):
            return False
        nearest = next(iter(self._trail_before(side, place)), (0, ""))
        return place - nearest[0] < self._requests.limit

    def _place_after(self, side: Side, answer: RequestedPage, reached: Bookmark) -> int | None:
        """Return the place of the rows of an answer, which was asked for from a bookmark on."""
        segment = self._rows.segment(side)
        if answer.after is None or answer.page.ids_are_cursors:
            return segment.place_after(answer.after, reached)
        place = None
        if not self._rows.begins_at_gap(side):
            place = self._first_side.place_behind(answer.after)
        return segment.find(reached) if place is None else place

    # -- asking again ------------------------------------------------------------------------------

    async def ask_again(
        self, side: Side, start: int, generation: int, *, most_pages: int | None = None
    ) -> Growth:
        """Request rows again, from a place to their end, or for a number of pages."""
        rows = self._rows
        is_near = self.can_reach(side, start) or not rows.new.rows
        if not is_near or not self._cursors_before(side, start):
            return await self._again_from_end(start, generation)
        growth, shape = Growth(Side.NEW, 0, rows.whole), self._shape(side)
        limit = self._limit_from(side, start) if most_pages is None else self._requests.first_limit
        if self._first_side.trail:  # a cursor can be a page away
            limit = self._requests.limit
        reached = rows.segment(side).bookmark(start)
        answer: RequestedPage | None = None

        async def follow(cursor: str | None) -> Page:
            nonlocal answer
            cursors = self._cursors_before(side, rows.segment(side).find(reached) or 0)
            if answer is not None:
                cursors = [cursor, *(known for known in cursors if known != cursor)]
            answer = await self._requests.ask_known(
                cursors,
                self._order,
                limit,
                is_doubtful=lambda other: self._is_doubtful(side, other, reached),
            )
            return answer.page

        pages = 0
        try:
            async for step in paging.iterate_pages(follow, is_shared=rows.keys.is_shared):
                assert answer is not None  # noqa: S101 # the step is made of it
                place = self._place_after(side, answer, reached)
                if place is None or self._shape(side) != shape:
                    break  # the rows are not what they were when the request left
                rows.expect_generation(generation)
                place, part = self.take_in(
                    side,
                    place,
                    self._requests.listed(answer, answer.page.rows),
                    ended=step.next.ended,
                    astray=answer.page.ids_are_cursors and rows.keys.is_shared(answer.after),
                )
                growth, reached = growth.plus(part), rows.segment(side).bookmark(place)
                pages += 1
                if step.next.reason and most_pages is None:
                    self.broken = step.next.reason
                    rows.revision += 1
                if pages == most_pages:
                    break
                if rows.ends_at_gap(side) and place >= len(rows.segment(side)):
                    break
        except UnknownCursorError:
            if not rows.begins_at_gap(side):
                raise
            growth = growth.plus(await self._reload_newest())
        return growth

    def _is_doubtful(self, side: Side, answer: RequestedPage, reached: Bookmark) -> bool:
        """Return whether an empty last page may only mean that the cursor is unknown.

        Some servers answer so; if it is not confirmed, loaded rows would be removed.
        """
        rows = self._rows
        if answer.page.rows or not answer.step.ended or rows.ends_at_gap(side):
            return False
        place = self._place_after(side, answer, reached)
        return place is not None and place < len(rows.segment(side))

    def take_in(
        self,
        side: Side,
        start: int,
        entries: Sequence[RawRow],
        *,
        ended: bool,
        astray: bool = False,
    ) -> tuple[int, Growth]:
        """Take in rows that were asked for again; return the place behind them and the changes."""
        rows, to_end = self._rows, not self._rows.ends_at_gap(side)
        merged = rows.merge(
            rows.segment(side), start, entries, ended=ended and to_end, astray=astray
        )
        newer = merged.beyond if to_end else []
        rows.add_at_end(newer)
        added = len(merged.inserted) + len(newer)
        rows.revision += bool(added or merged.changed or merged.gone)
        growth = Growth(Side.NEW, added, rows.whole, len(merged.changed), len(merged.gone))
        return merged.reached + len(newer), growth

    async def _again_from_end(self, start: int, generation: int) -> Growth:
        """Ask for the newest rows again, from the newest one back to a place among them.

        Nothing changes before it is known where the answers meet the rows that are loaded.
        """
        rows, new = self._rows, self._rows.new
        place = len(rows.segment(Side.NEW)) - 1 - start
        oldest = new.rows[max(0, min(place, len(new.rows) - 1))].key
        shape = self._shape(Side.NEW)
        answer: RequestedPage | None = None
        entries: list[RawRow] = []
        met = None

        async def follow(cursor: str | None) -> Page:
            nonlocal answer
            answer = await self._requests.ask(cursor, "desc", self._requests.limit)
            return answer.page

        async for step in paging.iterate_pages(follow, is_shared=rows.keys.is_shared):
            assert answer is not None  # noqa: S101 # the step is made of it
            entries += self._requests.listed(answer, step.rows)
            met, needed = self._last_met(new, entries), new.index_of(oldest)
            if self._shape(Side.NEW) != shape:
                return Growth(Side.NEW, 0, rows.whole)
            if needed is None or step.next.cursor is None or len(entries) >= MOST_AGAIN:
                break
            if met is not None and met >= needed:
                break
        if met is None:
            return await self._reload_newest()
        rows.expect_generation(generation)
        merged = rows.merge(Segment(rows.keys, new), 0, entries)
        changes = len(merged.inserted), len(merged.changed), len(merged.gone)
        rows.revision += any(changes)
        return Growth(Side.NEW, changes[0], rows.whole, *changes[1:])

    def _last_met(self, new: FeedSide, entries: Sequence[RawRow]) -> int | None:
        """Return the last of the newest rows that is surely among those of an answer."""
        known = new.rows[: len(entries) + MOST_AGAIN]
        sure = (
            place
            for entry, place in zip(entries, paging.match_rows(known, entries), strict=True)
            if place is not None
            and (self._rows.keys.is_unique(entry) or paging.same_bytes(entry, known[place]))
        )
        return max(sure, default=None)

    async def _reload_newest(self) -> Growth:
        """Load the newest rows from the end: none of those that are loaded is there any more."""
        self._rows.new.cursor = None
        return await self._load(Side.NEW)

    @property
    def _order(self) -> Order:
        return (self._rows.only_side or Side.OLD).order

    def _shape(self, side: Side) -> tuple[object, ...]:
        """Return what must not change between a request for loaded rows and its answer."""
        rows = self._rows
        return rows.side(side).starts, rows.only_side, rows.ends_at_gap(side)

    def _limit_from(self, side: Side, start: int) -> int:
        """Return how many rows to ask for: none behind a side that ends at the gap."""
        left = len(self._rows.segment(side)) - start
        return (
            max(1, min(self._requests.limit, left))
            if self._rows.ends_at_gap(side)
            else self._requests.limit
        )


def _places(segment: Segment, keys: Sequence[str]) -> list[int]:
    """Return the places of those rows that are in a segment, ascending."""
    places = (segment.place(key) for key in keys)
    return sorted(place for place in places if place is not None)

"""The polls of a feed that is followed: what is new or changed at its newest end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chatkit_tui.feed.feed_side import Side
from chatkit_tui.feed.gap_loader import GapLoader
from chatkit_tui.feed.loaded_rows import Growth, LoadedRows, Segment
from chatkit_tui.feed.page_requests import PageRequests
from chatkit_tui.feed.tail_refresh import TailRefresh
from chatkit_tui.models.page import RawRow
from chatkit_tui.sources import paging

LEAST: Final = 10
"""Newest rows that a poll asks for: new ones, and the last loaded ones, which may be edited."""
MOST: Final = 30
"""Newest rows that a poll asks for at most, to reach the oldest one that is not settled."""
ROOM: Final = 5
"""Rows beyond that one, for new ones."""


class TailPoll:
    """Asks for what is new or changed, in one request for each poll. See `Feed.poll`.

    The usual request is for the newest rows, newest first: it needs no cursor, so that it works
    where rows share ids, and fails with `NotFoundError` once the thread is deleted.
    """

    def __init__(
        self, rows: LoadedRows, requests: PageRequests, gap: GapLoader, tail: TailRefresh
    ) -> None:
        self._rows = rows
        self._requests = requests
        self._gap = gap
        self._tail = tail
        self._generation = -1
        self._turn = 0
        self._far_rows: list[tuple[Side, int]] = []
        self._far_at = -1
        """The revision that these rows are of."""
        self._is_behind = False
        """Whether more rows came than a poll asks for."""
        self._ignores_order = False
        """Whether the newest rows came oldest first."""

    async def poll(self) -> Growth:
        """Send one request, and return what it changed. Raise what the request raises."""
        rows, turn = self._rows, self._turn
        self._turn += 1
        if self._tail.is_refreshing:
            return self._nothing
        if not (rows.new.rows or rows.whole):
            return await self._gap.load(Side.NEW)
        # One generation between two refreshes: what polls ask for in turn is equally current.
        if self._requests.generation != self._generation:
            self._generation = self._requests.begin_generation()
        far, segment = self._far(), rows.segment(Side.NEW)
        if far and turn % 2:
            side, place = far[turn // 2 % len(far)]
            return await self._tail.ask_again(side, place, self._generation, most_pages=1)
        if rows.only_side is not None or self._ignores_order:
            is_at_end = self._is_behind or turn % 4 < 2  # else new rows may be in front
            place = max(0, len(segment) - LEAST) if is_at_end else 0
            return await self._ask_in_order(place)
        if self._is_behind:
            return await self._ask_in_order(len(segment))
        return await self._ask_newest(self._limit(segment))

    @property
    def _nothing(self) -> Growth:
        return Growth(Side.NEW, 0, self._rows.whole)

    def _far(self) -> list[tuple[Side, int]]:
        """Return sides and places of unsettled rows that are not among the newest ones."""
        rows = self._rows
        if self._far_at != rows.revision:
            reached = len(rows.segment(Side.NEW)) - (MOST - ROOM)
            segments = [(Side.NEW, reached)]
            if not rows.whole and rows.only_side is None:
                segments.append((Side.OLD, len(rows.old.rows)))
            self._far_rows = [
                (side, place)
                for side, stop in segments
                for segment in (rows.segment(side),)
                for place in range(stop)
                if not segment[place].is_settled and self._tail.can_reach(side, place)
            ]
            self._far_at = rows.revision
        return self._far_rows

    def _limit(self, segment: Segment) -> int:
        """Return how many of the newest rows to ask for."""
        start = max(0, len(segment) - (MOST - ROOM))
        places = range(start, len(segment))
        first = next((place for place in places if not segment[place].is_settled), len(segment))
        return max(LEAST, len(segment) - first + ROOM)

    async def _ask_in_order(self, place: int) -> Growth:
        """Ask for rows from a place on, oldest first."""
        growth = await self._tail.ask_again(Side.NEW, place, self._generation, most_pages=1)
        self._is_behind = growth.added >= self._requests.first_limit - LEAST
        return growth

    async def _ask_newest(self, limit: int) -> Growth:
        generation = self._generation
        answer = await self._requests.ask(None, "desc", limit)
        rows = self._rows
        if self._requests.generation != generation or rows.only_side is not None:
            return self._nothing  # a refresh asked later
        entries = self._requests.listed(answer, answer.page.rows)
        segment = rows.segment(Side.NEW)
        self._ignores_order = _is_ascending(segment, entries)
        if not self._ignores_order:
            entries = entries[::-1]
        elif not answer.step.ended:
            return self._nothing
        is_all = answer.step.ended and not rows.begins_at_gap(Side.NEW)
        met = (0, 0) if is_all else self._meeting(segment, entries)
        if met is None:
            self._is_behind = True
            return self._nothing
        place, index = met
        rows.expect_generation(generation)
        _, growth = self._tail.take_in(Side.NEW, place, entries[index:], ended=True)
        return growth

    def _meeting(self, segment: Segment, entries: Sequence[RawRow]) -> tuple[int, int] | None:
        """Return the place of the first entry that is surely loaded, and its index, if any is.

        The entries are the newest ones of the server, oldest first.
        """
        start = max(0, len(segment) - len(entries) - MOST)
        known = [segment[place] for place in range(start, len(segment))]
        places = paging.match_rows(known, entries)
        for index, (entry, place) in enumerate(zip(entries, places, strict=True)):
            if place is not None and (
                self._rows.keys.is_unique(entry) or paging.same_bytes(entry, known[place])
            ):
                return start + place, index
        return None


def _is_ascending(segment: Segment, entries: Sequence[RawRow]) -> bool:
    """Return whether rows that were asked for newest first came oldest first."""
    places = [place for entry in entries if (place := segment.place(entry.name)) is not None]
    if len(places) > 1:
        return places[0] < places[-1]
    times = [entry.created_at for entry in entries if entry.created_at is not None]
    return len(times) > 1 and times[0] < times[-1]

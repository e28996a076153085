"""The two sides of a feed, growing into the gap between them until they meet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from chatkit_tui.feed.feed_side import FeedSide, RowKeys, Side
from chatkit_tui.feed.loaded_rows import Growth, LoadedRows, Segment
from chatkit_tui.feed.page_requests import PageRequests, RequestedPage, SharedLoad
from chatkit_tui.models.page import Page, RawRow
from chatkit_tui.sources import paging
from chatkit_tui.sources.paging import match_rows, same_bytes


class _Inward(NamedTuple):
    """The answer to one load of a side."""

    answer: RequestedPage
    opposite_starts: int
    """How many times the other side had been started when the request left."""


class GapLoader:
    """Loads the next page of a side. See `Feed.load`."""

    def __init__(self, rows: LoadedRows, requests: PageRequests) -> None:
        self._rows = rows
        self._requests = requests
        self._loads: dict[Side, SharedLoad[_Inward, Growth]] = {}

    @property
    def loading(self) -> frozenset[Side]:
        return frozenset(self._loads)

    def can_grow(self, side: Side) -> bool:
        return not self._rows.whole and not self._rows.side(self._rows.only_side or side).broken

    async def load(self, side: Side) -> Growth:
        """Grow a side by a page, or join the load that does. Raise what the request raises."""
        side = self._rows.only_side or side
        if not self.can_grow(side):
            return Growth(side, 0, self._rows.whole)
        load = self._loads.get(side)
        if load is None:
            load = self._loads[side] = SharedLoad(
                self._fetch(side),
                lambda inward: self._settle(side, inward),
                lambda: self._loads.pop(side, None),
            )
        return await load.join()

    async def _fetch(self, side: Side) -> _Inward:
        """Ask for the next page, and follow empty ones up to one that has rows."""
        ours, starts = self._rows.side(side), self._rows.side(side.opposite).starts
        limit = self._requests.limit if ours.starts else self._requests.first_limit
        cursors = ours.cursors(self._rows.keys.is_unique)
        answer = await self._requests.ask_known(cursors, side.order, limit)
        if answer.page.rows or answer.step.cursor is None:
            return _Inward(answer, starts)

        async def follow(cursor: str | None) -> Page:
            nonlocal answer
            latest = await self._requests.ask(cursor, side.order, limit)
            answer = latest._replace(after=answer.after, refused=answer.refused)
            return latest.page

        async for step in paging.iterate_pages(follow, start=answer.after, first=answer.page):
            if step.page.rows:
                break  # the step after it is judged with all that this side has
            answer = answer._replace(step=step.next)
        return _Inward(answer, starts)

    def _settle(self, side: Side, inward: _Inward) -> Growth:
        """Add the rows of an answer, and find out if nothing is missing now."""
        rows, answer = self._rows, inward.answer
        if rows.whole:  # the other side was there first
            return Growth(side, 0, whole=True)
        ours, opposite = rows.side(side), rows.side(side.opposite)
        entries = self._requests.listed(answer, answer.page.rows)
        ended = answer.step.ended
        rows.revision += 1
        if answer.after is None:
            if same_beginning(entries, opposite, rows.keys, ended=ended):
                return self._go_one_way(side)
            ours.begin_again()
        if answer.refused:
            ours.progress = paging.Progress()
            ours.refused.update(answer.refused)
        before = len(ours.rows)
        fresh = self._replace_again(ours, answer.after, entries)
        met = find_meeting(fresh, ours, opposite, rows.keys)
        if met is SAME_ORDER:
            return self._go_one_way(side)
        # Rows that came to be while the request was in flight may lie between its end and what the
        # other side found in the meantime: then this was not the end.
        is_end = ended and (not opposite.rows or opposite.starts == inward.opposite_starts)
        if met is not None or is_end:
            rows.add(side, fresh if met is None else fresh[: met.row])
            rows.whole = True
            passed = len(opposite.rows) - (0 if met is None else met.place + 1)
            forget_doubles(ours, opposite, rows.keys, passed, slack=self._requests.limit)
        elif ended:
            rows.add(side, fresh)
            ours.cursor = (answer.page.ids_are_cursors and answer.page.last_id) or ours.cursor
        else:
            self._follow(side, answer, fresh)
        return Growth(side, max(0, len(ours.rows) - before), rows.whole)

    def _replace_again(
        self, ours: FeedSide, after: str | None, entries: Sequence[RawRow]
    ) -> Sequence[RawRow]:
        """Replace rows that an answer lists again, and return those behind them."""
        place = self._place_of(ours, after, entries)
        if place is None or place + 1 == len(ours.rows):
            entries = self._after_known(ours, entries)
            repeats = paging.repeats_at_edge(ours.rows[-len(entries) :], entries)
            self._rows.repeats += repeats
            return entries[repeats:]
        return self._rows.merge(Segment(self._rows.keys, ours), place + 1, entries).beyond

    def _after_known(self, ours: FeedSide, entries: Sequence[RawRow]) -> Sequence[RawRow]:
        """Return the rows behind the last one that this side has, byte for byte, by its own id.

        A cursor that others came to share may lead back to rows before its own.
        """
        keys = self._rows.keys
        known = [
            index
            for index, entry in enumerate(entries)
            if entry.name in ours and keys.is_unique(entry) and keys.is_known(entry)
        ]
        self._rows.repeats += len(known)
        return entries[known[-1] + 1 :] if known else entries

    def _place_of(
        self, ours: FeedSide, cursor: str | None, entries: Sequence[RawRow]
    ) -> int | None:
        """Return the place of the row of a cursor; None if it is not a row of this side.

        Of rows that share the id, it is the one behind which the answer begins.
        """
        if cursor and ours.trail:
            place = ours.place_behind(cursor)
            return None if place is None else place - 1
        if not cursor or not entries or not self._rows.keys.is_shared(cursor):
            return ours.index_of(cursor) if cursor else None
        for place, (entry, follower) in enumerate(pairwise(ours.rows)):
            if entry.name == cursor and paging.same_bytes(follower, entries[0]):
                return place
        return None

    def _follow(self, side: Side, answer: RequestedPage, fresh: Sequence[RawRow]) -> None:
        """Add rows, and find out which page comes next; a page that leads nowhere is left out."""
        rows, ours = self._rows, self._rows.side(side)
        new = not all(rows.keys.is_known(entry) for entry in fresh)
        rows.add(side, fresh)
        ids_are_cursors = answer.page.ids_are_cursors
        step = self._unshared(ours, answer.step) if ids_are_cursors else answer.step
        if step.cursor in ours.refused:
            step = paging.Next(reason=paging.REFUSES_ITS_OWN)
        step = ours.progress.advance(answer.page, step, new=new or bool(answer.refused))
        ours.broken = step.reason
        if step.cursor:
            ours.follow(step.cursor, is_id=ids_are_cursors)
        if step.reason and not new:
            ours.splice(len(ours.rows) - len(fresh), len(ours.rows), [])
            for entry in reversed(fresh):
                rows.keys.release(entry)
            rows.repeats += len(fresh)

    def _unshared(self, ours: FeedSide, step: paging.Next) -> paging.Next:
        """Return a step from a row with an id of its own, in place of one from a shared id.

        The page then begins with rows that are loaded already.
        """
        if not self._rows.keys.is_shared(step.cursor):
            return step
        rows = reversed(ours.rows[-self._requests.limit :])
        nearest = next((entry.name for entry in rows if self._rows.keys.is_unique(entry)), None)
        return step if nearest in {None, *ours.progress.cursors} else paging.Next(nearest)

    def _go_one_way(self, side: Side) -> Growth:
        """Leave this side to the other one: the server ignores the order."""
        self._rows.only_side = side.opposite
        self._rows.side(side).begin_again()
        return Growth(side, 0, self._rows.whole)


# -- where the sides meet --------------------------------------------------------------------------


class Meeting(NamedTuple):
    """The first row of an answer that the other side has, and its place there."""

    row: int
    place: int


SAME_ORDER: Final = Meeting(-1, -1)
"""Both sides go the same way: the server ignores the order asked for."""


def same_beginning(
    entries: Sequence[RawRow], opposite: FeedSide, keys: RowKeys, *, ended: bool
) -> bool:
    """Return whether both ends of a list of more than one row begin with the same row.

    The ids of rows prove nothing alone, for rows share ids: `[X, a, X]` begins with them alike at
    either end. Of a first row that changed meanwhile, the third one has to be the same.
    """
    if not entries or not opposite.rows or (ended and len(entries) == 1):
        return False
    first, known = entries[0], opposite.rows[0]
    if same_bytes(first, known) and keys.is_unique(known):
        return True
    pairs = list(zip(entries[:3], opposite.rows[:3], strict=False))
    return (
        len(pairs) > 1
        and all(ours.name == theirs.name for ours, theirs in pairs)
        and any(same_bytes(*pair) for pair in pairs[::2])
    )


def find_meeting(
    entries: Sequence[RawRow],
    side: FeedSide,
    opposite: FeedSide,
    keys: RowKeys,
) -> Meeting | None:
    """Return where the rows of an answer meet the other side, or None if that is not proved.

    What proves a meeting is a row with an id of its own that is the same byte for byte, or that is
    followed by the row that follows it there. If such a row is followed by the same one on both
    sides, the server ignores the order.
    """
    rows = opposite.rows
    if not rows:
        return None
    counts = Counter(entry.name for entry in entries)

    def is_unique(entry: RawRow) -> bool:
        return keys.is_unique(entry) and counts[entry.name] == 1

    for index, entry in enumerate(entries):
        place = opposite.index_of(entry.name)
        if place is None or entry.name in side or not is_unique(entry):
            continue
        follower = entries[index + 1] if index + 1 < len(entries) else None
        same = same_bytes(entry, rows[place])
        if follower is not None:
            by_id = is_unique(follower)
            if place > 0 and _is_same(follower, rows[place - 1], by_id=by_id):
                return Meeting(index, place)
            after = rows[place + 1] if place + 1 < len(rows) else None
            if same and after is not None and _is_same(follower, after, by_id=by_id):
                return SAME_ORDER
        if same:
            return Meeting(index, place)
    return None


def _is_same(one: RawRow, other: RawRow, *, by_id: bool) -> bool:
    return one.name == other.name if by_id else same_bytes(one, other)


def forget_doubles(
    side: FeedSide, opposite: FeedSide, keys: RowKeys, count: int, *, slack: int
) -> None:
    """Remove those of the innermost `count` rows of the other side that this side has as well.

    They are looked for among as many rows of this side, and `slack` more. A row that was taken for
    another one until the sides met gets the key that it had on the other side.
    """
    inner = opposite.rows[len(opposite.rows) - count :][::-1]
    if not any(entry.name in side or keys.is_shared(entry.name) for entry in inner):
        return
    tail = side.rows[-(count + slack) :]
    doubles = {
        inner[place].key: entry
        for place, entry in zip(match_rows(inner, tail), tail, strict=True)
        if place is not None
    }
    opposite.drop(lambda entry: entry.key in doubles)
    for key, entry in reversed(doubles.items()):
        if entry.key != key:
            keys.release(entry)
            side.rename(entry, key)

"""The list itself: two sides that grow towards each other until they meet."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import Final, Generic, Literal, NamedTuple, Protocol, TypeAlias, TypeVar

from chatkit_tui.errors import BadRequestError, NotFoundError, UnprocessableEntityError
from chatkit_tui.feed.meeting import SAME_ORDER, Meeting, find_meeting, same_beginning
from chatkit_tui.feed.run import Run, rungs
from chatkit_tui.feed.segment import Merged, Segment
from chatkit_tui.feed.shared import SharedLoad
from chatkit_tui.models.pages import NO_ID, Entry, Page
from chatkit_tui.sources import paging

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Order: TypeAlias = Literal["asc", "desc"]


class Side(StrEnum):
    """The two ends of time."""

    OLD = "old"
    NEW = "new"


class Fetch(Protocol[T_co]):
    """What gets a page: at most `limit` rows after a cursor (exclusive), in the order asked for."""

    def __call__(self, *, after: str | None, order: Order, limit: int) -> Awaitable[Page[T_co]]:
        """Get the page. What it raises reaches whoever asked the feed to load."""
        ...


class Growth(NamedTuple):
    """What a load brought."""

    side: Side
    added: int
    """Rows that were not there before."""
    whole: bool
    """Whether nothing is missing any more."""
    changed: int = 0
    """Rows that were asked for again and are different now."""
    gone: int = 0
    """Rows that were asked for again and are not listed any more."""


class _Answer(NamedTuple, Generic[T]):
    """A page, and what was asked for it."""

    page: Page[T]
    after: str | None
    """The cursor that the server knew."""
    refused: tuple[str, ...]
    """Cursors that it did not know."""
    number: int
    """The number of the request, which counts up."""
    step: paging.Next


class _Inward(NamedTuple, Generic[T]):
    """The answer to one load of a side."""

    answer: _Answer[T]
    opposite_start: int
    """How often the other side had been started when the request left."""


REFUSALS = (BadRequestError, NotFoundError, UnprocessableEntityError)
"""How a server says that it does not know a cursor: because its row was deleted, most often."""

MOST_AGAIN: Final = 2_000
"""Rows at the newest end that are asked for again, if one of them is not settled."""
MOST_SPOTS: Final = 10
"""Requests for rows further away that are not settled."""
NEAREST_CURSOR: Final = 1_000
"""Rows among which a cursor is looked for: one with an id of its own."""

_ORDERS: Mapping[Side, Order] = {Side.OLD: "asc", Side.NEW: "desc"}
_OPPOSITES = {Side.OLD: Side.NEW, Side.NEW: Side.OLD}


class Feed(Generic[T]):
    """An ordered list of rows behind cursors.

    `old` grows from the oldest row forward, `new` from the newest row backward. The list is
    `[*old, *reversed(new)]`, with a gap between the two until it is `whole`. The order is the
    server's; nothing is sorted. Rows that others deleted on the server stay until they are
    dropped or asked for again, or until a side has to begin again because the server knows no
    cursor of it.

    Rows can share an id, so that each has a key of its own: the id, and for further rows of the
    same id a number with it. Only what is byte for byte the same at the edge of two pages is
    left out as a repeat.

    All state changes between two turns of the event loop, when the answer to a load is there:
    a load that fails or is cancelled changes nothing and can be tried again. Not for use from
    several threads.
    """

    def __init__(
        self,
        fetch: Fetch[T],
        *,
        first_limit: int = 30,
        limit: int = 100,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """A feed that has loaded nothing yet.

        `first_limit` rows are asked for at each end first, then `limit` at a time (1 to 100).
        `clock` gives Unix seconds.
        """
        self._fetch = fetch
        self._first_limit = first_limit
        self._limit = limit
        self._clock = clock
        self._runs: dict[Side, Run[T]] = {Side.OLD: Run(), Side.NEW: Run()}
        self._loads: dict[Side, SharedLoad[_Inward[T], Growth]] = {}
        self._refreshing: SharedLoad[Growth, Growth] | None = None
        self._broken_newer: str | None = None
        self._requests = 0
        self._dropped: dict[str, int] = {}
        """Ids of dropped rows, each with the number of the last request that left before."""
        self._sharing: dict[str, int] = {}
        """Ids that rows share, each with the number that the next row of it gets."""
        self._digests: dict[str, set[int]] = {}
        """Hashes of the rows of each of these ids."""
        self._unsettled: set[str] = set()
        """Keys of rows in which something was under way."""
        self._one_side: Side | None = None
        self._generation = 0
        self._whole = False
        self.repeats = 0
        """How many rows came more than once, byte for byte, and were left out."""
        self.revision = 0
        """A number that grows with every change of rows, `whole` or `broken`."""
        self.versions: dict[str, int] = {}
        """How often a row was replaced by another text, by key; the others never were."""
        self.replaced = 0
        """How often that happened to any row."""

    @property
    def old(self) -> Sequence[Entry[T]]:
        """Rows from the oldest on, ascending. The live list: it grows and must not be changed."""
        return self._runs[Side.OLD].rows

    @property
    def new(self) -> Sequence[Entry[T]]:
        """Rows from the newest on, descending. The live list: it grows and must not be changed."""
        return self._runs[Side.NEW].rows

    @property
    def whole(self) -> bool:
        """Whether nothing is missing between the ends: they met, or one walked the whole list."""
        return self._whole

    @property
    def broken(self) -> str | None:
        """What is wrong with the server's list, in one line, where rows cannot be had for it."""
        sides = () if self._whole else (self._runs[Side.OLD].broken, self._runs[Side.NEW].broken)
        return next((reason for reason in (*sides, self._broken_newer) if reason), None)

    @property
    def order_ignored(self) -> bool:
        """Whether the server gives the same rows in either order, so that it has one end only."""
        return self._one_side is not None

    @property
    def loading(self) -> frozenset[Side]:
        """The sides that are growing into the gap right now."""
        return frozenset(self._loads)

    @property
    def refreshing(self) -> bool:
        """Whether `refresh` is asking right now."""
        return self._refreshing is not None

    def __len__(self) -> int:
        return len(self.old) + len(self.new)

    def can_grow(self, side: Side) -> bool:
        """Whether loading a side could bring something."""
        return not self._whole and not self._runs[self._one_side or side].broken

    def side_and_index(self, key: str) -> tuple[Side, int] | None:
        """Where a row stands in `old` or `new`, in constant time; None when it is not loaded."""
        for side, run in self._runs.items():
            index = run.index_of(key)
            if index is not None:
                return side, index
        return None

    def entry(self, key: str) -> Entry[T] | None:
        """The row with a key; None when it is not loaded. An id is the key of its first row."""
        found = self.side_and_index(key)
        return self._runs[found[0]].rows[found[1]] if found else None

    def is_current(self, entry: Entry[T]) -> bool:
        """Whether a row came with the latest refresh or after it."""
        return entry.page.asked[0] >= self._generation

    def drop(self, identifiers: Collection[str]) -> int:
        """Take deleted rows out and return how many there were.

        They stay out of answers that are under way. A later answer that lists one brings it back.
        """
        gone = frozenset(identifiers)
        self._dropped.update(dict.fromkeys(gone, self._requests))
        dropped = sum(run.drop(lambda entry: entry.id in gone) for run in self._runs.values())
        self.revision += bool(dropped)
        return dropped

    # -- rows --------------------------------------------------------------------------------------

    def _is_unique(self, entry: Entry[T]) -> bool:
        """Whether a row has an id, and one that no other loaded row shares."""
        return entry.has_id and entry.id not in self._sharing

    def _name(self, entries: Sequence[Entry[T]]) -> Sequence[Entry[T]]:
        """Give rows that are to be added their keys, and return them."""
        taken: set[str] = set()
        old, new = self._runs[Side.OLD], self._runs[Side.NEW]
        for entry in entries:
            key = entry.id
            if key in self._sharing or key in taken or key in old or key in new or key[0] == "\0":
                key = self._further_key(entry, taken)
            entry.key = key
            taken.add(key)
            if entry.page.unsettled and not entry.is_settled:
                self._unsettled.add(key)
        return entries

    def _further_key(self, entry: Entry[T], taken: Collection[str]) -> str:
        """The key of a row whose id may not be its own."""
        key = _first_key(entry.id)
        number = self._sharing.get(entry.id, 0)
        if not number and key not in taken and not self.side_and_index(key):
            return key
        self._digests_of(entry.id).add(hash(entry.raw))
        number = max(number, 2)
        while self.side_and_index(f"{key}\0{number}"):
            number += 1
        self._sharing[entry.id] = number + 1
        return f"{key}\0{number}"

    def _digests_of(self, identifier: str) -> set[int]:
        """Hashes of the rows that share an id."""
        digests = self._digests.get(identifier)
        if digests is None:
            first = self.entry(_first_key(identifier))
            digests = self._digests[identifier] = {hash(first.raw)} if first else set()
        return digests

    def _is_known(self, entry: Entry[T]) -> bool:
        """Whether a row was loaded before, byte for byte."""
        if entry.id in self._sharing:
            return hash(entry.raw) in self._digests_of(entry.id)
        known = self.entry(_first_key(entry.id))
        return known is not None and paging.same_bytes(known, entry)

    def _listed(self, answer: _Answer[T]) -> tuple[Entry[T], ...]:
        """The rows of an answer, without those that were dropped while it was under way."""
        if not self._dropped:
            return answer.page.entries
        listed = []
        for entry in answer.page.entries:
            if answer.number > self._dropped.get(entry.id, 0):
                self._dropped.pop(entry.id, None)
                listed.append(entry)
        return tuple(listed)

    async def _ask(self, after: str | None, order: Order, limit: int) -> tuple[Page[T], int]:
        self._requests += 1
        number, asked = self._requests, (self._generation, self._clock())
        page = await self._fetch(after=after, order=order, limit=limit)
        page.asked = asked
        return page, number

    async def _first_known(
        self, cursors: Sequence[str | None], order: Order, limit: int
    ) -> _Answer[T]:
        """The page after the first cursor that the server knows.

        Raises the first refusal when there is no cursor left to try.
        """
        refusals: list[Exception] = []
        for place, cursor in enumerate(cursors):
            try:
                page, number = await self._ask(cursor, order, limit)
            except REFUSALS as refusal:
                refusals.append(refusal)
            else:
                refused = tuple(known for known in cursors[:place] if known)
                return _Answer(page, cursor, refused, number, paging.next_after(page))
        raise refusals[0]

    # -- into the gap ------------------------------------------------------------------------------

    async def load(self, side: Side) -> Growth:
        """Grow one side by a page; at once, with nothing added, where it cannot grow.

        A load of that side which is under way is joined. When the server no longer knows the
        cursor, the walk goes on from a row before it, or begins that side again. Empty pages are
        followed, within a bound. Where the server ignores the order, the only side grows. Raises
        what `fetch` raises.
        """
        side = self._one_side or side
        if not self.can_grow(side):
            return Growth(side, 0, self._whole)
        load = self._loads.get(side)
        if load is None:
            load = self._loads[side] = SharedLoad(
                self._fetch_inward(side),
                lambda answer: self._settle_inward(side, answer),
                lambda: self._loads.pop(side, None),
            )
        return await load.join()

    async def _fetch_inward(self, side: Side) -> _Inward[T]:
        run, order = self._runs[side], _ORDERS[side]
        start = self._runs[_OPPOSITES[side]].starts
        limit = self._limit if run.starts else self._first_limit
        answer = await self._first_known(run.cursors(self._is_unique), order, limit)
        if answer.page.entries or answer.step.cursor is None:
            return _Inward(answer, start)

        async def follow(cursor: str | None) -> Page[T]:
            nonlocal answer
            page, number = await self._ask(cursor, order, limit)
            answer = answer._replace(page=page, number=number)
            return page

        async for page in paging.iterate_pages(follow, start=answer.after, first=answer.page):
            answer = answer._replace(step=page.next)
            if page.page.entries:
                break
        return _Inward(answer, start)

    def _settle_inward(self, side: Side, inward: _Inward[T]) -> Growth:
        if self._whole:  # the other side got there first
            return Growth(side, 0, whole=True)
        answer, step = inward.answer, inward.answer.step
        run, opposite = self._runs[side], self._runs[_OPPOSITES[side]]
        entries = self._listed(answer)
        self.revision += 1
        if answer.after is None:
            if same_beginning(entries, opposite, ended=step.ended):
                return self._go_one_way(side)
            run.begin_again()
        if answer.refused:
            run.progress = paging.Progress()
            run.refused.update(answer.refused)
        before = len(run.rows)
        fresh = self._take_again(run, answer.after, entries)
        met = find_meeting(
            fresh,
            opposite,
            first_page=answer.after is None,
            is_unique=lambda entry: self._is_unique(entry) and entry.id not in run,
        )
        if met is SAME_ORDER:
            return self._go_one_way(side)
        if met is not None:
            run.append(self._name(fresh[: met.row]))
            self._join(run, opposite, met)
        # Rows that came to be while the request was under way may lie between its end and
        # what the other side found in the meantime: then this was not the end.
        elif step.ended and (not opposite.rows or opposite.starts == inward.opposite_start):
            run.append(self._name(fresh))
            self._whole = True
            self._forget_doubles(run, opposite, len(opposite.rows))
        elif step.ended:
            run.append(self._name(fresh))
            run.cursor = paging.last_id(answer.page) or run.cursor
        else:
            self._follow(run, answer, fresh)
        return Growth(side, max(0, len(run.rows) - before), self._whole)

    def _take_again(
        self, run: Run[T], after: str | None, entries: Sequence[Entry[T]]
    ) -> Sequence[Entry[T]]:
        """Replace rows that an answer lists again, and return those behind them."""
        place = run.index_of(after) if after else None
        if place is None or place + 1 == len(run.rows):
            repeats = paging.repeats_at_edge(run.rows[-len(entries) :], entries)
            self.repeats += repeats
            return entries[repeats:]
        merged = self._merge(Segment(run), place + 1, entries, ended=False)
        return merged.beyond

    def _follow(self, run: Run[T], answer: _Answer[T], fresh: Sequence[Entry[T]]) -> None:
        """Add rows, and find out where the walk goes on; a page that leads nowhere is left out."""
        new = not all(self._is_known(entry) for entry in fresh)
        rows = self._name(fresh)
        run.append(rows)
        step = self._unshared(run, answer.step)
        if step.cursor in run.refused:
            step = paging.Next(reason=paging.REFUSES_ITS_OWN)
        step = run.progress.advance(answer.page, step, new=new or bool(answer.refused))
        run.broken = step.reason
        run.cursor = step.cursor or run.cursor
        if step.reason and not new:
            run.splice(len(run.rows) - len(rows), len(run.rows), [])
            self.repeats += len(rows)

    def _unshared(self, run: Run[T], step: paging.Next) -> paging.Next:
        """A step from a row with an id of its own, in the place of one from an id that rows share.

        The page then begins with rows that are here already.
        """
        if step.cursor not in self._sharing:
            return step
        rows = reversed(run.rows[-self._limit :])
        nearest = next((entry.id for entry in rows if self._is_unique(entry)), None)
        return step if nearest in {None, *run.progress.cursors} else paging.Next(nearest)

    def _join(self, run: Run[T], opposite: Run[T], met: Meeting) -> None:
        """The sides met. Rows of the other side that this one passed by may be on both by now."""
        self._whole = True
        self._forget_doubles(run, opposite, len(opposite.rows) - 1 - met.place)

    def _forget_doubles(self, run: Run[T], opposite: Run[T], count: int) -> None:
        """Of the innermost rows of the other side, take out those that this side has as well.

        A row that was taken for another one by then gives up its number.
        """
        inner = opposite.rows[len(opposite.rows) - count :][::-1]
        if not any(entry.id in run or entry.id in self._sharing for entry in inner):
            return
        tail = run.rows[-(count + self._limit) :]
        places = paging.match_rows(inner, tail)
        doubles = {
            inner[place].key: entry
            for place, entry in zip(places, tail, strict=True)
            if place is not None
        }
        opposite.drop(lambda entry: entry.key in doubles)
        for key, entry in doubles.items():
            index = run.index_of(entry.key)
            if index is not None and entry.key != key:
                self._rename(run, index, key)

    def _rename(self, run: Run[T], index: int, key: str) -> None:
        """Give a row the key that it had on the other side."""
        entry = run.rows[index]
        run.splice(index, index + 1, [])
        entry.key = key
        run.splice(index, index, [entry])
        if self._sharing.get(entry.id) == 3:
            del self._sharing[entry.id]  # there were never two

    def _go_one_way(self, side: Side) -> Growth:
        """The order is ignored: the other side is the same one, and goes on alone."""
        self._one_side = _OPPOSITES[side]
        self._runs[side].begin_again()
        return Growth(side, 0, self._whole)

    # -- again -------------------------------------------------------------------------------------

    async def refresh(self, *, newer: bool = True) -> Growth:
        """Ask again for the loaded tail, and for what came to be behind it.

        That is the last page of loaded rows, and all from the oldest row on that is not settled if
        that is within `MOST_AGAIN` rows. Rows further away that are not settled are asked for one
        by one. Each page is taken in as it comes: an error or a cancellation costs the page under
        way and keeps those before it. Where the newest rows were not loaded yet, they are loaded if
        `newer`. Raises what `fetch` raises.
        """
        if self._refreshing is None:

            def forget() -> None:
                self._refreshing = None

            self._refreshing = SharedLoad(self._refresh(newer=newer), lambda it: it, forget)
        return await self._refreshing.join()

    async def _refresh(self, *, newer: bool) -> Growth:
        self._broken_newer = None
        generation = self._generation + 1
        try:
            if not (len(self) or self._whole):
                return await self.load(Side.NEW)
            end = Side.NEW if self.new or self._whole else Side.OLD
            growth = await self._again(end, self._tail(end), generation)
            if end is Side.OLD and newer and self._one_side is None:
                loaded = await self.load(Side.NEW)
                growth = growth._replace(added=growth.added + loaded.added)
            elif end is Side.NEW and self.old and not self._whole:
                growth = _sum(growth, await self._again(Side.OLD, self._tail(Side.OLD), generation))
            for spot in self._spots(generation):
                growth = _sum(growth, await self._again(*spot, generation, pages=1))
        finally:
            self._begin_generation(generation)
        return growth._replace(whole=self._whole)

    def _begin_generation(self, generation: int) -> None:
        """Count rows as current from now on only if they were asked for since."""
        if generation > self._generation:
            self._generation = generation
            self.revision += 1

    def _segment(self, side: Side) -> Segment[T]:
        """The rows of a side, with those of the other one where nothing is missing between."""
        if self._one_side is not None:
            return Segment(self._runs[self._one_side])
        if self._whole:
            return Segment(self._runs[Side.OLD], self._runs[Side.NEW])
        if side is Side.OLD:
            return Segment(self._runs[Side.OLD])
        return Segment(Run(), self._runs[Side.NEW])

    def _tail(self, side: Side) -> int:
        """The place from which on rows are asked for again."""
        if self._one_side is not None:
            return 0  # what is new may stand anywhere
        segment = self._segment(side)
        first = max(0, len(segment) - self._limit)
        near = (place for place in self._open_places(segment) if place >= len(segment) - MOST_AGAIN)
        return min(first, min(near, default=first))

    def _open_places(self, segment: Segment[T]) -> list[int]:
        """The places of rows that are not settled."""
        self._unsettled = {
            key for key in self._unsettled if (entry := self.entry(key)) and not entry.is_settled
        }
        places = (segment.place(key) for key in self._unsettled)
        return sorted(place for place in places if place is not None)

    def _spots(self, generation: int) -> list[tuple[Side, int]]:
        """Sides and places of rows that are not settled and were not asked for again yet."""
        spots = []
        for side in Side:
            reached = -1
            segment = self._segment(side)
            for place in self._open_places(segment):
                if place >= reached and segment[place].page.asked[0] < generation:
                    spots.append((side, place))
                    reached = place + self._first_limit
            if self._whole or self._one_side is not None:
                break
        return spots[-MOST_SPOTS:]

    async def _again(
        self, side: Side, start: int, generation: int, *, pages: int | None = None
    ) -> Growth:
        """Ask for rows again, from a place on to the end of those rows, or for so many pages."""
        growth = Growth(Side.NEW, 0, self._whole)
        if self._is_new_end(side) and self._cursors_before(side, start) == []:
            return await self._again_from_end(start, generation)
        starts = self._runs[side].starts
        limit = self._again_limit(side, start, pages)
        answer: _Answer[T] | None = None
        reached = start

        async def follow(cursor: str | None) -> Page[T]:
            nonlocal answer
            cursors = self._cursors_before(side, reached)
            if answer is not None:
                cursors = [cursor, *(known for known in cursors if known != cursor)]
            answer = await self._first_known(cursors, self._order_again, limit)
            answer.page.asked = (generation, answer.page.asked[1])
            return answer.page

        try:
            steps = paging.iterate_pages(follow, is_shared=self._sharing.__contains__)
            async for step in steps:
                assert answer is not None  # noqa: S101 # the step is made of it
                if self._runs[side].starts != starts:
                    break  # the rows were loaded from the end again meanwhile
                self._begin_generation(generation)
                reached, part = self._settle_again(side, reached, answer, step.next)
                growth = _sum(growth, part)
                if step.next.reason and pages is None:
                    self._broken_newer = step.next.reason
                    self.revision += 1
                pages = None if pages is None else pages - 1
                if pages == 0 or (self._ends_at_gap(side) and reached >= len(self._segment(side))):
                    break
        except REFUSALS:
            if not self._is_new_end(side):
                raise
            return _sum(growth, await self._load_newest_anew())
        return growth

    async def _again_from_end(self, start: int, generation: int) -> Growth:
        """Ask for the newest rows again, from the newest one back to a place among them.

        Nothing changes before it is known where the answers meet the rows that are loaded.
        """
        run = self._runs[Side.NEW]
        starts, oldest = run.starts, run.rows[len(run.rows) - 1 - start].key
        answer: _Answer[T] | None = None
        entries: list[Entry[T]] = []
        met = None

        async def follow(cursor: str | None) -> Page[T]:
            nonlocal answer
            answer = await self._first_known([cursor], "desc", self._limit)
            answer.page.asked = (generation, answer.page.asked[1])
            return answer.page

        async for step in paging.iterate_pages(follow, is_shared=self._sharing.__contains__):
            assert answer is not None  # noqa: S101 # the step is made of it
            listed = self._listed(answer)
            entries += [entry for entry in step.entries if entry in listed]
            needed = run.index_of(oldest)
            met = self._last_met(run, entries)
            if run.starts != starts or needed is None or step.next.ended:
                break
            if (met is not None and met >= needed) or len(entries) >= MOST_AGAIN:
                break
        if run.starts != starts:
            return Growth(Side.NEW, 0, self._whole)
        if met is None:
            return await self._load_newest_anew()
        self._begin_generation(generation)
        merged = self._merge(Segment(run), 0, entries, ended=False)
        return self._changes(merged, len(merged.inserted))

    def _last_met(self, run: Run[T], entries: Sequence[Entry[T]]) -> int | None:
        """The last of the rows of a side that is surely among those of an answer."""
        known = run.rows[: len(entries) + MOST_AGAIN]
        places = paging.match_rows(known, entries)
        sure = (
            place
            for entry, place in zip(entries, places, strict=True)
            if place is not None
            and (self._is_unique(entry) or paging.same_bytes(entry, known[place]))
        )
        return max(sure, default=None)

    async def _load_newest_anew(self) -> Growth:
        """Load the newest rows from the end: none of those that are loaded is there any more."""
        self._runs[Side.NEW].cursor = None
        return await self.load(Side.NEW)

    def _is_new_end(self, side: Side) -> bool:
        """Whether the rows of a side begin behind a gap."""
        return side is Side.NEW and not self._whole and self._one_side is None

    @property
    def _order_again(self) -> Order:
        return _ORDERS[self._one_side or Side.OLD]

    def _again_limit(self, side: Side, start: int, pages: int | None) -> int:
        if pages is not None:
            return self._first_limit
        if not self._ends_at_gap(side):
            return self._limit
        return max(1, min(self._limit, len(self._segment(side)) - start))

    def _ends_at_gap(self, side: Side) -> bool:
        """Whether what comes behind the rows of a side is not the end of the list."""
        return not self._whole and (side is Side.OLD or self._one_side is not None)

    def _cursors_before(self, side: Side, place: int) -> list[str | None]:
        """Ids to go on from: of the nearest row before a place that has one of its own, then of
        rows further back in case those are deleted, and last the beginning of the list."""
        segment = self._segment(side)
        cursors: list[str | None] = []
        for rung in rungs(place):
            behind = range(place - 1 - rung, max(-1, place - 1 - rung - NEAREST_CURSOR), -1)
            nearest = next((segment[it].id for it in behind if self._is_unique(segment[it])), None)
            if nearest and nearest not in cursors:
                cursors.append(nearest)
        return cursors if self._is_new_end(side) else [*cursors, None]

    def _settle_again(
        self, side: Side, reached: int, answer: _Answer[T], step: paging.Next
    ) -> tuple[int, Growth]:
        """Take in rows that were asked for again; return the place behind them and the changes."""
        segment = self._segment(side)
        start = self._place_behind(segment, answer.after, reached)
        to_end = not self._ends_at_gap(side)
        merged = self._merge(
            segment,
            start,
            self._listed(answer),
            ended=step.ended and to_end,
            astray=answer.after in self._sharing,
        )
        added = len(merged.inserted)
        if to_end and merged.beyond:
            rows = self._name(merged.beyond)
            if self._one_side is not None:
                self._runs[self._one_side].append(rows)
            else:
                self._runs[Side.NEW].put_in_front(rows[::-1])
            added += len(rows)
        reached = merged.reached + (len(merged.beyond) if to_end else 0)
        return reached, self._changes(merged, added)

    def _place_behind(self, segment: Segment[T], after: str | None, reached: int) -> int:
        """Where the rows behind a cursor stand; behind those reached if it is no row's own id."""
        if after is None:
            return 0
        place = None if after in self._sharing else segment.place(_first_key(after))
        return reached if place is None else place + 1

    def _changes(self, merged: Merged[T], added: int) -> Growth:
        self.revision += bool(added or merged.changed or merged.gone)
        return Growth(Side.NEW, added, self._whole, len(merged.changed), len(merged.gone))

    def _merge(
        self,
        segment: Segment[T],
        start: int,
        entries: Sequence[Entry[T]],
        *,
        ended: bool,
        astray: bool = False,
    ) -> Merged[T]:
        """Replace rows by those of an answer, and note what became of them.

        The answer may have gone `astray` if its cursor was an id that rows share: then a row that
        is known, byte for byte, is a repeat wherever it stands.
        """
        merged = segment.merge(
            start,
            entries,
            ended=ended,
            name=self._name,
            is_unique=self._is_unique,
            is_repeat=self._is_known if astray else lambda _: False,
        )
        self.repeats += merged.repeats
        lost = {entry.id for entry in merged.gone}
        for run in self._runs.values() if lost else ():
            run.leave_cursor(lost)
        self.replaced += len(merged.changed)
        for _, entry in merged.changed:
            self.versions[entry.key] = self.versions.get(entry.key, 0) + 1
        for entry in entries if merged.changed or merged.inserted else ():
            if not entry.is_settled:
                self._unsettled.add(entry.key)
        return merged


def _first_key(identifier: str) -> str:
    """The key of the first row with an id. Keys that begin with NUL are the program's own."""
    is_own = identifier.startswith("\0") and not identifier.startswith(NO_ID)
    return f"\0id {identifier}" if is_own else identifier


def _sum(one: Growth, other: Growth) -> Growth:
    return Growth(
        one.side,
        one.added + other.added,
        other.whole,
        one.changed + other.changed,
        one.gone + other.gone,
    )

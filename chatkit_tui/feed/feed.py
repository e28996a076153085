"""The list itself: two sides that grow towards each other until they meet on an id."""

from __future__ import annotations

from collections.abc import Awaitable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import Generic, Literal, NamedTuple, Protocol, TypeAlias, TypeVar

from chatkit_tui.errors import BadRequestError, NotFoundError, UnprocessableEntityError
from chatkit_tui.feed import walk
from chatkit_tui.feed.run import Run, rungs
from chatkit_tui.feed.shared import SharedLoad
from chatkit_tui.models.pages import Entry, Page

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


class _Inward(NamedTuple, Generic[T]):
    """The answer to one load of a side."""

    page: Page[T]
    asked: str | None
    refused: tuple[str, ...]
    opposite_start: int
    """How often the other side had been started when the request left."""


class _Outward(NamedTuple, Generic[T]):
    """The answer to one load of newer rows; no page when the server knows none of the newest."""

    page: Page[T] | None
    refused: tuple[str, ...]
    newest_start: int


class _Arrival(NamedTuple):
    """What one page of newer rows brought, and how the walk goes on."""

    added: int
    next: walk.Next


REFUSALS = (BadRequestError, NotFoundError, UnprocessableEntityError)
"""How a server says that it does not know a cursor: because its row was deleted, most often."""

_ORDERS: Mapping[Side, Order] = {Side.OLD: "asc", Side.NEW: "desc"}
_OPPOSITES = {Side.OLD: Side.NEW, Side.NEW: Side.OLD}


class Feed(Generic[T]):
    """An ordered list of rows behind cursors.

    `old` grows from the oldest row forward, `new` from the newest row backward. The list is
    `[*old, *reversed(new)]`, with a gap between the two until it is `whole`. The order is the
    server's; nothing is sorted. Rows that others deleted on the server stay until they are
    dropped, or until a side has to begin again because the server knows no cursor of it.

    All state changes between two turns of the event loop, when the answer to a load is there:
    a load that fails or is cancelled changes nothing and can be tried again. Not for use from
    several threads.
    """

    def __init__(self, fetch: Fetch[T], *, first_limit: int = 30, limit: int = 100) -> None:
        """A feed that has loaded nothing yet.

        `first_limit` rows are asked for at each end first, then `limit` at a time (1 to 100).
        """
        self._fetch = fetch
        self._first_limit = first_limit
        self._limit = limit
        self._runs: dict[Side, Run[T]] = {Side.OLD: Run(), Side.NEW: Run()}
        self._loads: dict[Side, SharedLoad[_Inward[T], Growth]] = {}
        self._newer: SharedLoad[_Outward[T], _Arrival | None] | None = None
        self._broken_newer: str | None = None
        self._dropped: set[str] = set()
        self._whole = False
        self.repeats = 0
        """How many rows came more than once and were dropped."""
        self.revision = 0
        """A number that grows with every change of rows, `whole` or `broken`."""

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
    def loading(self) -> frozenset[Side]:
        """The sides that are growing into the gap right now."""
        return frozenset(self._loads)

    @property
    def loading_newer(self) -> bool:
        """Whether `load_newer` is asking right now."""
        return self._newer is not None

    def __len__(self) -> int:
        return len(self.old) + len(self.new)

    def can_grow(self, side: Side) -> bool:
        """Whether loading a side could bring something."""
        return not self._whole and not self._runs[side].broken

    def side_and_index(self, identifier: str) -> tuple[Side, int] | None:
        """Where a row stands in `old` or `new`, in constant time; None when it is not loaded."""
        for side, run in self._runs.items():
            index = run.index_of(identifier)
            if index is not None:
                return side, index
        return None

    def entry(self, identifier: str) -> Entry[T] | None:
        """The row with an id; None when it is not loaded."""
        found = self.side_and_index(identifier)
        return self._runs[found[0]].rows[found[1]] if found else None

    def drop(self, identifiers: Collection[str]) -> int:
        """Take deleted rows out and return how many there were.

        They stay out, also when an answer that was under way still has them.
        """
        gone = frozenset(identifiers)
        self._dropped |= gone
        dropped = sum(run.drop(gone) for run in self._runs.values())
        self.revision += bool(dropped)
        return dropped

    # -- into the gap ------------------------------------------------------------------------------

    async def load(self, side: Side) -> Growth:
        """Grow one side by a page; at once, with nothing added, where it cannot grow.

        A load of that side which is under way is joined. When the server no longer knows the
        cursor, the walk goes on from a row before it, or begins that side again. Raises what
        `fetch` raises.
        """
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
        run = self._runs[side]
        start = self._runs[_OPPOSITES[side]].starts
        limit = self._limit if run.starts else self._first_limit
        page, asked, refused = await self._first_known(run.cursors(), _ORDERS[side], limit)
        return _Inward(page, asked, refused, start)

    async def _first_known(
        self, cursors: Sequence[str | None], order: Order, limit: int
    ) -> tuple[Page[T], str | None, tuple[str, ...]]:
        """The page after the first cursor that the server knows, that cursor, those refused.

        Raises the first refusal when there is no cursor left to try.
        """
        refusals: list[Exception] = []
        for place, cursor in enumerate(cursors):
            try:
                page = await self._fetch(after=cursor, order=order, limit=limit)
            except REFUSALS as refusal:
                refusals.append(refusal)
            else:
                return page, cursor, tuple(known for known in cursors[:place] if known)
        raise refusals[0]

    def _settle_inward(self, side: Side, answer: _Inward[T]) -> Growth:
        if self._whole:  # the other side got there first
            return Growth(side, 0, whole=True)
        run, opposite = self._runs[side], self._runs[_OPPOSITES[side]]
        if answer.asked is None:
            run.begin_again()
        else:
            run.seen.add(answer.asked)
        if answer.refused:
            run.seen.clear()
            run.refused.update(answer.refused)
            run.replaying = True
        added = repeats = 0
        for entry in answer.page.entries:
            if entry.id in self._dropped:
                continue
            if entry.has_id and entry.id in opposite:
                self._join(run, opposite, entry.id)
                break
            if run.append(entry):
                added += 1
            else:
                repeats += 1
        self.repeats += 0 if run.replaying else repeats
        if not self._whole:
            step = walk.after(answer.page)
            # Rows that came to be while the request was under way may lie between its end and
            # what the other side found in the meantime: then this was not the end.
            if step.ended and (not opposite.rows or opposite.starts == answer.opposite_start):
                self._whole = True
            elif step.ended:
                run.cursor = walk.last_id(answer.page) or run.cursor
            else:
                only_repeats = not run.replaying and repeats == len(answer.page.entries)
                self._follow(run, step, only_repeats=only_repeats)
        run.replaying = run.replaying and not added
        self.revision += 1
        return Growth(side, added, self._whole)

    def _follow(self, run: Run[T], step: walk.Next, *, only_repeats: bool) -> None:
        cursor = step.cursor
        if cursor is None:
            run.broken = step.reason
        elif cursor in run.refused:
            run.broken = walk.REFUSES_ITS_OWN
        elif cursor in run.seen:
            run.broken = walk.IN_A_CIRCLE
        elif only_repeats:
            run.broken = walk.NOTHING_BUT_REPEATS
        else:
            run.cursor = cursor
            run.seen.add(cursor)

    def _join(self, run: Run[T], opposite: Run[T], identifier: str) -> None:
        """The sides met. Rows without an id cannot tell so, and may by now be on both."""
        self._whole = True
        beyond = (opposite.index_of(identifier) or 0) + 1
        opposite.drop(
            {row.id for row in opposite.rows[beyond:] if not row.has_id and row.id in run}
        )

    # -- what arrived since ------------------------------------------------------------------------

    async def load_newer(self) -> Growth:
        """Load what came to be after the newest row, all of it, and put it in front of `new`.

        Page after page, from the newest known row on, so that no row is left out; each page is
        added as it comes. An error or a cancellation costs the page under way and keeps those
        before it, and calling again goes on from there. Where the newest rows were not loaded
        yet, this is `load(Side.NEW)`. Raises what `fetch` raises.
        """
        if not self.new and not self._whole:
            return await self.load(Side.NEW)
        self._broken_newer = None
        added = 0
        cursor: str | None = None
        seen: set[str] = set()
        while True:
            arrival = await self._load_newer_page(cursor)
            if arrival is None:
                return await self._load_newest_anew()
            added += arrival.added
            cursor = arrival.next.cursor
            reason = walk.IN_A_CIRCLE if cursor in seen else arrival.next.reason
            if reason:
                self._broken_newer = reason
                self.revision += 1
            if reason or cursor is None:
                return Growth(Side.NEW, added, self._whole)
            seen.add(cursor)

    async def _load_newest_anew(self) -> Growth:
        self._runs[Side.NEW].cursor = None
        return await self.load(Side.NEW)

    async def _load_newer_page(self, cursor: str | None) -> _Arrival | None:
        if self._newer is None:
            self._newer = SharedLoad(
                self._fetch_outward(cursor), self._settle_outward, self._forget_newer
            )
        return await self._newer.join()

    def _forget_newer(self) -> None:
        self._newer = None

    async def _fetch_outward(self, cursor: str | None) -> _Outward[T]:
        start = self._runs[Side.NEW].starts
        cursors: list[str | None] = [cursor] if cursor else []
        cursors += [found for found in self._newest_ids() if found != cursor]
        if self._whole:
            # Every row that is not known is newer than those that are: from the oldest on, then.
            cursors.append(None)
        try:
            page, _, refused = await self._first_known(cursors, "asc", self._limit)
        except REFUSALS:
            if self._whole:
                raise
            return _Outward(None, (), start)
        return _Outward(page, refused, start)

    def _newest_ids(self) -> list[str]:
        """Ids to go on from, newest first, each further back in case those before are deleted."""
        count = len(self) if self._whole else len(self.new)
        newest = [
            self.new[rung] if rung < len(self.new) else self.old[count - 1 - rung]
            for rung in rungs(count)
        ]
        return [entry.id for entry in newest if entry.has_id]

    def _settle_outward(self, answer: _Outward[T]) -> _Arrival | None:
        new, old = self._runs[Side.NEW], self._runs[Side.OLD]
        if answer.page is None:
            return None
        if new.starts != answer.newest_start:
            # The newest rows were loaded anew meanwhile; what came may lie before or among them.
            return _Arrival(0, walk.Next(ended=True))
        fresh: dict[str, Entry[T]] = {}
        for entry in answer.page.entries:
            if entry.id in self._dropped:
                continue
            if entry.id in new or entry.id in old or entry.id in fresh:
                self.repeats += not answer.refused
            else:
                fresh[entry.id] = entry
        new.put_in_front([*reversed(fresh.values())])
        self.revision += bool(fresh)
        return _Arrival(len(fresh), walk.after(answer.page))

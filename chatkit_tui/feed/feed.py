"""An ordered list of rows behind cursors: what is loaded, and how more of it is had."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence

from chatkit_tui.feed.feed_side import Side
from chatkit_tui.feed.gap_loader import GapLoader
from chatkit_tui.feed.loaded_rows import Growth, LoadedRows
from chatkit_tui.feed.page_requests import Fetch, PageRequests
from chatkit_tui.feed.tail_poll import TailPoll
from chatkit_tui.feed.tail_refresh import TailRefresh
from chatkit_tui.models.page import RawRow


class Feed:
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
        fetch: Fetch,
        *,
        first_limit: int = 30,
        limit: int = 100,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Return a feed that has loaded nothing yet.

        `first_limit` rows are asked for at each end first, then `limit` at a time (1 to 100).
        `clock` returns Unix seconds.
        """
        self.rows = LoadedRows()
        """What is loaded. Only the feed changes it."""
        self._requests = PageRequests(fetch, clock, first_limit, limit)
        self._gap = GapLoader(self.rows, self._requests)
        self._tail = TailRefresh(self.rows, self._requests, self.load)
        self._poll = TailPoll(self.rows, self._requests, self._gap, self._tail)

    # -- rows --------------------------------------------------------------------------------------

    @property
    def old(self) -> Sequence[RawRow]:
        """Rows from the oldest on, ascending. The live list: it grows and must not be changed."""
        return self.rows.old.rows

    @property
    def new(self) -> Sequence[RawRow]:
        """Rows from the newest on, descending. The live list: it grows and must not be changed."""
        return self.rows.new.rows

    def __len__(self) -> int:
        return len(self.rows)

    def side_and_index(self, key: str) -> tuple[Side, int] | None:
        """Return the place of a row in `old` or `new`, in constant time; None if not loaded."""
        return self.rows.find(key)

    def entry(self, key: str) -> RawRow | None:
        """Return the row with a key; None if not loaded. An id is the key of its first row."""
        return self.rows.old.get(key) or self.rows.new.get(key)

    def drop(self, identifiers: Collection[str]) -> int:
        """Remove deleted rows and return how many there were.

        They stay out of answers that are in flight. A later answer that lists one brings it back.
        """
        gone = frozenset(identifiers)
        self._requests.drop(gone)
        return self.rows.drop(gone)

    # -- what is known of them ---------------------------------------------------------------------

    @property
    def whole(self) -> bool:
        """Whether nothing is missing between the ends: they met, or one side reached the other."""
        return self.rows.whole

    @property
    def hidden(self) -> int:
        """How many loaded rows a filter hides."""
        return 0

    @property
    def broken(self) -> str | None:
        """What is wrong with the server's list, in one clause, if rows are missing for it."""
        sides = () if self.whole else (self.rows.old.broken, self.rows.new.broken)
        return next((reason for reason in (*sides, self._tail.broken) if reason), None)

    @property
    def order_ignored(self) -> bool:
        """Whether the server ignores the order, so that the list has one end only."""
        return self.rows.only_side is not None

    @property
    def revision(self) -> int:
        """A number that grows with every change of rows, `whole` or `broken`."""
        return self.rows.revision

    # -- loading -----------------------------------------------------------------------------------

    @property
    def loading(self) -> frozenset[Side]:
        """The sides that are growing into the gap right now."""
        return self._gap.loading

    @property
    def refreshing(self) -> bool:
        """Whether a `refresh` is in flight."""
        return self._tail.is_refreshing

    def can_grow(self, side: Side) -> bool:
        """Return whether loading a side could bring something."""
        return self._gap.can_grow(side)

    async def load(self, side: Side) -> Growth:
        """Grow one side by a page; at once, with nothing added, where it cannot grow.

        A load of that side which is in flight is joined. If the server no longer knows the cursor,
        the load continues from a row before it, or begins that side again. Empty pages are
        followed, within a bound. If the server ignores the order, the only side grows. Raise what
        `fetch` raises.
        """
        return await self._gap.load(side)

    async def load_rest(self, goes_on: Callable[[], bool]) -> None:
        """Load from both ends in turn, until nothing more comes.

        `goes_on` is called after a page of each, and says whether to go on. Raise what `fetch`
        raises.
        """
        while not self.whole:
            growths = [await self.load(side) for side in Side]
            if not (goes_on() and any(growth.added for growth in growths)):
                return

    async def refresh(self, *, newer: bool = True) -> Growth:
        """Request the loaded tail again, and newer rows.

        That is the last page of loaded rows, and all from the oldest row on that is not settled if
        that is within `MOST_AGAIN` rows. Rows further away that are not settled are asked for one
        by one. Each page is added as it comes: an error or a cancellation costs the page in flight
        and keeps those before it. If the newest rows were not loaded yet, they are loaded if
        `newer`. Raise what `fetch` raises.
        """
        return await self._tail.refresh(newer=newer)

    async def poll(self) -> Growth:
        """Send one small request for what is new or changed at the newest end.

        That is at most `tail_poll.MOST` of the newest rows: the last ones that are loaded, back to
        the oldest of them that is not settled, and new ones. Rows further back that are not settled
        are asked for in turn by every second poll. If more came than a poll asks for, the next ones
        load them. The first poll may load the newest rows. A cursor that the server no longer knows
        costs a few requests more. Does nothing during a refresh. Raise what `fetch` raises.
        """
        return await self._poll.poll()

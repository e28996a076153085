"""Search over the loaded items of a transcript, in slices of time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from chatkit_tui.feed import RowChanges
from chatkit_tui.text.expressions import Expression, SlowExpressionError
from chatkit_tui.text.folding import Query
from chatkit_tui.ui.background_work import pause_gc
from chatkit_tui.ui.transcript.heights import JoinedSums, RowSums
from chatkit_tui.ui.transcript.item_renderer import LARGE, read

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, RowView, Side
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.page import RawRow
    from chatkit_tui.search.query import Query as SourceQuery

AnyQuery: TypeAlias = "Query | Expression | SourceQuery"
"""A text or an expression of find, or a query of a search of the source."""

BATCH = 64
"""Items that are searched for an expression at a time, in a thread."""
BATCH_SECONDS = 0.05
"""Seconds after which no further item of a batch is searched."""


class Match(NamedTuple):
    """A match: the row of its item, and its number in that item."""

    row: int
    number: int


@dataclass
class Pending:
    """Rows of one side of the feed to be searched, from `start` towards `stop`."""

    side: Side
    start: int
    stop: int


class _Side:
    """The results for one side of the feed."""

    def __init__(self, changes: RowChanges) -> None:
        self.changes = changes
        self.counts = RowSums()
        """Matches of each row; 0 until it is searched."""
        self.barren = bytearray()
        """1 for each row that is known to have no match."""


class Search:
    """A search over the loaded items of a transcript, including folded parts.

    It begins at an item, continues to the end and then from the top. It works only in `step`.
    """

    def __init__(
        self,
        feed: Feed,
        rows: RowView,
        query: AnyQuery,
        start: int,
        words_of: Callable[[Item], str],
        previous: Search | None = None,
    ) -> None:
        """`start` is the row to begin at; `words_of` returns the words of an item.

        `previous` is the search for a shorter text: items without that text are not searched.
        """
        self.query = query
        self.feed = feed
        self.rows = rows
        """Replaced by another view of the same feed when the order changes."""
        self._words_of = words_of
        self.searched = 0
        """How many items were searched."""
        self._sides = {side: _Side(RowChanges(feed, side, texts=True)) for side in rows.sides}
        self._pending: deque[Pending] = deque()
        self._counted: dict[str, int] = {}
        """Counts of items that were searched in a thread, by key, until their turn."""
        self.too_slow = False
        """Whether the search has ended because an expression takes too long in an item."""
        self.follow()
        self._begin_at(start)
        if previous is not None and previous.feed is feed and _narrows(query, previous.query):
            previous.follow()
            for side, known in self._sides.items():
                known.barren[:] = previous.barren(side)

    # -- searching ---------------------------------------------------------------------------------

    @property
    def done(self) -> bool:
        return not self._pending or self.too_slow

    @property
    def total(self) -> int:
        return self._matches.total

    def barren(self, side: Side) -> bytes:
        """Return 1 for each row of a side that is known to have no match, else 0."""
        return bytes(self._sides[side].barren)

    def follow(self) -> None:
        """Add new rows, to be searched last, and remove those that are gone."""
        for side, known in self._sides.items():
            change = known.changes.take()
            if change.reset:
                self.searched -= len(known.counts) - self._unsearched(side)
                known.counts.clear()
                known.barren.clear()
                self._counted.clear()
                self._pending = deque(part for part in self._pending if part.side is not side)
            if change.front:
                known.counts.prepend(repeat(0, change.front))
                known.barren[:0] = bytes(change.front)
                for part in self._pending:
                    if part.side is side:
                        part.start += change.front
                        part.stop += change.front
                self._pending.append(Pending(side, 0, change.front))
            if change.back:
                count = len(known.counts)
                self._pending.append(Pending(side, count, count + change.back))
                known.counts.append(repeat(0, change.back))
                known.barren += bytes(change.back)

    def _unsearched(self, side: Side) -> int:
        return sum(abs(part.stop - part.start) for part in self._pending if part.side is side)

    def _begin_at(self, start: int) -> None:
        """Put the pending rows into display order, from a row on."""
        above, below = self.rows.sides
        upper, lower = (len(self._sides[side].counts) for side in (above, below))
        place = self.rows.place(start) if len(self.rows) else 0
        if place < upper:
            first, rest = Pending(above, place, upper), Pending(above, 0, place)
            order = [first, Pending(below, lower - 1, -1), rest]
        else:
            turn = upper + lower - 1 - place
            first, rest = Pending(below, turn, -1), Pending(below, lower - 1, turn)
            order = [first, Pending(above, 0, upper), rest]
        self._pending = deque(part for part in order if part.start != part.stop)

    def step(self, seconds: float, clock: Callable[[], float] = perf_counter) -> bool:
        """Search for about `seconds`, at least one item; return False when all are searched.

        An item is never interrupted; see `next_slow`.
        """
        end = clock() + seconds
        while not self.done:
            part = self._pending[0]
            known = self._sides[part.side]
            if not known.barren[part.start]:
                entry = self._entry(part)
                count = self._counted.pop(entry.key, None)
                if count is None:
                    count = self._count(entry)
                known.counts[part.start] = count
                known.barren[part.start] = not count
            self.searched += 1
            part.start += 1 if part.stop > part.start else -1
            if part.start == part.stop:
                self._pending.popleft()
            if clock() >= end or self._is_slow():
                break
        return not self.done

    def next_slow(self) -> Sequence[RawRow]:
        """Return the next items if a key would wait for the first of them; else none.

        The caller can call `count_slow` with them in a thread before `step`.
        """
        if not self._is_slow():
            return ()
        part = self._pending[0]
        rows = self.feed.old if part.side == "old" else self.feed.new
        step = 1 if part.stop > part.start else -1
        most = BATCH if isinstance(self.query, Expression) else 1
        barren = self._sides[part.side].barren
        places = range(part.start, part.stop, step)[:most]
        return [rows[place] for place in places if not barren[place]]

    def _is_slow(self) -> bool:
        if self.done:
            return False
        part = self._pending[0]
        if self._sides[part.side].barren[part.start]:
            return False
        entry = self._entry(part)
        is_slow = entry.size >= LARGE or isinstance(self.query, Expression)
        return is_slow and entry.key not in self._counted

    def count_slow(self, entries: Sequence[RawRow]) -> None:
        """Count the matches of items before their turn, in any thread; at least the first."""
        end = perf_counter() + BATCH_SECONDS
        with pause_gc():
            for entry in entries:
                try:
                    self._counted[entry.key] = self._count(entry)
                except SlowExpressionError:
                    self.too_slow = entry is entries[0]
                    return
                if perf_counter() > end:
                    return

    def _entry(self, part: Pending) -> RawRow:
        return (self.feed.old if part.side == "old" else self.feed.new)[part.start]

    def _count(self, entry: RawRow) -> int:
        try:
            return self.query.count(self._words_of(read(entry)))
        except SlowExpressionError:
            raise
        except Exception:  # noqa: BLE001 - an item that cannot be read is an error card, without words
            return 0

    # -- results -----------------------------------------------------------------------------------

    @property
    def _matches(self) -> JoinedSums:
        above, below = (self._sides[side].counts for side in self.rows.sides)
        return JoinedSums(above, below)

    def number_of(self, match: Match) -> int:
        """Return the number of a match among those found so far, from the top, from 0."""
        return self._matches.before(self.rows.place(match.row)) + match.number

    def count_in(self, row: int) -> int:
        """Return how many matches a row's item has; 0 until it is searched."""
        if row == self.rows.gap:
            return 0
        side, number = self.rows.side_and_number(row)
        return self._sides[side].counts[number]

    def numbered(self, number: int) -> Match | None:
        """Return the match with a number, modulo the total; None if there is no match."""
        if not (total := self.total):
            return None
        place, inside = self._matches.at(number % total)
        return Match(self.rows.row(place), inside)

    def from_row(self, row: int) -> Match | None:
        """Return the first match in a row or below it, else the first of all."""
        return self.numbered(self._matches.before(self.rows.place(row)))

    def before_row(self, row: int) -> Match | None:
        """Return the last match above a row, else the last of all."""
        return self.numbered(self._matches.before(self.rows.place(row)) - 1)


def _narrows(query: AnyQuery, other: AnyQuery) -> bool:
    return isinstance(query, Query) and isinstance(other, Query) and query.narrows(other)

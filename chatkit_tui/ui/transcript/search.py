"""Searching what is loaded of a transcript, a slice at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from chatkit_tui.text.folding import Query
from chatkit_tui.ui.background_work import pause_gc
from chatkit_tui.ui.transcript.item_renderer import LARGE, read
from chatkit_tui.ui.transcript.row_changes import RowChanges
from chatkit_tui.ui.transcript.row_sums import JoinedSums, RowSums

if TYPE_CHECKING:
    from chatkit_tui.feed import Side
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.page import Entry
    from chatkit_tui.ui.transcript.rows import TranscriptRows


class Match(NamedTuple):
    """One match: the item's row, and how many matches of that item come before it."""

    row: int
    number: int


@dataclass
class Stretch:
    """Rows of one side of the feed that are still to be searched, from `start` towards `stop`."""

    side: Side
    start: int
    stop: int


class _Side:
    """What is known of one side of the feed."""

    def __init__(self, watch: RowChanges) -> None:
        self.watch = watch
        self.counts = RowSums()
        """Matches of each row; 0 while it was not searched."""
        self.barren = bytearray()
        """1 for each row that is known to have no match."""


class Search:
    """A search over the loaded items of a transcript, folded parts included.

    `words_of` gives the words of an item. The search begins at an item, goes down to the end and
    then on from the top, and takes in what is loaded meanwhile. It works only in `step`.

    `before` is the search that this one takes the place of: when a text was typed on, the items in
    which the shorter one was not found need not be looked at.
    """

    def __init__(
        self,
        rows: TranscriptRows,
        query: Query,
        start: int,
        words_of: Callable[[Item], str],
        before: Search | None = None,
    ) -> None:
        self.query = query
        self.rows = rows
        """May be replaced by other rows of the same feed when the order is turned round."""
        self._words_of = words_of
        self.searched = 0
        """How many items were searched."""
        self._sides = {side: _Side(RowChanges(rows.feed, side, texts=True)) for side in rows.sides}
        self._waiting: deque[Stretch] = deque()
        self._ahead: dict[str, int] = {}
        self.follow()
        self._begin_at(start)
        if before is not None and before.rows.feed is rows.feed and query.narrows(before.query):
            before.follow()
            for side, known in self._sides.items():
                known.barren[:] = before.barren(side)

    # -- searching ---------------------------------------------------------------------------------

    @property
    def done(self) -> bool:
        """Whether all that is loaded was searched."""
        return not self._waiting

    @property
    def total(self) -> int:
        """How many matches were found so far."""
        return self._matches.total

    def barren(self, side: Side) -> bytes:
        """For each row of a side, 1 if it is known to have no match and else 0."""
        return bytes(self._sides[side].barren)

    def follow(self) -> None:
        """Take in rows that came or went; those that came are searched last."""
        for side, known in self._sides.items():
            change = known.watch.look()
            if change.anew:
                self.searched -= len(known.counts) - self._unsearched(side)
                known.counts.clear()
                known.barren.clear()
                self._ahead.clear()
                self._waiting = deque(found for found in self._waiting if found.side != side)
            if change.front:
                known.counts.prepend(repeat(0, change.front))
                known.barren[:0] = bytes(change.front)
                for stretch in self._waiting:
                    if stretch.side == side:
                        stretch.start += change.front
                        stretch.stop += change.front
                self._waiting.append(Stretch(side, 0, change.front))
            if change.back:
                count = len(known.counts)
                self._waiting.append(Stretch(side, count, count + change.back))
                known.counts.append(repeat(0, change.back))
                known.barren += bytes(change.back)

    def _unsearched(self, side: Side) -> int:
        return sum(abs(one.stop - one.start) for one in self._waiting if one.side == side)

    def _begin_at(self, start: int) -> None:
        """Put what is to be searched into the order of the screen, from a row on."""
        above, below = self.rows.sides
        upper, lower = (len(self._sides[side].counts) for side in (above, below))
        place = self.rows.place(start) if len(self.rows) else 0
        if place < upper:
            first, rest = Stretch(above, place, upper), Stretch(above, 0, place)
            order = [first, Stretch(below, lower - 1, -1), rest]
        else:
            turn = upper + lower - 1 - place
            first, rest = Stretch(below, turn, -1), Stretch(below, lower - 1, turn)
            order = [first, Stretch(above, 0, upper), rest]
        self._waiting = deque(stretch for stretch in order if stretch.start != stretch.stop)

    def step(self, seconds: float, clock: Callable[[], float] = perf_counter) -> bool:
        """Search for about so long, one item at least; False when all has been searched.

        A single item that takes longer is not broken off; see `heavy`.
        """
        end = clock() + seconds
        while self._waiting:
            stretch = self._waiting[0]
            known = self._sides[stretch.side]
            if not known.barren[stretch.start]:
                entry = self._entry(stretch)
                count = self._ahead.pop(entry.key, None)
                if count is None:
                    count = self._count(entry)
                known.counts[stretch.start] = count
                known.barren[stretch.start] = not count
            self.searched += 1
            stretch.start += 1 if stretch.stop > stretch.start else -1
            if stretch.start == stretch.stop:
                self._waiting.popleft()
            if clock() >= end or self.heavy() is not None:
                break
        return not self.done

    def heavy(self) -> Entry[Item] | None:
        """The next item to be searched, if it is so large that a key would wait for it.

        Whoever calls `step` can have it done by `count_ahead`, in a thread, before.
        """
        if (
            not self._waiting
            or self._sides[(next_one := self._waiting[0]).side].barren[next_one.start]
        ):
            return None
        entry = self._entry(next_one)
        return entry if entry.size >= LARGE and entry.key not in self._ahead else None

    def count_ahead(self, entry: Entry[Item]) -> None:
        """Search an item before it is its turn; changes nothing but what its turn will cost."""
        with pause_gc():
            self._ahead[entry.key] = self._count(entry)

    def _entry(self, stretch: Stretch) -> Entry[Item]:
        entries = self.rows.feed.old if stretch.side == "old" else self.rows.feed.new
        return entries[stretch.start]

    def _count(self, entry: Entry[Item]) -> int:
        try:
            return self.query.count(self._words_of(read(entry)))
        except Exception:  # noqa: BLE001 - an item that cannot be read is shown as such, not searched
            return 0

    # -- what was found ----------------------------------------------------------------------------

    @property
    def _matches(self) -> JoinedSums:
        above, below = (self._sides[side].counts for side in self.rows.sides)
        return JoinedSums(above, below)

    def number_of(self, match: Match) -> int:
        """The number of a match among those found so far, from the top, 0 for the first."""
        return self._matches.before(self.rows.place(match.row)) + match.number

    def count_in(self, row: int) -> int:
        """How many matches a row's item has; 0 while it was not searched."""
        if row == self.rows.gap:
            return 0
        side, number = self.rows.side_and_number(row)
        return self._sides[side].counts[number]

    def numbered(self, number: int) -> Match | None:
        """The match of a number, which counts round; None when there is no match."""
        if not (total := self.total):
            return None
        place, inside = self._matches.at(number % total)
        return Match(self.rows.row(place), inside)

    def from_row(self, row: int) -> Match | None:
        """The first match in a row or below it, else the first from the top."""
        return self.numbered(self._matches.before(self.rows.place(row)))

    def before_row(self, row: int) -> Match | None:
        """The last match above a row, else the last of all."""
        return self.numbered(self._matches.before(self.rows.place(row)) - 1)

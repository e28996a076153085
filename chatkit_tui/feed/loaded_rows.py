"""The rows that a feed has loaded: two sides, and what an answer that lists them again changes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

from chatkit_tui.feed.feed_side import FeedSide, RowKeys, Side, first_key
from chatkit_tui.models.page import RawRow
from chatkit_tui.sources.paging import match_rows, same_bytes

MOST_COMPARED: Final = 1_000
"""Rows beyond as many as came that the last page of a list is compared with."""


class Merged(NamedTuple):
    """What an answer changed."""

    changed: list[RawRow]
    """Rows that came again with other bytes."""
    gone: list[RawRow]
    """Rows that the server no longer lists."""
    inserted: list[RawRow]
    """Rows that came between known ones."""
    beyond: list[RawRow]
    """Rows behind the last known one, which were not added."""
    repeats: int
    """Rows that are known at another place, and were skipped."""
    reached: int
    """The place behind the last row that the answer accounts for."""


class Bookmark(NamedTuple):
    """A place between two rows, which keeps its meaning when rows come or go elsewhere."""

    before: str | None
    """The key of the row before it; None at the beginning."""
    behind: str | None
    """The key of the row behind it; None at the end."""


class Segment:
    """The rows of one side in its order, or of both, from the oldest to the newest."""

    def __init__(self, keys: RowKeys, first: FeedSide, last: FeedSide | None = None) -> None:
        """Take the rows of `first`, followed by those of `last` from its inner end outwards."""
        self._keys = keys
        self._first = first
        self._last = last

    def __len__(self) -> int:
        return len(self._first.rows) + (len(self._last.rows) if self._last else 0)

    def __getitem__(self, place: int) -> RawRow:
        if place < len(self._first.rows) or self._last is None:
            return self._first.rows[place]
        return self._last.rows[len(self) - 1 - place]

    def place(self, key: str) -> int | None:
        place = self._first.index_of(key)
        if place is None and self._last and (index := self._last.index_of(key)) is not None:
            return len(self) - 1 - index
        return place

    def bookmark(self, place: int) -> Bookmark:
        """Return a bookmark for a place, to be found again after the rows have changed."""
        before = self[place - 1].key if place else None
        return Bookmark(before, self[place].key if place < len(self) else None)

    def find(self, bookmark: Bookmark) -> int | None:
        """Return the place of a bookmark; None if the rows on both sides of it are gone."""
        if bookmark.before is None:
            return 0
        place = self.place(bookmark.before)
        if place is not None:
            return place + 1
        return self.place(bookmark.behind) if bookmark.behind is not None else None

    def place_after(self, cursor: str | None, bookmark: Bookmark) -> int | None:
        """Return the place after a cursor; if it is not a unique id of a row, that of a
        bookmark."""
        if cursor is None:
            return 0
        place = None if self._keys.is_shared(cursor) else self.place(first_key(cursor))
        return self.find(bookmark) if place is None else place + 1

    def merge(self, start: int, entries: Sequence[RawRow], *, ended: bool, astray: bool) -> Merged:
        """Replace the rows from `start` on by those of an answer, as far as it accounts for them.

        A row that comes again keeps its key. Known rows that the answer passes over are removed; if
        it `ended` the list, all behind it too. A row that is known at another place, byte for
        byte, is a repeat if it has an id of its own, or if the answer may have gone `astray`.
        """
        keys = self._keys
        known = [self[place] for place in range(start, self._stop(start, entries, ended=ended))]
        places = match_rows(known, entries)
        elsewhere = [
            place is None
            and (astray or (keys.is_unique(entry) and self.place(entry.name) is not None))
            and keys.is_known(entry)
            for entry, place in zip(entries, places, strict=True)
        ]
        matched = [place for place in places if place is not None]
        behind = 1 + max((it for it, place in enumerate(places) if place is not None), default=-1)
        # A list grows at its end: unknown rows are behind all known ones.
        passed = not all(elsewhere[behind:]) and start + len(known) >= len(self)
        count = len(self) - start if ended or passed else (matched[-1] + 1 if matched else 0)
        known += [self[place] for place in range(start + len(known), start + count)]
        merged = Merged([], [], [], [], sum(elsewhere), start)
        rows: list[tuple[bool, RawRow]] = []
        before = start - 1
        for index, (entry, place) in enumerate(zip(entries, places, strict=True)):
            if elsewhere[index]:
                continue
            if place is not None:
                before = start + place
                entry.key = known[place].key
                if not same_bytes(known[place], entry):
                    merged.changed.append(entry)
            elif index >= behind and start + count >= len(self):
                merged.beyond.append(entry)
                continue
            else:
                merged.inserted.append(entry)
            rows.append((self._is_last(before), entry))
        keys.assign(merged.inserted)
        again = set(matched)
        merged.gone.extend(known[place] for place in range(count) if place not in again)
        reached = self._replace(start, start + count, rows)
        return merged._replace(reached=reached)

    def _stop(self, start: int, entries: Sequence[RawRow], *, ended: bool) -> int:
        """Return how far rows are compared: some may be gone, so further than as many as came."""
        places = (self.place(entry.name) for entry in entries if self._keys.is_unique(entry))
        last = max((place for place in places if place is not None), default=-1)
        slack = MOST_COMPARED if ended else len(entries)
        return min(len(self), max(start + len(entries) + slack, last + 1))

    def _is_last(self, place: int) -> bool:
        """Return whether a row at a place, or behind it, belongs to the second of the two sides."""
        return self._last is not None and max(place, 0) >= len(self._first.rows)

    def _replace(self, start: int, stop: int, rows: list[tuple[bool, RawRow]]) -> int:
        """Put rows in the place of others, and return the place behind them."""
        turn, length = len(self._first.rows), len(self)
        if self._last is not None:
            last = [entry for is_last, entry in rows if is_last]
            low, high = length - max(stop, turn), length - max(start, turn)
            self._last.splice(low, high, last[::-1])
        first = [entry for is_last, entry in rows if not is_last]
        self._first.splice(min(start, turn), min(stop, turn), first)
        return start + len(rows)


# -- rows without a gap ----------------------------------------------------------------------------


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

    def plus(self, other: Growth) -> Growth:
        """Return what both brought, the other one later."""
        return Growth(
            self.side,
            self.added + other.added,
            other.whole,
            self.changed + other.changed,
            self.gone + other.gone,
        )


class LoadedRows:
    """The rows of both sides, and what is known of the list between and behind them."""

    def __init__(self) -> None:
        self.old = FeedSide()
        self.new = FeedSide()
        self.keys = RowKeys(self.old, self.new)
        self.whole = False
        self.only_side: Side | None = None
        """The only side, if the server ignores the order asked for."""
        self.repeats = 0
        """How many rows were skipped as exact repeats."""
        self.revision = 0
        self.versions: dict[str, int] = {}
        """How many times a row was replaced by another text, by key; 0 if it is not here."""
        self.replaced = 0
        """How many rows that were asked for again were replaced, inserted or removed."""
        self._generation = 0

    def __len__(self) -> int:
        return len(self.old.rows) + len(self.new.rows)

    def __iter__(self) -> Iterator[RawRow]:
        return chain(self.old.rows, reversed(self.new.rows))

    def side(self, side: Side) -> FeedSide:
        return self.old if side is Side.OLD else self.new

    def find(self, key: str) -> tuple[Side, int] | None:
        """Return the place of a row, in constant time; None if it is not loaded."""
        index = self.old.index_of(key)
        if index is not None:
            return Side.OLD, index
        index = self.new.index_of(key)
        return None if index is None else (Side.NEW, index)

    def add(self, side: Side, entries: Sequence[RawRow]) -> None:
        """Add new rows at the inner end of a side."""
        self.keys.assign(entries)
        self.side(side).append(entries)

    def add_at_end(self, entries: Sequence[RawRow]) -> None:
        """Add new rows behind the newest one, the oldest first."""
        if self.only_side is not None:
            self.add(self.only_side, entries)
        else:
            self.keys.assign(entries)
            self.new.splice(0, 0, entries[::-1])

    def drop(self, identifiers: Collection[str]) -> int:
        """Remove the rows with these ids and return how many there were."""
        gone = [
            entry
            for side in (self.old, self.new)
            for entry in side.drop(lambda entry: entry.name in identifiers)
        ]
        self.leave_cursors(gone)
        self.revision += bool(gone)
        return len(gone)

    def leave_cursors(self, gone: Sequence[RawRow]) -> None:
        """Move cursors away from rows that are gone."""
        lost = {entry.name for entry in gone}
        for side in (self.old, self.new) if lost else ():
            side.leave_cursor(lost, self.keys.is_unique)

    # -- rows asked for again ----------------------------------------------------------------------

    def is_current(self, entry: RawRow) -> bool:
        """Return whether a row was asked for by the latest refresh or after it."""
        return entry.page.asked[0] >= self._generation

    def expect_generation(self, generation: int) -> None:
        """Count only rows as current that belong to a generation of requests or a later one."""
        if generation > self._generation:
            self._generation = generation
            self.revision += 1

    def begins_at_gap(self, side: Side) -> bool:
        """Return whether rows may be missing before those of a side, in the order of time."""
        return side is Side.NEW and not self.whole and self.only_side is None

    def ends_at_gap(self, side: Side) -> bool:
        """Return whether rows may be missing behind those of a side, in the order of time."""
        return not self.whole and (side is Side.OLD or self.only_side is not None)

    def segment(self, side: Side) -> Segment:
        """Return the rows of a side, with those of the other one if nothing is missing between."""
        if self.only_side is not None:
            return Segment(self.keys, self.side(self.only_side))
        if self.whole:
            return Segment(self.keys, self.old, self.new)
        first, last = (self.old, None) if side is Side.OLD else (FeedSide(), self.new)
        return Segment(self.keys, first, last)

    def merge(
        self,
        segment: Segment,
        start: int,
        entries: Sequence[RawRow],
        *,
        ended: bool = False,
        astray: bool = False,
    ) -> Merged:
        """Replace rows by those of an answer, and note what became of them.

        The answer may have gone `astray` if its cursor was an id that rows share.
        """
        merged = segment.merge(start, entries, ended=ended, astray=astray)
        self.repeats += merged.repeats
        self.leave_cursors(merged.gone)
        self.replaced += len(merged.changed) + len(merged.inserted) + len(merged.gone)
        for entry in merged.changed:
            self.keys.remember_text(entry)
            self.versions[entry.key] = self.versions.get(entry.key, 0) + 1
        return merged

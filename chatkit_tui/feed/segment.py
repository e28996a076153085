"""Loaded rows without a gap between them, and what an answer that lists them again changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from chatkit_tui.feed.feed_side import FeedSide
from chatkit_tui.feed.row_keys import RowKeys, first_key
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
    """Rows that were known to stand elsewhere, and were left out."""
    reached: int
    """The place behind the last row that the answer accounts for."""


class Bookmark(NamedTuple):
    """A place between two rows, which keeps its meaning when rows come or go elsewhere."""

    before: str | None
    """The key of the row before it; None at the beginning."""
    behind: str | None
    """The key of the row behind it; None at the end."""


class Segment:
    """The rows of one side as they stand there, or of both, from the oldest to the newest."""

    def __init__(self, first: FeedSide, last: FeedSide | None = None) -> None:
        """Rows of `first`, followed by those of `last` from its inner end outwards."""
        self._first = first
        self._last = last

    def __len__(self) -> int:
        return len(self._first.rows) + (len(self._last.rows) if self._last else 0)

    def __getitem__(self, place: int) -> RawRow:
        if place < len(self._first.rows) or self._last is None:
            return self._first.rows[place]
        return self._last.rows[len(self) - 1 - place]

    def place(self, key: str) -> int | None:
        """Return where a row stands; None when it is not here."""
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

    def place_after(self, cursor: str | None, keys: RowKeys) -> int | None:
        """Return where the rows after a cursor stand; None if it is not the own id of a row."""
        if cursor is None:
            return 0
        place = None if keys.is_shared(cursor) else self.place(first_key(cursor))
        return None if place is None else place + 1

    def merge(
        self,
        start: int,
        entries: Sequence[RawRow],
        *,
        ended: bool,
        keys: RowKeys,
        astray: bool,
    ) -> Merged:
        """Replace the rows from `start` on by those of an answer, as far as it accounts for them.

        A row that comes again keeps its key. Known rows that the answer passes over are removed; if
        it `ended` the list, all behind it too. A row that is known to stand elsewhere, byte for
        byte, is a repeat if it has an id of its own, or if the answer may have gone `astray`.
        """
        is_unique = keys.is_unique
        stop = self._stop(start, entries, is_unique, ended=ended)
        known = [self[place] for place in range(start, stop)]
        places = match_rows(known, entries)
        elsewhere = [
            place is None
            and (astray or (is_unique(entry) and self.place(entry.name) is not None))
            and keys.is_known(entry)
            for entry, place in zip(entries, places, strict=True)
        ]
        matched = [place for place in places if place is not None]
        behind = 1 + max((it for it, place in enumerate(places) if place is not None), default=-1)
        # A list goes on where it was left: rows that are unknown stand behind all that are known.
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

    def _stop(
        self,
        start: int,
        entries: Sequence[RawRow],
        is_unique: Callable[[RawRow], bool],
        *,
        ended: bool,
    ) -> int:
        """Return how far rows are compared: some may be gone, so further than as many as came."""
        places = (self.place(entry.name) for entry in entries if is_unique(entry))
        last = max((place for place in places if place is not None), default=-1)
        slack = MOST_COMPARED if ended else len(entries)
        return min(len(self), max(start + len(entries) + slack, last + 1))

    def _is_last(self, place: int) -> bool:
        """Whether a row at a place, or behind it, belongs to the second of the two sides."""
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

"""Loaded rows without a gap between them, and what an answer that lists them again changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

from chatkit_tui.feed.run import Run
from chatkit_tui.models.pages import Entry
from chatkit_tui.sources.paging import match_rows, same_bytes

T = TypeVar("T")

MOST_COMPARED: Final = 1_000
"""Rows beyond as many as came that the last page of a list is compared with."""


class Merged(NamedTuple, Generic[T]):
    """What an answer changed."""

    changed: list[tuple[Entry[T], Entry[T]]]
    """Rows that came again with other bytes: as they were, and as they are."""
    gone: list[Entry[T]]
    """Rows that the server lists no more."""
    inserted: list[Entry[T]]
    """Rows that came between known ones."""
    beyond: list[Entry[T]]
    """Rows behind the last known one, which were not added."""
    repeats: int
    """Rows that were known to stand elsewhere, and were left out."""
    reached: int
    """The place behind the last row that the answer accounts for."""


class Segment(Generic[T]):
    """The rows of one side as they stand there, or of both, from the oldest to the newest."""

    def __init__(self, first: Run[T], last: Run[T] | None = None) -> None:
        """Rows of `first`, followed by those of `last` from its inner end outwards."""
        self._first = first
        self._last = last

    def __len__(self) -> int:
        return len(self._first.rows) + (len(self._last.rows) if self._last else 0)

    def __getitem__(self, place: int) -> Entry[T]:
        if place < len(self._first.rows) or self._last is None:
            return self._first.rows[place]
        return self._last.rows[len(self) - 1 - place]

    def place(self, key: str) -> int | None:
        """Return where a row stands; None when it is not here."""
        place = self._first.index_of(key)
        if place is None and self._last and (index := self._last.index_of(key)) is not None:
            return len(self) - 1 - index
        return place

    def merge(
        self,
        start: int,
        entries: Sequence[Entry[T]],
        *,
        ended: bool,
        name: Callable[[Sequence[Entry[T]]], object],
        is_unique: Callable[[Entry[T]], bool],
        is_repeat: Callable[[Entry[T]], bool],
    ) -> Merged[T]:
        """Replace the rows from `start` on by those of an answer, as far as it accounts for them.

        A row that comes again keeps its key; `name` gives the key of one that is new here. Known
        rows that the answer passes over are taken out; if it `ended` the list, all behind it too.
        """
        stop = self._stop(start, entries, is_unique, ended=ended)
        known = [self[place] for place in range(start, stop)]
        places = match_rows(known, entries)
        elsewhere = [
            place is None
            and ((is_unique(entry) and self.place(entry.id) is not None) or is_repeat(entry))
            for entry, place in zip(entries, places, strict=True)
        ]
        matched = [place for place in places if place is not None]
        behind = 1 + max((it for it, place in enumerate(places) if place is not None), default=-1)
        # A list goes on where it was left: rows that are unknown stand behind all that are known.
        passed = not all(elsewhere[behind:]) and start + len(known) >= len(self)
        count = len(self) - start if ended or passed else (matched[-1] + 1 if matched else 0)
        known += [self[place] for place in range(start + len(known), start + count)]
        merged = Merged[T]([], [], [], [], sum(elsewhere), start)
        rows: list[tuple[bool, Entry[T]]] = []
        before = start - 1
        for index, (entry, place) in enumerate(zip(entries, places, strict=True)):
            if elsewhere[index]:
                continue
            if place is not None:
                before = start + place
                entry.key = known[place].key
                if not same_bytes(known[place], entry):
                    merged.changed.append((known[place], entry))
            elif index >= behind and start + count >= len(self):
                merged.beyond.append(entry)
                continue
            else:
                merged.inserted.append(entry)
            rows.append((self._is_last(before), entry))
        name(merged.inserted)
        again = set(matched)
        merged.gone.extend(known[place] for place in range(count) if place not in again)
        reached = self._replace(start, start + count, rows)
        return merged._replace(reached=reached)

    def _stop(
        self,
        start: int,
        entries: Sequence[Entry[T]],
        is_unique: Callable[[Entry[T]], bool],
        *,
        ended: bool,
    ) -> int:
        """Return how far rows are compared: some may be gone, so further than as many as came."""
        places = (self.place(entry.id) for entry in entries if is_unique(entry))
        last = max((place for place in places if place is not None), default=-1)
        slack = MOST_COMPARED if ended else len(entries)
        return min(len(self), max(start + len(entries) + slack, last + 1))

    def _is_last(self, place: int) -> bool:
        """Whether a row at a place, or behind it, belongs to the second of the two sides."""
        return self._last is not None and max(place, 0) >= len(self._first.rows)

    def _replace(self, start: int, stop: int, rows: list[tuple[bool, Entry[T]]]) -> int:
        """Put rows in the place of others, and return the place behind them."""
        turn, length = len(self._first.rows), len(self)
        if self._last is not None:
            last = [entry for is_last, entry in rows if is_last]
            low, high = length - max(stop, turn), length - max(start, turn)
            self._last.splice(low, high, last[::-1])
        first = [entry for is_last, entry in rows if not is_last]
        self._first.splice(min(start, turn), min(stop, turn), first)
        return start + len(rows)

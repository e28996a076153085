"""The rows that a feed has loaded: two sides, and whether anything is missing between them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from chatkit_tui.feed.feed_side import FeedSide, Side
from chatkit_tui.feed.row_keys import RowKeys
from chatkit_tui.feed.segment import Merged, Segment
from chatkit_tui.models.page import RawRow


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
        self.old: FeedSide = FeedSide()
        self.new: FeedSide = FeedSide()
        self.keys = RowKeys(self.old, self.new)
        self.whole = False
        self.only_side: Side | None = None
        """The only side, if the server ignores the order asked for."""
        self.repeats = 0
        self.revision = 0
        self.versions: dict[str, int] = {}
        self.replaced = 0
        self._generation = 0

    def __len__(self) -> int:
        return len(self.old.rows) + len(self.new.rows)

    def __iter__(self) -> Iterator[RawRow]:
        """Yield the rows from the oldest on."""
        return chain(self.old.rows, reversed(self.new.rows))

    def side(self, side: Side) -> FeedSide:
        """Return the rows of a side."""
        return self.old if side is Side.OLD else self.new

    def find(self, key: str) -> tuple[Side, int] | None:
        """Return where a row stands, in constant time; None if it is not loaded."""
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
            self.new.put_in_front(entries[::-1])

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
        """Return whether a row came with the latest refresh or after it."""
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
            return Segment(self.side(self.only_side))
        if self.whole:
            return Segment(self.old, self.new)
        return Segment(self.old) if side is Side.OLD else Segment(FeedSide(), self.new)

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
        merged = segment.merge(
            start,
            entries,
            ended=ended,
            keys=self.keys,
            astray=astray,
        )
        self.repeats += merged.repeats
        self.leave_cursors(merged.gone)
        self.replaced += len(merged.changed) + len(merged.inserted) + len(merged.gone)
        for entry in merged.changed:
            self.keys.remember_text(entry)
            self.versions[entry.key] = self.versions.get(entry.key, 0) + 1
        return merged

"""One side of a feed: the rows from one end of time inwards, and where its next page begins."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import Final

from chatkit_tui.models.page import NO_ID, RawRow
from chatkit_tui.sources.base import Order
from chatkit_tui.sources.paging import Progress, same_bytes

BACKOFF: Final = 4
"""How much further back each next cursor is taken from when the server refused the one before."""


class Side(StrEnum):
    """The two ends of time."""

    OLD = "old"
    NEW = "new"

    @property
    def opposite(self) -> Side:
        """The other end."""
        return Side.NEW if self is Side.OLD else Side.OLD

    @property
    def order(self) -> Order:
        """The order in which a list leads away from this end."""
        return "asc" if self is Side.OLD else "desc"


class FeedSide:
    """Rows in the order of one side, each key once, and the cursor behind the last of them.

    Finding a row by key takes constant time, also after rows were put in front: a key maps to a
    number that never changes, and `_base` is the number of the first row.
    """

    __slots__ = (
        "_base",
        "_numbers",
        "broken",
        "cursor",
        "progress",
        "refused",
        "rows",
        "starts",
        "trail",
    )

    def __init__(self) -> None:
        self.rows: list[RawRow] = []
        self._numbers: dict[str, int] = {}
        self._base = 0
        self.cursor: str | None = None
        """What the next page comes after; None for the end of the list where this side begins."""
        self.progress = Progress()
        self.refused: set[str] = set()
        """Cursors that the server no longer knew."""
        self.starts = 0
        """How many times this side was loaded from its very end."""
        self.broken: str | None = None
        """Why this side cannot be followed further; None while it can."""
        self.trail: dict[str, str] = {}
        """The cursors so far, each with the key of the row before it, if ids are not cursors."""

    def __contains__(self, key: str) -> bool:
        return key in self._numbers

    def index_of(self, key: str) -> int | None:
        """Return the index of a row, 0 for the outermost; None if it is not on this side."""
        number = self._numbers.get(key)
        return None if number is None else number - self._base

    def get(self, key: str) -> RawRow | None:
        """Return the row with a key; None if it is not on this side."""
        number = self._numbers.get(key)
        return None if number is None else self.rows[number - self._base]

    def append(self, entries: Sequence[RawRow]) -> None:
        """Add rows at the inner end. None of their keys may be here already."""
        for number, entry in enumerate(entries, self._base + len(self.rows)):
            self._numbers[entry.key] = number
        self.rows += entries

    def splice(self, start: int, stop: int, entries: Sequence[RawRow]) -> None:
        """Replace the rows from `start` to `stop`.

        Costs time for those rows alone if as many come as go, else for those at the nearer end too.
        """
        for entry in self.rows[start:stop]:
            del self._numbers[entry.key]
        more = len(entries) - (stop - start)
        self.rows[start:stop] = entries
        first, last = start, start + len(entries)
        if more and start < len(self.rows) - last:
            self._base -= more
            first = 0
        elif more:
            last = len(self.rows)
        for index in range(first, last):
            self._numbers[self.rows[index].key] = self._base + index

    def rename(self, entry: RawRow, key: str) -> None:
        """Give a row of this side another key, which must not be here already."""
        self._numbers[key] = self._numbers.pop(entry.key)
        entry.key = key

    def drop(self, is_gone: Callable[[RawRow], bool]) -> list[RawRow]:
        """Remove rows and return them. The cursor stays: see `leave_cursor`."""
        gone = [entry for entry in self.rows if is_gone(entry)]
        if gone:
            lost = {entry.key for entry in gone}
            self._keep([entry for entry in self.rows if entry.key not in lost])
        return gone

    def follow(self, cursor: str, *, is_id: bool) -> None:
        """Take what the next page comes after, behind the last row."""
        self.cursor = cursor
        if not is_id and self.rows:
            self.trail[cursor] = self.rows[-1].key

    def place_behind(self, cursor: str) -> int | None:
        """Return the place of the rows after a cursor of the trail; None if it is unknown."""
        key = self.trail.get(cursor)
        index = None if key is None else self.index_of(key)
        return None if index is None else index + 1

    def leave_cursor(self, lost: Collection[str], is_unique: Callable[[RawRow], bool]) -> None:
        """Move the cursor back to a row that is loaded if it is one of the ids in `lost`.

        An id of its own is preferred; without any id left, the side begins again. A cursor that is
        no id stays: only the server knows what it means.
        """
        if self.cursor in lost and not self.trail:
            unique = (entry.name for entry in reversed(self.rows) if is_unique(entry))
            others = (entry.name for entry in reversed(self.rows) if entry.has_id)
            self.cursor = next(unique, None) or next(others, None)

    def begin_again(self) -> None:
        """Forget every row, to be loaded from the end of the list."""
        self._keep([])
        self.cursor = None
        self.trail = {}
        self.progress = Progress()
        self.starts += 1

    def _keep(self, rows: list[RawRow]) -> None:
        self.rows = rows
        self._base = 0
        self._numbers = {entry.key: index for index, entry in enumerate(rows)}

    def cursors(self, is_unique: Callable[[RawRow], bool]) -> list[str | None]:
        """Return what the next page may come after, best first.

        After the cursor itself come ids of loaded rows, each four times as far back, in case the
        row was deleted on the server meanwhile, and last None: begin again. If ids are not cursors,
        earlier cursors come in their place.
        """
        if self.cursor is None:
            return [None]
        if self.trail:
            earlier = [cursor for cursor in reversed(self.trail) if cursor != self.cursor]
            back = [earlier[index] for index in backoff_indices(len(earlier))]
            return [self.cursor, *back, None]
        behind = (self.rows[-1 - index] for index in backoff_indices(len(self.rows)))
        known = [entry.name for entry in behind if is_unique(entry) and entry.name != self.cursor]
        return [self.cursor, *known, None]


def backoff_indices(count: int) -> list[int]:
    """Return 0, 1, 4, 16, 64 … as far as they are below a count."""
    indices = [0]
    while indices[-1] < count:
        indices.append(max(1, indices[-1] * BACKOFF))
    return indices[:-1]


# -- keys ------------------------------------------------------------------------------------------


class RowKeys:
    """Assigns keys to the rows of both sides, and knows which ids rows share.

    Real servers give every assistant message one placeholder id, so an id tells a row from the
    others only while no second row with it was loaded.
    """

    def __init__(self, old: FeedSide, new: FeedSide) -> None:
        self._old = old
        self._new = new
        self._next_numbers: dict[str, int] = {}
        """Ids that rows share, each with the number that the next row of it gets."""
        self._digests: dict[str, set[int]] = {}
        """Hashes of the rows of each of these ids."""

    def is_shared(self, identifier: str | None) -> bool:
        """Return whether several rows have an id."""
        return identifier in self._next_numbers

    def is_unique(self, entry: RawRow) -> bool:
        """Return whether a row has an id, and no other loaded row shares it."""
        return entry.has_id and entry.name not in self._next_numbers

    def is_known(self, entry: RawRow) -> bool:
        """Return whether a row was loaded before, byte for byte."""
        digests = self._digests.get(entry.name)
        if digests is not None:
            return hash(entry.raw) in digests
        known = self._loaded(first_key(entry.name))
        return known is not None and same_bytes(known, entry)

    def assign(self, entries: Sequence[RawRow]) -> None:
        """Give keys to rows that are about to be added."""
        old, new, shared = self._old, self._new, self._next_numbers
        added: dict[str, RawRow] = {}
        for entry in entries:
            key = entry.name
            if key in added or key in old or key in new or key in shared or key[0] == "\0":
                key = self._further_key(entry, added)
            entry.key = key
            added[key] = entry

    def _further_key(self, entry: RawRow, added: Mapping[str, RawRow]) -> str:
        """Return the key of a row whose id may not be its own."""
        first = first_key(entry.name)
        number = self._next_numbers.get(entry.name)
        if number is None:
            known = added.get(first) or self._loaded(first)
            if known is None:
                return first
            number = 2
            self._digests[entry.name] = {hash(known.raw)}
        while self._loaded(f"{first}\0{number}"):
            number += 1
        self._digests[entry.name].add(hash(entry.raw))
        self._next_numbers[entry.name] = number + 1
        return f"{first}\0{number}"

    def release(self, entry: RawRow) -> None:
        """Take back the number of a row that turned out to be a repeat of another one."""
        number = self._next_numbers.get(entry.name, 0) - 1
        if entry.key != f"{first_key(entry.name)}\0{number}":
            return  # not the latest number: later rows have the id too
        if number > 2:
            self._next_numbers[entry.name] = number
        else:
            del self._next_numbers[entry.name], self._digests[entry.name]

    def remember_text(self, entry: RawRow) -> None:
        """Count the new text of a row that changed as known."""
        digests = self._digests.get(entry.name)
        if digests is not None:
            digests.add(hash(entry.raw))

    def _loaded(self, key: str) -> RawRow | None:
        return self._old.get(key) or self._new.get(key)


def first_key(identifier: str) -> str:
    """Return the key of the first row with an id.

    Keys that begin with NUL are the program's own, so such an id gets a prefix.
    """
    is_own = identifier.startswith("\0") and not identifier.startswith(NO_ID)
    return f"\0id {identifier}" if is_own else identifier

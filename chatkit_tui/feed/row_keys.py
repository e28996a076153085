"""Keys of rows: the id, and for further rows that share it, the id and a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chatkit_tui.feed.feed_side import FeedSide
from chatkit_tui.models.page import NO_ID, RawRow
from chatkit_tui.sources.paging import same_bytes


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

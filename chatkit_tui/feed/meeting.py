"""Where the two sides of a feed meet: on rows that stand on both, in opposite orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from chatkit_tui.feed.feed_side import FeedSide
from chatkit_tui.feed.row_keys import RowKeys
from chatkit_tui.models.page import RawRow
from chatkit_tui.sources.paging import match_rows, same_bytes


class Meeting(NamedTuple):
    """The first row of an answer that stands on the other side, and its place there."""

    row: int
    place: int


SAME_ORDER: Final = Meeting(-1, -1)
"""Both sides go the same way: the server ignores the order asked for."""


def same_beginning(
    entries: Sequence[RawRow], opposite: FeedSide, keys: RowKeys, *, ended: bool
) -> bool:
    """Return whether both ends of a list of more than one row begin with the same row.

    The ids of rows prove nothing alone, for rows share ids: `[X, a, X]` begins with them alike at
    either end. Of a first row that changed meanwhile, the third one has to be the same.
    """
    if not entries or not opposite.rows or (ended and len(entries) == 1):
        return False
    first, known = entries[0], opposite.rows[0]
    if same_bytes(first, known) and keys.is_unique(known):
        return True
    pairs = list(zip(entries[:3], opposite.rows[:3], strict=False))
    return (
        len(pairs) > 1
        and all(ours.name == theirs.name for ours, theirs in pairs)
        and any(same_bytes(*pair) for pair in pairs[::2])
    )


def find_meeting(
    entries: Sequence[RawRow],
    side: FeedSide,
    opposite: FeedSide,
    keys: RowKeys,
) -> Meeting | None:
    """Return where the rows of an answer meet the other side, or None if that is not proved.

    What proves a meeting is a row with an id of its own that is the same byte for byte, or that is
    followed by the row that follows it there. If such a row is followed by the same one on both
    sides, the server ignores the order.
    """
    rows = opposite.rows
    if not rows:
        return None
    counts = Counter(entry.name for entry in entries)

    def is_unique(entry: RawRow) -> bool:
        return keys.is_unique(entry) and counts[entry.name] == 1

    for index, entry in enumerate(entries):
        place = opposite.index_of(entry.name)
        if place is None or entry.name in side or not is_unique(entry):
            continue
        follower = entries[index + 1] if index + 1 < len(entries) else None
        same = same_bytes(entry, rows[place])
        if follower is not None:
            by_id = is_unique(follower)
            if place > 0 and _is_same(follower, rows[place - 1], by_id=by_id):
                return Meeting(index, place)
            after = rows[place + 1] if place + 1 < len(rows) else None
            if same and after is not None and _is_same(follower, after, by_id=by_id):
                return SAME_ORDER
        if same:
            return Meeting(index, place)
    return None


def _is_same(one: RawRow, other: RawRow, *, by_id: bool) -> bool:
    return one.name == other.name if by_id else same_bytes(one, other)


def forget_doubles(
    side: FeedSide, opposite: FeedSide, keys: RowKeys, count: int, *, slack: int
) -> None:
    """Of the innermost `count` rows of the other side, remove those that this side has as well.

    They are looked for among as many rows of this side, and `slack` more. A row that was taken for
    another one until the sides met gets the key that it had on the other side.
    """
    inner = opposite.rows[len(opposite.rows) - count :][::-1]
    if not any(entry.name in side or keys.is_shared(entry.name) for entry in inner):
        return
    tail = side.rows[-(count + slack) :]
    doubles = {
        inner[place].key: entry
        for place, entry in zip(match_rows(inner, tail), tail, strict=True)
        if place is not None
    }
    opposite.drop(lambda entry: entry.key in doubles)
    for key, entry in reversed(doubles.items()):
        if entry.key != key:
            keys.release(entry)
            side.rename(entry, key)

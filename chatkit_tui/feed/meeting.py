"""Where the two sides of a feed meet: on rows that stand on both, in opposite orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeVar

from chatkit_tui.feed.run import Run
from chatkit_tui.models.pages import Entry
from chatkit_tui.sources.paging import same_bytes

T = TypeVar("T")


class Meeting(NamedTuple):
    """The first row of an answer that stands on the other side, and its place there."""

    row: int
    place: int


SAME_ORDER: Final = Meeting(-1, -1)
"""Both sides go the same way: the server ignores the order asked for."""


def same_beginning(entries: Sequence[Entry[T]], opposite: Run[T], *, ended: bool) -> bool:
    """Whether both ends of a list of more than one row begin with the same row."""
    if not entries or not opposite.rows or (ended and len(entries) == 1):
        return False
    return entries[0].id == opposite.rows[0].id and (
        same_bytes(entries[0], opposite.rows[0])
        or (len(entries) > 1 < len(opposite.rows) and entries[1].id == opposite.rows[1].id)
    )


def find_meeting(
    entries: Sequence[Entry[T]],
    opposite: Run[T],
    *,
    first_page: bool,
    is_unique: Callable[[Entry[T]], bool],
) -> Meeting | None:
    """Return where the rows of an answer meet the other side, or None if that is not proved.

    An id alone proves nothing, for rows share ids. What proves a meeting is a row with an id of its
    own that is the same byte for byte, or that is followed by the row that follows it there. Of two
    rows that follow each other the same way on both sides, the order was ignored.
    """
    rows = opposite.rows
    if not rows:
        return None
    counts = Counter(entry.id for entry in entries)
    for index, entry in enumerate(entries):
        place = opposite.index_of(entry.id)
        if place is None or not is_unique(entry) or counts[entry.id] > 1:
            continue
        follows = entries[index + 1].id if index + 1 < len(entries) else None
        if follows is not None and place > 0 and follows == rows[place - 1].id:
            return Meeting(index, place)
        if follows is not None and place + 1 < len(rows) and follows == rows[place + 1].id:
            return SAME_ORDER
        alone = first_page and follows is None and place == 0 and len(rows) > 1
        if same_bytes(entry, rows[place]) and not alone:
            return Meeting(index, place)
    return None

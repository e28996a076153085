"""The items of one thread in an archive: stored in the server's order, page by page.

A page is asked for with a cursor some items before the end, so that known items come again: if they
do, nothing between them and the new ones was missed. If they do not, the thread is read again
from its start, and what the server no longer has stays, marked as missing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from chatkit_tui.errors import ArchiveError
from chatkit_tui.search.searchable_text import read_object
from chatkit_tui.sources.archive.index import Indexer, seconds_of
from chatkit_tui.sources.archive.problem_index import ProblemIndex
from chatkit_tui.sources.archive.schema import POSITION_BITS
from chatkit_tui.sources.archive.transaction import Transaction
from chatkit_tui.sources.archive.verify import items_are_sound

SETTLED_AFTER: Final = 600
"""Seconds after which an item is expected not to change any more."""
UNSETTLED_ITEMS: Final = 99
"""Items at the end of a thread that are asked for again while they may change: one page."""

ROWS_AT_ONCE: Final = 100
"""Items of one INSERT. SQLite works without the interpreter's lock, which the event loop needs, and
each statement asks for it again: one for each row would double the time. A build of SQLite may
allow no more than 999 values."""

POSITIONS: Final = (1 << POSITION_BITS) - 1


class Row(NamedTuple):
    """A thread or an item as the server sent it."""

    id: str
    """Empty if the server gave none."""
    raw: str | bytes
    """Its JSON; bytes only if that is not UTF-8."""


class ThreadState(NamedTuple):
    """What an archive has of a thread."""

    number: int
    item_count: int
    resume_after: str | None
    """The cursor of the next request; known items after it come again."""
    user: str | None
    created_at: int
    """Unix seconds."""

    @property
    def first_key(self) -> int:
        """The key of the first item."""
        return self.number << POSITION_BITS

    @property
    def last_key(self) -> int:
        """The greatest key that an item can have."""
        return self.first_key | POSITIONS


class Place(NamedTuple):
    """Where the next request for a thread begins."""

    key: int | None
    """The key of the last item before it; None if the thread is to be read from its start,
    because the archive does not have that item any more or has damaged ones."""
    raw: str | bytes | None
    """Its JSON; None at the beginning of the thread."""


class Stored(NamedTuple):
    """What storing a page of items found."""

    follows: bool
    """False if the page does not begin with the items that are known; then nothing was stored."""
    new: int = 0
    """The number of new items."""
    changed: int = 0
    """The number of items that changed."""
    last_key: int = 0
    """The key of the page's last item, after which the next page follows."""


class _Known(NamedTuple):
    key: int
    id: str
    raw: str | bytes


class ThreadItems:
    """The items of the threads of an archive, for its writer."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        indexer: Indexer,
        problems: ProblemIndex,
        transaction: Transaction,
        now: Callable[[], float],
    ) -> None:
        self._connection = connection
        self._indexer = indexer
        self._problems = problems
        self._transaction = transaction
        self._now = now

    def find(self, thread_id: str) -> ThreadState | None:
        """Return what the archive has of a thread, or None if it does not know it."""
        found = self._connection.execute(
            "SELECT thread_no, item_count, resume_after, user, created_at FROM thread WHERE id = ?",
            (thread_id,),
        ).fetchone()
        return ThreadState(*found) if found else None

    def state(self, thread_id: str) -> ThreadState:
        """Return what the archive has of a thread. Raise `ArchiveError` if it does not know it."""
        found = self.find(thread_id)
        if found is None:
            raise ArchiveError(
                "The archive does not find a thread of its own: run archive verify on it."
            )
        return found

    def has_items(self, thread_id: str) -> bool:
        """Return whether the archive has items that the server is expected to have."""
        return bool(self._last(self.state(thread_id), 1))

    def place(self, thread_id: str) -> Place:
        """Return where the next request for a thread begins."""
        state = self.state(thread_id)
        if not items_are_sound(self._connection, state.number, state.item_count):
            return Place(None, None)
        key = self.key_of(state, state.resume_after)
        raw = None
        if state.resume_after is not None:
            found = self._connection.execute("SELECT raw FROM item WHERE key = ?", (key,))
            (raw,) = found.fetchone() or (None,)
        return Place(key, raw)

    def key_of(self, state: ThreadState, item_id: str | None) -> int | None:
        """Return the key of the item of a cursor; the one before the first item without a cursor,
        and None if the thread has no such item."""
        if item_id is None:
            return state.first_key - 1
        (key,) = self._connection.execute(
            "SELECT max(key) FROM item WHERE id = ? AND key BETWEEN ? AND ?",
            (item_id, state.first_key, state.last_key),
        ).fetchone()
        return key if key is None else int(key)

    def store(
        self, thread_id: str, after_key: int | None, rows: Sequence[Row], *, ended: bool
    ) -> Stored:
        """Store a page of items that follow the item `after_key`, oldest first; None stands for the
        beginning of the thread.

        Known items come first and may have changed. `ended` says that no more items follow: only
        that makes a thread complete.
        """
        state = self.state(thread_id)
        if after_key is None:
            after_key = state.first_key - 1
        known = self._known_after(state, after_key, len(rows) + 1)
        if not _follows(known, rows, ended=ended):
            return Stored(follows=False)
        new = rows[len(known) :]
        if new and self._is_repeated(state, new[0]):
            return Stored(follows=False)
        with self._transaction(len(rows)):
            changed = [
                (item, row) for item, row in zip(known, rows, strict=False) if item.raw != row.raw
            ]
            if changed or new:
                self._problems.forget(state.number)
            for item, row in changed:
                self._replace(item, row)
            self._insert(state, state.item_count, new)
            self._advance(state, state.item_count + len(new), ended=ended, new=new)
        keys = [item.key for item in known[: len(rows)]]
        last_new = state.first_key + state.item_count + len(new) - 1
        return Stored(
            follows=True,
            new=len(new),
            changed=len(changed),
            last_key=last_new if new else max(keys, default=after_key),
        )

    def _is_repeated(self, state: ThreadState, row: Row) -> bool:
        """Return whether a row that should be new is known: the server has begun again.

        Items may share an id, so only some of those with the id are compared.
        """
        if not row.id:
            return False
        found = self._connection.execute(
            "SELECT 1 FROM (SELECT raw FROM item WHERE id = ? AND key BETWEEN ? AND ?"
            " AND missing_since IS NULL LIMIT 20) WHERE raw = ?",
            (row.id, state.first_key, state.last_key, row.raw),
        )
        return found.fetchone() is not None

    def _known_after(self, state: ThreadState, key: int, most: int) -> list[_Known]:
        """Return the first items after one that the server is expected to have."""
        rows = self._connection.execute(
            "SELECT key, id, raw FROM item WHERE key > ? AND key <= ? AND missing_since IS NULL"
            " ORDER BY key LIMIT ?",
            (key, state.last_key, most),
        )
        return [_Known(*row) for row in rows]

    def _insert(self, state: ThreadState, position: int, rows: Sequence[Row]) -> None:
        """Insert new items from a position on."""
        if not rows:
            return
        if position + len(rows) - 1 > POSITIONS:
            raise ArchiveError(f"A thread has more than {POSITIONS + 1:,} items.")
        first = state.first_key | position
        slots = self._indexer.add_items(first, rows, state.user, state.created_at)
        numbered = list(zip(range(first, first + len(rows)), rows, slots, strict=True))
        for start in range(0, len(numbered), ROWS_AT_ONCE):
            part = numbered[start : start + ROWS_AT_ONCE]
            self._connection.execute(
                "INSERT INTO item(key, id, slot, raw) VALUES "
                + ", ".join(["(?, ?, ?, ?)"] * len(part)),
                [column for key, row, slot in part for column in (key, row.id, slot, row.raw)],
            )

    def _replace(self, item: _Known, row: Row) -> None:
        self._indexer.remove_item(item.key, item.raw)
        self._connection.execute(
            "INSERT INTO item_version VALUES (?, ?, ?)", (item.key, int(self._now()), item.raw)
        )
        self._connection.execute(
            "UPDATE item SET id = ?, raw = ? WHERE key = ?", (row.id, row.raw, item.key)
        )

    # -- where the next request begins -------------------------------------------------------------

    def _advance(
        self, state: ThreadState, item_count: int, *, ended: bool, new: Sequence[Row] = ()
    ) -> None:
        """Note how far a thread is read; `new` are its last items, as far as they are at hand."""
        if ended:
            self._problems.await_end(state.number)
        most = UNSETTLED_ITEMS + 1
        if new and (not ended or len(new) == item_count or len(new) >= most):
            last: Sequence[Row] = new[-most:][::-1]
        else:
            last = self._last(state, most)
        settled = last[self._unsettled(last) :] if ended else last
        cursor = self._cursor(state, settled)
        if cursor is None and item_count > len(last):
            cursor = self._cursor(state, self._last(state, most)[len(last) :]) or state.resume_after
        self._connection.execute(
            "UPDATE thread SET item_count = ?, newest_item_id = ?, resume_after = ?, complete = ?,"
            " incomplete_reason = ?, checked_at = coalesce(?, checked_at), missing_since = NULL"
            " WHERE thread_no = ?",
            (
                item_count,
                last[0].id if last else None,
                cursor,
                ended,
                None if ended else "not read to its end",
                int(self._now()) if ended else None,
                state.number,
            ),
        )

    def _last(self, state: ThreadState, most: int) -> list[Row]:
        """Return the last items that the server has, newest first."""
        rows = self._connection.execute(
            "SELECT id, raw FROM item WHERE key BETWEEN ? AND ? AND missing_since IS NULL"
            " ORDER BY key DESC LIMIT ?",
            (state.first_key, state.last_key, most),
        )
        return [Row(*row) for row in rows]

    def _unsettled(self, last: Sequence[Row]) -> int:
        """Return how many of the last items are to come again: the newest, and all from the first
        one that may still change."""
        settled_before = self._now() - SETTLED_AFTER
        unsettled, is_young = 1, True
        for number, item in enumerate(last[1:UNSETTLED_ITEMS], 2):
            if is_young:
                seconds = seconds_of(read_object(item.raw), item.id)
                is_young = seconds is not None and seconds > settled_before
            if is_young or _is_in_progress(item.raw):
                unsettled = number
        return unsettled

    def _cursor(self, state: ThreadState, items: Sequence[Row]) -> str | None:
        """Return the first of some ids that only one item of the thread has."""
        tried = {""}
        for identifier, _ in items:
            if identifier in tried:
                continue
            tried.add(identifier)
            (count,) = self._connection.execute(
                "SELECT count(*) FROM"
                " (SELECT 1 FROM item WHERE id = ? AND key BETWEEN ? AND ? LIMIT 2)",
                (identifier, state.first_key, state.last_key),
            ).fetchone()
            if count == 1:
                return identifier
        return None

    # -- a thread that is read again ---------------------------------------------------------------

    def begin_again(self) -> None:
        """Prepare to read a thread again from its start."""
        self._connection.execute("DROP TABLE IF EXISTS temp.served")
        self._connection.execute("CREATE TEMP TABLE served(place INTEGER PRIMARY KEY, id, raw)")

    def set_aside(self, rows: Sequence[Row]) -> None:
        """Keep a page of the thread that is read again until its last one is there."""
        self._connection.executemany("INSERT INTO temp.served(id, raw) VALUES (?, ?)", rows)

    def take_over(self, thread_id: str, *, newest_first: bool = False) -> Stored:
        """Put the thread that was read again in the place of the known one.

        `newest_first` is the order of the pages. Items that the server no longer has stay behind
        the item that they followed, and are marked as missing.
        """
        # Its cursor may be why it was read again.
        state = self.state(thread_id)._replace(resume_after=None)
        known = self._connection.execute(
            "SELECT key, id FROM item WHERE key BETWEEN ? AND ? ORDER BY key",
            (state.first_key, state.last_key),
        ).fetchall()
        order_of_places = "place DESC" if newest_first else "place"
        served = self._connection.execute(
            f"SELECT place, id FROM temp.served ORDER BY {order_of_places}"
        )
        order = _merge(known, served.fetchall())
        with self._transaction(len(order)):
            self._problems.forget(state.number)
            # In two steps, since a key may be free only after another item has moved.
            for key, _ in order:
                if key is not None:
                    self._move(key, -key)
            changed = sum(
                self._put(state, position, key, place)
                for position, (key, place) in enumerate(order)
            )
            self._advance(state, len(order), ended=True)
        self._connection.execute("DROP TABLE temp.served")
        new = sum(key is None for key, _ in order)
        return Stored(follows=True, new=new, changed=changed)

    def _put(self, state: ThreadState, position: int, key: int | None, place: int | None) -> bool:
        """Put an item at a position; return whether it has changed."""
        found = self._connection.execute(
            "SELECT id, raw FROM temp.served WHERE place = ?", (place,)
        ).fetchone()
        if key is None:
            self._insert(state, position, [Row(*found)])
            return False
        new_key = state.first_key | position
        self._move(-key, new_key)
        self._connection.execute(
            "UPDATE item SET missing_since = CASE WHEN ? THEN NULL ELSE coalesce(missing_since, ?)"
            " END WHERE key = ?",
            (found is not None, int(self._now()), new_key),
        )
        if found is None:
            return False
        identifier, raw = self._connection.execute(
            "SELECT id, raw FROM item WHERE key = ?", (new_key,)
        ).fetchone()
        if raw != found[1]:
            self._replace(_Known(new_key, identifier, raw), Row(*found))
            return True
        return False

    def _move(self, key: int, new_key: int) -> None:
        for table, column in (("item", "key"), ("item_version", "key"), ("index_slot", "item_key")):
            self._connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE {column} = ?",
                (new_key, key),
            )


def _is_in_progress(raw: str | bytes) -> bool:
    if isinstance(raw, bytes):
        return b"in_progress" in raw or b'"pending"' in raw
    return "in_progress" in raw or '"pending"' in raw


def _follows(known: Sequence[_Known], rows: Sequence[Row], *, ended: bool) -> bool:
    """Return whether a page begins with the known items, changed or not.

    An item without an id is known by its JSON alone.
    """
    if len(rows) < len(known) and ended:
        return False
    return all(
        row.id == item.id and (bool(item.id) or row.raw == item.raw)
        for item, row in zip(known, rows, strict=False)
    )


def _merge(
    known: Sequence[tuple[int, str]], served: Sequence[tuple[int, str]]
) -> list[tuple[int | None, int | None]]:
    """Return the order of a thread that was read again, as pairs of known key and served place.

    Items are the same if they have the same id at the same occurrence. An item that is no longer
    served follows the item that it followed before.
    """
    places, keys = dict(_occurrences(served)), dict(_occurrences(known))
    missing_after: dict[int | None, list[int]] = {}
    last: int | None = None
    for name, key in keys.items():
        if name in places:
            last = key
        else:
            missing_after.setdefault(last, []).append(key)
    order: list[tuple[int | None, int | None]] = [
        (key, None) for key in missing_after.get(None, ())
    ]
    for name, place in places.items():
        found = keys.get(name)
        order.append((found, place))
        if found is not None:
            order += [(key, None) for key in missing_after.get(found, ())]
    return order


def _occurrences(rows: Sequence[tuple[int, str]]) -> Iterator[tuple[tuple[str, int], int]]:
    """Yield id and occurrence number of each row, and its key or place."""
    seen: dict[str, int] = {}
    for place, identifier in rows:
        seen[identifier] = seen.get(identifier, 0) + 1
        yield (identifier, seen[identifier]), place

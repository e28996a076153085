"""The problems of the threads of an archive, found when a thread was stored.

Of each complete thread the table `thread_problems` has a JSON list of `[position, predicate,
reason]`. A reason that depends on other items is kept; any other is made from the item again, so
that no words of a conversation stand in the table. Without a row, or with NULL in it, the problems
of a thread are not known here, and its items have to be read.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from chatkit_tui.models.items import read_item
from chatkit_tui.models.page import Page
from chatkit_tui.predicates.predicate import OF_SEVERAL_ITEMS, Finding, Predicate
from chatkit_tui.predicates.problems import NO_ANSWER, find_problems, is_recent
from chatkit_tui.sources.archive.schema import POSITION_BITS

MOST_ITEMS: Final = 10_000
"""Items of the longest thread whose problems are kept: finding them takes 5 KB an item."""
_NEVER_RECENT: Final = float("inf")
"""The time that problems are found at: the grace of the newest message is left to who asks."""

_UNKNOWN: Final = (
    "SELECT thread_no FROM thread t WHERE complete = 1"
    " AND NOT EXISTS (SELECT 1 FROM thread_problems p WHERE p.thread_no = t.thread_no)"
)


class _Stored(NamedTuple):
    position: int
    predicate: Predicate
    reason: str | None
    """None if it is made from the item."""


class ProblemIndex:
    """Keeps the problems of threads, inside the writer's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: set[int] = set()
        """The numbers of complete threads whose problems are to be found."""
        self.is_on = True
        """False to leave them to a later sync."""

    def start_over(self) -> None:
        """Drop all problems, so that they are found again."""
        self._connection.execute("DELETE FROM thread_problems")
        self.restore()

    def restore(self) -> None:
        """Take from the file which threads wait, as at the beginning and after a rollback."""
        table = "SELECT 1 FROM sqlite_master WHERE name = 'thread_problems'"
        is_there = self._connection.execute(table).fetchone()  # not after a rollback of its making
        found = self._connection.execute(_UNKNOWN) if is_there else ()
        self._waiting = {number for (number,) in found}

    def forget(self, number: int) -> None:
        """Drop the problems of a thread whose items change."""
        self._connection.execute("DELETE FROM thread_problems WHERE thread_no = ?", (number,))
        self._waiting.discard(number)

    def await_end(self, number: int) -> None:
        """Note that a thread is complete: before that, each page would read all others again."""
        self._waiting.add(number)

    @property
    def is_waiting(self) -> bool:
        """Whether the problems of any thread are to be found."""
        return self.is_on and bool(self._waiting)

    def find_some(self, most: int) -> int:
        """Find the problems of threads with about `most` items; return the number of threads."""
        threads = items = 0
        while self.is_waiting and items < most:
            number = self._waiting.pop()
            known = self._connection.execute(
                "SELECT 1 FROM thread_problems WHERE thread_no = ?", (number,)
            ).fetchone()
            if known:
                continue
            found, count = problems_of(self._connection, number)
            self._connection.execute("INSERT INTO thread_problems VALUES (?, ?)", (number, found))
            threads += 1
            items += count + 1
        return threads


def problems_of(connection: sqlite3.Connection, number: int) -> tuple[str | None, int]:
    """Return what the table has of a thread, made from its items, and how many items it has.

    None for a thread of more than `MOST_ITEMS`, and for one that pages do not give as a whole:
    where ids are missing or shared.
    """
    keys = (number << POSITION_BITS, (number + 1 << POSITION_BITS) - 1)
    (count,) = connection.execute(
        "SELECT count(*) FROM item WHERE key BETWEEN ? AND ?", keys
    ).fetchone()
    if count > MOST_ITEMS:
        return None, count
    rows = connection.execute(
        "SELECT key, raw FROM item WHERE key BETWEEN ? AND ? ORDER BY key", keys
    ).fetchall()
    page = _page_of(connection, number, [raw for _, raw in rows])
    if len(set(page.names)) < len(page) or not all(row.has_id for row in page.rows):
        return None, len(rows)
    found = find_problems(page.rows, has_newest=True, now=_NEVER_RECENT)
    stored = [
        _Stored(
            rows[finding.place][0] & (1 << POSITION_BITS) - 1,
            finding.predicate,
            finding.reason if finding.predicate in OF_SEVERAL_ITEMS else None,
        )
        for finding in found
    ]
    return json.dumps(stored, separators=(",", ":")), len(rows)


def read_problems(
    connection: sqlite3.Connection, thread_id: str, now: float
) -> list[Finding] | None:
    """Return the problems of a thread as `find_problems` would; None if they are not known.

    `now` is in Unix seconds.
    """
    row = connection.execute(
        "SELECT p.thread_no, p.found FROM thread t JOIN thread_problems p"
        " ON p.thread_no = t.thread_no WHERE t.id = ?",
        (thread_id,),
    ).fetchone()
    if row is None:
        return None
    try:
        stored = list(_stored(row[1]))
        return list(_findings(connection, row[0], stored, now))
    except (ValueError, TypeError, RecursionError):  # a sync changes it, or another program did
        return None


def _stored(found: str) -> Iterator[_Stored]:
    """Yield what a row of the table has. Raise `ValueError` or `TypeError` for another content."""
    for position, predicate, reason in json.loads(found):
        yield _Stored(int(position), Predicate(predicate), reason)


def _findings(
    connection: sqlite3.Connection, number: int, stored: Sequence[_Stored], now: float
) -> Iterator[Finding]:
    """Yield the problems. Raise `ValueError` for one that its item does not have."""
    positions = sorted({each.position for each in stored})
    raws = [_raw(connection, number << POSITION_BITS | position) for position in positions]
    rows = dict(zip(positions, _page_of(connection, number, raws).rows, strict=True))
    for position, predicate, reason in stored:
        row = rows[position]
        if reason == NO_ANSWER and is_recent(read_item(row), now):
            continue
        if reason is None:
            alone = find_problems([row], has_newest=False, now=now)
            reasons = [each.reason for each in alone if each.predicate is predicate]
            (reason,) = reasons
        if not isinstance(reason, str):
            raise TypeError(reason)
        yield Finding(predicate, row.id, reason, position)


def _raw(connection: sqlite3.Connection, key: int) -> str | bytes:
    found = connection.execute("SELECT raw FROM item WHERE key = ?", (key,)).fetchone()
    if found is None:
        raise ValueError(key)
    raw: str | bytes = found[0]
    return raw


def _page_of(connection: sqlite3.Connection, number: int, raws: Sequence[str | bytes]) -> Page:
    (thread_id,) = connection.execute(
        "SELECT CAST(id AS TEXT) FROM thread WHERE thread_no = ?", (number,)
    ).fetchone()
    texts = [raw if isinstance(raw, bytes) else str(raw).encode() for raw in raws]
    return Page.of_texts(texts, thread_id=thread_id)

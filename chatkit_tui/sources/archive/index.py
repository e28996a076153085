"""Fill the full-text index of an archive and take rows out of it.

Each indexed item and each thread has a *slot*: its rowid in the index, which grows with its time. A
contentless FTS5 table accepts one rowid twice without an error, so the table `index_slot` holds
which are taken.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from chatkit_tui.models.json import JSON
from chatkit_tui.models.timestamps import LAST_SECOND, read_time, time_of_id
from chatkit_tui.search.searchable_text import (
    index_form,
    item_text,
    kind_of,
    read_object,
    thread_text,
)
from chatkit_tui.sources.archive.schema import (
    EPOCH,
    EXTRACTOR,
    INDEX,
    POSITION_BITS,
    SLOTS_PER_SECOND_BITS,
)

BATCH: Final = 500
"""Rows that are indexed in one transaction at most: some 40 ms."""

_MOST_REMEMBERED: Final = 100_000


class Document(NamedTuple):
    """What the index gets of one row."""

    slot: int
    text: str
    meta: str
    """Words for the filters: `kKIND`, `uUSER`, `tTHREAD`."""


@lru_cache
def user_word(user: str) -> str:
    """Return the word that stands for a user in the index."""
    return f"u{hashlib.sha256(user.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def has_index(connection: sqlite3.Connection) -> bool:
    """Return whether an archive has an index that this program can use."""
    found = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'fts'").fetchone()
    (extractor,) = connection.execute(
        "SELECT max(value) FROM meta WHERE key = 'extractor'"
    ).fetchone()
    return bool(found) and extractor == EXTRACTOR and has_fts5(connection)


def has_fts5(connection: sqlite3.Connection) -> bool:
    """Return whether this Python's SQLite has FTS5."""
    return bool(
        connection.execute(
            "SELECT 1 FROM pragma_module_list WHERE name = 'fts5' LIMIT 1"
        ).fetchone()
    )


class Indexer:
    """Index the rows of an archive. Runs inside the writer's transaction.

    New documents are collected until `flush`, before the commit: FTS5 takes a batch in the order of
    its slots several times faster than one by one.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.is_on = False
        """Whether an index is kept; not where SQLite has no FTS5."""
        self.added = 0
        """Rows that were added so far."""
        self._pending: list[Document] = []
        self._next_free: dict[int, int] = {}
        """By slot, where the search for a free one goes on: without it, the items of one second
        (an import has thousands) would each walk past all others."""

    def prepare(self) -> None:
        """Create the index, also if another extractor made the one that exists."""
        connection = self._connection
        self.is_on = has_fts5(connection)
        if not self.is_on:
            return
        if not has_index(connection):
            self.start_over()

    def start_over(self) -> None:
        """Drop the index, so that every row is indexed again."""
        for statement in (
            "DROP TABLE IF EXISTS fts",
            INDEX,
            "DELETE FROM index_slot",
            "UPDATE item SET slot = NULL WHERE slot IS NOT NULL",
            "UPDATE thread SET slot = NULL WHERE slot IS NOT NULL",
        ):
            self._connection.execute(statement)
        self._connection.execute(
            "INSERT OR REPLACE INTO meta VALUES ('extractor', ?)", (EXTRACTOR,)
        )
        self.forget()

    def forget(self) -> None:
        """Forget what is not written yet, because the transaction was rolled back."""
        self._pending.clear()
        self._next_free.clear()

    def flush(self) -> None:
        """Write the documents that were added."""
        if self._pending:
            self._connection.executemany(
                "INSERT INTO fts(rowid, text, meta) VALUES (?, ?, ?)", sorted(self._pending)
            )
            self._pending.clear()

    def add_items(
        self, first_key: int, rows: Sequence[tuple[str, str | bytes]], user: str | None, time: int
    ) -> list[int | None]:
        """Add new items, by id and JSON, and return the slot of each; None without an index.

        `user` and `time` are those of the thread, the time in Unix seconds. An item without a time
        has that of the one before.
        """
        if not self.is_on:
            return [None] * len(rows)
        slots: list[int | None] = []
        for key, (identifier, raw) in enumerate(rows, first_key):
            item = read_object(raw)
            time = seconds_of(item, identifier) or time
            slot = self._take_slot(time, key)
            self._pending.append(document_of_item(slot, key, user, item))
            slots.append(slot)
        self.added += len(rows)
        return slots

    def add_thread(
        self, number: int, thread: dict[str, JSON], user: str | None, time: int
    ) -> int | None:
        """Add a thread with its fields, and return its slot; None without an index."""
        if not self.is_on:
            return None
        slot = self._take_slot(time, -number)
        self._pending.append(document_of_thread(slot, number, user, thread))
        self.added += 1
        return slot

    def index_some(self, most: int = BATCH) -> int:
        """Index at most `most` rows and return how many were indexed; 0 means that all are."""
        if not self.is_on:
            return 0
        return self._index_threads(most) or self._index_items(most)

    def _index_threads(self, most: int) -> int:
        rows = self._connection.execute(
            "SELECT thread_no, CAST(created_at AS INT), user, raw FROM thread"
            " WHERE slot IS NULL LIMIT ?",
            (most,),
        ).fetchall()
        self._connection.executemany(
            "UPDATE thread SET slot = ? WHERE thread_no = ?",
            [
                (self.add_thread(number, read_object(raw), user, seconds), number)
                for number, seconds, user, raw in rows
            ],
        )
        return len(rows)

    def _index_items(self, most: int) -> int:
        rows = self._connection.execute(
            "SELECT i.key, i.id, i.raw, t.user, CAST(t.created_at AS INT) FROM item i"
            f" JOIN thread t ON t.thread_no = i.key >> {POSITION_BITS}"
            " WHERE i.slot IS NULL ORDER BY i.key LIMIT ?",
            (most,),
        ).fetchall()
        self._connection.executemany(
            "UPDATE item SET slot = ? WHERE key = ?",
            [
                (*self.add_items(key, [(identifier, raw)], user, of_thread), key)
                for key, identifier, raw, user, of_thread in rows
            ],
        )
        return len(rows)

    def _take_slot(self, seconds: int, key: int) -> int:
        """Take the first free slot from the second of an item on."""
        wanted = max(0, min(seconds, LAST_SECOND) - EPOCH) << SLOTS_PER_SECOND_BITS
        slot, passed = wanted, []
        while (following := self._next_free.get(slot)) is not None:
            passed.append(slot)
            slot = following
        insert = "INSERT OR IGNORE INTO index_slot VALUES (?, ?)"
        while self._connection.execute(insert, (slot, key)).rowcount == 0:
            passed.append(slot)
            slot += 1
        if len(self._next_free) > _MOST_REMEMBERED:
            self._next_free.clear()
        self._next_free.update(dict.fromkeys((*passed, wanted), slot + 1))
        return slot

    # -- taking out --------------------------------------------------------------------------------

    def remove_item(self, key: int, raw: str | bytes) -> None:
        """Take an item out of the index. `raw` is the JSON that it was indexed with."""
        if not self.is_on:
            return
        slot, user = self._connection.execute(
            "SELECT i.slot, t.user FROM item i, thread t WHERE i.key = ? AND t.thread_no = ?",
            (key, key >> POSITION_BITS),
        ).fetchone()
        if slot is not None:
            self._remove(document_of_item(slot, key, user, read_object(raw)))
            self._connection.execute("UPDATE item SET slot = NULL WHERE key = ?", (key,))

    def remove_thread(self, number: int, *, items: bool) -> None:
        """Take a thread's own text out of the index, and that of its items with `items`."""
        if not self.is_on:
            return
        if items:
            rows = self._connection.execute(
                "SELECT key, raw FROM item WHERE key BETWEEN ? AND ? AND slot IS NOT NULL",
                (number << POSITION_BITS, (number + 1 << POSITION_BITS) - 1),
            )
            for key, raw in rows.fetchall():
                self.remove_item(key, raw)
        slot, user, raw = self._connection.execute(
            "SELECT slot, user, raw FROM thread WHERE thread_no = ?", (number,)
        ).fetchone()
        if slot is not None:
            self._remove(document_of_thread(slot, number, user, read_object(raw)))
            self._connection.execute("UPDATE thread SET slot = NULL WHERE thread_no = ?", (number,))

    def _remove(self, document: Document) -> None:
        self.flush()
        self._connection.execute(
            "INSERT INTO fts(fts, rowid, text, meta) VALUES ('delete', ?, ?, ?)", document
        )
        self._connection.execute("DELETE FROM index_slot WHERE slot = ?", (document.slot,))


def document_of_item(slot: int, key: int, user: str | None, item: dict[str, JSON]) -> Document:
    """Return what the index has of an item."""
    return Document(
        slot, index_form(item_text(item)), _meta(key >> POSITION_BITS, user, kind_of(item))
    )


def document_of_thread(
    slot: int, number: int, user: str | None, thread: dict[str, JSON]
) -> Document:
    """Return what the index has of a thread itself."""
    return Document(slot, index_form(thread_text(thread)), _meta(number, user, "thread"))


def _meta(number: int, user: str | None, kind: str) -> str:
    return f"k{kind} {user_word(user or '')} t{number}"


def seconds_of(item: dict[str, JSON], identifier: str) -> int | None:
    """Return when an item was created, in Unix seconds; None if neither it nor its id says so."""
    found = read_time(item.get("created_at")) or time_of_id(identifier)
    return found.seconds if found else None


def thread_columns(
    fields: dict[str, JSON], created_at: int
) -> tuple[str | None, int, str | None, str | None]:
    """Return the columns of a thread that come from its JSON: user, time, title and status.

    Its status is an object or, on other servers, a text.
    """
    status = fields.get("status")
    word = status.get("type") if isinstance(status, dict) else status
    return _text(fields.get("user")), created_at, _text(fields.get("title")), _text(word)


def _text(value: JSON) -> str | None:
    return value if isinstance(value, str) else None

"""Check an archive for damage. Nothing is repaired here: the next synchronization does that."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from chatkit_tui.errors import ArchiveError
from chatkit_tui.models.json import load_json
from chatkit_tui.sources.archive import schema
from chatkit_tui.sources.archive.index import has_index
from chatkit_tui.sources.archive.schema import POSITION_BITS
from chatkit_tui.storage.sqlite import connect_reader

SYNC_READS_AGAIN: Final = "run archive sync: it reads the thread again"
SYNC_REINDEXES: Final = "run archive sync: it makes the index again"
RESTORE: Final = (
    "restore the file from a backup, or start a new archive while the source has the data"
)

MOST_OF_A_KIND: Final = 1_000
"""Damages of one kind that are listed."""

_THREAD_OF: Final = f"(SELECT id FROM thread WHERE thread_no = i.key >> {POSITION_BITS})"


_OF_THREAD: Final = (
    f"i.key BETWEEN t.thread_no << {POSITION_BITS} AND (t.thread_no + 1 << {POSITION_BITS}) - 1"
)
"""The condition for an item of a thread, by its key: by its shifted key, each thread would read
every item."""


class Damage(NamedTuple):
    """Something that is wrong with an archive."""

    kind: str
    thread_id: str | None
    detail: str
    advice: str


class _Check(NamedTuple):
    kind: str
    statement: str
    """Yields a thread's id or None, and a detail."""
    advice: str


_ROWS: Final = (
    _Check(
        "items missing",
        "SELECT t.id, t.item_count || ' expected, ' || count(i.key) || ' found'"
        f" FROM thread t LEFT JOIN item i ON {_OF_THREAD}"
        " GROUP BY t.thread_no HAVING count(i.key) < t.item_count",
        SYNC_READS_AGAIN,
    ),
    _Check(
        "items beyond the end",
        "SELECT t.id, t.item_count || ' expected, ' || count(i.key) || ' found'"
        f" FROM thread t JOIN item i ON {_OF_THREAD}"
        " GROUP BY t.thread_no HAVING count(i.key) > t.item_count",
        SYNC_READS_AGAIN,
    ),
    _Check(
        "gap between items",
        "SELECT t.id, 'last position ' || max(i.key & 16777215) || ' of ' || count(*) || ' items'"
        f" FROM thread t JOIN item i ON {_OF_THREAD}"
        " GROUP BY t.thread_no HAVING max(i.key & 16777215) != count(*) - 1",
        SYNC_READS_AGAIN,
    ),
    _Check(
        "items of no thread",
        "SELECT NULL, count(*) || ' items' FROM item i WHERE NOT EXISTS"
        f" (SELECT 1 FROM thread WHERE thread_no = i.key >> {POSITION_BITS}) HAVING count(*)",
        RESTORE,
    ),
    _Check(
        "version of nothing",
        "SELECT NULL, count(*) || ' versions' FROM item_version v WHERE NOT EXISTS"
        " (SELECT 1 FROM item WHERE key = v.key) HAVING count(*)",
        RESTORE,
    ),
    _Check(
        "unknown cursor",
        "SELECT t.id, 'the item to go on from is not there' FROM thread t"
        " WHERE t.resume_after IS NOT NULL AND NOT EXISTS (SELECT 1 FROM item i"
        f" WHERE i.id = t.resume_after AND i.key >> {POSITION_BITS} = t.thread_no)",
        SYNC_READS_AGAIN,
    ),
)
_INDEX: Final = (
    _Check(
        "index entry of nothing",
        "SELECT NULL, count(*) || ' entries' FROM index_slot s WHERE s.item_key >= 0 AND NOT EXISTS"
        " (SELECT 1 FROM item i WHERE i.key = s.item_key AND i.slot = s.slot) HAVING count(*)",
        SYNC_REINDEXES,
    ),
    _Check(
        "item without its index entry",
        "SELECT NULL, count(*) || ' items' FROM item i WHERE i.slot IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM index_slot s WHERE s.slot = i.slot AND s.item_key = i.key)"
        " HAVING count(*)",
        SYNC_REINDEXES,
    ),
    _Check(
        "index and rows differ",
        "SELECT NULL, f.n || ' in the index, ' || s.n || ' expected'"
        " FROM (SELECT count(*) AS n FROM fts_docsize) f, (SELECT count(*) AS n FROM index_slot) s"
        " WHERE f.n != s.n",
        SYNC_REINDEXES,
    ),
)


def verify(path: Path) -> Iterator[Damage]:
    """Yield everything that is wrong with an archive.

    Raise `ArchiveError` if the file is not an archive or cannot be opened.
    """
    schema.check_file(path)
    try:
        connection = connect_reader(path)
    except sqlite3.OperationalError as error:  # locked, or not allowed
        raise ArchiveError(f"{path} cannot be read: {error}.") from None
    except sqlite3.DatabaseError as error:
        yield Damage("damaged file", None, str(error), RESTORE)
        return
    try:
        yield from _verify(connection, path)
    except sqlite3.DatabaseError as error:
        yield Damage("damaged file", None, str(error), RESTORE)
    finally:
        connection.close()


def _verify(connection: sqlite3.Connection, path: Path) -> Iterator[Damage]:
    try:
        schema.check_schema(connection, path)
    except ArchiveError as error:
        yield Damage("other tables", None, str(error), RESTORE)
        return
    for (message,) in connection.execute(f"PRAGMA quick_check({MOST_OF_A_KIND})"):
        if message != "ok":
            yield Damage("damaged file", None, message, RESTORE)
    checks = _ROWS + (_INDEX if has_index(connection) else ())
    for check in checks:
        for thread_id, detail in connection.execute(f"{check.statement} LIMIT {MOST_OF_A_KIND}"):
            yield Damage(check.kind, thread_id, detail, check.advice)
    yield from _unreadable(connection)


def _unreadable(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Yield rows whose JSON cannot be read or names another id than the row."""
    for kind, statement in (
        ("thread", "SELECT id, id, raw FROM thread"),
        ("item", f"SELECT {_THREAD_OF}, i.id, i.raw FROM item i"),
    ):
        for thread_id, identifier, raw in connection.execute(statement):
            try:
                value = load_json(raw)
            except (ValueError, RecursionError, TypeError):
                yield Damage(f"unreadable {kind}", thread_id, identifier, SYNC_READS_AGAIN)
                continue
            found = value.get("id") if isinstance(value, dict) else None
            if isinstance(found, str) and found != identifier:
                yield Damage(f"{kind} with another id", thread_id, identifier, SYNC_READS_AGAIN)


def damaged_threads(connection: sqlite3.Connection) -> list[str]:
    """Return the threads whose items have to be read again, as far as counting shows them."""
    return [
        thread_id
        for check in _ROWS
        if check.advice == SYNC_READS_AGAIN
        for thread_id, _ in connection.execute(check.statement)
    ]


def index_is_sound(connection: sqlite3.Connection) -> bool:
    """Return whether the index has an entry for each row that it is said to have."""
    return not any(connection.execute(check.statement).fetchone() for check in _INDEX)

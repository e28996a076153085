"""Check an archive for damage. Nothing is repaired here: the next synchronization does that."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from chatkit_tui.errors import ArchiveError
from chatkit_tui.models.json import load_json
from chatkit_tui.search.searchable_text import read_object
from chatkit_tui.sources.archive import schema
from chatkit_tui.sources.archive.index import has_index, seconds_of, thread_columns
from chatkit_tui.sources.archive.problem_index import problems_of
from chatkit_tui.sources.archive.schema import POSITION_BITS
from chatkit_tui.storage.sqlite import connect_reader, is_locked
from chatkit_tui.text.plain import counted

SYNC_READS_AGAIN: Final = "run archive sync: it reads the thread again"
SYNC_REINDEXES: Final = "run archive sync: it makes the index again"
VERIFY_REINDEXES: Final = "run archive verify --reindex: it finds them again"
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
        "SELECT t.id, 'last position ' || max(i.key & 16777215) || ', items: ' || count(*)"
        f" FROM thread t JOIN item i ON {_OF_THREAD}"
        " GROUP BY t.thread_no HAVING max(i.key & 16777215) != count(*) - 1",
        SYNC_READS_AGAIN,
    ),
    _Check(
        "items of no thread",
        "SELECT NULL, 'items: ' || count(*) FROM item i WHERE NOT EXISTS"
        f" (SELECT 1 FROM thread WHERE thread_no = i.key >> {POSITION_BITS}) HAVING count(*)",
        RESTORE,
    ),
    _Check(
        "version of nothing",
        "SELECT NULL, 'versions: ' || count(*) FROM item_version v WHERE NOT EXISTS"
        " (SELECT 1 FROM item WHERE key = v.key) HAVING count(*)",
        RESTORE,
    ),
    _Check(
        "unknown cursor",
        "SELECT t.id, 'the item to continue from is not there' FROM thread t"
        " WHERE t.resume_after IS NOT NULL AND NOT EXISTS (SELECT 1 FROM item i"
        f" WHERE i.id = t.resume_after AND i.key >> {POSITION_BITS} = t.thread_no)",
        SYNC_READS_AGAIN,
    ),
)
_STATES: Final = (
    _Check(
        "state of another sync",
        "SELECT id, CASE WHEN complete NOT IN (0, 1) THEN 'complete is ' || complete"
        " WHEN checked_at IS NULL THEN 'complete, but never checked'"
        " ELSE 'complete, but ' || incomplete_reason END FROM thread WHERE complete != 0"
        " AND (complete != 1 OR checked_at IS NULL OR incomplete_reason IS NOT NULL)",
        SYNC_READS_AGAIN,
    ),
    _Check(
        "another newest item",
        "SELECT t.id, coalesce('recorded as ' || t.newest_item_id, 'none is recorded')"
        " FROM thread t WHERE t.newest_item_id IS NOT"
        f" (SELECT i.id FROM item i WHERE {_OF_THREAD} AND i.missing_since IS NULL"
        " ORDER BY i.key DESC LIMIT 1)",
        SYNC_READS_AGAIN,
    ),
    _Check(
        "state of another sync",
        "SELECT NULL, 'listing ' || listing_no || ' is complete, but has not ended' FROM listing"
        " WHERE complete AND (ended_at IS NULL OR ended_at < started_at)",
        "run archive sync: it lists the threads again",
    ),
)
_INDEX: Final = (
    _Check(
        "index entry of nothing",
        "SELECT NULL, 'entries: ' || count(*) FROM index_slot s WHERE s.item_key >= 0"
        " AND NOT EXISTS (SELECT 1 FROM item i WHERE i.key = s.item_key AND i.slot = s.slot)"
        " HAVING count(*)",
        SYNC_REINDEXES,
    ),
    _Check(
        "item without its index entry",
        "SELECT NULL, 'items: ' || count(*) FROM item i WHERE i.slot IS NOT NULL AND NOT EXISTS"
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

_PROBLEMS: Final = _Check(
    "problems of nothing",
    "SELECT NULL, 'threads: ' || count(*) FROM thread_problems p WHERE NOT EXISTS"
    " (SELECT 1 FROM thread t WHERE t.thread_no = p.thread_no)"
    " OR NOT CASE typeof(found) WHEN 'null' THEN 1 WHEN 'text' THEN json_valid(found) ELSE 0 END"
    " HAVING count(*)",
    SYNC_REINDEXES,
)

_TEXT, _NUMBER = "'text'", "'integer'"
_TYPES: Final = {
    "thread": {
        "id": _TEXT,
        "created_at": _NUMBER,
        "raw": "'text', 'blob'",
        "item_count": _NUMBER,
        "complete": _NUMBER,
        **dict.fromkeys(("slot", "listed_at", "checked_at", "missing_since"), "'integer', 'null'"),
        **dict.fromkeys(
            ("user", "title", "status", "newest_item_id", "resume_after", "incomplete_reason"),
            "'text', 'null'",
        ),
    },
    "item": {
        "id": _TEXT,
        "raw": "'text', 'blob'",
        **dict.fromkeys(("slot", "missing_since"), "'integer', 'null'"),
    },
    "item_version": {"key": _NUMBER, "replaced_at": _NUMBER, "raw": "'text', 'blob'"},
    "thread_version": {"thread_no": _NUMBER, "replaced_at": _NUMBER, "raw": "'text', 'blob'"},
    "index_slot": {"item_key": _NUMBER},
    "listing": {
        **dict.fromkeys(("user", "cursor"), "'text', 'null'"),
        **dict.fromkeys(("started_at", "complete"), _NUMBER),
        "ended_at": "'integer', 'null'",
    },
}
"""The types of the values, which SQLite enforces in no column."""


def verify(path: Path) -> Iterator[Damage]:
    """Yield everything that is wrong with an archive.

    Raise `ArchiveError` if the file is not an archive or cannot be opened.
    """
    schema.check_file(path)
    try:
        connection = connect_reader(path)
    except sqlite3.OperationalError as error:  # locked, or not allowed
        if is_locked(error) or error.sqlite_errorname == "SQLITE_READONLY_ROLLBACK":
            raise schema.unreadable(path, error) from None
        raise ArchiveError(f"{path} cannot be read: {error}.") from None
    except sqlite3.DatabaseError as error:
        yield Damage("damaged file", None, str(error), RESTORE)
        return
    try:
        yield from _verify(connection, path)
    except schema.DAMAGE as error:
        if is_locked(error):
            raise schema.unreadable(path, error) from None
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
    if not all(schema.origin_of(schema.read_meta(connection))[:2]):
        yield Damage("no origin", None, "it does not say whose conversations it holds", RESTORE)
    yield from _other_types(connection)
    checks = _ROWS + _STATES + (_INDEX if has_index(connection) else ())
    has_problems = schema.has_problems(connection)
    for check in (*checks, _PROBLEMS) if has_problems else checks:
        for thread_id, detail in connection.execute(f"{check.statement} LIMIT {MOST_OF_A_KIND}"):
            yield Damage(check.kind, _text(thread_id), _text(detail) or "", check.advice)
    yield from _contradicted(connection)
    if has_problems:
        yield from _other_problems(connection)
    yield from _unreadable(connection, "thread", "i.id")
    yield from _unreadable(connection, "item", _THREAD_OF)


def _other_types(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Yield columns with values of a type that no sync writes."""
    for table, columns in _TYPES.items():
        counts = connection.execute(
            "SELECT "
            + ", ".join(f"sum(typeof({name}) NOT IN ({types}))" for name, types in columns.items())
            + f" FROM {table}"
        ).fetchone()
        for name, count in zip(columns, counts, strict=True):
            if count:
                yield Damage(
                    "value of another type",
                    None,
                    f"{table}.{name}: {counted(count, 'row')}",
                    RESTORE,
                )


def _contradicted(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Yield threads with columns that differ from their JSON."""
    # SQLite finds the suspicious ones, as in `_unreadable`.
    rows = connection.execute(
        "SELECT id, raw, user, created_at, title, status FROM thread"
        " WHERE typeof(raw) = 'text' AND json_valid(raw) AND NOT"
        " (json_extract(raw, '$.user') IS user AND json_extract(raw, '$.title') IS title"
        " AND json_extract(raw, '$.created_at') IS created_at"
        " AND json_extract(raw, '$.status.type') IS status)"
    )
    for identifier, raw, *found in rows:
        fields = read_object(raw)
        name = _text(identifier) or ""
        expected = thread_columns(fields, seconds_of(fields, name) or 0)
        columns = zip(("user", "created_at", "title", "status"), expected, found, strict=True)
        if different := [column for column, one, other in columns if one != other]:
            yield Damage("columns and JSON differ", name, ", ".join(different), RESTORE)


def _other_problems(connection: sqlite3.Connection) -> Iterator[Damage]:
    """Yield threads whose problems differ from what their items give."""
    rows = connection.execute(
        "SELECT t.thread_no, t.id, p.found FROM thread_problems p JOIN thread t"
        " ON t.thread_no = p.thread_no"
    )
    for number, identifier, found in rows:
        if problems_of(connection, number)[0] != found:
            detail = "the index has other problems than the items"
            yield Damage("problems and items differ", _text(identifier), detail, VERIFY_REINDEXES)


def _unreadable(
    connection: sqlite3.Connection, table: str, thread_id_of: str, condition: str = "true"
) -> Iterator[Damage]:
    """Yield rows whose JSON cannot be read, or is not that of their id."""
    # SQLite finds the suspicious rows in a third of the time that reading all of them takes.
    rows = connection.execute(
        f"SELECT {thread_id_of}, i.id, i.raw FROM {table} i WHERE {condition} AND CASE WHEN"
        " typeof(i.raw) = 'text' AND json_valid(i.raw) THEN"
        " json_type(i.raw) != 'object' OR json_extract(i.raw, '$.id') IS NOT i.id ELSE 1 END"
    )
    for thread_id, identifier, raw in rows:
        names = _text(thread_id), _text(identifier) or ""
        unreadable = Damage(f"unreadable {table}", *names, SYNC_READS_AGAIN)
        try:
            value = load_json(raw.decode(errors="replace") if isinstance(raw, bytes) else raw)
        except (ValueError, RecursionError, TypeError):
            yield unreadable
            continue
        if not isinstance(value, dict):
            if identifier:  # else the source has such rows
                yield unreadable
        elif isinstance(found := value.get("id"), str) and found != identifier:
            yield Damage(f"{table} with another id", *names, RESTORE)


def _text(value: object) -> str | None:
    """Return a value as a text, also if another program wrote one of another type."""
    return value if value is None or isinstance(value, str) else str(value)


def items_are_sound(connection: sqlite3.Connection, number: int, item_count: int) -> bool:
    """Return whether the items of a thread are all there and readable; else it is read again."""
    first_key = number << POSITION_BITS
    condition = f"key BETWEEN {first_key} AND {(number + 1 << POSITION_BITS) - 1}"
    count, last_key = connection.execute(
        f"SELECT count(*), max(key) FROM item WHERE {condition}"
    ).fetchone()
    if count != item_count or (count and last_key != first_key + count - 1):
        return False
    damages = _unreadable(connection, "item", "NULL", condition)
    return all(damage.advice != SYNC_READS_AGAIN for damage in damages)


def index_is_sound(connection: sqlite3.Connection) -> bool:
    """Return whether the index has an entry for each row that it is said to have."""
    return not any(connection.execute(check.statement).fetchone() for check in _INDEX)


def problems_are_sound(connection: sqlite3.Connection) -> bool:
    """Return whether the problems that are known are those of threads, and can be read."""
    return connection.execute(_PROBLEMS.statement).fetchone() is None

"""Stores of self-hosted servers: tables in the shapes that teams give them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

Row: TypeAlias = dict[str, Any]
Statement: TypeAlias = tuple[str, tuple[Any, ...]]
Execute: TypeAlias = Callable[[str, tuple[Any, ...]], object]

START: Final = 1_764_400_000
"""The time of the first thread, in Unix seconds."""


class Store(NamedTuple):
    """The tables of a store, and how rows get there. Statements have `?` for values."""

    create: str
    put_thread: Callable[[Row, str], Statement]
    """Takes the JSON of a thread and its owner."""
    put_item: Callable[[Row], Statement]
    has_owner: bool = True


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def thread(number: int, **fields: Any) -> Row:
    return {
        "id": f"thr_{number}",
        "title": f"Question {number}",
        "created_at": iso(START + 1000 * number),
        "status": {"type": "active"},
        "metadata": {"number": number},
        **fields,
    }


def item(thread_id: str, number: int, **fields: Any) -> Row:
    return {
        "id": f"msg_{thread_id}_{number}",
        "thread_id": thread_id,
        "created_at": iso(START + number),
        "type": "assistant_message",
        "content": [{"type": "output_text", "text": f"Answer {number}", "annotations": []}],
        **fields,
    }


def _insert(table: str, *values: Any) -> Statement:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values  # noqa: S608


def _seconds(row: Row) -> float:
    return datetime.fromisoformat(row["created_at"]).timestamp()


PLAIN: Final = Store(
    """CREATE TABLE threads (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, created_at TEXT NOT NULL,
           data TEXT NOT NULL);
       CREATE TABLE items (id TEXT PRIMARY KEY, thread_id TEXT NOT NULL, created_at TEXT NOT NULL,
           data TEXT NOT NULL);
       CREATE INDEX items_of_thread ON items (thread_id, created_at);
       CREATE TABLE attachments (id TEXT PRIMARY KEY, data TEXT NOT NULL);
       INSERT INTO attachments VALUES ('atc_1',
           '{"id": "atc_1", "type": "file", "name": "a.txt", "mime_type": "text/plain"}');""",
    lambda row, owner: _insert("threads", row["id"], owner, row["created_at"], json.dumps(row)),
    lambda row: _insert("items", row["id"], row["thread_id"], row["created_at"], json.dumps(row)),
)
"""JSON beside id, thread and time: most stores."""

COLUMNS: Final = Store(
    """CREATE TABLE chat_threads (thread_id TEXT PRIMARY KEY, owner TEXT, title TEXT, status TEXT,
           metadata TEXT, created_at DOUBLE PRECISION);
       CREATE TABLE chat_items (item_id TEXT PRIMARY KEY, thread_id TEXT REFERENCES chat_threads,
           item_type TEXT, created_at DOUBLE PRECISION, item_json TEXT);""",
    lambda row, owner: _insert(
        "chat_threads",
        row["id"],
        owner,
        row["title"],
        row["status"]["type"],
        json.dumps(row["metadata"]),
        _seconds(row),
    ),
    lambda row: _insert(
        "chat_items", row["id"], row["thread_id"], row["type"], _seconds(row), json.dumps(row)
    ),
)
"""Threads in columns, times with fractions, no index."""

BLOBS: Final = Store(
    """CREATE TABLE conversations (id TEXT PRIMARY KEY, created INTEGER, payload BLOB);
       CREATE TABLE messages (id TEXT NOT NULL, conversation_id TEXT NOT NULL, created BIGINT,
           payload BLOB);
       CREATE INDEX by_conversation ON messages (conversation_id);""",
    lambda row, _: _insert(
        "conversations", row["id"], int(_seconds(row)), json.dumps(row).encode()
    ),
    lambda row: _insert(
        "messages",
        row["id"],
        row["thread_id"],
        int(_seconds(row) * 1000),
        json.dumps(row).encode(),
    ),
    has_owner=False,
)
"""Bytes of JSON, whole numbers as times, in milliseconds for items; threads have no owner."""

ONE_TABLE: Final = Store(
    """CREATE TABLE records (pk TEXT PRIMARY KEY, kind TEXT NOT NULL, thread_id TEXT,
           user_id TEXT, created_at TEXT, body TEXT);""",
    lambda row, owner: _insert(
        "records", row["id"], "thread", row["id"], owner, row["created_at"], json.dumps(row)
    ),
    lambda row: _insert(
        "records",
        row["id"],
        "item",
        row["thread_id"],
        None,
        row["created_at"],
        json.dumps(row),
    ),
)
"""Threads and items in one table, with their kind."""

SQLALCHEMY: Final = Store(
    """CREATE TABLE chatkit_thread (id INTEGER PRIMARY KEY, external_id VARCHAR(64) NOT NULL UNIQUE,
           user_email VARCHAR(255), created_at TIMESTAMP NOT NULL, thread_json JSON NOT NULL);
       CREATE TABLE chatkit_thread_item (id INTEGER PRIMARY KEY, thread_pk INTEGER NOT NULL,
           item_id VARCHAR(64) NOT NULL, created_at TIMESTAMP NOT NULL, item_json JSON NOT NULL);
       CREATE INDEX ix_chatkit_thread_item_thread_pk
           ON chatkit_thread_item (thread_pk, created_at);""",
    lambda row, owner: (
        "INSERT INTO chatkit_thread SELECT coalesce(max(id), 0) + 1, ?, ?, ?, ?"
        " FROM chatkit_thread",
        (row["id"], owner, _naive(row), json.dumps(row)),
    ),
    lambda row: (
        "INSERT INTO chatkit_thread_item SELECT (SELECT coalesce(max(id), 0) + 1"
        " FROM chatkit_thread_item), id, ?, ?, ? FROM chatkit_thread WHERE external_id = ?",
        (row["id"], _naive(row), json.dumps(row), row["thread_id"]),
    ),
)
"""Numbers as keys, the ids in columns of their own, times without a zone."""

NO_TIMES: Final = Store(
    """CREATE TABLE t_thread (uid TEXT NOT NULL, who TEXT, doc TEXT);
       CREATE TABLE t_entry (seq INTEGER PRIMARY KEY, thread TEXT NOT NULL, doc TEXT);""",
    lambda row, owner: _insert("t_thread", row["id"], owner, json.dumps(row)),
    lambda row: (
        "INSERT INTO t_entry SELECT coalesce(max(seq), 0) + 1, ?, ? FROM t_entry",
        (row["thread_id"], json.dumps(row)),
    ),
    has_owner=False,
)
"""No times, and ids of items in the JSON alone."""

TWICE: Final = Store(
    """CREATE TABLE thread_state (id TEXT PRIMARY KEY, user_id TEXT, created_at TEXT, data JSON);
       CREATE TABLE thread_items (thread_id TEXT NOT NULL, id TEXT NOT NULL, created_at TEXT,
           data JSON, PRIMARY KEY (thread_id, id));""",
    lambda row, owner: _insert(
        "thread_state", row["id"], owner, row["created_at"], json.dumps(json.dumps(row))
    ),
    lambda row: _insert(
        "thread_items",
        row["thread_id"],
        row["id"],
        row["created_at"],
        json.dumps(json.dumps(row)),
    ),
)
"""A JSON column with the text of JSON, and a key of two columns."""

STORES: Final = {
    "plain": PLAIN,
    "columns": COLUMNS,
    "blobs": BLOBS,
    "one table": ONE_TABLE,
    "SQLAlchemy": SQLALCHEMY,
    "no times": NO_TIMES,
    "twice": TWICE,
    "without rowid": TWICE._replace(create=TWICE.create.replace("id));", "id)) WITHOUT ROWID;")),
}
"""Those that SQLite can have."""


def _naive(row: Row) -> str:
    moment = datetime.fromisoformat(row["created_at"]).astimezone(UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def fill(
    execute: Execute,
    store: Store,
    threads: Iterable[tuple[Row, str]],
    items: Iterable[Row],
) -> None:
    """Put threads, each with its owner, and items into a store."""
    for row, owner in threads:
        execute(*store.put_thread(row, owner))
    for row in items:
        execute(*store.put_item(row))


def make_file(
    path: Path,
    store: Store,
    threads: Sequence[tuple[Row, str]] = (),
    items: Sequence[Row] = (),
) -> Path:
    """Make a SQLite file with a store."""
    connection = sqlite3.connect(path)
    connection.executescript(store.create)
    fill(connection.execute, store, threads, items)
    connection.commit()
    connection.close()
    return path


def make_database(
    address: str,
    store: Store,
    threads: Sequence[tuple[Row, str]] = (),
    items: Sequence[Row] = (),
) -> None:
    """Make the tables of a store in a PostgreSQL database."""
    import psycopg

    with psycopg.connect(address) as connection:

        def execute(statement: Any, values: tuple[Any, ...]) -> object:
            return connection.execute(statement.replace("?", "%s"), values)

        create: Any = store.create.replace("BLOB", "BYTEA")
        connection.execute(create)
        fill(execute, store, threads, items)

"""A database of a million items beside a small one: how fast the first rows come."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from chatkit_tui.sources.base import ListQuery
from chatkit_tui.sources.database.source import DatabaseSource
from tests.benchmarks.report import Figure, ratio

ITEMS: Final = 1_000_000
FEW: Final = 10_000
THREAD: Final = 100
"""Items of a thread."""
_TEXT: Final = "Thank you, the parcel arrives on Monday. " * 8
_ROUNDS: Final = 100
_ROUNDS_WITHOUT_INDEX: Final = 5

_TABLES: Final = """
CREATE TABLE threads (id TEXT PRIMARY KEY, user_id TEXT, created_at TEXT, data TEXT);
CREATE TABLE items (id TEXT PRIMARY KEY, thread_id TEXT, created_at TEXT, data TEXT);
"""
_INDEXES: Final = """
CREATE INDEX items_of_thread ON items (thread_id, created_at);
CREATE INDEX newest_threads ON threads (created_at);
"""
_FILL: Final = (
    """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT :items / :each)
INSERT INTO threads SELECT printf('thr_%08x', i), 'user ' || (i % 50), at, json_object(
    'id', printf('thr_%08x', i), 'title', 'Question ' || i, 'created_at', at,
    'status', json('{"type": "active"}'), 'metadata', json('{}')
) FROM (SELECT i, strftime('%Y-%m-%dT%H:%M:%SZ', 1700000000 + i * 60, 'unixepoch') AS at FROM n);
""",
    """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT :items)
INSERT INTO items SELECT id, thread, at, json_object(
    'id', id, 'thread_id', thread, 'created_at', at, 'type', 'assistant_message', 'content',
    json_array(json_object('type', 'output_text', 'text', :text, 'annotations', json('[]')))
) FROM (SELECT printf('msg_%08x', i * 7919 % :items) AS id,
    printf('thr_%08x', i % (:items / :each)) AS thread,
    strftime('%Y-%m-%dT%H:%M:%SZ', 1700000000 + i, 'unixepoch') AS at FROM n);
""",
)


def databases() -> list[Figure]:
    """Measure a database with the indexes that a server needs, and without any."""
    with TemporaryDirectory() as folder:
        few, many = Path(folder) / "few.db", Path(folder) / "many.db"
        _make(few, FEW)
        _make(many, ITEMS)
        bare = asyncio.run(_times(many, _ROUNDS_WITHOUT_INDEX))
        for path in (few, many):
            with closing(sqlite3.connect(path)) as connection:
                connection.executescript(_INDEXES)
        least, ours = (asyncio.run(_times(path, _ROUNDS)) for path in (few, many))
    what = ("first threads, opening included", "first page of any thread")
    return [
        *(
            ratio(f"database: {name}", after * 1000, before * 1000, 1.5, f"with {FEW:,} items")
            for name, after, before in zip(what, ours, least, strict=True)
        ),
        *(
            Figure(f"database without an index: {name}", seconds * 1000, "ms")
            for name, seconds in zip(what, bare, strict=True)
        ),
    ]


def _make(path: Path, items: int) -> None:
    values = {"items": items, "each": THREAD, "text": _TEXT}
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_TABLES)
        for statement in _FILL:
            connection.execute(statement, values)
        connection.commit()


async def _times(path: Path, rounds: int) -> tuple[float, float]:
    """Return the medians of opening with the first threads, and of a page of a random thread."""

    async def first_threads() -> None:
        source = DatabaseSource(path)
        await source.list_threads(ListQuery(30))
        await source.aclose()

    opened = [await _timed(first_threads) for _ in range(rounds // 5)]
    source = DatabaseSource(path)
    names = (await source.list_threads(ListQuery(100))).names
    pick = random.Random(1)  # noqa: S311 - no secret
    pages = [
        await _timed(partial(source.list_items, name, ListQuery(30)))
        for name in [pick.choice(names) for _ in range(rounds)]
    ]
    await source.aclose()
    return median(opened), median(pages)


async def _timed(call: Callable[[], Awaitable[object]]) -> float:
    begun = perf_counter()
    await call()
    return perf_counter() - begun

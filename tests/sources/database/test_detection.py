"""Tables are found by what they hold, whatever they and their columns are called."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.errors import DatabaseError, InvalidArgumentError
from chatkit_tui.models.page import Page
from chatkit_tui.sources.base import Capability, ListQuery, Order
from chatkit_tui.sources.database.detection import find_layout
from chatkit_tui.sources.database.layout import DETECTED, Layout, Tables
from chatkit_tui.sources.database.reader import DatabaseReader
from chatkit_tui.sources.database.sqlite import SQLiteDatabase
from tests.sources.database.stores import (
    COLUMNS,
    ONE_TABLE,
    PLAIN,
    STORES,
    Row,
    fill,
    item,
    make_file,
    thread,
)
from tests.sources.database.test_layouts import ITEMS, THREADS, check, opened


def detect(path: Path, tables: Tables = DETECTED) -> Layout:
    database = SQLiteDatabase(path)
    with closing(database):
        return database.read(lambda: find_layout(database, tables), Event())


@contextmanager
def changed(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as connection:
        yield connection
        connection.commit()


async def test_copies_in_a_full_text_index_are_not_taken_for_items(tmp_path: Path) -> None:
    path = make_file(tmp_path / "store.db", PLAIN, THREADS, ITEMS)
    with changed(path) as connection:
        connection.execute("CREATE VIRTUAL TABLE a_search USING fts5(id, thread_id, data)")
        connection.execute("INSERT INTO a_search SELECT id, thread_id, data FROM items")
    async with opened(path) as source:
        await check(source, PLAIN)


@pytest.mark.parametrize("name", sorted(STORES.keys() - {"one table"}))
async def test_an_empty_store_is_open_for_what_comes(name: str, tmp_path: Path) -> None:
    store = STORES[name]
    path = make_file(tmp_path / "store.db", store)
    async with opened(path) as source:
        assert not (await source.list_threads(ListQuery())).rows
        with changed(path) as connection:
            fill(connection.execute, store, THREADS, ITEMS)
        await check(source, store)


async def test_threads_without_items_are_listed(tmp_path: Path) -> None:
    path = make_file(tmp_path / "store.db", PLAIN, THREADS)
    async with opened(path) as source:
        assert len(await source.list_threads(ListQuery())) == len(THREADS)
        assert not (await source.list_items("thr_1", ListQuery())).rows


def test_a_database_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with changed(path) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER, thread_id TEXT, note TEXT)")
        connection.execute('INSERT INTO orders VALUES (1, \'x\', \'{"type": "order", "id": 1}\')')
    with pytest.raises(DatabaseError) as raised:
        detect(path)
    assert str(raised.value) == (
        f"No ChatKit items are recognized in {path}, which has orders."
        " Name the tables in a profile: threads, items, item_json."
    )


def test_tables_and_columns_can_be_named(tmp_path: Path) -> None:
    path = make_file(tmp_path / "store.db", PLAIN, THREADS, ITEMS)
    with changed(path) as connection:
        connection.execute("ALTER TABLE threads ADD COLUMN boss TEXT")
        connection.execute("CREATE TABLE old_items AS SELECT * FROM items")
        connection.execute("ALTER TABLE old_items ADD COLUMN extra TEXT")
    layout = detect(path, Tables("Threads", "old_items", "DATA", "boss"))
    assert layout.items.table == '"old_items"'
    assert layout.owner == '"boss"'
    for tables, message in [
        (Tables(items="nothing"), "has no table nothing; it has attachments, items, old_items"),
        (Tables(owner="nobody"), "no column nobody; it has id, user_id, created_at, data, boss"),
        (Tables(items="items", item_json="json"), "no column json; it has id, thread_id"),
        (Tables(threads="attachments"), "No ChatKit threads are recognized"),
    ]:
        with pytest.raises(DatabaseError, match=message):
            detect(path, tables)


async def test_a_view_is_read_when_it_is_named(tmp_path: Path) -> None:
    path = make_file(tmp_path / "store.db", PLAIN, THREADS, ITEMS)
    with changed(path) as connection:
        connection.execute("CREATE VIEW shown AS SELECT * FROM items WHERE thread_id <> 'thr_1'")
    async with opened(path, tables=Tables(items="shown")) as source:
        assert not (await source.list_items("thr_1", ListQuery())).rows
        await check(source, PLAIN)


async def test_items_in_columns_become_json(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    content = [{"type": "output_text", "text": "Hello"}]
    with changed(path) as connection:
        connection.executescript(
            "CREATE TABLE thread (id TEXT PRIMARY KEY, title TEXT, user TEXT, created_at INT);"
            "CREATE TABLE item (id TEXT PRIMARY KEY, thread_id TEXT, type TEXT, created_at INT,"
            " content JSON, status TEXT);"
            "INSERT INTO thread VALUES ('thr_1', '[1] Title', '7', 1764400000123);"
        )
        connection.execute(
            "INSERT INTO item VALUES ('msg_1', 'thr_1', 'assistant_message', 1764400000, ?, NULL)",
            (json.dumps(content),),
        )
    async with opened(path) as source:
        (row,) = (await source.list_threads(ListQuery(user="7"))).rows
        expected = {"id": "thr_1", "created_at": 1764400000, "user": "7", "title": "[1] Title"}
        assert json.loads(row.raw) == expected
        (row,) = (await source.list_items("thr_1", ListQuery())).rows
        assert json.loads(row.raw) == {
            "id": "msg_1",
            "created_at": 1764400000,
            "thread_id": "thr_1",
            "type": "assistant_message",
            "content": content,
        }


async def test_a_user_filter_needs_an_owner(tmp_path: Path) -> None:
    path = make_file(tmp_path / "store.db", STORES["blobs"], THREADS, ITEMS)
    async with opened(path) as source:
        assert source.capabilities == {Capability.LIVE}
        with pytest.raises(InvalidArgumentError, match="no users"):
            await source.list_threads(ListQuery(user="user 1"))


async def test_hidden_context_is_an_item_as_others(tmp_path: Path) -> None:
    hidden = item("thr_1", 1, type="hidden_context_item", content="a hint")
    path = make_file(tmp_path / "store.db", PLAIN, THREADS, [*ITEMS[:7], hidden])
    async with opened(path) as source:
        assert json.loads((await source.list_items("thr_1", ListQuery())).rows[0].raw) == hidden


# -- any rows, any names ---------------------------------------------------------------------------

TIMES = st.sampled_from([None, 0, 1, 1.5, 2, "2026-01-01T00:00:00", "2026-01-01T00:00:00.5", "x"])
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = TEXT.filter(lambda name: name.strip() and "\0" not in name and name.lower() != "rowid")


@contextmanager
def reading(create: str, rows: Sequence[tuple[str, tuple[Any, ...]]]) -> Iterator[DatabaseReader]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "store.db")
        with changed(path) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.executescript(create)
            for statement, values in rows:
                connection.execute(statement, values)
        database = SQLiteDatabase(path)
        with closing(database):
            layout = database.read(lambda: find_layout(database, DETECTED), Event())
            yield DatabaseReader(database, layout)


def walk(reader: DatabaseReader, thread_id: str, order: Order, limit: int) -> list[str]:
    """Return the ids of all items of a thread, page by page."""
    found: list[str] = []
    cursor = None
    while True:
        query = ListQuery(limit, order, cursor)
        page: Page = reader._database.read(partial(reader.items, thread_id, query), Event())
        found += page.names
        cursor = page.next_cursor
        assert len(page) == limit or not page.has_more
        if not page.has_more:
            return found


@pytest.mark.slow
@given(
    times=st.lists(TIMES, min_size=1, max_size=12),
    limit=st.integers(1, 5),
    index=st.sampled_from(["", "(thread_id)", "(thread_id, created_at)", "(created_at)"]),
)
def test_every_item_comes_once_from_either_end(times: list[Any], limit: int, index: str) -> None:
    create = PLAIN.create.replace("created_at TEXT NOT NULL", "created_at")
    create = create.replace("CREATE INDEX items_of_thread ON items (thread_id, created_at);", "")
    create += f"CREATE INDEX i ON items {index};" if index else ""
    rows = [PLAIN.put_thread(thread(1), "ada")]
    for number, time in enumerate(times):
        row = item("thr_1", number)
        rows.append((PLAIN.put_item(row)[0], (row["id"], "thr_1", time, json.dumps(row))))
    with reading(create, rows) as reader:
        oldest = walk(reader, "thr_1", "asc", limit)
        assert walk(reader, "thr_1", "desc", limit) == oldest[::-1]
        assert sorted(oldest) == sorted(f"msg_thr_1_{number}" for number in range(len(times)))
        # SQLite compares numbers before texts.
        ranks = [(time is not None, isinstance(time, str), time) for time in times]
        expected = sorted(range(len(times)), key=lambda number: (*ranks[number], number))
        assert oldest == [f"msg_thr_1_{number}" for number in expected]


@pytest.mark.slow
@given(
    names=st.lists(NAMES, min_size=8, max_size=8, unique_by=str.casefold),
    texts=st.lists(TEXT.filter(bool), min_size=2, max_size=4, unique=True),
)
def test_foreign_names_and_texts_are_only_text(names: list[str], texts: list[str]) -> None:
    threads, items, *columns = (f'"{name.replace(chr(34), chr(34) * 2)}"' for name in names)
    if names[0].lower().startswith("sqlite_") or names[1].lower().startswith("sqlite_"):
        return
    create = (
        f"CREATE TABLE {threads} ({columns[0]} TEXT PRIMARY KEY, {columns[1]} TEXT);"
        f"CREATE TABLE {items} ({columns[2]} TEXT, {columns[3]} TEXT, {columns[4]} TEXT)"
    )
    row = thread(1, id=texts[0], title=texts[1])
    rows: list[tuple[str, tuple[Any, ...]]] = [
        (f"INSERT INTO {threads} VALUES (?, ?)", (texts[0], json.dumps(row)))  # noqa: S608
    ]
    wanted: list[Row] = [item(texts[0], place, id=text) for place, text in enumerate(texts)]
    for value in wanted:
        values = (value["id"], texts[0], json.dumps(value))
        rows.append((f"INSERT INTO {items} VALUES (?, ?, ?)", values))  # noqa: S608
    with reading(create, rows) as reader:
        assert walk(reader, texts[0], "asc", 1) == texts
        found = reader._database.read(lambda: reader.threads(ListQuery()), Event())
        assert [json.loads(text) for text in found.texts()] == [row]


def test_the_kinds_of_one_table_are_told_apart(tmp_path: Path) -> None:
    path = make_file(tmp_path / "store.db", ONE_TABLE, THREADS, ITEMS)
    layout = detect(path)
    assert (layout.threads.condition, layout.threads.values) == ('"kind" IN (?)', ("thread",))
    assert layout.items.values == ("thread",)


def test_where_an_index_has_the_order_nothing_is_sorted(tmp_path: Path) -> None:
    for store, must_sort in ((PLAIN, False), (COLUMNS, True)):
        path = make_file(tmp_path / f"{must_sort}.db", store, THREADS, ITEMS)
        database = SQLiteDatabase(path)
        with closing(database):
            layout = database.read(lambda: find_layout(database, DETECTED), Event())  # noqa: B023
            reader = DatabaseReader(database, layout)
            walk(reader, "thr_1", "desc", 2)
            assert list(reader._sorted.values()) == [must_sort]

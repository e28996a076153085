"""Stores in PostgreSQL, on a real server."""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from chatkit_tui.errors import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    DatabaseError,
    MissingExtraError,
    NotFoundError,
    UnknownCursorError,
)
from chatkit_tui.sources.base import ListQuery
from chatkit_tui.sources.database import postgres as module
from chatkit_tui.sources.database.layout import Tables
from chatkit_tui.sources.database.postgres import PostgresDatabase
from chatkit_tui.sources.database.source import DatabaseSource
from tests.sources.database.postgres_server import GUARDED, PostgresServer
from tests.sources.database.stores import PLAIN, STORES, Store, item, make_database, thread
from tests.sources.database.test_files import check_ends
from tests.sources.database.test_layouts import ITEMS, THREADS, check, opened

pytestmark = pytest.mark.slow

TYPED = Store(
    """CREATE SCHEMA support;
       CREATE TABLE support.thread (id TEXT PRIMARY KEY, owner_id UUID, created_at TIMESTAMPTZ,
           data JSONB NOT NULL);
       CREATE TABLE support.item (pk BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
           thread_id TEXT REFERENCES support.thread, created_at TIMESTAMPTZ, data JSONB NOT NULL);
       CREATE TABLE "what? 100%" (note TEXT);""",
    lambda row, owner: (
        "INSERT INTO support.thread VALUES (?, ?, ?, ?)",
        (row["id"], uuid.uuid5(uuid.NAMESPACE_DNS, owner), row["created_at"], json.dumps(row)),
    ),
    lambda row: (
        "INSERT INTO support.item (thread_id, created_at, data) VALUES (?, ?, ?)",
        (row["thread_id"], row["created_at"], json.dumps(row)),
    ),
)
"""Types that only PostgreSQL has, in a schema of their own; ids of items are in the JSON alone."""


def run(address: str, statement: Any) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture
def address(postgres: PostgresServer) -> str:
    address = postgres.new_database()
    make_database(address, PLAIN, THREADS, ITEMS)
    return address


@pytest.mark.parametrize("name", [name for name in STORES if name != "without rowid"])
async def test_a_store_is_found_by_what_it_holds(name: str, postgres: PostgresServer) -> None:
    address = postgres.new_database()
    make_database(address, STORES[name], THREADS, ITEMS)
    async with opened(address) as source:
        await check(source, STORES[name])


async def test_types_of_its_own_are_read(postgres: PostgresServer) -> None:
    address = postgres.new_database()
    make_database(address, TYPED, THREADS, ITEMS)
    async with opened(address.replace("postgresql:", "postgresql+asyncpg:")) as source:
        page = await source.list_threads(ListQuery())
        owner = json.loads(page.rows[0].raw)["user"]
        assert owner == str(uuid.uuid5(uuid.NAMESPACE_DNS, "user 0"))
        mine = await source.list_threads(ListQuery(user=owner))
        assert list(mine.names) == ["thr_4", "thr_2", "thr_0"]
        assert not (await source.list_threads(ListQuery(user="user 0"))).rows
        oldest = await source.list_items("thr_3", ListQuery(3, "asc"))
        rest = await source.list_items("thr_3", ListQuery(9, "asc", oldest.next_cursor))
        assert [*oldest.names, *rest.names] == [f"msg_thr_3_{number}" for number in range(7)]
        assert source.info.host.startswith("chatkit-postgres-")
        assert source.info.host.endswith(address.partition("@/")[2].partition("?")[0])


async def test_an_id_of_another_type_is_not_found(postgres: PostgresServer) -> None:
    address = postgres.new_database()
    run(
        address,
        "CREATE TABLE thread (id UUID PRIMARY KEY, user_id INTEGER, title TEXT, created_at DATE);"
        "CREATE TABLE item (id UUID PRIMARY KEY, thread_id UUID, type TEXT, created_at DATE,"
        " content JSON);"
        "INSERT INTO thread VALUES ('11111111-1111-1111-1111-111111111111', 7, 'x', '2026-01-01');"
        "INSERT INTO item VALUES ('21111111-1111-1111-1111-111111111111',"
        " '11111111-1111-1111-1111-111111111111', 'widget', '2026-01-02', '[]')",
    )
    async with opened(address) as source:
        (row,) = (await source.list_threads(ListQuery(user="7"))).rows
        assert not (await source.list_threads(ListQuery(user="ada"))).rows
        with pytest.raises(NotFoundError):
            await source.get_thread("cthr_1")
        with pytest.raises(UnknownCursorError):
            await source.list_items(row.name, ListQuery(after="cthi_1"))
        (found,) = (await source.list_items(row.name, ListQuery())).rows
        assert json.loads(found.raw)["content"] == []


async def test_rows_of_equal_or_no_time_come_once(postgres: PostgresServer) -> None:
    address = postgres.new_database()
    store = PLAIN._replace(
        create=PLAIN.create.replace("created_at TEXT NOT NULL", "created_at TEXT")
    )
    rows = [item("thr_1", number, created_at="2026-01-01T00:00:00Z") for number in range(9)]
    make_database(address, store, [(thread(1), "ada")], rows)
    run(address, "UPDATE items SET created_at = NULL WHERE id > 'msg_thr_1_5'")
    expected = [f"msg_thr_1_{number}" for number in range(9)]
    for index in ("", "CREATE INDEX i ON items (thread_id, created_at, id)"):
        if index:
            run(address, index)
        async with opened(address) as source:
            for order in ("asc", "desc"):
                found: list[str] = []
                while True:
                    query = ListQuery(2, order, found[-1] if found else None)
                    page = await source.list_items("thr_1", query)
                    found += page.names
                    if not page.has_more:
                        break
                assert found == (expected if order == "asc" else expected[::-1])


async def test_new_items_are_seen(address: str) -> None:
    async with opened(address) as source:
        known = (await source.list_items("thr_1", ListQuery(order="asc"))).rows
        make_database(address, PLAIN._replace(create="SELECT 1"), (), [item("thr_1", 50)])
        newer = await source.list_newer_items("thr_1", known)
        assert list(newer.names) == ["msg_thr_1_50"]


async def test_nothing_can_be_written(address: str) -> None:
    async with opened(address) as source:
        database = source._database
        with pytest.raises(DatabaseError, match="read-only transaction"):
            await source._run(lambda _: list(database.rows("DELETE FROM items RETURNING 1")))
        assert len(await source.list_items("thr_1", ListQuery())) == 7


async def test_a_lost_connection_is_made_again(address: str) -> None:
    async with opened(address) as source:
        run(
            address,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'chatkit-tui'",
        )
        assert len(await source.list_items("thr_1", ListQuery())) == 7


@pytest.fixture
def endless(address: str) -> str:
    """The address of a database in which no list of items ends."""
    run(
        address,
        "CREATE VIEW endless AS SELECT * FROM items WHERE pg_sleep(1000) IS NOT NULL",
    )
    return address


async def test_a_statement_ends_with_its_call_and_its_source(endless: str) -> None:
    source = DatabaseSource(endless)
    source._reader.layout = source._reader.layout._replace(
        items=source._reader.layout.items._replace(table="endless")
    )
    await check_ends(source)


async def test_a_statement_has_a_time_limit(endless: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BEGIN", module._BEGIN.replace("30s", "50ms"))
    with pytest.raises(APITimeoutError, match="did not answer within") as raised:
        DatabaseSource(endless, tables=Tables(items="endless"))
    assert "\n" not in str(raised.value)


async def test_a_locked_table_is_an_error_of_one_line(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    monkeypatch.setattr(module, "_BEGIN", module._BEGIN.replace("5s", "50ms"))
    async with opened(address) as source:
        with psycopg.connect(address) as other:
            other.execute("LOCK TABLE items")
            with pytest.raises(APIConnectionError, match="is locked by another program: try again"):
                await source.list_items("thr_1", ListQuery())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("postgresql://ada:sesame@db/shop", "has a password: remove it"),
        ("postgresql://db/shop?password=sesame", "has a password: remove it"),
        ("postgresql://ada:ses ame@db/shop", "is invalid"),
        ("postgresql://db/shop?sesame=1", "is invalid"),
    ],
)
def test_an_address_is_refused_without_its_password(text: str, message: str) -> None:
    with pytest.raises((DatabaseError, APIError), match=message) as raised:
        PostgresDatabase(text)
    assert "ame" not in str(raised.value).replace("name", "")
    assert "\n" not in str(raised.value)


def test_no_error_shows_the_password(postgres: PostgresServer) -> None:
    for address in (postgres.address("missing"), "postgresql://127.0.0.1:1/shop"):
        with pytest.raises(APIConnectionError, match="is not reached") as raised:
            PostgresDatabase(address, "sesame")
        assert "sesame" not in str(raised.value)
        assert "\n" not in str(raised.value)
        assert raised.value.__suppress_context__


async def test_a_password_comes_from_the_caller_or_the_environment(
    postgres: PostgresServer, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = "sesame 'opens"
    run(
        address,
        f"CREATE ROLE {GUARDED} LOGIN PASSWORD 'sesame ''opens';"
        f"GRANT pg_read_all_data TO {GUARDED}",
    )
    name = address.partition("@/")[2].partition("?")[0]
    guarded = postgres.address(name, GUARDED)
    for wrong in (None, "sesame seeds"):
        with pytest.raises(APIConnectionError, match="password_command") as raised:
            PostgresDatabase(guarded, wrong)
        assert "sesame" not in str(raised.value)
        assert "\n" not in str(raised.value)
    async with opened(guarded, password=password) as source:
        assert len(await source.list_items("thr_1", ListQuery())) == 7
    monkeypatch.setenv("PGPASSWORD", password)
    async with opened(guarded) as source:
        assert len(await source.list_items("thr_1", ListQuery())) == 7
    with pytest.raises(APIConnectionError, match="password_command"):
        PostgresDatabase(guarded, "")
    monkeypatch.delenv("PGPASSWORD")
    passwords = tmp_path / "pgpass"
    passwords.write_text(f"*:*:*:{GUARDED}:{password}\n")
    passwords.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passwords))  # ~ is read from the list of users, not HOME
    async with opened(guarded) as source:
        assert len(await source.list_items("thr_1", ListQuery())) == 7


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'chatkit-tui\[postgres\]'"):
        DatabaseSource("postgresql://127.0.0.1:1/shop")

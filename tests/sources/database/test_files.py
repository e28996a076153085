"""SQLite files in every state are read, and never written."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from chatkit_tui.errors import APIConnectionError, ChatKitError, DatabaseError
from chatkit_tui.sources.base import ListQuery
from chatkit_tui.sources.database.layout import Tables
from chatkit_tui.sources.database.source import DatabaseSource
from tests.sources.database.stores import COLUMNS, PLAIN, Row, item, make_file, thread
from tests.sources.database.test_layouts import ITEMS, THREADS, opened

FIRST = "thr_0"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_file(tmp_path / "store.db", PLAIN, THREADS, ITEMS)


def log_changes(path: Path) -> sqlite3.Connection:
    """Return a connection to a file that it has put into WAL mode."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    return connection


def put(connection: sqlite3.Connection, row: Row) -> None:
    connection.execute(*PLAIN.put_item(row))
    connection.commit()


async def names(source: DatabaseSource, **query: object) -> list[str]:
    page = await source.list_items(FIRST, ListQuery(**query))  # type: ignore[arg-type]
    return [row.name for row in page.rows]


def files_in(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        found.name: (found.stat().st_mtime_ns, found.read_bytes()) for found in folder.iterdir()
    }


@contextmanager
def unprivileged(folder: Path) -> Iterator[None]:
    """Read a folder as a user for whom its mode counts."""
    if os.geteuid() != 0:
        yield
        return
    for parent in folder.parents:
        if parent.owner() == "root" and parent.stat().st_mode & 0o5 == 0:
            parent.chmod(0o755)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("state", ["", "WAL", "empty log"])
async def test_reading_leaves_nothing_behind(path: Path, state: str) -> None:
    if state:
        log_changes(path).close()
    if state == "empty log":
        path.with_name("store.db-wal").touch()
    before = files_in(path.parent)
    async with opened(path) as source:
        assert len(await names(source)) == 7
        assert files_in(path.parent) == before
    assert files_in(path.parent) == before


async def test_new_items_of_a_writer_are_seen(path: Path) -> None:
    with closing(log_changes(path)) as writer:
        async with opened(path) as source:
            known = (await source.list_items(FIRST, ListQuery(order="asc"))).rows
            put(writer, item(FIRST, 50))
            newer = await source.list_newer_items(FIRST, known)
            assert [row.name for row in newer.rows] == ["msg_thr_0_50"]
            assert (await names(source))[0] == "msg_thr_0_50"


async def test_a_writer_that_comes_to_a_file_at_rest_is_seen(path: Path) -> None:
    log_changes(path).close()
    async with opened(path) as source:
        assert len(await names(source)) == 7
        with closing(sqlite3.connect(path)) as writer:
            put(writer, item(FIRST, 50))
            assert (await names(source))[0] == "msg_thr_0_50"
        put_and_close = sqlite3.connect(path)
        put(put_and_close, item(FIRST, 51))
        put_and_close.close()
        assert (await names(source))[:2] == ["msg_thr_0_51", "msg_thr_0_50"]


async def test_the_order_without_an_index_follows_a_writer(tmp_path: Path) -> None:
    path = make_file(tmp_path / "store.db", COLUMNS, THREADS, ITEMS)
    with closing(sqlite3.connect(path)) as writer:
        async with opened(path) as source:
            assert len(await names(source, limit=3)) == 3
            writer.execute(*COLUMNS.put_item(item(FIRST, 50)))
            writer.execute("DELETE FROM chat_items WHERE item_id = 'msg_thr_0_3'")
            writer.commit()
            found: list[str] = []
            while True:
                page = await source.list_items(
                    FIRST, ListQuery(2, "desc", found[-1] if found else None)
                )
                found += page.names
                if not page.has_more:
                    break
            assert found == [f"msg_thr_0_{number}" for number in (50, 6, 5, 4, 2, 1, 0)]


async def test_a_file_that_was_replaced_is_read_again(path: Path) -> None:
    other = make_file(path.with_name("other.db"), PLAIN, THREADS, [item(FIRST, 99)])
    async with opened(path) as source:
        assert len(await names(source)) == 7
        other.rename(path)
        assert await names(source) == ["msg_thr_0_99"]


async def test_a_locked_file_is_an_error_of_one_line(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatkit_tui.storage.sqlite.BUSY_SECONDS", 0.01)
    async with opened(path) as source:
        with closing(sqlite3.connect(path)) as writer:
            writer.execute("BEGIN EXCLUSIVE")
            with pytest.raises(APIConnectionError, match="locked by another program") as raised:
                await names(source)
            assert "\n" not in str(raised.value)
            with pytest.raises(APIConnectionError, match="locked by another program"):
                DatabaseSource(path)
            writer.rollback()
        assert len(await names(source)) == 7


async def test_a_file_in_a_read_only_folder_is_read(path: Path) -> None:
    log_changes(path).close()
    path.parent.chmod(0o555)
    with unprivileged(path.parent):
        async with opened(path) as source:
            assert len(await names(source)) == 7
    path.parent.chmod(0o755)


def test_a_log_in_a_read_only_folder_is_an_error_of_one_line(path: Path) -> None:
    with closing(log_changes(path)) as writer:
        put(writer, item(FIRST, 50))
        copy = path.parent / "copy"
        copy.mkdir()
        for name in (path.name, f"{path.name}-wal"):  # as a backup that missed the third file
            (copy / name).write_bytes((path.parent / name).read_bytes())
    copy.chmod(0o555)
    with unprivileged(copy), pytest.raises(DatabaseError) as raised:
        DatabaseSource(copy / path.name)
    assert "cannot be read beside its log (store.db-wal)" in str(raised.value)
    assert "\n" not in str(raised.value)
    copy.chmod(0o755)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a SQLite database"),
        (b"\x93\x17random, so perhaps encrypted" * 100, "is not a SQLite database"),
        (b"SQLite format 3\0" + b"\xff" * 5000, "cannot be read"),
    ],
)
def test_what_is_no_database_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    path.write_bytes(content)
    with pytest.raises(DatabaseError, match=message) as raised:
        DatabaseSource(path)
    assert "\n" not in str(raised.value)
    assert path.read_bytes() == content


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "none.db", tmp_path, tmp_path / "pipe"):
        with pytest.raises(DatabaseError, match=r"cannot be read|is not a SQLite"):
            DatabaseSource(path)
    assert not (tmp_path / "none.db").exists()


def damage(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xfe" * (len(content) - 4096))


def test_a_change_that_was_interrupted_is_named(path: Path) -> None:
    copy = path.with_name("copy.db")
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA cache_size = 1")  # so that the change reaches the file
        writer.execute("UPDATE items SET data = data || hex(zeroblob(2000))")
        copy.write_bytes(path.read_bytes())
        copy.with_name("copy.db-journal").write_bytes(
            path.with_name("store.db-journal").read_bytes()
        )
    before = files_in(path.parent)
    with pytest.raises(DatabaseError, match="left in the middle of a change"):
        DatabaseSource(copy)
    assert files_in(path.parent) == before


async def test_a_damaged_page_is_an_error_of_one_line(path: Path) -> None:
    async with opened(path) as source:
        damage(path)
        with pytest.raises(ChatKitError, match="cannot be read") as raised:
            await names(source)
        assert "\n" not in str(raised.value)


async def test_rows_that_are_no_items_are_listed(path: Path) -> None:
    broken = {
        "broken": '{"id": "broken", "type": ',
        "list": "[1, 2]",
        "latin": b'{"id": "latin", "type": "widget", "text": "\xe9"}',
        "nul": '{"id": "nul", "type": "task"}\0{"rest": 1}',
        "deep": '{"id": "deep", "x": ' + "[" * 5000 + "]" * 5000 + "}",
    }
    with closing(sqlite3.connect(path)) as writer:
        for number, (name, text) in enumerate(broken.items()):
            value = text.encode() if isinstance(text, str) else text
            writer.execute(
                "INSERT INTO items VALUES (?, ?, ?, CAST(? AS TEXT))",
                (name, "thr_4", f"2030-01-0{number + 1}T00:00:00Z", value),
            )
        writer.execute("INSERT INTO items VALUES ('null', 'thr_4', '2030-01-09T00:00:00Z', '')")
        writer.commit()
    async with opened(path) as source:
        page = await source.list_items("thr_4", ListQuery(6))
        assert page.names == ("null", *reversed(broken))
        assert all(row.created_at is not None for row in page.rows)
        assert page.rows[-3].raw == broken["latin"]
        assert page.rows[2].raw.endswith(b'\0{"rest": 1}')
        rest = await source.list_items("thr_4", ListQuery(20, after="broken"))
        assert len(rest) == 7


async def test_a_large_row_ends_its_page(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatkit_tui.sources.database.reader._LARGEST_PAGE_SIZE", 1000)
    async with opened(path) as source:
        first = await source.list_items(FIRST, ListQuery(7))
        assert 0 < len(first) < 7
        assert first.has_more
        rest = await source.list_items(FIRST, ListQuery(7, after=first.next_cursor))
        assert rest.names[0] == f"msg_thr_0_{6 - len(first)}"


async def test_rows_without_id_or_time_are_neither_lost_nor_repeated(tmp_path: Path) -> None:
    path = make_file(tmp_path / "store.db", COLUMNS, THREADS, ITEMS)
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("CREATE INDEX i ON chat_items (thread_id, created_at)")
        for number in range(5):
            writer.execute(
                "INSERT INTO chat_items VALUES (NULL, ?, 'x', NULL, ?)", (FIRST, f"broken {number}")
            )
        writer.commit()
    async with opened(path) as source:
        for order in ("asc", "desc"):
            texts: list[bytes] = []
            cursor = None
            while True:
                page = await source.list_items(FIRST, ListQuery(2, order, cursor))
                texts += page.texts()
                cursor = page.next_cursor
                if not page.has_more:
                    break
            assert len(texts) == len(set(texts)) == 12
            nulls = [text for text in texts if text.startswith(b"broken")]
            assert nulls == (texts[:5] if order == "asc" else texts[-5:])


async def check_ends(source: DatabaseSource) -> None:
    """Check that a list of items that never ends, ends with its call and with its source."""
    request = await _begun(source)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert (await source.get_thread("thr_1")).name == "thr_1"
    request = await _begun(source)
    await source.aclose()
    with pytest.raises(APIConnectionError):
        await request


async def _begun(source: DatabaseSource) -> asyncio.Task[object]:
    """Return a call whose statement never ends."""
    request: asyncio.Task[object] = asyncio.create_task(source.list_items("thr_1", ListQuery()))
    while source._running is None:  # noqa: ASYNC110
        await asyncio.sleep(0)
    return request


async def test_a_long_statement_ends_with_its_call_and_its_source(path: Path) -> None:
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("DROP TABLE items")
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
        data = json.dumps(item(FIRST, 1)).replace("'", "")
        writer.execute(
            f"CREATE VIEW items AS SELECT 'msg_' || i AS id, 'thr_' || (i > 50) AS thread_id,"  # noqa: S608
            f" '{data}' AS data FROM ({numbers})"
        )
        writer.commit()
    source = DatabaseSource(path, tables=Tables(items="items"))
    await check_ends(source)


async def test_a_thread_keeps_members_that_only_columns_have(tmp_path: Path) -> None:
    path = make_file(tmp_path / "store.db", PLAIN, [(thread(1), "ada")], [item("thr_1", 1)])
    with closing(sqlite3.connect(path)) as writer:
        text = '{"id": "thr_2", "status": {"type": "locked"}, "created_at": 5, "metadata": { } } \n'
        writer.execute("INSERT INTO threads VALUES ('thr_2', 'ben \"é\"', '2030', ?)", (text,))
        writer.commit()
    async with opened(path) as source:
        row = (await source.list_threads(ListQuery(1))).rows[0]
        assert row.raw == text.rstrip()[:-1].rstrip().encode() + ',"user":"ben \\"é\\""}'.encode()
        assert row.created_at == 5

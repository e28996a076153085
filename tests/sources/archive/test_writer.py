"""What a writer keeps of threads and items, whatever the source does with them meanwhile."""

from __future__ import annotations

import os
import sqlite3
import stat
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.errors import ArchiveError
from chatkit_tui.sources.archive.reader import ArchiveReader
from chatkit_tui.sources.archive.schema import Origin
from chatkit_tui.sources.archive.thread_items import Row
from chatkit_tui.sources.archive.transaction import COMMIT_ROWS
from chatkit_tui.sources.archive.verify import verify
from chatkit_tui.sources.archive.writer import ArchiveWriter
from chatkit_tui.sources.base import ListQuery, SearchQuery
from tests.sources.archive.builder import (
    NOW,
    ORIGIN,
    archive,
    follow,
    index_all,
    list_threads,
    message,
    read_again,
    thread,
    writing,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home.ckarchive"


def rows_of(path: Path, thread_id: str = "a") -> list[str | bytes]:
    reader = ArchiveReader(path)
    try:
        query = ListQuery(100, "asc")
        rows: list[str | bytes] = []
        while True:
            page = reader.items(thread_id, query)
            rows += [raw for _, raw in page.rows]
            if not page.has_more:
                return rows
            query = query._replace(after=page.rows[-1][0])
    finally:
        reader.close()


def test_the_file_is_for_its_owner_alone_and_one_file_when_it_is_closed(path: Path) -> None:
    archive(path, {"a": [message("1")]})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"SQLite format 3\0" + bytes(200)], ids=["empty", "text", "SQLite"]
)
def test_a_file_that_is_no_archive_is_refused_untouched(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="is not an archive"):
        ArchiveWriter.open(path, ORIGIN)
    assert path.read_bytes() == content
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_foreign_database_is_refused_untouched(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes(text)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match="is not an archive"):
        ArchiveWriter.open(path, ORIGIN)
    assert path.read_bytes() == before


def test_a_newer_version_is_refused(path: Path) -> None:
    archive(path, {})
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 3")
    connection.close()
    with pytest.raises(ArchiveError, match="newer version"):
        ArchiveWriter.open(path, ORIGIN)


@pytest.mark.parametrize(
    "statements",
    [
        "CREATE TRIGGER surprise AFTER INSERT ON item BEGIN DELETE FROM item; END",
        "CREATE TRIGGER fts_surprise AFTER INSERT ON item BEGIN DELETE FROM item; END",
        "DROP TABLE fts; CREATE VIEW fts AS SELECT 1 AS text",
        "DROP TABLE fts; CREATE TABLE fts(text, meta)",
    ],
)
def test_a_table_of_another_shape_is_refused(path: Path, statements: str) -> None:
    archive(path, {})
    connection = sqlite3.connect(path)
    connection.executescript(statements)
    connection.close()
    with pytest.raises(ArchiveError, match="other tables"):
        ArchiveWriter.open(path, ORIGIN)
    with pytest.raises(ArchiveError, match="other tables"):
        ArchiveReader(path)


@pytest.mark.parametrize(
    "other",
    [
        Origin("hosted", "https://elsewhere.test/v1"),
        Origin("hosted", ORIGIN.address, "proj_2"),
        Origin("server", ORIGIN.address),
    ],
)
def test_another_origin_is_refused(path: Path, other: Origin) -> None:
    archive(path, {"a": []})
    with pytest.raises(ArchiveError, match="holds the conversations of"):
        ArchiveWriter.open(path, other)


def test_a_second_writer_is_refused_until_the_first_has_ended(path: Path) -> None:
    with writing(path), pytest.raises(ArchiveError, match="being written by another program"):
        ArchiveWriter.open(path, ORIGIN)
    link = path.with_name("link")
    link.symlink_to(path)
    with writing(path), pytest.raises(ArchiveError, match="being written by another program"):
        ArchiveWriter.open(link, ORIGIN)
    with writing(path):
        pass


def test_items_come_back_byte_for_byte_in_the_order_of_the_source(path: Path) -> None:
    items = [message("b", "Grüße ❤ \x00"), message("a"), message("c", "x" * 100_000)]
    archive(path, {"a": items})
    assert rows_of(path) == [item.raw for item in items]


def test_json_that_is_not_utf8_is_kept_as_bytes(path: Path) -> None:
    raw = b'{"id": "1", "type": "chatkit.task", "heading": "caf\xe9"}'
    archive(path, {"a": [Row("1", raw)]})
    assert rows_of(path) == [raw]


def test_a_thread_is_complete_only_when_the_source_said_so(path: Path) -> None:
    with writing(path) as writer:
        list_threads(writer, thread("a"))
        follow(writer, "a", [message(str(number)) for number in range(5)], ended=False)
        assert writer.unread(()) == ["a"]
        follow(writer, "a", [message(str(number)) for number in range(6)])
        assert writer.unread(()) == []


def test_a_thread_without_news_is_asked_from_the_item_before_its_last(path: Path) -> None:
    items = [message(str(number)) for number in range(5)]
    with writing(path) as writer:
        list_threads(writer, thread("a"))
        follow(writer, "a", items)
        assert writer.items.state("a").resume_after == "3"
        assert follow(writer, "a", items)[:3] == (True, 0, 0)


@pytest.mark.parametrize(
    ("young", "asked_from"),
    [
        ({"status": "in_progress"}, "1"),
        ({"created_at": NOW - 60}, "1"),
        ({"created_at": NOW - 601}, "3"),
    ],
)
def test_items_that_may_change_are_asked_for_again(
    path: Path, young: dict[str, Any], asked_from: str
) -> None:
    items = [message(str(number)) for number in range(2)]
    items += [message(str(number), **young) for number in range(2, 5)]
    with writing(path) as writer:
        list_threads(writer, thread("a"))
        follow(writer, "a", items)
        assert writer.items.state("a").resume_after == asked_from


def test_an_id_that_items_share_is_no_cursor(path: Path) -> None:
    items = [message("1"), message("same", "x"), message("same", "y"), message("same", "z")]
    with writing(path) as writer:
        list_threads(writer, thread("a"))
        follow(writer, "a", items)
        assert writer.items.state("a").resume_after == "1"
        stored = follow(writer, "a", [*items, message("same", "w"), message("6")])
        assert stored.new == 2
    assert len(rows_of(path)) == 6


def test_items_without_ids_are_known_by_their_json(path: Path) -> None:
    items = [message("1"), Row("", '{"type": "x"}'), Row("", '{"type": "y"}')]
    with writing(path) as writer:
        list_threads(writer, thread("a"))
        follow(writer, "a", items)
        assert follow(writer, "a", items).new == 0
        assert not follow(writer, "a", [items[0], items[2]]).follows


def test_a_changed_item_keeps_its_former_json(path: Path) -> None:
    items = [message("1"), message("2", "before")]
    with writing(path) as writer:
        list_threads(writer, thread("a"))
        follow(writer, "a", items)
        index_all(writer)
        assert follow(writer, "a", [items[0], message("2", "after")]).changed == 1
        index_all(writer)
    assert rows_of(path)[1] == message("2", "after").raw
    reader = ArchiveReader(path)
    versions = reader.versions("a")
    reader.close()
    assert [(version.position, version.raw) for version in versions] == [(1, items[1].raw)]
    assert list(verify(path)) == []
    with writing(path) as writer:
        read_again(writer, "a", [message("0"), items[0], message("2", "after")])
    with ArchiveReader(path) as reader:
        assert [version[:2] for version in reader.versions("a")] == [("2", 2)]


def test_a_changed_title_keeps_the_former_thread(path: Path) -> None:
    with writing(path) as writer:
        list_threads(writer, thread("a", title="before"))
        index_all(writer)
        list_threads(writer, thread("a", title="after", user="bob"))
        index_all(writer)
    reader = ArchiveReader(path)
    assert reader.thread("a") == thread("a", title="after", user="bob").raw
    assert [version.raw for version in reader.versions("a")] == [thread("a", title="before").raw]
    reader.close()
    assert list(verify(path)) == []


def test_the_items_of_a_thread_that_changed_hands_are_found_by_its_new_user(path: Path) -> None:
    archive(path, {"a": [message("1")]})
    with writing(path) as writer:
        list_threads(writer, thread("a", user="bob"))
        index_all(writer)
    with ArchiveReader(path) as reader:
        assert [hit.item_id for hit in reader.search(SearchQuery("hello", user="bob"))] == ["1"]
        assert reader.search(SearchQuery("hello", user="ada")) == []


def test_a_deleted_item_stays_marked_as_missing(path: Path) -> None:
    items = [message(str(number)) for number in range(5)]
    with writing(path) as writer:
        list_threads(writer, thread("a"))
        follow(writer, "a", items)
        index_all(writer)
        left = [*items[:2], *items[3:4], message("5")]
        assert not follow(writer, "a", left).follows
        read_again(writer, "a", left)
        assert follow(writer, "a", [*left, message("6")]).new == 1
        index_all(writer)
    reader = ArchiveReader(path)
    assert [version.id for version in reader.versions("a") if version.is_missing] == ["2", "4"]
    reader.close()
    assert rows_of(path) == [message(name).raw for name in ("0", "1", "2", "3", "4", "5", "6")]
    assert list(verify(path)) == []


ids = st.sampled_from(["", "p", "q", "r", "s", "t", "u"])
threads = st.lists(st.builds(lambda name, text: message(name, text), ids, ids), max_size=8)


@given(states=st.lists(threads, min_size=1, max_size=4), data=st.data())
@pytest.mark.slow
def test_whatever_the_source_does_every_row_is_kept_and_its_order_is_the_newest(
    tmp_path_factory: pytest.TempPathFactory, states: list[list[Row]], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("archive") / "file"
    with writing(path) as writer:
        list_threads(writer, thread("a"))
        for state in states:
            read_again(writer, "a", state)
            if data.draw(st.booleans()):
                index_all(writer)
        index_all(writer)
    assert list(verify(path)) == []
    served = [row.raw for row in states[-1]]
    connection = sqlite3.connect(path)
    kept = [raw for (raw,) in connection.execute("SELECT raw FROM item ORDER BY key")]
    present = [
        raw
        for (raw,) in connection.execute(
            "SELECT raw FROM item WHERE missing_since IS NULL ORDER BY key"
        )
    ]
    former = [raw for (raw,) in connection.execute("SELECT raw FROM item_version")]
    connection.close()
    assert present == served
    assert {row.raw for state in states for row in state} <= {*kept, *former}


def test_a_removed_thread_leaves_nothing_behind_and_never_comes_back(path: Path) -> None:
    with writing(path) as writer:
        list_threads(writer, thread("a", title="Zanzibar"), thread("b"))
        follow(writer, "a", [message("1", "the word Kilimanjaro " * 5_000)])
        follow(writer, "b", [message("2", "stays")])
        writer.store_listed(writer.begin_listing("Livingstone"), [], "a-very-long-id")
        list_threads(writer, thread("a-very-long-id", user="Livingstone"))
        index_all(writer)
        assert writer.remove(["a", "unknown", "a-very-long-id"]) == ["a", "a-very-long-id"]
        (tombstones,) = writer._connection.execute("SELECT count(*) FROM removed").fetchone()
        assert tombstones == 2
        writer.vacuum()
        list_threads(writer, thread("a", title="Zanzibar"), thread("b"))
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    connection.close()
    content = path.read_bytes().lower()
    for word in (b"kilimanjaro", b"zanzibar", b"a-very-long-id", b"livingstone"):
        assert word not in content
    assert b"stays" in content
    reader = ArchiveReader(path)
    assert [identifier for identifier, _ in reader.threads(ListQuery()).rows] == ["b"]
    reader.close()
    assert list(verify(path)) == []


def test_a_removed_thread_is_erased_also_if_the_file_is_not_rewritten(path: Path) -> None:
    archive(path, {"a": [message("1", "the word Kilimanjaro")], "b": [message("2")]})
    with writing(path) as writer:
        # What most SQLite libraries begin with; that of Debian erases by default.
        writer._connection.execute("PRAGMA secure_delete = OFF")
        writer.remove(["a"])
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert b"kilimanjaro" not in path.read_bytes().lower()  # nor in the index
    assert list(verify(path)) == []


def test_many_rows_are_committed_before_the_end(path: Path) -> None:
    items = [message(str(number)) for number in range(COMMIT_ROWS)]
    with writing(path) as writer:
        list_threads(writer, thread("a"))
        follow(writer, "a", items, ended=False)
        assert rows_of(path) == [item.raw for item in items]


def test_a_pipe_is_refused_without_waiting(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(ArchiveError, match="is not an archive"):
        ArchiveReader(path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meta SET value = NULL",
        "UPDATE meta SET value = cast(x'ff41' AS TEXT)",
        "UPDATE listing SET started_at = 'abc'",
        "UPDATE listing SET started_at = -9e18",
        "UPDATE thread SET checked_at = 9e18",
        "UPDATE thread SET id = cast(x'ff41' AS TEXT)",
    ],
)
def test_values_that_another_program_wrote_are_read(path: Path, statement: str) -> None:
    archive(path, {"a": [message("1")]})
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
    with ArchiveReader(path) as reader:
        info = reader.info()
        assert info.items == 1
        for moment in (info.listed_at, info.oldest_check, info.newest_check):
            assert moment is None or datetime.fromtimestamp(moment).astimezone().year < 9999
        assert reader.threads(ListQuery()).rows


def test_an_error_of_a_damaged_file_says_what_to_do(path: Path) -> None:
    archive(path, {"a": [message("1")], "b": []})
    connection = sqlite3.connect(path)
    connection.execute("UPDATE thread SET item_count = 9223372036854775807")
    connection.commit()
    connection.close()
    with pytest.raises(ArchiveError, match="archive verify"), ArchiveReader(path) as reader:
        reader.info()


def test_half_characters_in_a_thread_are_stored(path: Path) -> None:
    row = Row("a", '{"id": "a", "title": "\\ud83d", "user": "\\udc00", "status": "\\ud83d"}')
    with writing(path) as writer:
        list_threads(writer, row)
        index_all(writer)
    assert list(verify(path)) == []


def test_a_page_costs_the_same_in_a_long_thread_without_ids(path: Path) -> None:
    def operations(writer: ArchiveWriter, start: int) -> int:
        """Count the operations of SQLite that a page of known items takes."""
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        writer.commit()
        connection = writer.items._connection
        connection.set_progress_handler(count, 10)
        state = writer.items.state("a")
        rows = [Row("", f"[{number}]") for number in range(start, start + 100)]
        assert writer.items.store("a", state.first_key + start - 1, rows, ended=False).follows
        connection.set_progress_handler(None, 0)
        return steps

    with writing(path) as writer:
        list_threads(writer, thread("a"))
        first = state = writer.items.state("a")
        counts = []
        for length in (500, 4_000):
            state = writer.items.state("a")
            rows = [Row("", f"[{number}]") for number in range(state.item_count, length)]
            writer.items.store("a", first.first_key + state.item_count - 1, rows, ended=False)
            counts.append(operations(writer, 0))
    assert counts[1] < 1.5 * counts[0]


def test_a_page_that_comes_again_is_not_appended(path: Path) -> None:
    page = [message("1"), message("2")]
    with writing(path) as writer:
        list_threads(writer, thread("a"))
        state = writer.items.state("a")
        writer.items.store("a", state.first_key - 1, page, ended=False)
        assert not writer.items.store("a", state.first_key + 1, page, ended=False).follows
    assert len(rows_of(path)) == 2

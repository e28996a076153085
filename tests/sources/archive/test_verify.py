"""`verify` finds damage of every kind, and a sound archive has none."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from chatkit_tui.sources.archive.thread_items import Row
from chatkit_tui.sources.archive.verify import verify
from tests.sources.archive.builder import archive, list_threads, message, writing

DAMAGE = {
    "items missing": "DELETE FROM item WHERE key = (SELECT max(key) FROM item)",
    "gap between items": "UPDATE item SET key = key + 5 WHERE key = (SELECT max(key) FROM item)",
    "items beyond the end": "UPDATE thread SET item_count = 1",
    "items of no thread": "DELETE FROM thread WHERE id = 'b'",
    "version of nothing": "INSERT INTO item_version VALUES (7, 0, '{}')",
    "unknown cursor": "UPDATE thread SET resume_after = 'elsewhere' WHERE id = 'a'",
    "unreadable item": "UPDATE item SET raw = substr(raw, 1, 20) WHERE id = '2'",
    "unreadable thread": "UPDATE thread SET raw = '{' WHERE id = 'a'",
    "thread with another id": "UPDATE thread SET id = 'c' WHERE id = 'a'",
    "value of another type": "UPDATE thread SET user = x'ff'",
    "columns and JSON differ": "UPDATE thread SET created_at = created_at + 1 WHERE id = 'b'",
    "state of another sync": "UPDATE thread SET complete = 2",
    "another newest item": "UPDATE thread SET newest_item_id = '1' WHERE id = 'a'",
    "no origin": "DELETE FROM meta WHERE key = 'origin_address'",
    "item with another id": "UPDATE item SET id = 'other' WHERE id = '1'",
    "index entry of nothing": "UPDATE index_slot SET item_key = 99 WHERE item_key > 0",
    "item without its index entry": "DELETE FROM index_slot WHERE item_key > 0",
    "index and rows differ": "INSERT INTO fts(rowid, text, meta) VALUES (5, 'x', 'y')",
    "problems of nothing": "INSERT INTO thread_problems VALUES (99, '[]')",
    "problems and items differ": "UPDATE thread_problems SET found = '[]'",
    "other tables": "CREATE TABLE extra(x)",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    archive(path, {"a": [message(str(n)) for n in range(4)], "b": [message("9")]})
    return path


def test_a_sound_archive_has_no_damage(path: Path) -> None:
    assert list(verify(path)) == []


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_found_and_comes_with_advice(path: Path, kind: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(DAMAGE[kind])
    connection.close()
    found = [damage for damage in verify(path) if damage.kind == kind]
    assert found
    assert all(damage.advice for damage in found)


@pytest.mark.parametrize(
    "kind", [kind for kind in DAMAGE if "index" in kind or kind.startswith("problems")]
)
def test_damage_of_the_index_is_mended_by_making_it_again(path: Path, kind: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(DAMAGE[kind])
    connection.close()
    with writing(path) as writer:
        writer.reindex()
    assert list(verify(path)) == []


@pytest.mark.parametrize(
    "change",
    [
        "thread SET user = 'bob'",
        "thread SET title = NULL",
        "thread SET status = 'closed'",
        "thread SET checked_at = NULL",
        "thread SET incomplete_reason = 'x'",
        "thread SET newest_item_id = NULL",
        "item SET missing_since = 1 WHERE id = '3'",
        "listing SET ended_at = NULL",
        "listing SET ended_at = started_at - 1",
    ],
)
def test_a_value_that_contradicts_others_is_found(path: Path, change: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"UPDATE {change}")
    connection.close()
    assert list(verify(path))


def test_json_that_is_not_utf8_is_no_damage(path: Path) -> None:
    path.unlink()
    archive(path, {"a": [Row("1", b'{"id": "1", "type": "chatkit.task", "heading": "caf\xe9"}')]})
    assert list(verify(path)) == []
    with writing(path) as writer:
        assert writer.items.place("a").key is not None  # else it is read again in each sync


def test_threads_of_other_servers_are_no_damage(path: Path) -> None:
    path.unlink()
    rows = [
        Row("a", '{"id": "a"}'),
        Row("b", '{"id": "b", "status": "open", "title": 5, "created_at": "2026-01-02T03:04:05Z"}'),
        Row("c", '{"id": "c", "status": {"type": 7}, "title": "\\ud83d", "created_at": 1.5}'),
        Row("d", b'{"id": "d", "title": "caf\xe9"}'),
    ]
    with writing(path) as writer:
        list_threads(writer, *rows)
    assert list(verify(path)) == []


@pytest.mark.parametrize("value", [b"\xff", 5, "[]", '{"id": ', '"text"'])
def test_json_that_is_no_object_is_unreadable(path: Path, value: object) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("UPDATE item SET raw = ? WHERE id = '2'", (value,))
    connection.close()
    assert ("unreadable item", "a", "2") in [damage[:3] for damage in verify(path)]


def test_rows_of_the_source_that_are_no_objects_are_no_damage(path: Path) -> None:
    path.unlink()
    archive(path, {"a": [Row("", raw) for raw in ("5", "null", "[]", '{"id": 7}')]})
    assert list(verify(path)) == []


@pytest.mark.parametrize(
    ("statement", "detail"),
    [
        ("UPDATE thread SET id = x'ff' WHERE id = 'a'", "thread.id: 1 row"),
        ("UPDATE item SET id = x'ff' WHERE id = '1'", "item.id: 1 row"),
    ],
)
def test_an_id_that_is_no_text_is_found(path: Path, statement: str, detail: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(statement)
    connection.close()
    found = list(verify(path))
    assert detail in [damage.detail for damage in found]
    assert all(isinstance(cell, str | None) for damage in found for cell in damage)


def test_a_damaged_page_is_found(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        for page in range(8192 * 2, size, 8192):
            file.seek(page)
            file.write(os.urandom(64))
    assert any(damage.kind == "damaged file" for damage in verify(path))


def test_a_file_that_was_cut_short_is_found(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    assert any(damage.kind == "damaged file" for damage in verify(path))

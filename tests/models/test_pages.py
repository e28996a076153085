"""A list response is split into rows without losing a byte."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chatkit_tui.models.items import Task, UnknownItem, read_item
from chatkit_tui.models.page import Page
from chatkit_tui.models.timestamps import Timestamp
from chatkit_tui.sources.http.response import parse_list_answer


def page(text: str | bytes) -> Page:
    return parse_list_answer(text.encode() if isinstance(text, str) else text)


def listed(*rows: Any, **fields: Any) -> Page:
    return page(json.dumps({"object": "list", "data": rows, **fields}))


def test_a_row_keeps_its_exact_text() -> None:
    rows = ['{"id":"a",  "type":"täsk"}', '{ "type": "😀", "id": "b" }', "null"]
    taken = page('{"data": [' + " , ".join(rows) + '], "has_more": false}')
    assert [entry.raw.decode() for entry in taken.rows] == rows
    assert [entry.id for entry in taken.rows][:2] == ["a", "b"]


def test_a_page_keeps_its_exact_text_with_the_byte_order_mark() -> None:
    text = '\ufeff{"data": [{"id": "ü"}]}\n'.encode()
    taken = page(text)
    assert taken.raw == text
    assert taken.rows[0].raw == '{"id": "ü"}'.encode()


def test_each_call_reads_a_row_again() -> None:
    taken = listed({"id": "a", "type": "chatkit.task", "heading": "Look"})
    [row] = taken.rows
    assert isinstance(read_item(row), Task)
    assert read_item(row) == read_item(row)
    assert read_item(row) is not read_item(row)


def test_the_fields_of_a_list_are_read() -> None:
    taken = listed({"id": "a"}, first_id="a", last_id="z", has_more=True)
    assert (taken.has_more, taken.next_cursor, len(taken)) == (True, "z", 1)


def test_without_a_last_id_the_cursor_is_the_last_rows_id() -> None:
    assert listed({"id": "a"}, {"id": "b"}, has_more=True).next_cursor == "b"
    assert listed({"id": "a"}, {"id": "b"}, has_more=True, last_id=None).next_cursor == "b"


def test_a_row_without_an_id_is_no_cursor() -> None:
    taken = listed({"id": "a"}, {"type": "task"}, has_more=True)
    assert taken.next_cursor == "a"
    assert [entry.has_id for entry in taken.rows] == [True, False]


def test_a_number_is_an_id() -> None:
    [row, other] = listed({"id": 4711, "type": "task"}, {"id": True}).rows
    assert (row.id, read_item(row).id) == ("4711", "4711")
    assert other.id is None


def test_a_time_without_a_zone_is_in_that_of_the_page_and_marked() -> None:
    texts = [
        b'{"id": "msg_1", "type": "task", "created_at": "2026-11-20T09:00:00.250000"}',
        b'{"id": "msg_2", "type": "task", "created_at": "2026-11-20T09:00:00Z"}',
    ]
    naive, aware = Page.of_texts(texts, zone=ZoneInfo("Asia/Tokyo")).rows
    assert naive.created_at == 1_795_132_800
    assert naive.time == Timestamp(1_795_132_800, approximate=True, naive=True)
    assert aware.time == Timestamp(1_795_132_800 + 9 * 3_600)
    assert [row.time for row in (naive, aware)] == [read_item(row).time for row in (naive, aware)]


@pytest.mark.parametrize(
    ("status", "is_settled"), [("pending", False), ("answered", True), ("skipped", True)]
)
def test_questions_are_settled_when_they_are_answered(status: str, is_settled: bool) -> None:
    [row] = listed({"id": "sti_1", "type": "structured_input", "status": status}).rows
    assert row.is_settled is is_settled


def test_rows_without_ids_are_told_apart_by_their_text() -> None:
    first, second, third = listed({"n": 1}, {"n": 2}, {"n": 1}).rows
    assert first.id is None
    assert first.name != second.name
    assert first.name == third.name


@pytest.mark.parametrize("said", [None, "yes", 1])
def test_has_more_is_unknown_unless_it_is_true_or_false(said: Any) -> None:
    assert listed(has_more=said).has_more is None
    assert listed().has_more is None


def test_a_list_that_is_null_is_empty() -> None:
    assert len(page('{"data": null, "has_more": false}')) == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "17",
        '[{"id": "a"}]',
        '{"data": {"id": "a"}}',
        '{"data": [}',
        '{"data": [1,]}',
        '{"data": [1 2]}',
        '{"data": [1]',
        '{"data": [1]} and more',
        '{"data": [1],}',
        "{data: [1]}",
        '{"data" [1]}',
        '{"data": [nonsense]}',
        "<!doctype html>",
        b'{"data": ["\xff"]}',
        '{"error": {"message": "no"}}',
    ],
)
def test_an_answer_that_is_no_list_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        page(text)


def test_a_row_nested_too_deeply_affects_only_itself() -> None:
    deep = "[" * 50_000 + "]" * 50_000
    text = f'{{"data": [{{"id": "a", "type": "x", "y": {deep}}}, {{"id": "b"}}], "has_more": true}}'
    taken = page(text)
    assert [entry.id for entry in taken.rows] == ["a", "b"]
    first = read_item(taken.rows[0])
    assert isinstance(first, UnknownItem)
    assert (first.id, first.kind) == ("a", "x")
    assert taken.has_more is True


@pytest.mark.parametrize("name", ["id", "status", "created_at"])
def test_a_field_of_a_row_nested_too_deeply_affects_only_its_row(name: str) -> None:
    for depth in (*range(900, 1000), 20_000):  # somewhere in between, parsing begins to fail
        deep = "[" * depth + "]" * depth
        taken = page(f'{{"data": [{{"{name}": {deep}}}, {{"id": "b"}}]}}')
        assert [entry.id for entry in taken.rows] == [None, "b"]


def test_a_lone_surrogate_in_an_id_is_made_visible() -> None:
    taken = page(r'{"data": [{"id": "a\ud800"}], "last_id": "\udfff"}')
    assert taken.rows[0].id == "a⟨U+D800⟩"
    assert taken.next_cursor == "⟨U+DFFF⟩"


@pytest.mark.parametrize("name", ["ü", r"\u00fc", "日本", "\U0001f44d"])
def test_ids_and_cursors_may_have_any_characters(name: str) -> None:
    expected = json.loads(f'"{name}"')
    taken = page(f'{{"first": "ö", "data": [{{"id": "a", "n": "é"}}, {{"id": "{name}"}}]}}')
    assert [row.id for row in taken.rows] == ["a", expected]
    assert [row.raw.decode() for row in taken.rows] == [
        '{"id": "a", "n": "é"}',
        f'{{"id": "{name}"}}',
    ]
    assert page(f'{{"data": [], "last_id": "{name}"}}').next_cursor == expected


def test_a_packed_page_has_the_same_text() -> None:
    taken = listed({"id": "a", "text": "ü"}, {"id": "b", "text": "x" * 100_000}, {"id": "c"})
    before = [row.raw for row in taken.rows]
    for _ in range(2):
        taken.pack()
        assert [row.raw for row in taken.rows] == before
        assert all(piece.is_packed for piece in taken._pieces)


def test_a_thousand_items_are_kept_in_little_memory() -> None:
    words = "The parcel left the depot in Leeds and will arrive on Thursday before noon. " * 5
    rows = [
        {"id": f"cti_{n:048x}", "type": "chatkit.task", "summary": f"{n} {words}"}
        for n in range(100)
    ]
    taken = listed(*rows)
    taken.pack()
    packed = sum(len(piece.content) for piece in taken._pieces)
    packed += taken._offsets.itemsize * len(taken._offsets)
    assert packed < len(taken.raw) / 3

"""A large list response is delimited, not parsed: with the same result, in small steps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatkit_tui.models.items import (
    ClientToolCall,
    UnknownItem,
    parse_item,
    read_item,
    read_outline,
)
from chatkit_tui.models.page import LARGE_LIST, LARGE_PIECE, LARGE_ROW, Piece, RawRow
from chatkit_tui.models.raw_json import STRIDE, delimit_list, members
from chatkit_tui.sources.http import response
from chatkit_tui.sources.http.response import parse_list_answer

LONG = 'He said "ä\\"\u202e {[' + "x" * (2 * STRIDE - 7)
ROWS: tuple[Any, ...] = (
    {"id": "a", "text": "short", "created_at": 1_764_000_000, "status": "in_progress"},
    {"text": LONG, "id": "behind", "more": [LONG, {"x": [[], {}]}], "created_at": 17},
    {"id": "deep\ud800", "a": [[[[{"b": [1, 2.5, None, True]}]]]]},
    {"id": 7, "created_at": "2026-03-12T09:30:00Z"},
    "a string",
    None,
    [1, [2]],
    {"id": "z", "text": "word " * (LARGE_LIST // 4)},
)
SHAPES = (
    {"object": "list", "data": ROWS, "has_more": True, "last_id": "z"},
    {"data": ROWS},
    {"has_more": False, "data": [], "first_id": None},
    {"data": None},
)


def piece_of(row: RawRow) -> Piece:
    """Return the part of the page that reading a row decompresses."""
    return row.page._piece_at(row.page._offsets[2 * row.index])[1]


def written(value: Any, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "replace")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_delimiting_and_parsing_return_the_same(
    shape: object, indent: int | None, mark: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = mark + written(shape, indent) + b"\n"
    monkeypatch.setattr(response, "LARGE_LIST", len(raw) + 1)
    parsed = parse_list_answer(raw)
    monkeypatch.setattr(response, "LARGE_LIST", 0)
    delimited = parse_list_answer(raw)
    assert delimited.raw == parsed.raw == raw
    assert [entry.raw for entry in delimited.rows] == [entry.raw for entry in parsed.rows]
    assert [entry.id for entry in delimited.rows] == [entry.id for entry in parsed.rows]
    assert [entry.size for entry in delimited.rows] == [len(e.raw) for e in parsed.rows]
    for name in ("has_more", "next_cursor", "unsettled", "times"):
        assert getattr(delimited, name) == getattr(parsed, name)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{",
        b'{"data"',
        b'{"data":',
        b'{"data":[',
        b'{"data":[1',
        b'{"data":[1,]}',
        b'{"data":[1 2]}',
        b'{"data":[{"id":"a"]}',
        b'{"data":[{"id" "a"}]}',
        b'{"data":[{id:1}]}',
        b'{"data":["a]}',
        b'{"data":["a\\',
        b'{"data":[[[]}',
        b'{"data":[]} more',
        b'{"data":[],}',
        b'{"data":[],"has_more":yes}',
        b'{"data":[\xff]}',
        b'{"other":[]}',
        b'{"data":{}}',
    ],
)
def test_a_response_without_a_list_is_rejected(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response, "LARGE_LIST", 0)
    with pytest.raises(ValueError, match=r"."):
        parse_list_answer(raw)


def test_an_invalid_row_of_a_large_page_affects_only_itself() -> None:
    rows = b'{"id": "a", "x": \\q}, {"id": "b", "text": "' + b"x" * LARGE_LIST + b'"}'
    page = parse_list_answer(b'{"data": [' + rows + b"]}")
    assert [entry.id for entry in page.rows] == ["a", "b"]
    assert isinstance(read_item(page.rows[0]), UnknownItem)


def test_reading_the_neighbor_of_a_large_row_decompresses_nothing_large() -> None:
    rows = [{"id": "a"}, {"id": "b", "text": "x" * LARGE_LIST}, {"id": "c"}]
    page = parse_list_answer(written({"data": rows}))
    pieces = {entry.id: piece_of(entry).size for entry in page.rows}
    assert pieces["b"] >= LARGE_ROW
    assert pieces["a"] < LARGE_ROW
    assert pieces["c"] < LARGE_ROW


def test_reading_a_small_row_decompresses_little_of_a_long_list() -> None:
    rows = [{"id": f"row{n}"} for n in range(9)] + [{"id": "b", "text": "x" * LARGE_ROW}] * 2
    space = " " * LARGE_PIECE
    lists = [written({"data": [{"id": f"row{n}", "n": "x" * 99} for n in range(12_000)]})]
    lists += [json.dumps({"data": rows}).replace(", {", f",{space}{{").encode()]
    lists += [f'{space}{{"data":{space}[{{"id":"a"}},{{"id":"b"}}{space}]}}{space}'.encode()]
    for raw in lists:
        page = parse_list_answer(raw)
        assert page.raw == raw
        pieces = [piece_of(entry) for entry in page.rows if entry.size < LARGE_ROW]
        assert max(piece.size for piece in pieces) <= LARGE_PIECE
        some = page.rows[:: len(page) // 9 or 1]
        assert [json.loads(entry.raw)["id"] for entry in some] == [entry.id for entry in some]


def test_the_text_is_scanned_in_small_pieces() -> None:
    class Watched(bytes):
        longest = 0

        def __getitem__(self, key: object) -> Any:
            found = bytes.__getitem__(self, key)  # type: ignore[call-overload] # whatever bytes take
            if isinstance(found, bytes):
                Watched.longest = max(Watched.longest, len(found))
            return found

    raw = Watched(written({"data": [{"id": "a", "text": "x" * 5_000_000, "more": [LONG] * 9}]}))
    _, rows = delimit_list(raw)
    assert rows is not None
    assert rows[0].id == "a"
    assert Watched.longest < STRIDE


def test_nesting_may_have_any_depth() -> None:
    raw = b'{"data": [{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b', "id": "deep"}]}'
    _, rows = delimit_list(raw)
    assert rows is not None
    assert rows[0].id == "deep"


def test_the_places_of_members_are_exact() -> None:
    raw = b' { "a" : 1 , "b":"x,y" ,"c": {"d": [3]} } '
    found = {name: raw[start:end] for name, start, end in members(raw)}
    assert found == {"a": b"1", "b": b'"x,y"', "c": b'{"d": [3]}'}


def test_an_outline_has_the_short_fields_and_the_whole_text() -> None:
    row = {
        "id": "cti_1",
        "type": "client_tool_call",
        "created_at": 1_700_000_000,
        "name": "look\ud800",
        "arguments": "x" * STRIDE,
        "status": "completed",
    }
    raw = json.dumps(row).encode()
    outline = read_outline(raw)
    assert isinstance(outline, ClientToolCall)
    assert (outline.id, outline.kind, outline.status) == ("cti_1", "client_tool_call", "completed")
    assert outline.time == parse_item(raw).time
    assert outline.arguments == ""
    assert outline.name == "look⟨U+D800⟩"
    assert outline.raw == raw


@pytest.mark.parametrize("raw", [b"", b"null", b'{"a": ', b'{"type": "new", "a": \xff}'])
def test_an_outline_of_anything_is_an_item(raw: bytes) -> None:
    assert isinstance(read_outline(raw), UnknownItem)

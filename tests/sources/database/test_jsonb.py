"""The binary JSON of SQLite becomes JSON text."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.sources.database.jsonb import is_jsonb, jsonb_text
from tests.sources.database.stores import PLAIN, Row, make_file
from tests.sources.database.test_layouts import ITEMS, THREADS, check, opened


def encode(value: Any) -> bytes:
    """Return a value in JSONB, as SQLite writes it."""
    if value is None or isinstance(value, bool):
        return bytes([{None: 0, True: 1, False: 2}[value]])
    if isinstance(value, (int, float)):
        return _element(3 if isinstance(value, int) else 5, json.dumps(value).encode())
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)[1:-1]
        return _element(8 if "\\" in text else 7, text.encode())
    if isinstance(value, list):
        return _element(11, b"".join(map(encode, value)))
    return _element(12, b"".join(encode(key) + encode(part) for key, part in value.items()))


def _element(kind: int, content: bytes) -> bytes:
    size = len(content)
    for bits, mark in ((8, 12), (16, 13), (32, 14)):
        if size < 12:
            return bytes([size << 4 | kind]) + content
        if size < 1 << bits:
            return bytes([mark << 4 | kind]) + size.to_bytes(bits // 8, "big") + content
    raise AssertionError("too large for a test")


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda parts: st.lists(parts, max_size=4) | st.dictionaries(TEXT, parts, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_every_value_is_read(value: Row) -> None:
    raw = encode(value)
    assert is_jsonb(raw)
    assert json.loads(jsonb_text(raw)) == json.loads(json.dumps(value))


@given(st.binary(max_size=40))
def test_anything_else_is_refused(raw: bytes) -> None:
    try:
        text = jsonb_text(b"\xcc" + raw)
    except (ValueError, RecursionError):
        return
    json.loads(text)


@pytest.mark.parametrize("text", [b"", b"{}", b' {"a": 1}', b'"{}"', b"[1]", b"\xef\xbb\xbf{}"])
def test_json_text_is_not_taken_for_it(text: bytes) -> None:
    assert not is_jsonb(text)


async def test_a_store_of_it_is_read(tmp_path: Path) -> None:
    path = make_file(tmp_path / "store.db", PLAIN, THREADS, ITEMS)
    connection = sqlite3.connect(path)
    connection.create_function("jsonb", 1, lambda text: encode(json.loads(text)))
    connection.execute("UPDATE items SET data = jsonb(data)")
    connection.execute("UPDATE threads SET data = jsonb(data)")
    connection.commit()
    connection.close()
    async with opened(path) as source:
        await check(source, PLAIN)

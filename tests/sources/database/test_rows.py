"""The JSON of rows: any content, completed from columns."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.sources.database.rows import StoredRow, page_of, row_json, time_member

TEXT = st.text(max_size=8)  # lone surrogates too
CONTENT = st.one_of(
    TEXT,
    st.binary(max_size=16),
    st.dictionaries(TEXT, TEXT, max_size=3).map(json.dumps),
    st.dictionaries(TEXT, TEXT, max_size=3).map(lambda value: json.dumps(json.dumps(value))),
    st.none(),
)
VALUE = st.one_of(st.none(), st.integers(), st.floats(), TEXT, st.binary(max_size=6))
ROWS = st.builds(
    StoredRow,
    st.integers(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
    CONTENT,
    st.lists(st.tuples(st.sampled_from(["id", "created_at", "user", "status", "x"]), VALUE)).map(
        tuple
    ),
)


@given(st.lists(ROWS, max_size=4))
def test_any_content_is_a_row(rows: list[StoredRow]) -> None:
    page = page_of(rows, has_more=True, zone=UTC)
    assert len(page) == len(rows)
    for row, stored in zip(page.rows, rows, strict=True):
        assert row.id in (stored.id or None, row.name)
        text, value = row_json(stored)
        assert row.raw == text
        if value is not None:
            assert isinstance(value, dict)


@pytest.mark.parametrize(
    ("text", "members", "expected"),
    [
        ('{"a":1}', {}, b'{"a":1}'),
        ('{"a":1} ', {"user": "ada"}, b'{"a":1,"user":"ada"}'),
        ("{ }", {"user": "ada"}, b'{"user":"ada"}'),
        ('{"user":"ben"}', {"user": "ada"}, b'{"user":"ben"}'),
        ('{"user":null}', {"user": "ada"}, b'{"user":null,"user":"ada"}'),
        (None, {"user": 7, "status": "active"}, b'{"user":"7","status":{"type":"active"}}'),
        ('"{\\"a\\": 1}"', {}, b'{"a": 1}'),
        ("[1]", {"user": "ada"}, b"[1]"),
        (b'{"a": "\xff"}', {"user": "ada"}, b'{"a": "\xff"}'),
    ],
)
def test_json_is_completed_behind_its_text(
    text: str | bytes | None, members: dict[str, Any], expected: bytes
) -> None:
    assert row_json(StoredRow(1, "x", text, tuple(members.items())))[0] == expected


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (1_764_400_000, 1_764_400_000),
        (1_764_400_000.5, 1_764_400_000.5),
        (1_764_400_000_123, 1_764_400_000),
        (1_764_400_000_123_456, 1_764_400_000),
        (1_764_400_000_123_456_789, 1_764_400_000),
        (float("nan"), None),
        (10**30, None),
        (b"2026-01-01", "2026-01-01"),
        (None, None),
    ],
)
def test_times_are_in_seconds(stored: Any, expected: object) -> None:
    assert time_member(stored) == expected

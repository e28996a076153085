"""A row has the words and the facts of one item."""

from __future__ import annotations

import json

import pytest

from chatkit_tui.export.exported_thread import ExportedThread, ExportFacts
from chatkit_tui.export.parquet.rows import COLUMNS, NO_MONTH, Value, item_rows
from chatkit_tui.models.items import KNOWN_ITEMS
from chatkit_tui.models.json import JSON
from tests.export.html.pages import exported

FACTS = ExportFacts(
    1_796_000_000.5, "Archive, a.db", is_complete=False, incomplete_reason="why", is_redacted=True
)


def rows(thread: ExportedThread) -> list[dict[str, Value]]:
    with thread:
        return [dict(zip(COLUMNS, row.values, strict=True)) for row in item_rows(thread)]


def item(kind: str, **fields: JSON) -> bytes:
    value = {"id": "cti_1", "created_at": 1_760_602_640, "type": f"chatkit.{kind}", **fields}
    return json.dumps(value).encode()


def test_a_message_is_a_row() -> None:
    raw = item("user_message", content=[{"type": "input_text", "text": "Where is it?"}])
    about = {"title": "Parcel", "user": "ada", "status": {"type": "locked", "reason": "r"}}
    assert rows(exported([raw], about, FACTS)) == [
        {
            "thread_id": "cthr_1",
            "thread_title": "Parcel",
            "user": "ada",
            "thread_status": "locked",
            "thread_created_at": 1_760_000_000_000_000,
            "position": 1,
            "item_id": "cti_1",
            "kind": "user_message",
            "role": "user",
            "created_at": 1_760_602_640_000_000,
            "tool_name": None,
            "tool_status": None,
            "text": "Where is it?",
            "raw": raw.decode(),
            "fetched_at": 1_796_000_000_500_000,
            "source": "Archive, a.db",
            "complete": False,
            "incomplete_reason": "why",
            "redacted": True,
        }
    ]


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("assistant_message", "assistant"),
        ("widget", "assistant"),
        ("task_group", "assistant"),
        ("client_tool_call", "tool"),
        ("sdk_hidden_context", "system"),
        ("hologram", None),
    ],
)
def test_each_kind_has_a_role(kind: str, role: str | None) -> None:
    (row,) = rows(exported([item(kind)]))
    assert (row["kind"], row["role"]) == (kind, role)


def test_a_call_has_the_name_of_its_tool() -> None:
    (row,) = rows(exported([item("client_tool_call", name="track", status="completed")]))
    assert (row["tool_name"], row["tool_status"]) == ("track", "completed")


@pytest.mark.parametrize("raw", [b"[1]", b"not JSON", b'{"type": 7, "id": 7}', b'{"x":"\\ud800"}'])
def test_any_text_is_a_row(raw: bytes) -> None:
    (row,) = rows(exported([raw]))
    assert row["raw"] == raw.decode()


def test_every_known_kind_has_a_role() -> None:
    for kind in KNOWN_ITEMS:
        (row,) = rows(exported([item(kind)]))
        assert row["role"] is not None


def test_the_month_is_that_of_the_item_else_of_the_thread() -> None:
    untimed = b'{"type": "chatkit.task"}'
    with exported([item("task"), untimed]) as thread:
        assert [row.month for row in item_rows(thread)] == ["2025-10", "2025-10"]
    with exported([untimed], {"created_at": None}) as thread:
        assert [row.month for row in item_rows(thread)] == [NO_MONTH]

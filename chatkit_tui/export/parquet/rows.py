"""The columns of a row, and the rows of a thread. The columns are documented in the README.

Only plain types are used, which DuckDB, Spark, BigQuery and Athena read alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple, TypeAlias

from chatkit_tui.export.exported_thread import ExportedThread
from chatkit_tui.models.json import JSON
from chatkit_tui.models.page import RawRow
from chatkit_tui.models.threads import read_thread
from chatkit_tui.models.timestamps import Timestamp
from chatkit_tui.search.searchable_text import item_text, read_object, text_of

ColumnType: TypeAlias = Literal["string", "int64", "timestamp", "bool"]
"""A timestamp is in microseconds, UTC."""

COLUMNS: Final[dict[str, ColumnType]] = {
    "thread_id": "string",
    "thread_title": "string",
    "user": "string",
    "thread_status": "string",
    "thread_created_at": "timestamp",
    "position": "int64",
    "item_id": "string",
    "kind": "string",
    "role": "string",
    "created_at": "timestamp",
    "tool_name": "string",
    "tool_status": "string",
    "text": "string",
    "raw": "string",
    "fetched_at": "timestamp",
    "source": "string",
    "complete": "bool",
    "incomplete_reason": "string",
    "redacted": "bool",
}
NO_MONTH: Final = "__HIVE_DEFAULT_PARTITION__"
"""The name of a folder that all readers take for NULL."""

_ROLES: Final = {
    "user_message": "user",
    "assistant_message": "assistant",
    "widget": "assistant",
    "task": "assistant",
    "task_group": "assistant",
    "workflow": "assistant",
    "generated_image": "assistant",
    "structured_input": "assistant",
    "end_of_turn": "assistant",
    "client_tool_call": "tool",
    "hidden_context_item": "system",
    "sdk_hidden_context": "system",
}
_MICROSECONDS: Final = 1_000_000

Value: TypeAlias = str | int | bool | None


class ItemRow(NamedTuple):
    """A row of a month."""

    month: str
    """`2026-11`, or `NO_MONTH`; of the item's time, else of the thread's."""
    values: tuple[Value, ...]
    """A value for each of `COLUMNS`."""
    size: int
    """Its approximate size in bytes."""


def item_rows(exported: ExportedThread) -> Iterator[ItemRow]:
    """Yield the rows of a thread, oldest first. Raise `OSError`."""
    thread, facts = read_thread(exported.thread), exported.facts
    of_thread = (
        thread.id,
        thread.title,
        thread.user,
        thread.status.type,
        _microseconds(thread.time),
    )
    of_export = (
        int(facts.fetched_at * _MICROSECONDS),
        facts.source,
        facts.is_complete,
        facts.incomplete_reason,
        facts.is_redacted,
    )
    for position, row in enumerate(exported.items(), 1):
        raw = row.raw.decode("utf-8", "replace")
        item = read_object(row.raw)
        text = item_text(item)
        values = (*of_thread, position, *_of_item(row, item), text, raw, *of_export)
        yield ItemRow(_month(row.time or thread.time), values, len(raw) + len(text) + 200)


def _of_item(row: RawRow, item: dict[str, JSON]) -> tuple[Value, ...]:
    kind = (text_of(item, "type") or "").removeprefix("chatkit.")
    is_call = kind == "client_tool_call"
    return (
        row.id,
        kind or None,
        _ROLES.get(kind),
        _microseconds(row.time),
        text_of(item, "name") if is_call else None,
        text_of(item, "status") if is_call else None,
    )


def _microseconds(time: Timestamp | None) -> int | None:
    return None if time is None else time.seconds * _MICROSECONDS


def _month(time: Timestamp | None) -> str:
    return NO_MONTH if time is None else f"{datetime.fromtimestamp(time.seconds, UTC):%Y-%m}"

"""Sample rows of a table, and what their columns seem to hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from typing import Final

from chatkit_tui.models.json import JSON
from chatkit_tui.sources.database.dialect import Column, Table, Value
from chatkit_tui.sources.database.jsonb import is_jsonb
from chatkit_tui.sources.database.rows import json_text, parse_object, text_of

_ITEM_TYPES: Final = frozenset(
    {
        "user_message",
        "assistant_message",
        "client_tool_call",
        "widget",
        "generated_image",
        "structured_input",
        "workflow",
        "task",
        "task_group",
        "end_of_turn",
        "hidden_context_item",
        "sdk_hidden_context",
    }
)


_BEGINNINGS: Final = (b"{", b'"', b" ", b"\n", b"\xef")
"""Of a JSON object, or a JSON string with one, behind white space or a byte order mark."""


class Sample:
    """Some rows of a table."""

    def __init__(self, table: Table, rows: Sequence[Sequence[Value]]) -> None:
        self.table = table
        self.size = len(rows)
        self._rows = rows
        self._places = {column: place for place, column in enumerate(table.columns)}

    def part(self, numbers: Collection[int]) -> Sample:
        """Return some of the rows."""
        return Sample(self.table, [self._rows[number] for number in sorted(numbers)])

    def values(self, column: Column) -> list[Value]:
        """Return the value of a column in each row."""
        place = self._places[column]
        return [row[place] for row in self._rows]

    def texts(self, column: Column) -> list[str]:
        """Return the values of a column as texts; empty ones for NULL."""
        return list(map(text_of, self.values(column)))

    def objects(self, column: Column) -> list[dict[str, JSON] | None]:
        """Return the JSON objects of a column, and None for what is none."""
        return self._objects[column]

    @cached_property
    def _objects(self) -> dict[Column, list[dict[str, JSON] | None]]:
        return {
            column: [_object(value) for value in self.values(column)]
            for column in self.table.columns
        }

    def matching(self, column: Column, is_wanted: Callable[[dict[str, JSON]], bool]) -> set[int]:
        """Return the numbers of rows whose JSON in a column is as wanted."""
        return {
            number
            for number, value in enumerate(self.objects(column))
            if value is not None and is_wanted(value)
        }

    def equal_to(self, json: Column, member: str) -> Iterator[Column]:
        """Yield the columns whose value is that of a member of the JSON, wherever it has one."""
        wanted = [text_of((value or {}).get(member)) for value in self.objects(json)]
        for column in self.table.columns:
            pairs = zip(self.texts(column), wanted, strict=True)
            if column != json and any(wanted) and all(a == b for a, b in pairs if b):
                yield column


def is_item(value: dict[str, JSON]) -> bool:
    """Return whether an object is an item of a thread, of a known type or not."""
    return (
        isinstance(value.get("type"), str)
        and isinstance(value.get("id"), (str, int))
        and "mime_type" not in value  # an attachment
        and (is_item_type(value["type"]) or ("thread_id" in value and "created_at" in value))
    )


def is_item_type(name: str) -> bool:
    """Return whether a text names a known type of item."""
    return name.removeprefix("chatkit.") in _ITEM_TYPES


def is_thread(value: dict[str, JSON]) -> bool:
    """Return whether an object is a thread."""
    status = value.get("status")
    return (
        isinstance(value.get("id"), (str, int))
        and "type" not in value
        and "thread_id" not in value
        and "mime_type" not in value
        and (
            (isinstance(status, dict) and "type" in status)
            or "allowed_image_domains" in value
            or ("created_at" in value and ("title" in value or "metadata" in value))
        )
    )


def _object(value: Value) -> dict[str, JSON] | None:
    text = value.encode("utf-8", "replace") if isinstance(value, str) else value
    if not isinstance(text, bytes) or not (text[:1] in _BEGINNINGS or is_jsonb(text)):
        return None
    return parse_object(json_text(text))

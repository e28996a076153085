"""The sample data has the form in which the API sends it, by the official SDK's own types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from chatkit_tui.emulator import sample_data
from chatkit_tui.emulator.library import Library
from chatkit_tui.emulator.requests import OPERATIONS

Row = dict[str, Any]


@cache
def official_types() -> tuple[TypeAdapter[Any], TypeAdapter[Any]]:
    """The types of a thread and of an item; to import them takes seconds."""
    from openai.types.beta.chatkit import ChatKitThread
    from openai.types.beta.chatkit.chatkit_thread_item_list import Data

    return TypeAdapter(ChatKitThread), TypeAdapter(Data)


def rows(library: Library) -> Iterator[tuple[Row, list[Row]]]:
    for index in range(len(library)):
        conversation = library.conversation(index)
        yield library.row(index), [conversation.row(number) for number in range(len(conversation))]


def extra_fields(value: object) -> set[str]:
    """Return the names of fields that the official types do not have."""
    if isinstance(value, list):
        return {name for entry in value for name in extra_fields(entry)}
    if not isinstance(value, BaseModel):
        return set()
    names = set(value.model_extra or {})
    for name in type(value).model_fields:
        names |= extra_fields(getattr(value, name))
    return names


def check(adapter: TypeAdapter[Any], row: Row) -> None:
    read = adapter.validate_json(json.dumps(row), strict=True)
    assert extra_fields(read) == set(), row


@pytest.mark.parametrize("library", [Library(60), Library(120, 3)], ids=["stories", "archive"])
def test_every_row_has_the_form_that_the_official_types_describe(library: Library) -> None:
    undescribed = set()
    thread_type, item_type = official_types()
    for thread, items in rows(library):
        check(thread_type, {"object": "chatkit.thread", **thread})
        for item in items:
            try:
                check(item_type, item)
            except ValidationError:
                undescribed.add(item["type"])
    assert undescribed <= {"chatkit.approval_request"}


def test_the_check_reports_a_wrong_type_and_an_extra_field() -> None:
    thread = Library(1).row(0)
    thread_type, _ = official_types()
    with pytest.raises(ValidationError):
        check(thread_type, {**thread, "created_at": "today"})
    with pytest.raises(AssertionError):
        check(thread_type, {**thread, "status": {"type": "active", "since": 1}})


RESPONSE_FIELDS = {"name": str, "summary": str, "operations": list, "status": int}
RESPONSE_FIELDS |= {"headers": dict, "body": str}
CHANGE_FIELDS = {"name": str, "summary": str, "operations": list, "kind": str}
CHANGE_FIELDS |= {"omit": list, "replace": dict, "add": dict}


@pytest.mark.parametrize(
    ("name", "known"), [("responses", RESPONSE_FIELDS), ("changes", CHANGE_FIELDS)]
)
def test_every_fault_in_a_file_has_a_known_form(name: str, known: dict[str, type]) -> None:
    entries = sample_data.load_data(name)
    assert len({entry["name"] for entry in entries}) == len(entries)
    for entry in entries:
        fields = {name: type(value) for name, value in entry.items() if name != "content"}
        assert fields.items() <= known.items()
        assert {"name", "summary"} < set(fields)
        assert set(entry.get("operations", ())) <= set(OPERATIONS)
        if "error" in entry.get("content", ()):
            assert list(entry["content"]["error"]) == ["message", "type", "param", "code"]


def test_every_file_of_the_folder_is_used() -> None:
    folder = sample_data._DATA
    assert {path.name for path in folder.glob("*.json")} == {
        *("script.json", "responses.json", "changes.json", "self_hosted.json"),
    }
    named = {
        item["widget"]
        for path in folder.rglob("*.json")
        for item in widgets(json.loads(path.read_bytes()))
        if isinstance(item["widget"], str)
    }
    assert {path.stem for path in (folder / "widgets").iterdir()} == named


def widgets(value: object) -> Iterator[Row]:
    if isinstance(value, dict):
        if "widget" in value:
            yield value
        for entry in value.values():
            yield from widgets(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from widgets(entry)

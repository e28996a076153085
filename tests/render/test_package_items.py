"""What the package `openai-chatkit` sends is read completely, and each of its words is drawn."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from chatkit_tui.document.sources import annotations_of
from chatkit_tui.document.spans import line_text
from chatkit_tui.models.items import (
    KNOWN_ITEMS,
    AssistantMessage,
    Item,
    StructuredInputItem,
    TaskGroup,
    UnknownItem,
    UserMessage,
    parse_item,
)
from chatkit_tui.models.json import JSON
from chatkit_tui.models.parts import UnknownPart
from chatkit_tui.render.items import item_words
from chatkit_tui.search.searchable_text import item_text
from tests.render.examples import CONTEXT, body, drawn, head
from tests.render.examples import item as read_example
from tests.render.package_examples import ROWS, words

NOT_INDEXED = frozenset(("inference_options", "attachments", "widget"))
"""Fields with a part that is not searched, in any spelling."""


@pytest.fixture
def package() -> Any:
    """The package's types, which take half a second to import."""
    from tests import chatkit_package

    return chatkit_package.types


@pytest.fixture(scope="module")
def items() -> dict[str, Item]:
    """The examples as the package writes them."""
    from tests.chatkit_package import serialize

    return {name: parse_item(serialize(row)) for name, row in ROWS.items()}


def members(union: Any) -> set[Any]:
    """The classes of a union of the package, which may be annotated."""
    [found] = get_args(union)[:1] if not isinstance(union, types.UnionType) else [union]
    return set(get_args(found))


def discriminators(union: Any) -> set[str]:
    return {get_args(model.model_fields["type"].annotation)[0] for model in members(union)}


def of_type(kind: str, value: Any) -> Iterator[dict[str, Any]]:
    """Every object in some JSON that has a type of its own."""
    if isinstance(value, dict):
        if value.get("type") == kind:
            yield value
        value = list(value.values())
    for entry in value if isinstance(value, list) else ():
        yield from of_type(kind, entry)


@pytest.mark.parametrize(
    "union",
    ["ThreadItem", "Task", "Source", "UserMessageContent", "Attachment", "StructuredInput"],
)
def test_the_examples_have_every_type_of_the_package(package: Any, union: str) -> None:
    for kind in discriminators(getattr(package, union)):
        assert any(list(of_type(kind, row)) for row in ROWS.values()), kind


def test_every_item_of_the_package_is_known(package: Any) -> None:
    assert discriminators(package.ThreadItem) <= set(KNOWN_ITEMS)


def test_the_package_has_the_types_that_the_models_were_written_for(package: Any) -> None:
    assert discriminators(package.Task) == {"custom", "web_search", "thought", "file", "image"}
    assert discriminators(package.Source) == {"url", "file", "entity"}
    assert discriminators(package.UserMessageContent) == {"input_text", "input_tag"}
    assert discriminators(package.StructuredInput) == {"multiple_choice", "freeform"}
    assert members(package.WorkflowSummary) == {package.CustomSummary, package.DurationSummary}
    content = package.AssistantMessageContent.model_fields
    assert set(content) == {"type", "text", "annotations"}
    assert get_args(package.Annotation.model_fields["type"].annotation) == ("annotation",)


FIELDS = {
    "UserMessageItem": "content attachments quoted_text inference_options",
    "AssistantMessageItem": "content",
    "ClientToolCallItem": "status call_id name arguments output",
    "WidgetItem": "widget copy_text",
    "GeneratedImageItem": "image",
    "StructuredInputItem": "status inputs",
    "TaskItem": "task",
    "WorkflowItem": "workflow",
    "EndOfTurnItem": "",
    "HiddenContextItem": "content",
    "SDKHiddenContextItem": "content",
    "CustomTask": "title icon content status_indicator",
    "SearchTask": "title title_query queries sources status_indicator",
    "ThoughtTask": "title content status_indicator",
    "FileTask": "title sources status_indicator",
    "ImageTask": "title status_indicator",
    "URLSource": "title description timestamp group url attribution",
    "FileSource": "title description timestamp group filename",
    "EntitySource": "title description timestamp group id icon label inline_label interactive data"
    " preview",
    "UserMessageTagContent": "id text data group interactive",
    "StructuredInputMultipleChoice": "id question answer options multiple",
    "StructuredInputFreeform": "id question answer description",
}


@pytest.mark.parametrize("name", FIELDS)
def test_the_package_has_the_fields_that_the_models_were_written_for(
    package: Any, name: str
) -> None:
    model = getattr(package, name)
    common = {"type"}
    if issubclass(model, package.ThreadItemBase):
        common |= {"id", "thread_id", "created_at"}
    assert set(model.model_fields) == common | set(FIELDS[name].split())


def test_every_item_is_read_without_a_problem_or_an_unknown_part(items: dict[str, Item]) -> None:
    for name, item in items.items():
        assert not isinstance(item, UnknownItem), name
        assert not item.problems, name
        assert item.time is not None
        assert item.time.naive, name
        assert not any(isinstance(part, UnknownPart) for part in parts_of(item)), name


def parts_of(item: Item) -> Iterator[object]:
    if isinstance(item, UserMessage | AssistantMessage):
        yield from (*item.content, *annotations_of(item))
    if isinstance(item, UserMessage):
        yield from item.attachments
    if isinstance(item, TaskGroup):
        yield from item.steps
        for step in item.steps:
            yield from () if isinstance(step, UnknownPart) else step.sources
    if isinstance(item, StructuredInputItem):
        yield from item.inputs


@pytest.mark.parametrize("width", [40, 80, 140])
def test_each_word_is_drawn_at_every_width(items: dict[str, Item], width: int) -> None:
    for name, item in items.items():
        for context in (CONTEXT, CONTEXT._replace(bar=True), CONTEXT._replace(plain=True)):
            lines = drawn(item, width, context, open=True).lines
            text = "".join("".join(line_text(line).split()) for line in lines)
            assert [word for word in words(ROWS[name]) if word not in text] == [], name


@pytest.mark.parametrize(
    ("status", "answer", "shown"),
    [
        ("pending", None, "(no answer yet)"),
        ("answered", None, "(no answer)"),
        ("answered", {"values": []}, "(no answer)"),
        ("answered", {"skipped": True}, "(skipped)"),
        ("skipped", None, "(skipped)"),
        ("paused", None, "(no answer)"),
    ],
)
def test_a_question_without_an_answer_says_why(status: str, answer: JSON, shown: str) -> None:
    question = {"type": "freeform", "id": "q", "question": "Why?", "answer": answer}
    assert body(read_example("structured_input", status=status, inputs=[question])) == [
        "Why?",
        shown,
    ]


def test_an_unknown_status_and_an_unknown_kind_of_question_are_shown() -> None:
    questions = read_example(
        "structured_input", status="paused", inputs=[{"type": "slider", "least": 3}]
    )
    assert head(questions).startswith("? 1 question  paused")
    assert body(questions)[0] == "? unknown question slider"


def test_each_word_is_indexed_for_search() -> None:
    for name, row in ROWS.items():
        text = "".join(item_text(row).split())
        row = {key: value for key, value in row.items() if key not in NOT_INDEXED}
        row |= {"attachments": [sent["name"] for sent in ROWS[name].get("attachments", ())]}
        assert [word for word in words(row) if word not in text] == [], name


def test_each_word_is_found(items: dict[str, Item]) -> None:
    for name, item in items.items():
        text = "".join(item_words(item).split())
        assert [word for word in words(ROWS[name]) if word not in text] == [], name

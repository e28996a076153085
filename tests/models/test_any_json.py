"""Reading arbitrary JSON loses nothing and raises only the documented errors."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatkit_tui.models.fields import LenientModel
from chatkit_tui.models.items import KNOWN_ITEMS, GeneratedImage, parse_item, read_item
from chatkit_tui.models.parts import AnnotationSource, InputTag
from chatkit_tui.models.sessions import Session
from chatkit_tui.models.structured_input import Option, StructuredAnswer, StructuredInput
from chatkit_tui.models.tasks import GroupedTask, Workflow, WorkflowSummary
from chatkit_tui.models.threads import Thread, ThreadDeleted, parse_thread
from chatkit_tui.sources.http.response import parse_list_answer

MODELS = (
    *KNOWN_ITEMS.values(),
    *(Session, Thread, GroupedTask, Workflow, WorkflowSummary, AnnotationSource, InputTag),
    *(StructuredInput, StructuredAnswer, Option, GeneratedImage),
)
NAMES = sorted(
    {name for model in MODELS for name in model.model_fields}
    | {"text", "source", "enabled", "items", "reason", "model", "tool_choice", "filename"}
    | {"title", "content", "annotations"}
)
GIANT = "a giant"

TYPES = [
    *KNOWN_ITEMS,
    *(f"chatkit.{name}" for name in KNOWN_ITEMS),
    *("input_text", "quoted_text", "output_text", "url", "file", "image", "thought", "active"),
    *("input_tag", "annotation", "entity", "web_search", "multiple_choice", "freeform", "pending"),
]

texts = st.text(st.characters(exclude_categories=())) | st.sampled_from(TYPES)
scalars = st.none() | st.booleans() | st.integers() | st.floats(width=64) | texts | st.just(GIANT)
names = st.sampled_from(NAMES) | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=6),
    max_leaves=25,
)
objects = st.dictionaries(names, values, max_size=8)


def written(value: Any) -> bytes:
    """JSON text of `value`, lone surrogates escaped, `GIANT` as a number of 5,000 digits."""
    return json.dumps(value).replace(f'"{GIANT}"', "9" * 5_000).encode()


def assert_showable(read: LenientModel) -> None:
    """Everything in a model can be written out as UTF-8."""
    repr(read).encode()
    repr(read.problems).encode()


@pytest.mark.slow
@given(kind=st.sampled_from(TYPES) | texts, fields=objects)
def test_any_object_is_an_item_that_keeps_its_text(kind: str, fields: dict[str, Any]) -> None:
    raw = written({**fields, "type": kind})
    read = parse_item(raw, thread_id="cthr_1")
    assert read.raw == raw
    assert_showable(read)


@pytest.mark.slow
@given(value=values)
def test_any_value_is_an_item_and_a_thread_that_keep_their_text(value: Any) -> None:
    raw = written(value)
    item, thread = parse_item(raw), parse_thread(raw)
    assert (item.raw, thread.raw) == (raw, raw)
    assert_showable(item)
    assert_showable(thread)


@given(raw=st.binary(max_size=200))
@example(raw=b"\xef\xbb\xbf{}")
@example(raw=b"{" * 100_000)
def test_any_bytes_are_an_item_and_a_thread_that_keep_them(raw: bytes) -> None:
    assert parse_item(raw).raw == raw
    assert parse_thread(raw).raw == raw


@pytest.mark.parametrize("model", [Session, Thread, ThreadDeleted])
@given(value=values)
def test_any_value_is_a_model_or_a_value_error(model: type[LenientModel], value: Any) -> None:
    raw = written(value)
    try:
        read = model.from_json(raw)
    except ValueError:
        assert not isinstance(value, dict)
    else:
        assert read.raw == raw
        assert_showable(read)


@pytest.mark.slow
@given(rows=st.lists(objects | scalars, max_size=5), fields=objects)
def test_any_list_answer_gives_the_text_of_each_row(
    rows: list[Any], fields: dict[str, Any]
) -> None:
    texts_of_rows = [written(row) for row in rows]
    fields.pop("data", None)
    head = written(fields)[:-1].decode() + (", " if fields else "")
    raw = f'{head}"data": [ {" , ".join(row.decode() for row in texts_of_rows)} ] }}'.encode()
    page = parse_list_answer(raw)
    assert page.raw == raw
    assert [entry.raw for entry in page.rows] == texts_of_rows
    for entry in page.rows:
        entry.name.encode()
        assert_showable(read_item(entry))


@given(raw=st.binary(max_size=200) | texts.map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_a_page_or_a_value_error(raw: bytes) -> None:
    try:
        page = parse_list_answer(raw)
    except ValueError:
        return
    assert page.raw == raw

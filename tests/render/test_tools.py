"""Tool calls and tasks."""

from __future__ import annotations

import pytest

from chatkit_tui.models.fields import JSON
from tests.render.examples import GROUP, body, head, item


def call(**fields: JSON) -> list[str]:
    """The body of a tool call."""
    return body(item("client_tool_call", **{"name": "look", "arguments": "{}", **fields}))


@pytest.mark.parametrize(
    ("status", "start"),
    [
        ("completed", "✓ tool  look  completed"),
        ("in_progress", "◐ tool  look  in progress"),
        ("retrying", "? tool  look  retrying"),
        (None, "? tool  look"),
    ],
)
def test_a_call_tells_how_far_it_is_in_sign_and_word(status: JSON, start: str) -> None:
    assert head(item("client_tool_call", name="look", status=status)).startswith(start)


def test_arguments_and_output_are_indented_json() -> None:
    assert call(arguments='{"a":[1.50]}', output='{"b":null}') == [
        "arguments",
        "  {",
        '    "a": [',
        "      1.50",
        "    ]",
        "  }",
        "output",
        "  {",
        '    "b": null',
        "  }",
    ]


def test_short_values_stand_beside_their_name() -> None:
    assert call(call_id="call_1", output='"ok"') == ["call call_1", "arguments {}", 'output "ok"']


def test_a_running_call_has_no_output_yet() -> None:
    assert call(status="in_progress", output=None)[-1] == "output none yet"
    assert call(status="completed", output=None)[-1] == "output none"


def test_broken_json_is_marked_and_shown_as_text() -> None:
    assert call(arguments='{"a": [1,', output="done\nand dusted") == [
        "arguments (not JSON)",
        '  {"a": [1,',
        "output (not JSON)",
        "  done",
        "  and dusted",
    ]


def test_json_nested_past_all_reason_is_shown() -> None:
    lines = call(arguments="[" * 50_000 + "]" * 50_000)
    assert lines[0] == "arguments (too deep to be read as JSON)"


def test_long_json_is_folded() -> None:
    lines = call(output="[" + ",".join(map(str, range(40))) + "]")
    assert lines[-1] == "  … 34 more lines"


def test_arguments_that_came_as_an_object_are_json() -> None:
    assert call(arguments={"a": 1})[:2] == ["arguments", "  {"]


@pytest.mark.parametrize("kind", ["thought", "custom", "search"])
def test_a_task_tells_its_type_in_a_word(kind: str) -> None:
    assert f"task  {kind}" in head(item("task", task_type=kind))


def test_a_task_has_heading_and_summary() -> None:
    assert body(item("task", heading="Look", summary="Found\nit")) == ["Look", "Found", "it"]


def test_a_task_without_words_says_so() -> None:
    assert body(item("task")) == ["(no heading, no summary)"]


def test_a_group_counts_its_tasks() -> None:
    assert "group  5 tasks" in head(GROUP)
    assert "group  1 task " in head(item("task_group", tasks=[{"type": "custom"}]))


def test_a_task_of_a_group_has_its_sign_and_its_type() -> None:
    tasks = [
        {"type": "thought", "heading": "A", "summary": "a"},
        {"type": "custom", "summary": "b"},
        9,
    ]
    assert body(item("task_group", tasks=tasks)) == [
        "○ A  thought",
        "  a",
        "● custom",
        "  b",
        "  ? unknown task",
        "    9",
    ]


def test_a_group_without_tasks_says_so() -> None:
    assert body(item("task_group")) == ["(no tasks)"]

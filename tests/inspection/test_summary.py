"""The figures of a conversation."""

from __future__ import annotations

import json

from chatkit_tui.inspection.summary import BARS, Run, sparkline, summarize, summary_facts
from chatkit_tui.models.page import Page, RawRow
from chatkit_tui.text.plain import set_plain

NOW = 10_000_000.0


def rows(*items: dict[str, object]) -> tuple[RawRow, ...]:
    texts = [json.dumps({"id": f"i{number}", **item}).encode() for number, item in enumerate(items)]
    return Page.of_texts(texts).rows


def user(at: int, **fields: object) -> dict[str, object]:
    content = [{"type": "input_text", "text": "Hello?"}]
    return {"type": "chatkit.user_message", "created_at": at, "content": content, **fields}


def assistant(at: int) -> dict[str, object]:
    source = {"type": "url", "source": {"type": "url", "url": "https://example.com/a"}}
    part = {"type": "output_text", "text": "Yes.", "annotations": [source]}
    return {"type": "chatkit.assistant_message", "created_at": at, "content": [part]}


def call(at: int, *, status: str = "completed", arguments: str = "{}") -> dict[str, object]:
    return {
        "type": "chatkit.client_tool_call",
        "created_at": at,
        "name": "find",
        "status": status,
        "arguments": arguments,
        "output": "{}",
    }


CONVERSATION = rows(
    user(100, inference_options={"model": "large"}, attachments=[{"mime_type": "image/png"}]),
    assistant(110),
    user(200),
    call(230, arguments="not JSON"),
    assistant(236),
    call(600, status="in_progress"),
    {"type": "later_kind", "created_at": 700},
)


def test_the_figures_of_a_conversation() -> None:
    summary = summarize([Run(CONVERSATION)], NOW)
    assert (summary.items, summary.whole) == (7, True)
    assert summary.by_kind == {"user": 2, "assistant": 2, "tool": 2, "other": 1}
    assert (summary.first, summary.last) == (100, 700)
    assert (summary.longest_gap, summary.longest_gap_after) == (364, "i4")
    assert (summary.answers, summary.median_answer) == (2, 20)
    assert (summary.worst_answer, summary.worst_answer_to) == (30, "i2")
    assert summary.tools["find"] == (2, 1, 1, 6, 6)
    assert summary.attachments == {"image/png": 1}
    assert summary.sources == {"https://example.com/a": 2}
    assert summary.models == {"large": 1}
    assert summary.problems == {"tool-error": 1, "in-progress": 1, "broken-item": 1}
    assert len(summary.activity) == BARS
    assert sum(summary.activity) == 7


def test_parts_of_a_thread_are_not_taken_for_neighbors() -> None:
    parts = [Run(CONVERSATION[:3], has_newest=False), Run(CONVERSATION[5:], has_oldest=False)]
    summary = summarize(parts, NOW)
    assert not summary.whole
    assert summary.longest_gap == 100
    assert "unanswered" not in summary.problems


def test_a_thread_without_items_has_figures() -> None:
    summary = summarize([Run(())], NOW)
    assert summary.items == 0
    assert json.loads(json.dumps(summary.as_json()))["longest_gap"] is None
    assert dict(summary_facts(summary))["answers"] == "none"


def test_only_the_most_frequent_names_are_shown() -> None:
    messages = [user(number, inference_options={"model": f"m{number}"}) for number in range(12)]
    facts = dict(summary_facts(summarize([Run(rows(*messages))], NOW)))
    assert facts["models"].endswith(", 1 m7, 4 others")


def test_activity_is_bars_or_numbers() -> None:
    assert sparkline([0, 1, 4, 8, 0]) == " ▂▅█"
    set_plain(True)
    try:
        assert sparkline([0, 1]) == "0 1"
    finally:
        set_plain(False)

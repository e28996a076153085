"""The language of the filter of items."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.inspection.item_filter import ItemFilter
from chatkit_tui.models.page import Page
from tests.ui.talk_emulator import assistant, call, task, user

ITEMS = (
    user("Refund for order 12"),
    assistant("your refund is on its way"),
    call(output='{"refund": 12}'),
    task(),
    {"type": "chatkit.widget", "widget": '{"type": "Text", "value": "Refund"}'},
    {"type": "chatkit.unheard_of"},
)
ROWS = Page.of_texts(
    [
        json.dumps({"id": f"i{number}", "created_at": 60 * number, **item}).encode()
        for number, item in enumerate(ITEMS)
    ]
).rows


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", [0, 1, 2, 3, 4, 5]),
        ("refund", [0, 1, 2, 4]),
        ("REFUND order", [0]),
        ('"refund for"', [0]),
        ('"for refund"', []),
        ("-refund", [3, 5]),
        ("k:tool refund", [2]),
        ("k:tools k:users", [0, 2]),
        ("-k:task -k:other", [0, 1, 2, 4]),
        ("k:t", [2, 3]),
        ("k:widget", [4]),
        ("k:", [0, 1, 2, 3, 4, 5]),
        ("K:USER", [0]),
    ],
)
def test_kinds_and_texts(text: str, shown: list[int]) -> None:
    wanted = ItemFilter(text, now=0)
    assert wanted.problem == ""
    assert [number for number, row in enumerate(ROWS) if wanted.matches(row)] == shown


KINDS = "k: takes user, assistant, widget, tool, task, image, question, end, hidden, other"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("k:tol", KINDS),
        ("k:s x", KINDS),
        ("is:un", "is: takes unanswered"),
        ("is:tool-error", ""),
    ],
)
def test_mistakes(text: str, problem: str) -> None:
    assert ItemFilter(text, now=0).problem == problem


@given(st.lists(st.sampled_from(["-", "k:", "is:", '"', " ", "tool", "refund", "\0", "é"])))
def test_any_text_is_a_filter(parts: list[str]) -> None:
    text = "".join(parts)
    wanted = ItemFilter(text, now=0)
    shown = [wanted.matches(row) for row in ROWS]
    assert not wanted.is_empty or all(shown)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    wanted = ItemFilter(text, now=0)
    assert isinstance(wanted.matches(ROWS[0]), bool)

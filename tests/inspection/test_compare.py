"""Turns of two threads: how they are paired, and what is marked."""

from __future__ import annotations

import json
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.inspection.compare import Line, compare, turns
from chatkit_tui.models.page import Page, RawRow


def rows(talk: list[str]) -> list[RawRow]:
    """Return items; a text that begins with `>` is the user's."""
    return [*Page.of_texts([_item(number, text) for number, text in enumerate(talk)]).rows]


def _item(number: int, text: str) -> bytes:
    kind, part = ("user", "input_text") if text[:1] == ">" else ("assistant", "output_text")
    content = [{"type": part, "text": text.removeprefix(">")}]
    item = {"id": f"item_{number}", "type": f"chatkit.{kind}_message", "content": content}
    return json.dumps(item).encode()


def marked(lines: tuple[Line, ...]) -> str:
    return " ".join(line.text[a:b] for line in lines for a, b in line.differences)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ([], [], []),
        ([">a", "b"], [">a", "b"], [("", "")]),
        ([">a", "b c d"], [">a", "b x d"], [("c", "x")]),
        ([">a"], [">z", ">a"], [("", "z"), ("", "")]),
        (["welcome", ">a"], [">a"], [("welcome", ""), ("", "")]),
        ([">a", ">b"], [], [("a", ""), ("b", "")]),
    ],
)
def test_turns_are_paired_by_the_users_messages(
    left: list[str], right: list[str], expected: list[tuple[str, str]]
) -> None:
    pairs = compare(rows(left), rows(right))
    assert [(marked(one), marked(other)) for one, other in pairs] == expected


def test_repeated_words_do_not_hide_what_is_the_same() -> None:
    same = "yes no maybe " * 100
    [pair] = compare(rows([">a", f"first {same}"]), rows([">a", same]))
    assert (marked(pair.left), marked(pair.right)) == ("first", "")


TALK = st.lists(st.text("> ab\n\x1b", max_size=8), max_size=8)


@given(TALK, TALK)
def test_no_line_is_lost_and_marks_are_inside_of_it(left: list[str], right: list[str]) -> None:
    pairs = compare(rows(left), rows(right))
    for side, talk in ((0, left), (1, right)):
        lines = [line for pair in pairs for line in pair[side]]
        assert [line.text for line in lines] == [
            line.text for turn in turns(rows(talk)) for line in turn
        ]
        for line in lines:
            assert "\x1b" not in line.text
            assert all(0 <= a < b <= len(line.text) for a, b in line.differences)


def test_long_texts_are_marked_by_lines_in_bounded_time() -> None:
    began = process_time()
    pairs = compare(
        rows([">a", "x y " * 50_000 + "\nsame"]), rows([">a", "y z " * 50_000 + "\nsame"])
    )
    assert [len(line.differences) for line in pairs[0].left] == [0, 1, 0]
    assert process_time() - began < 5

"""The predicates, as tables of conversations."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.models.items import parse_item, read_item
from chatkit_tui.models.page import Page
from chatkit_tui.predicates.answers import find_answers
from chatkit_tui.predicates.predicate import Predicate
from chatkit_tui.predicates.problems import ANSWER_GRACE, find_problems

NOW = 10_000_000
LONG_AGO = 1_000_000


def user(text: str = "Hello?", **fields: object) -> dict[str, object]:
    return {"type": "chatkit.user_message", "content": [{"type": "input_text", "text": text}]} | (
        fields
    )


def assistant(text: str = "Yes.", **fields: object) -> dict[str, object]:
    return {
        "type": "chatkit.assistant_message",
        "content": [{"type": "output_text", "text": text, "annotations": []}],
    } | fields


def call(status: str = "completed", **fields: object) -> dict[str, object]:
    return {
        "type": "chatkit.client_tool_call",
        "name": "find",
        "call_id": "c1",
        "status": status,
        "arguments": "{}",
        "output": None if status == "in_progress" else "{}",
    } | fields


def widget(text: str = '{"type":"Card","children":[]}') -> dict[str, object]:
    return {"type": "chatkit.widget", "widget": text}


def task() -> dict[str, object]:
    return {"type": "chatkit.task", "task_type": "thought", "heading": "Think", "summary": None}


def rows(*items: dict[str, object]) -> Page:
    """Return a page of items with ids, a second apart."""
    return Page.of_texts(
        [
            json.dumps({"id": f"i{place}", "created_at": LONG_AGO + place} | item).encode()
            for place, item in enumerate(items)
        ]
    )


def problems(
    *items: dict[str, object], has_newest: bool = True, now: float = NOW
) -> list[tuple[int, str, str]]:
    page = rows(*items)
    found = find_problems(page.rows, has_newest=has_newest, now=now)
    parsed = [read_item(row) for row in page.rows]
    assert found == find_problems(parsed, has_newest=has_newest, now=now)
    return [(finding.place, finding.predicate.value, finding.reason) for finding in found]


BEFORE_NEXT = "no answer before the user's next message"


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([], []),
        ([assistant()], []),
        ([user(), assistant()], []),
        ([user(), widget()], []),
        ([user(), call()], []),
        ([user()], [(0, "no answer")]),
        ([user(), task()], [(0, "no answer")]),
        ([user(), assistant("  ")], [(0, "no answer")]),
        ([user(), user(), assistant()], [(0, BEFORE_NEXT)]),
        ([user(), task(), user()], [(0, BEFORE_NEXT), (2, "no answer")]),
    ],
)
def test_unanswered(items: list[dict[str, object]], expected: list[tuple[int, str]]) -> None:
    assert problems(*items) == [(place, "unanswered", reason) for place, reason in expected]


def test_an_item_of_an_unknown_type_may_be_the_answer() -> None:
    assert problems(user(), {"type": "chatkit.voice"}) == [(1, "broken-item", "unknown type voice")]


@pytest.mark.parametrize("kind", ["generated_image", "structured_input"])
def test_an_image_and_a_question_are_answers(kind: str) -> None:
    assert problems(user(), {"type": kind}) == []


@pytest.mark.parametrize("kind", ["end_of_turn", "hidden_context_item", "workflow"])
def test_what_says_nothing_to_the_user_is_no_answer(kind: str) -> None:
    assert problems(user(), {"type": kind}) == [(0, "unanswered", "no answer")]


def test_calls_of_self_hosted_servers_have_no_problem_of_their_own() -> None:
    pending = call("pending", arguments={}, output=None)
    done = call(arguments={"many": False}, output="words, not JSON")
    assert problems(done, pending) == [(1, "in-progress", "find is still in progress")]


def test_the_end_is_no_lack_of_an_answer_if_it_is_not_known() -> None:
    assert problems(user(), has_newest=False) == []
    assert problems(user(), user(), has_newest=False) == [(0, "unanswered", BEFORE_NEXT)]


@pytest.mark.parametrize(("age", "count"), [(0, 0), (ANSWER_GRACE - 1, 0), (ANSWER_GRACE, 1)])
def test_the_newest_message_gets_some_time(age: int, count: int) -> None:
    assert len(problems(user(), now=LONG_AGO + age)) == count


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (call(), None),
        (call(arguments=""), None),
        (call(output=None), None),
        (call(output='"done"'), None),
        (call(arguments="{"), "the arguments of find are not JSON"),
        (call(output="oops"), "the output of find is not JSON"),
        (call(output='{"error": "no such order"}'), "find failed: no such order"),
        (call(output='{"ok": false}'), "find failed"),
        (call(output="ValueError: bad"), "find failed: ValueError: bad"),
        (call(status="failed", name=""), "a tool without a name failed"),
    ],
)
def test_tool_error(item: dict[str, object], expected: str | None) -> None:
    assert problems(item) == ([(0, "tool-error", expected)] if expected else [])


def test_in_progress() -> None:
    assert problems(user(), call("in_progress"), assistant()) == [
        (1, "in-progress", "find is still in progress")
    ]


def timed(*seconds: int) -> list[dict[str, object]]:
    """Return turns that were answered after some seconds each."""
    items: list[dict[str, object]] = []
    for turn, wait in enumerate(seconds):
        asked = LONG_AGO + 100_000 * turn
        items += [user(created_at=asked), assistant(created_at=asked + wait)]
    return items


@pytest.mark.parametrize(
    ("seconds", "slow"),
    [
        ((3, 900), []),
        ((2, 2, 29), []),
        ((2, 2, 30), [5]),
        ((20, 20, 79), []),
        ((20, 20, 80), [5]),
        ((0, 0, 0, 40), [7]),
    ],
)
def test_slow_answer(seconds: tuple[int, ...], slow: list[int]) -> None:
    found = problems(*timed(*seconds))
    assert [place for place, name, _ in found if name == "slow-answer"] == slow


def test_a_slow_answer_says_what_is_usual() -> None:
    assert problems(*timed(2, 2, 2, 300)) == [
        (7, "slow-answer", "answered after 5 min, usually 2 s")
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("plain\nwith\ttabs", 0),
        ("né 👩‍👩‍👧 ✔️", 0),
        ("a\u202eb", 1),
        ("a\u200bb\u2060", 2),
        ("\x1b[31mred", 1),
        ("bell\x7f", 1),
        ("\ue000", 1),
    ],
)
def test_hidden_characters(text: str, count: int) -> None:
    words = f"{count} hidden character{'' if count == 1 else 's'}"
    expected = [(0, "hidden-characters", words)] if count else []
    assert problems(assistant(text)) == expected


@given(
    st.text(
        st.sampled_from('n\n\t"\\ é\u0628\u05d0\U0001f469\ufe0f\u200c\u200d\u202e\u00ad\x7f'),
        max_size=6,
    )
)
def test_hidden_characters_count_alike_however_json_writes_them(text: str) -> None:
    item = assistant(text, id="i1")
    escaped = Page.of_texts([json.dumps(item).encode()])
    as_it_is = Page.of_texts([json.dumps(item, ensure_ascii=False).encode()])

    def found(page: Page) -> list[str]:
        return [each.reason for each in find_problems(page.rows, has_newest=False, now=NOW)]

    assert found(as_it_is) == found(escaped)


def test_hidden_characters_in_json_of_a_call() -> None:
    assert problems(call(output=json.dumps({"a": "\u202e"}))) == [
        (0, "hidden-characters", "1 hidden character")
    ]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"type": "chatkit.poll"}, "unknown type poll"),
        ({}, "no type"),
        (assistant(id=""), "no id"),
        (widget("{"), "the widget is not JSON"),
        (widget(""), "the widget is not JSON"),
    ],
)
def test_broken_item(item: dict[str, object], reason: str) -> None:
    assert problems(item) == [(0, "broken-item", reason)]


def test_a_row_that_is_no_json_is_broken() -> None:
    page = Page.of_texts([b"nonsense"])
    (found,) = find_problems(page.rows, has_newest=True, now=NOW)
    assert found[:3] == (Predicate.BROKEN_ITEM, None, "not JSON")


def test_every_predicate_is_explained() -> None:
    assert all(predicate.help.endswith(".") for predicate in Predicate)


def test_answers_are_in_order() -> None:
    items = [read_item(row) for row in rows(user(), user(), task(), assistant()).rows]
    assert list(find_answers(items)) == [(0, None, None), (1, 3, 2)]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KINDS = ("user_message", "assistant_message", "widget", "client_tool_call", "task", "odd")
OPTIONAL = ("id", "created_at", "content", "widget", "status", "name", "arguments")
FOREIGN = st.fixed_dictionaries(
    {"type": st.sampled_from(KINDS).map("chatkit.{}".format) | JSON_VALUES},
    optional=dict.fromkeys(OPTIONAL, JSON_VALUES)
    | {"output": JSON_VALUES | st.text(alphabet='{}[]":\\u01a, ')},
)


@given(st.lists(FOREIGN.map(json.dumps).map(str.encode) | st.binary(max_size=40), max_size=8))
def test_foreign_items_raise_nothing(texts: list[bytes]) -> None:
    found = find_problems([parse_item(text) for text in texts], has_newest=True, now=NOW)
    assert [finding.place for finding in found] == sorted(finding.place for finding in found)
    assert all(finding.reason and 0 <= finding.place < len(texts) for finding in found)

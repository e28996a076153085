"""The rows of a JSON text: folded, found, and copied with their path."""

from __future__ import annotations

import json
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.document.from_json import NotJSONError
from chatkit_tui.inspection.json_tree import JsonTree
from chatkit_tui.text.folding import Query

VALUE = {
    "id": "cti_1",
    "odd key": {"a": [1.10, {"b": None}], "é": True},
    "arguments": '{"city": "Rome", "list": [1, "[2]"]}',
    "broken": "{not json",
}

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=6), inner, max_size=4)
        | inner.map(json.dumps)
    ),
    max_leaves=20,
)


def tree(value: object) -> JsonTree:
    return JsonTree(json.dumps(value))


def test_every_row_has_its_path_as_jq_writes_it() -> None:
    made = tree(VALUE)
    assert [made.path(index) for index in range(len(made.rows))] == [
        ".",
        ".id",
        '.["odd key"]',
        '.["odd key"].a',
        '.["odd key"].a[0]',
        '.["odd key"].a[1]',
        '.["odd key"].a[1].b',
        '.["odd key"]["\\u00e9"]',
        ".arguments",
        ".arguments | fromjson",
        ".arguments | fromjson | .city",
        ".arguments | fromjson | .list",
        ".arguments | fromjson | .list[0]",
        ".arguments | fromjson | .list[1]",
        ".arguments | fromjson | .list[1] | fromjson",
        ".arguments | fromjson | .list[1] | fromjson | .[0]",
        ".broken",
    ]


def test_a_closed_row_hides_its_entries() -> None:
    made = tree(VALUE)
    assert made.visible() == list(range(len(made.rows)))
    assert made.toggle(2)
    assert made.visible() == [0, 1, 2, *range(8, 17)]
    assert not made.toggle(1)
    made.set_all_open(is_open=False)
    assert made.visible() == [0, 1, 2, 8, 16]
    made.reveal(12)
    assert made.visible() == [0, 1, 2, 8, 9, 10, 11, 12, 13, 16]


@given(values)
def test_the_value_of_the_root_is_the_value(value: object) -> None:
    made = tree(value)
    whole = made.value(0)
    assert whole == value if isinstance(value, str) else json.loads(whole) == value
    for index in range(len(made.rows)):
        assert made.path(index).isascii()
        assert made.path(index).isprintable()
    made.set_all_open(is_open=True)
    assert made.visible() == list(range(len(made.rows)))


def test_digits_escapes_and_repeated_keys_stay() -> None:
    made = JsonTree('{"a": 1.100, "a": "\\u00e9", "b": -0.0}')
    assert made.value(0) == '{"a": 1.100, "a": "\\u00e9", "b": -0.0}'
    assert made.value(2) == "é"


def test_hostile_keys_are_inert_in_paths() -> None:
    made = tree({"\x1b]52;c;eA==\x07\u202e": {"$(rm -rf ~)\n": 1}})
    assert made.path(2) == '.["\\u001b]52;c;eA==\\u0007\\u202e"]["$(rm -rf ~)\\n"]'


def test_keys_and_values_are_found() -> None:
    made = tree(VALUE)
    assert [index for index in range(17) if made.has(index, Query("rome"))] == [8, 10]
    assert [index for index in range(17) if made.has(index, Query("odd"))] == [2]


@pytest.mark.parametrize("text", ["café", "cafe\u0301", "CAFÉ", "two words", "straße"])
def test_values_are_found_as_find_finds_them(text: str) -> None:
    made = JsonTree(r'["Caf\u00e9", "CAFÉ", "two\u00a0 words", "STRASSE \n"]')
    found = [index for index in range(5) if made.has(index, Query(text, capitals=False))]
    assert found == {"c": [1, 2], "t": [3], "s": [4]}[text[0].lower()]


def test_other_text_is_no_tree() -> None:
    with pytest.raises(NotJSONError):
        JsonTree("{not json")


def test_deep_nesting_and_a_megabyte_are_read() -> None:
    deep = JsonTree("[" * 20_000 + "]" * 20_000)
    assert deep.value(0) == "[" * 20_000 + "]" * 20_000
    text = json.dumps([{"id": number, "name": "x" * 60} for number in range(12_000)])
    assert len(text) > 1_000_000
    began = process_time()
    large = JsonTree(text)
    assert len(large.visible()) == 12_001
    assert process_time() - began < 2  # 0.15 s on an idle machine

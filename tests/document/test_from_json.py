"""JSON is indented and colored, and otherwise unchanged."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.document.from_json import MOST_LINES, json_blocks
from chatkit_tui.document.safe_text import safe_spans
from chatkit_tui.document.spans import line_text
from tests.render.drawing import frame, letters, style_of

values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=10,
)

ORDER = '{"id": "A-1", "total": 12.50, "paid": false, "lines": [{"sku": "tea"}, []], "note": null}'


def test_json_is_indented() -> None:
    assert frame(json_blocks(ORDER), 40) == dedent("""\
        {
          "id": "A-1",
          "total": 12.50,
          "paid": false,
          "lines": [
            {
              "sku": "tea"
            },
            []
          ],
          "note": null
        }""")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ('"id"', "code.name"),
        ('"A-1"', "code.string"),
        ("12.50", "code.number"),
        ("false", "code.keyword"),
        ("null", "code.keyword"),
    ],
)
def test_each_token_has_its_role(text: str, role: str) -> None:
    assert style_of(json_blocks(ORDER), text).role == role


@pytest.mark.parametrize(
    "text",
    [
        "1.10",
        "1E400",
        "123456789012345678901234567890.123456789",
        "-0.0",
        r'"a\u00e9\n\"\/"',
        r'"\ud800"',
        '{"a":1,"a":2}',
        '{"z":1,"a":2}',
    ],
)
def test_json_is_shown_unchanged_but_for_white_space(text: str) -> None:
    assert letters(frame(json_blocks(text), 80)) == text


def test_a_line_break_inside_a_string_does_not_break_the_line() -> None:
    assert frame(json_blocks('"a\nb"'), 40) == '"a␊b"'


def test_control_characters_are_shown_as_symbols() -> None:
    assert frame(json_blocks('{"a": "\x1b[31m"}'), 40) == '{\n  "a": "␛[31m"\n}'
    assert frame(json_blocks({"a": "\x1b\u202e"}), 40) == '{\n  "a": "\\u001b⟨U+202E⟩"\n}'


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("{'a': 1}", 2),
        ('{"a" 1}', 6),
        ('{"a": 1,}', 9),
        ("[1,]", 4),
        ("[1 2]", 4),
        ("[1}", 3),
        ("1 2", 3),
        ("]", 1),
        ('{"a": [1', 9),
        ('"open', 1),
        ("01", 2),
        ("{1: 2}", 2),
        ("hello", 1),
    ],
)
def test_text_that_is_not_json_is_shown_unchanged_and_marked(text: str, position: int) -> None:
    with pytest.raises(ValueError):
        json.loads(text)
    assert frame(json_blocks(text), 80) == f"(not JSON at character {position})\n{text}"


def test_bytes_are_decoded() -> None:
    assert frame(json_blocks('{"a": "é"}'.encode()), 40) == '{\n  "a": "é"\n}'
    assert frame(json_blocks(b"\xff"), 40) == "(not JSON at character 1)\n\\xff"


def test_empty_text_is_reported_as_empty() -> None:
    assert frame(json_blocks(" \n"), 40) == "(empty)"


@pytest.mark.slow
@pytest.mark.parametrize(
    "value", ["[" * 100_000 + "]" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000]
)
def test_nesting_of_any_depth_is_drawn_up_to_a_number_of_lines(value: str) -> None:
    block, left_out = json_blocks(value)
    assert len(getattr(block, "lines", ())) == MOST_LINES
    assert "of JSON are not shown" in str(left_out)


def test_values_of_any_depth_are_drawn() -> None:
    value: Any = 1
    for _ in range(5_000):
        value = [value]
    assert letters(frame(json_blocks(value), 200)).startswith("[[[[")


def test_a_value_without_a_json_form_is_shown() -> None:
    assert frame(json_blocks({"a": {1}, 2: (float("nan"),)}), 40) == dedent("""\
        {
          "a": {1},
          "2": [
            NaN
          ]
        }""")


@given(values, st.sampled_from([None, 2]))
def test_a_value_and_its_text_are_drawn_alike(value: Any, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    (from_text,) = json_blocks(text)
    (from_value,) = json_blocks([value])
    drawn = "\n".join(line_text(safe_spans(line)) for line in getattr(from_text, "lines", ()))
    inside = "\n".join(
        line_text(safe_spans(line))[2:] for line in getattr(from_value, "lines", ())[1:-1]
    )
    assert drawn == inside


@given(st.text('[]{}":,0123456789.eE-truefalsnu\\ \n', max_size=20))
def test_text_is_marked_exactly_if_json_rejects_it(text: str) -> None:
    try:
        json.loads(text, strict=False)
        fits = True
    except ValueError:
        fits = False
    marked = frame(json_blocks(text), 80).startswith(("(not JSON", "(empty)"))
    # Escapes inside a string are shown as they are, so they are not looked at here.
    assert marked != fits or "\\" in text


@given(st.binary(max_size=40))
def test_any_bytes_are_accepted(raw: bytes) -> None:
    assert frame(json_blocks(raw), 40)

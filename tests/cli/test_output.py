"""JSON and text on their way out: nothing changes its value, nothing steers a terminal."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.cli.output import cell, compact, escaped, instant
from chatkit_tui.models.wire import Timestamp

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(JSON_VALUES, st.sampled_from([None, 2]), st.booleans())
def test_compact_json_is_one_line_of_the_same_value(
    value: object, indent: int | None, ascii_only: bool
) -> None:
    raw = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "replace")
    short = compact(raw)
    assert b"\n" not in short
    assert json.loads(short) == json.loads(raw)


def test_compact_json_keeps_the_spelling_of_numbers() -> None:
    assert compact(b'{ "a" : 1.50 , "b" : 1e3, "c": [ 1 ] }') == b'{"a":1.50,"b":1e3,"c":[1]}'


def test_compact_json_keeps_the_space_inside_strings() -> None:
    assert compact(b'{"a": "x  \\" :  y"}') == b'{"a":"x  \\" :  y"}'


def test_a_line_break_that_a_server_left_in_a_string_becomes_an_escape() -> None:
    assert compact(b'{"a": "x\ny"}') == b'{"a":"x\\ny"}'


@given(JSON_VALUES)
def test_escaped_json_has_the_same_value(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert json.loads(escaped(text)) == value


@pytest.mark.parametrize("character", ["\x1b", "\x7f", "\x9b", "\u202e", "\u200b", "\U000e0041"])
def test_escaped_json_has_no_character_that_steers_a_terminal(character: str) -> None:
    shown = escaped(f'{{"a": "x{character}y"}}')
    assert character not in shown
    assert json.loads(shown) == {"a": f"x{character}y"}


def test_escaped_json_leaves_other_scripts_readable() -> None:
    assert escaped('"Grüße, 東京, Привет"') == '"Grüße, 東京, Привет"'


def test_a_cell_is_one_line_without_tabs_or_controls() -> None:
    assert cell("a\tb\nc\x1b[31m") == "a b c␛[31m"


def test_a_moment_is_told_in_utc() -> None:
    assert instant(Timestamp(1_773_307_800)) == "2026-03-12T09:30:00Z"


def test_a_moment_that_was_decoded_from_an_id_is_marked() -> None:
    assert instant(Timestamp(1_773_307_800, approximate=True)) == "≈2026-03-12T09:30:00Z"


def test_a_moment_that_nobody_knows_is_called_unknown() -> None:
    assert instant(None) == "unknown"

"""JSON and text for output: values are unchanged, and no text controls a terminal."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.cli.output import cell, escaped, exact_cell, timestamp
from chatkit_tui.models.timestamps import Timestamp
from chatkit_tui.text.json_text import compact

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@pytest.mark.slow
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


@pytest.mark.slow
@given(JSON_VALUES)
def test_escaped_json_has_the_same_value(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    assert json.loads(escaped(text)) == value


@pytest.mark.parametrize("character", ["\x1b", "\x7f", "\x9b", "\u202e", "\u200b", "\U000e0041"])
def test_escaped_json_has_no_control_character(character: str) -> None:
    shown = escaped(f'{{"a": "x{character}y"}}')
    assert character not in shown
    assert json.loads(shown) == {"a": f"x{character}y"}


@pytest.mark.parametrize(
    "text", ["Grüße, 東京, Привет", "नमस्ते", "e\u0301", "ก็"], ids=["letters", "hi", "accent", "th"]
)
def test_escaped_json_leaves_other_scripts_readable(text: str) -> None:
    assert escaped(f'"{text}"') == f'"{text}"'


def test_escaped_json_stacks_no_tower_of_marks() -> None:
    shown = escaped('{"a": "x' + "\u0301" * 500 + '"}')
    assert shown.count("\u0301") == 8
    assert json.loads(shown) == {"a": "x" + "\u0301" * 500}


@pytest.mark.parametrize(
    "raw",
    ['{\r\n\t"a": [\r\n\t\t1,\r2\r\n\t]\r\n}', '\ufeff{"a": [1, 2]}'],
    ids=["tabs and CRLF", "byte order mark"],
)
def test_escaped_json_is_valid_for_any_white_space_between_strings(raw: str) -> None:
    shown = escaped(raw)
    assert json.loads(shown) == {"a": [1, 2]}
    assert "\r" not in shown
    assert "\t" not in shown


def test_unescaped_characters_of_a_server_are_escaped_on_a_terminal() -> None:
    assert escaped('{"a":"x\ny\tz\x1b"}') == '{"a":"x\\ny\\tz\\u001b"}'


def test_invalid_json_cannot_control_a_terminal() -> None:
    assert escaped('\x1b[31m"\x9b') == '\\u001b[31m"\\u009b'


def test_a_large_string_costs_no_memory_for_each_letter() -> None:
    raw = b'"' + b"a" * 5_000_000 + b'"'
    for work in (lambda: compact(raw), lambda: escaped(raw.decode())):
        tracemalloc.start()
        work()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 8 * len(raw)


def test_a_cell_is_one_line_without_tabs_or_controls() -> None:
    assert cell("a\tb\nc\x1b[31m") == "a b c␛[31m"


@pytest.mark.parametrize("text", ["a\rb", "a\r", "\ra", " a\r ", "a\vb", "a\x85b", "a\x1cb"])
def test_a_control_that_python_counts_as_white_space_is_shown(text: str) -> None:
    shown = cell(text)
    assert len(shown) == len(text.strip(" ")) or "⟨U+0085⟩" in shown
    assert shown.isprintable()
    assert "␍" in shown or "\r" not in text


def test_the_line_ends_of_a_title_are_blanks() -> None:
    assert cell(" a\r\nb\n\n c\t ") == "a b c"


@given(st.text())
def test_a_cell_of_an_id_keeps_every_character(text: str) -> None:
    shown = exact_cell(text)
    assert not set(shown) & set("\t\r\n\x1b")
    if text.isascii() and text.isprintable():
        assert shown == text


def test_a_cell_of_an_id_shows_its_white_space() -> None:
    assert exact_cell(" a\r\n\tb ") == " a␍␊␉b "


def test_a_moment_is_reported_in_utc() -> None:
    assert timestamp(Timestamp(1_773_307_800)) == "2026-03-12T09:30:00Z"


def test_a_moment_that_was_decoded_from_an_id_is_marked() -> None:
    assert timestamp(Timestamp(1_773_307_800, approximate=True)) == "≈2026-03-12T09:30:00Z"


def test_a_missing_time_is_called_unknown() -> None:
    assert timestamp(None) == "unknown"

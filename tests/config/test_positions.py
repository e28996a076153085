"""The lines of keys."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.config.positions import key_lines, line_of

DOCUMENT = '''\
# a comment with "quotes' and [brackets] = signs
top = "a # b"   # = c
[profiles.work] # [not.this]
multi = """
fake = 1
[fake]
"""
literal = \'\'\'
other = 2
\'\'\'
list = [ # one
  "x = 1",
  "[y]",
]
inline = { a = 1, b = "}" }
"quoted key" = 'it"s'
dotted . "in side" = 1
[ "a.b" . c ]
last = """ends with quotes"""""
after = 1'''


def test_every_table_and_key_has_its_line() -> None:
    assert key_lines(DOCUMENT) == {
        ("top",): 2,
        ("profiles", "work"): 3,
        ("profiles", "work", "multi"): 4,
        ("profiles", "work", "literal"): 8,
        ("profiles", "work", "list"): 11,
        ("profiles", "work", "inline"): 15,
        ("profiles", "work", "quoted key"): 16,
        ("profiles", "work", "dotted", "in side"): 17,
        ("a.b", "c"): 18,
        ("a.b", "c", "last"): 19,
        ("a.b", "c", "after"): 20,
    }


def test_the_document_of_this_test_is_toml() -> None:
    assert tomllib.loads(DOCUMENT)["a.b"]["c"]["last"] == 'ends with quotes""'


def test_a_key_of_an_inline_table_has_the_line_of_the_table() -> None:
    lines = key_lines(DOCUMENT)
    assert line_of(lines, ("profiles", "work", "inline", "b")) == 15


def test_an_implied_table_has_the_line_of_its_first_part() -> None:
    assert line_of(key_lines("[a.c]\n[profile.work]\n[profile.home]\n"), ("profile",)) == 2


def test_a_key_that_is_nowhere_has_no_line() -> None:
    assert line_of(key_lines(DOCUMENT), ("nowhere",)) is None


NAMES = st.text("ab ä𐀀.\"'#=[]{}\\\n", max_size=8)
VALUES = st.one_of(
    st.integers(), st.text("ab\"'#=[]{}\\\n ", max_size=12), st.lists(st.text("a]#,", max_size=4))
)


def toml(value: Any) -> str:
    """A value as TOML; JSON's strings and arrays are TOML's."""
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.slow
@given(st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=4), max_size=4))
def test_lines_are_right_in_any_document(document: dict[str, dict[str, Any]]) -> None:
    text: list[str] = []
    expected: dict[tuple[str, ...], int] = {}
    for table, values in document.items():
        text.append(f"[{toml(table)}]")
        expected[(table,)] = len(text)
        for name, value in values.items():
            text.append(f"{toml(name)} = {toml(value)} # {toml(value)}")
            expected[table, name] = len(text)
    written = "\n".join(text)
    assert tomllib.loads(written) == document
    assert key_lines(written) == expected

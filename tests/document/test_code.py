"""Code keeps its text, whatever its colors are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.document.blocks import Code
from chatkit_tui.document.code import LONGEST_COLORED, LONGEST_COLORED_LINE, code_lines, is_known
from chatkit_tui.document.spans import line_text
from chatkit_tui.text.sanitize import Untrusted, sanitize
from tests.render.drawing import frame, spans_of, style_of
from tests.text.test_sanitize import texts

PYTHON = "def f(x):\n    return 'a' + 1  # why\n"


def code_block(text: str, language: str = "") -> Code:
    return Code(Untrusted(text), language)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("def", "code.keyword"),
        ("'a'", "code.string"),
        ("1", "code.number"),
        ("# why", "code.comment"),
        ("f", "code.name"),
    ],
)
def test_words_of_a_known_language_have_roles(text: str, role: str) -> None:
    spans = spans_of((code_block(PYTHON, "python"),))
    assert any(span.text.strip() == text and span.style.role == role for span in spans)


def test_code_keeps_its_lines_and_indentation() -> None:
    assert frame((code_block(PYTHON, "python"),), 40) == PYTHON.rstrip("\n")


@pytest.mark.parametrize("language", ["", "klingon", "\x1b", "python3 --wrong"])
def test_code_of_an_unknown_language_is_plain(language: str) -> None:
    assert {span.style.role for span in spans_of((code_block(PYTHON, language),))} == {"code"}


def test_very_long_code_is_neither_colored_nor_truncated() -> None:
    code = "x = 1\n" * LONGEST_COLORED
    lines = code_lines(code_block(code, "python"))
    assert len(lines) == LONGEST_COLORED
    assert lines[0][0].style.role == "code"


def test_code_with_a_very_long_line_is_not_colored() -> None:
    (line,) = code_lines(code_block("x = '" + "a" * LONGEST_COLORED_LINE + "'", "python"))
    assert [span.style.role for span in line] == ["code"]


def test_a_control_character_in_code_is_a_symbol() -> None:
    block = code_block("x = '\x1b'\nreturn 1", "python")
    assert frame((block,), 40) == "x = '␛'\nreturn 1"
    assert style_of((block,), "␛").role == "hidden"
    assert style_of((block,), "return").role == "code.keyword"


def test_tabs_in_code_are_expanded() -> None:
    assert frame((code_block("a\tb\n\tc", "make"),), 40) == "a   b\n    c"


def test_languages_are_known_by_their_aliases() -> None:
    assert is_known("py")
    assert is_known("JSON")
    assert not is_known("klingon")
    assert not is_known("")


@given(texts, st.sampled_from(["python", "json", "html", "bash", "rust", "yaml", "diff"]))
def test_colors_change_no_letter(text: str, language: str) -> None:
    drawn = "\n".join(map(line_text, code_lines(code_block(text, language))))
    sanitized = "\n".join(
        sanitize(line) for line in text.replace("\r\n", "\n").rstrip("\n").split("\n")
    )
    assert drawn == sanitized

"""Regular expressions of find: what they match, and that they end."""

from __future__ import annotations

import pytest

from chatkit_tui.text import expressions
from chatkit_tui.text.expressions import (
    LONGEST,
    Expression,
    InvalidExpressionError,
    SlowExpressionError,
)


@pytest.mark.parametrize(
    ("expression", "text", "found"),
    [
        ("ref.nd", "A refund, a Refund", ["refund", "Refund"]),
        ("Ref.nd", "A refund, a Refund", ["Refund"]),
        (r"\bCAT\S", "cats CATS", ["CATS"]),
        (r"\Sats", "cats CATS", ["cats", "CATS"]),
        (r"^a.b$", "a\nb", ["a\nb"]),
        (r"^a b$", " a \u3000 b ", ["a \u3000 b"]),
        ("caf\u00e9", "cafe\u0301", ["cafe\u0301"]),
        (r"\d+", "\uff11\uff12 \u00b2", ["\uff11\uff12", "\u00b2"]),
        ("i(s)tan", "\u0130stan", ["\u0130stan"]),
        ("\u0130stan", "istan ISTAN", []),
        ("a.c", "a\u200bbc", ["a\u200bbc"]),
        ("\uff08x\uff09", "(x)", ["(x)"]),
        ("a*", "bab", ["a"]),
    ],
)
def test_an_expression_sees_folded_text(expression: str, text: str, found: list[str]) -> None:
    query = Expression(expression)
    assert [text[start:end] for start, end in query.spans(text)] == found
    assert query.count(text) == len(found)


@pytest.mark.parametrize(
    "text",
    ["(a", "[", "*", r"\L<x>", "(?P<n>a", "(" * 900, "a" * (LONGEST + 1), "(?R)+a", "x{3,1}"],
)
def test_an_invalid_expression_says_in_a_line_what_is_wrong(text: str) -> None:
    with pytest.raises(InvalidExpressionError) as raised:
        Expression(text)
    assert "\n" not in str(raised.value)
    assert str(raised.value)


@pytest.mark.parametrize(
    "text", ["(a+)+b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){20}b", r"(?:(.)|(.)(.))*\b\B"]
)
def test_a_catastrophic_expression_ends(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "SECONDS", 0.02)
    query = Expression(text)
    with pytest.raises(SlowExpressionError):
        query.count("a" * 5000)
    assert query.spans("a" * 5000) == []

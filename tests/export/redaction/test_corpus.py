"""What is replaced in texts, and what stays."""

from __future__ import annotations

import json
import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.export.redaction.redactor import redactor
from tests.export.redaction.corpus import NAMED_PHONES, POSITIVES, TRICKY

MASK: Final = redactor()
"""One for all tests: its numbers grow, which none of them looks at."""

CASES: Final = [(kind, text) for kind, texts in POSITIVES.items() for text in texts]
TOKEN: Final = re.compile(r"‹(\w+) \d+›")


def test_there_are_enough_tricky_texts() -> None:
    assert len(set(TRICKY)) >= 100


@pytest.mark.parametrize("text", TRICKY)
def test_what_only_looks_like_a_value_stays(text: str) -> None:
    assert MASK.text(text) == text
    assert MASK.text(f"See {text}, please.") == f"See {text}, please."
    assert MASK.value({"id": text, "args": json.dumps({"note": text})})["id"] == text


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_a_value_is_replaced(kind: str, text: str) -> None:
    for written in (text, f"({text})", f"Hello, {text}.", f"one\n{text}\ntwo", f"{text}, {text}"):
        assert set(TOKEN.findall(MASK.text(written))) == {kind}, MASK.text(written)


VALUES: Final = sorted({text for _, text in CASES} - set(NAMED_PHONES))

values = st.sampled_from(VALUES)
filler = st.sampled_from(["", " ", "\n", "see ", ", ", "«", "»", "。", "(", "mail: ", " {", "‹"])
texts = st.lists(st.one_of(filler, values.map(lambda text: f" {text} ")), max_size=6).map("".join)
trees = st.recursive(
    texts,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(["text", "a"]), texts), inner, max_size=3),
        inner.map(lambda value: json.dumps(value)),
        inner.map(lambda value: json.dumps(value, ensure_ascii=False, indent=1)),
    ),
    max_leaves=8,
)


@given(trees)
def test_no_value_is_left_anywhere(tree: object) -> None:
    raw = json.dumps({"id": "cti_1", "content": tree}).encode()
    once = MASK.raw(raw)
    assert not [text for text in VALUES if text.encode() in once or _escaped(text) in once]
    assert json.loads(MASK.raw(once)) == json.loads(once)


def _escaped(text: str) -> bytes:
    return json.dumps(text)[1:-1].encode()


@given(st.text(), st.sampled_from(["", "phone", "api_key"]))
def test_any_text_is_redacted_once(text: str, name: str) -> None:
    once = MASK.value({name: text, text: name})
    assert MASK.value(once) == once


@given(st.lists(st.sampled_from("+0049()- .@:/‹›sk_tel:\u0660１a,"), max_size=60).map("".join))
def test_signs_of_numbers_in_any_order_are_redacted_once(text: str) -> None:
    once = MASK.text(text)
    assert MASK.text(once) == once

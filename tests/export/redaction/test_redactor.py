"""Tokens, JSON and rows; what is found in texts is in `test_corpus`."""

from __future__ import annotations

import json
import sys

import pytest

from chatkit_tui.errors import InvalidArgumentError, MissingExtraError
from chatkit_tui.export.redaction.redactor import Redactor, redactor
from chatkit_tui.models.json import JSON
from chatkit_tui.models.page import Page, RawRow

ADA = "ada@example.com"


@pytest.fixture
def mask() -> Redactor:
    return redactor()


def row(value: JSON) -> RawRow:
    return Page.of_texts([json.dumps(value).encode()], thread_id="cthr_1").rows[0]


def test_the_same_value_has_the_same_number(mask: Redactor) -> None:
    text = mask.text(f"{ADA}, bob@example.com, {ADA.upper()}")
    assert text == "‹email 1›, ‹email 2›, ‹email 1›"
    assert mask.text(f"from {ADA}") == "from ‹email 1›"
    assert mask.counts["email"] == 4


def test_a_number_is_the_same_in_every_spelling(mask: Redactor) -> None:
    assert mask.text("+49 30 901820 or 0049-30-901820") == "‹phone 1› or ‹phone 1›"
    assert mask.text("DE89370400440532013000, DE89 3704 0044 0532 0130 00") == "‹IBAN 1›, ‹IBAN 1›"
    assert mask.text("4111111111111111 4111-1111-1111-1111") == "‹card 1› ‹card 1›"


def test_tokens_are_not_redacted_again(mask: Redactor) -> None:
    text = mask.text(f"call +49 30 901820 or write to {ADA}")
    assert mask.text(text) == redactor(patterns=["digit=\\d"]).text(text) == text


def test_a_token_in_the_text_hides_nothing(mask: Redactor) -> None:
    assert mask.text(f"‹{ADA} 1› ‹phone +4930901820›") == "‹‹email 1› 1› ‹phone ‹phone 1››"


def test_keys_values_and_json_in_strings_are_redacted(mask: Redactor) -> None:
    arguments = '{"to": "ada\\u0040example.com", "n": 1}'
    value = mask.value({ADA: [ADA, {"a": ADA}], "arguments": arguments, "card": 4111111111111111})
    assert value == {
        "‹email 1›": ["‹email 1›", {"a": "‹email 1›"}],
        "arguments": '{"to":"‹email 1›","n":1}',
        "card": "‹card 1›",
    }
    assert mask.counts["email"] == 4


def test_json_in_a_string_without_anything_to_replace_keeps_its_form(mask: Redactor) -> None:
    value = {"arguments": '{ "order" : "ORD-1" }', "big": 10**30, "no": 1e400}
    assert mask.value(value) == {**value, "no": "inf"}


def test_a_member_that_is_there_twice_hides_nothing(mask: Redactor) -> None:
    raw = b'{"id":"cti_1","a":"ada@example.com","a":"{\\"b\\":\\"ada@example.com\\",\\"b\\":1}"}'
    assert b"ada" not in mask.raw(raw)


def test_two_keys_of_one_value_both_stay(mask: Redactor) -> None:
    assert mask.value({ADA: 1, ADA.upper(): 2}) == {"‹email 1›": 1, "‹email 1›'": 2}


@pytest.mark.parametrize(
    "value",
    [
        {"phone": "030 901820"},
        {"customer_phone": 4930901820},
        {"homePhone": ["030-901820"]},
        {"name": "phone", "value": "030 901820"},
        {"mobile": {"number": "030 901820"}},
        {"api_key": "3f9c0de41aa84b7e"},
        {"password": "hunter2!hunter"},
    ],
)
def test_the_name_of_a_member_tells_what_it_holds(mask: Redactor, value: JSON) -> None:
    text = json.dumps(mask.value(value), ensure_ascii=False)
    assert "1›" in text
    assert "901820" not in text.replace(" ", "")


def test_a_row_stays_json_and_keeps_its_id(mask: Redactor) -> None:
    redacted = mask.row(row({"id": "cti_1", "thread_id": "cthr_1", "created_at": 5, "text": ADA}))
    assert json.loads(redacted.raw)["text"] == "‹email 1›"
    assert (redacted.id, redacted.created_at, redacted.page.thread_id) == ("cti_1", 5, "cthr_1")


def test_an_id_that_is_an_address_is_redacted(mask: Redactor) -> None:
    assert mask.row(row({"id": ADA})).id == "‹email 1›"


@pytest.mark.parametrize("raw", [b"{", b"[" * 100_000, b'{"a":"ada@example.com'])
def test_a_row_that_cannot_be_read_becomes_an_outline(mask: Redactor, raw: bytes) -> None:
    assert "redacted" in json.loads(mask.raw(raw))


def test_patterns_of_the_user_come_last() -> None:
    mask = redactor(patterns=["order=ORD-\\d+", "digits=\\d{4}"])
    assert mask.text("ORD-77 of 4111111111111111, ord-88 in 2026") == (
        "‹order 1› of ‹card 1›, ord-88 in ‹digits 1›"
    )


@pytest.mark.parametrize(
    "pattern", ["order", "=x", "1=x", "email=x", "a b=x", "a=(", "a=(?R)", "a=" + "x" * 1001]
)
def test_a_pattern_that_cannot_be_used_is_rejected(pattern: str) -> None:
    with pytest.raises(InvalidArgumentError):
        redactor(patterns=[pattern])


def test_a_name_is_used_once() -> None:
    with pytest.raises(InvalidArgumentError, match="twice"):
        redactor(patterns=["a=x", "A=y"])


def test_a_pattern_that_takes_too_long_ends_the_redaction() -> None:
    mask = redactor(patterns=[r"slow=(a|aa|b?c?a)+$"])
    with pytest.raises(InvalidArgumentError, match="slow takes too long"):
        mask.text("a" * 5_000 + "!")


def test_a_region_is_two_letters() -> None:
    assert redactor("de").text("030 901820 00") == "‹phone 1›"
    with pytest.raises(InvalidArgumentError, match="not a region"):
        redactor("Germany")


@pytest.mark.parametrize("name", ["phonenumbers", "stdnum"])
def test_without_the_extra_nothing_is_redacted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'chatkit-tui\[redact\]'"):
        redactor()

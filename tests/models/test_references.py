"""Ids in texts that users paste."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.models.references import (
    SESSIONS,
    NotAnIdError,
    Reference,
    read_reference,
    strip_id,
)

THREAD = "cthr_68a1f3c2" + "0" * 40


@pytest.mark.parametrize(
    "text",
    [
        THREAD,
        f"  {THREAD}\n",
        f'"{THREAD}"',
        f"https://platform.openai.com/logs/{THREAD}",
        f"https://platform.openai.com/logs/{THREAD}?tab=items#top",
        f"https://platform.openai.com/logs/?thread={THREAD}",
        f"platform.openai.com/logs/{THREAD}",
        f"platform.openai.com/logs/{THREAD}?tab=items",
        f"localhost:8000/threads/{THREAD}",
    ],
)
def test_an_id_is_found_however_it_was_copied(text: str) -> None:
    assert read_reference(text) == Reference(THREAD)


def test_any_text_is_an_id() -> None:
    assert read_reference("my thread/7") == Reference("my thread/7")
    assert read_reference("a.b/7") == Reference("a.b/7")
    assert read_reference(f"old {THREAD}/7") == Reference(f"old {THREAD}/7")


def test_the_id_of_an_item_is_reported_from_that_of_a_thread() -> None:
    assert read_reference("cti_68a1f3c2").is_item


def test_an_address_without_a_known_id_gives_the_end_of_its_path() -> None:
    assert read_reference("https://chat.example.com/t/abc%20d/") == Reference("abc d")


@pytest.mark.parametrize("text", ["", "   ", '""', "https://platform.openai.com/"])
def test_a_text_without_an_id_is_rejected_with_the_reason(text: str) -> None:
    with pytest.raises(NotAnIdError, match="is empty"):
        read_reference(text)


def test_an_address_that_cannot_be_parsed_is_no_error() -> None:
    assert read_reference("https://[broken/logs/x") == Reference("x")


@pytest.mark.parametrize(
    "text",
    [
        f"{THREAD}\r",
        f"\t{THREAD}\r\n",
        f"{THREAD},",
        f'"{THREAD}",\r\n',
        f"'{THREAD}'",
        f"`{THREAD}`",
        f"<{THREAD}>",
        f"“{THREAD}”",
        f'  " {THREAD} " , ',
        f"\u00a0{THREAD}\u3000",
        f"<https://platform.openai.com/logs/{THREAD}>,",
    ],
)
def test_quotes_and_spaces_around_an_id_are_stripped(text: str) -> None:
    assert read_reference(text) == Reference(THREAD)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("a,,", "a,"),
        ('""a""', '"a"'),
        ('"a', '"a'),
        ("\"a'", "\"a'"),
        ("a b", "a b"),
        (",", ""),
        ('"', '"'),
        ("(a)", "(a)"),
    ],
)
def test_nothing_else_is_stripped(text: str, id_: str) -> None:
    assert strip_id(text) == id_


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("cthr_1\rcthr_2", "control"),
        ("cthr_1\x1b[2J", "control"),
        ("cthr_1\x00", "control"),
        ("cthr\t1", "control"),
        ("cthr_1\x9b", "control"),
        ("cthr_\udce9", "UTF-8"),
        ("..", "path"),
        ('"."', "path"),
        ("x" * 4_097, "longer"),
        ("https://h.test/a%0Db", "control"),
        ("https://h.test/..", "path"),
    ],
)
def test_a_text_that_cannot_be_an_id_is_rejected(text: str, reason: str) -> None:
    with pytest.raises(NotAnIdError, match=reason):
        read_reference(text)


def test_a_session_is_found_in_the_address_of_its_call() -> None:
    address = "https://api.openai.com/v1/chatkit/sessions/cksess_1/cancel"
    assert read_reference(address, SESSIONS) == Reference("cksess_1")


@given(st.text(max_size=30) | st.text(" \r\n\t,\"'<>`./:\x1b-cthr_1", max_size=30))
def test_an_id_never_holds_what_an_address_on_the_wire_cannot(text: str) -> None:
    try:
        found = read_reference(text).id
    except NotAnIdError:
        return
    assert found.strip()
    assert found not in (".", "..")
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in found)
    assert "://" in text or found in text

"""What people paste when they are asked for an id."""

from __future__ import annotations

import pytest

from chatkit_tui.ui.reference import Reference, read_reference

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
    ],
)
def test_an_id_is_found_however_it_was_copied(text: str) -> None:
    assert read_reference(text) == Reference(THREAD)


def test_any_text_is_an_id() -> None:
    assert read_reference("my thread/7") == Reference("my thread/7")


def test_the_id_of_an_item_is_told_from_that_of_a_thread() -> None:
    found = read_reference("cti_68a1f3c2")
    assert found is not None
    assert found.is_item


def test_an_address_without_a_known_id_gives_the_end_of_its_path() -> None:
    assert read_reference("https://chat.example.com/t/abc%20d/") == Reference("abc d")


@pytest.mark.parametrize("text", ["", "   ", '""', "https://platform.openai.com/"])
def test_nothing_gives_nothing(text: str) -> None:
    assert read_reference(text) is None


def test_an_address_that_cannot_be_taken_apart_is_no_error() -> None:
    assert read_reference("https://[broken/logs/x") == Reference("x")

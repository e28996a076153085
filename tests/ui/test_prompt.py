"""The prompt shares its line between the input and a note."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from chatkit_tui.emulator import Emulator
from chatkit_tui.ui.widgets.prompt import LEAST_INPUT, fitting
from tests.ui.conftest import Start

NOTES = [
    ("1 of 260 loaded, more exist", "1 of 260+ loaded"),
    ("403 of 518, 452 of 5,430 searched", "403/518, 452/5,430"),
    ("7 of 60 loaded; the server's list is broken", "7 of 60; broken"),
]


@pytest.mark.parametrize("note", [note for note, _ in NOTES])
async def test_at_80_columns_a_note_is_complete(start: Start, note: str) -> None:
    async with start() as driver:
        await driver.press(":")
        driver.browse.prompt.note(note)
        await driver.settle()
        assert note in driver.status


@pytest.mark.parametrize(("note", "short"), NOTES)
async def test_at_40_columns_a_note_is_abbreviated(start: Start, note: str, short: str) -> None:
    async with start(40, 12) as driver:
        await driver.press(":")
        driver.browse.prompt.note(note)
        await driver.settle()
        assert driver.status.rstrip().endswith(f" {short}")


async def test_a_note_fits_again_when_the_terminal_changes(start: Start) -> None:
    async with start() as driver:
        await driver.press(":")
        driver.browse.prompt.note(NOTES[0][0])
        await driver.resize(40, 12)
        assert NOTES[0][1] in driver.status
        await driver.resize(80, 24)
        assert NOTES[0][0] in driver.status


async def test_the_longest_note_leaves_room_to_type_in(start: Start) -> None:
    async with start(40, 12) as driver:
        await driver.press(":")
        driver.browse.prompt.note("there is no " + "x" * 60, bad=True)
        await driver.settle()
        assert driver.browse.prompt.query_one(Input).size.width == LEAST_INPUT


def test_a_note_is_shortened_no_more_than_necessary() -> None:
    assert fitting("452 of 5,430 searched", 21) == "452 of 5,430 searched"
    assert fitting("452 of 5,430 searched", 20) == "452 of 5,430"
    assert fitting("452 of 5,430 searched", 11) == "452/5,430"


@pytest.mark.parametrize("typed", ["..", '"",', "https://platform.openai.com/"])
async def test_an_invalid_id_is_rejected_with_the_reason(
    start: Start, emulator: Emulator, typed: str
) -> None:
    async with start(120, 24) as driver:
        emulator.requests.clear()
        await driver.press(":", *typed, "enter")
        await driver.settle()
        assert "there is no id in that: it is " in driver.status
        assert not emulator.requests

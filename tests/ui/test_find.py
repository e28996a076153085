"""Find in the open thread goes on into what is not loaded."""

from __future__ import annotations

import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.ui.messages import FindChanged
from chatkit_tui.ui.transcript.status_text import found_words
from tests.ui.conftest import Start
from tests.ui.driver import Driver

LONG = 330
"""Items of a thread whose first page has 30."""
ORDER = "ro54514299734"
"""What a single item of the gap has."""


@pytest.mark.parametrize(
    ("search", "words"),
    [
        (FindChanged("x", 0, 0, 30, 30, more=True), "not in 30 loaded: n loads the rest"),
        (FindChanged("x", 0, 0, 330, 330), "not found"),
        (FindChanged("x", 2, 7, 30, 30, more=True), "2 of 7+"),
        (FindChanged("x", 2, 7, 330, 330), "2 of 7"),
        (FindChanged("x", 0, 0, 12, 30, done=False, more=True), "…, 12 of 30 searched"),
    ],
)
def test_the_words_claim_nothing_of_what_is_not_loaded(search: FindChanged, words: str) -> None:
    assert found_words(search, "n") == words


async def find(driver: Driver, text: str, *then: str) -> None:
    """Find a text, without accepting it, and press keys."""
    await driver.press("slash")
    await driver.paste(text)
    await driver.press(*then)


async def test_a_word_that_is_not_loaded_costs_its_length_and_three_keys(start: Start) -> None:
    async with start(160, 30, emulator=Emulator(threads=1, items=LONG)) as driver:
        await driver.press("enter")
        keys = ("slash", *ORDER, "ctrl+r", "enter")
        assert len(keys) == len(ORDER) + 3
        await driver.press(*keys[:-2])
        assert driver.matches() == 0
        assert "not in 30 loaded: Ctrl+r loads the rest" in driver.status
        await driver.press(*keys[-2:])
        assert driver.loaded("items") == LONG
        assert driver.matches() == 1
        assert "1 of 1 " in driver.status
        assert ORDER.upper() in driver.frame()


async def test_the_key_of_the_next_match_loads_the_rest_too(start: Start) -> None:
    async with start(100, 30, emulator=Emulator(threads=1, items=LONG)) as driver:
        await driver.press("enter")
        await find(driver, "nowhere", "enter")
        assert "not in 30 loaded: n loads the rest" in driver.status
        await driver.press("n")
        assert driver.loaded("items") == LONG
        assert "“nowhere” not found" in driver.status


@pytest.mark.parametrize("keys", [("o", "g", "n"), ("G", "N")])
async def test_a_step_over_the_gap_is_offered_first(start: Start, keys: tuple[str, ...]) -> None:
    """Of the matches of the name, three are among the newest items, and three in the gap."""
    async with start(100, 30, emulator=Emulator(threads=1, items=LONG)) as driver:
        *ways, key = keys
        await driver.press("enter", *ways)
        await find(driver, "rossi", "enter")
        loaded = driver.loaded("items")
        item = driver.item()
        while "again loads the rest" not in driver.status:
            item = driver.item()
            await driver.press(key)
        assert driver.loaded("items") == loaded
        assert driver.item() == item
        assert "+  " in driver.browse.transcript.amount
        await driver.press(key)
        assert driver.loaded("items") == LONG
        row, view = driver.item(), driver.browse.transcript.view
        assert row != item
        assert "rossi" in view.copies()[0].text().casefold()
        assert "+  " not in driver.browse.transcript.amount


async def test_what_is_found_later_does_not_move_a_user_who_reads_on(start: Start) -> None:
    async with start(100, 30, emulator=Emulator(threads=1, items=LONG)) as driver:
        await driver.press("enter")
        await find(driver, "letter-25", "enter")
        driver.browse.reading.action_read_on()
        await driver.press("j")
        item = driver.item()
        await driver.settle()
        assert driver.loaded("items") == LONG
        assert driver.item() == item


async def test_escape_stops_the_loading_and_keeps_what_was_found(start: Start) -> None:
    emulator = Emulator(threads=1, items=LONG)
    async with start(100, 30, emulator=emulator) as driver:
        await driver.press("enter")
        await find(driver, "nowhere")
        emulator.latency = 3600
        await driver.pilot.press("ctrl+r")
        await driver.pilot.pause()
        assert "Esc stop" in driver.line(-1)
        await driver.press("escape")
        assert driver.loaded("items") == 30
        assert driver.loading("items") == ""
        assert driver.browse.prompt.display
        emulator.latency = 0
        await driver.press("ctrl+r")
        assert driver.loaded("items") == LONG
        assert "not found" in driver.status


async def regex(driver: Driver) -> None:
    """Switch regular expressions on or off by the palette."""
    await driver.command("regex")


async def test_an_expression_is_found_after_the_switch_in_the_prompt(start: Start) -> None:
    async with start(100, 30, emulator=Emulator(threads=1, items=LONG)) as driver:
        await driver.press("enter")
        await find(driver, r"\bTh\w+")
        assert driver.matches() == 0
        await regex(driver)
        assert "find regex" in driver.status
        found = driver.matches()
        assert found
        await driver.press("(")
        assert "missing )" in driver.status
        await driver.press("backspace", "enter", "n")
        assert driver.matches() == found
        assert f" of {found}+" in driver.status


async def test_a_catastrophic_expression_leaves_the_keys_alone(start: Start) -> None:
    async with start(100, 30, emulator=Emulator(threads=1, items=12)) as driver:
        await driver.press("enter")
        await regex(driver)
        assert "regular expressions on" in driver.status
        await driver.press("slash")
        await driver.type(r"(.|..)*\b\B")
        assert "too slow, only 0 of 12 searched" in driver.status
        await driver.press("escape", "j")
        assert driver.matches() is None


async def test_an_invalid_expression_is_not_accepted(start: Start) -> None:
    async with start() as driver:
        await driver.press("enter")
        await regex(driver)
        await driver.press("/", "(", "enter")
        assert "missing )" in driver.status
        await driver.type("e)")
        await driver.press("enter")
        assert "(e)" in driver.status
        assert "1 of" in driver.status

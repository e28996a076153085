"""Only the items of the open thread that match a filter."""

from __future__ import annotations

import pytest

from chatkit_tui.feed import filtered_feed
from tests.ui.conftest import Start
from tests.ui.driver import Driver
from tests.ui.talk_emulator import TalkEmulator, assistant, call, task, user

TALK = [user("refund please"), assistant(), call(output='{"refund": 12}'), user("thanks"), task()]


def amount(driver: Driver) -> str:
    return driver.browse.transcript.amount


async def test_kind_and_text_are_shown_and_esc_shows_all_at_the_same_item(start: Start) -> None:
    async with start(160, 50, emulator=TalkEmulator(TALK)) as driver:
        await driver.press("enter", "&", "=refund", "enter")
        assert "filtered: 2 of 5 loaded items" in driver.status
        assert driver.position().startswith("1/2")
        await driver.press("&", "= k:tool", "enter")
        assert amount(driver) == "filtered: 1 of 5 loaded items"
        item = driver.item
        await driver.press("escape")
        assert amount(driver) == "5 items"
        assert driver.position().startswith("3/5")
        assert driver.item == item
        await driver.press("escape")
        assert not driver.browse.item_filter.is_on


async def test_the_cursor_goes_to_the_nearest_item_that_is_shown(start: Start) -> None:
    async with start(160, 50, emulator=TalkEmulator(TALK)) as driver:
        await driver.press("enter", "j", "&", "=k:user", "enter")
        assert driver.position().startswith("2/2")


async def test_a_mistake_is_said_while_it_is_typed_and_nothing_is_filtered(start: Start) -> None:
    async with start(160, 50, emulator=TalkEmulator(TALK)) as driver:
        await driver.press("enter", "&", *"k:tol")
        assert "k: takes user, assistant, widget, tool, " in driver.frame()
        await driver.press("enter")
        assert driver.browse.prompt.question is not None
        await driver.press("escape")
        assert amount(driver) == "5 items"


async def test_without_a_match_it_says_of_how_many_items(start: Start) -> None:
    async with start(160, 50, emulator=TalkEmulator(TALK)) as driver:
        await driver.press("enter", "j", "&", "=nowhere", "enter")
        assert "None of 5 loaded items matches the filter." in driver.frame()
        assert "no items" not in driver.frame()
        # Keys do no harm without an item.
        await driver.press("j", "k", "e", "]", "}", "space", "m", "i", "z", "o", "n", "G", "g", "y")
        await driver.press("escape", "/", "=refund", "enter", "n", "escape", "o", "escape")
        assert driver.position().startswith("2/5")


async def test_problems_are_judged_with_the_hidden_neighbors(start: Start) -> None:
    items = [user("one"), assistant(), user("two"), user("three"), assistant()]
    async with start(160, 50, emulator=TalkEmulator(items)) as driver:
        await driver.press("enter", "&", "=is:unanswered", "enter")
        assert amount(driver) == "filtered: 1 of 5 loaded items"
        await driver.press("e")
        assert "problem 1 of 1: no answer before" in driver.status
        await driver.press("e")
        assert "no further problem below in 1 shown item" in driver.status


async def test_marks_stay_and_copying_takes_them(start: Start) -> None:
    async with start(160, 50, emulator=TalkEmulator(TALK)) as driver:
        await driver.press("enter", "space", "&", "=k:tool", "enter", "space")
        assert "2 marked" in amount(driver)
        assert len(driver.browse.transcript.view.marked()) == 2
        await driver.press("escape", "escape")
        assert amount(driver) == "5 items"


async def test_what_is_loaded_for_a_jump_or_a_search_is_judged_too(start: Start) -> None:
    items = [*[task()] * 150, user("refund"), *[task()] * 148, user("refund")]
    async with start(160, 50, emulator=TalkEmulator(items)) as driver:
        await driver.press("enter", "&", "=k:user", "enter")
        assert amount(driver) == "filtered: 2 of 300 loaded items"
        await driver.press("/", "=refund", "enter", "n")
        assert driver.position().startswith("2/2")


async def test_loading_for_matches_is_bounded_and_goes_on_with_the_key(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filtered_feed, "MOST_BARREN", 100)
    async with start(160, 50, emulator=TalkEmulator([task()] * 900)) as driver:
        await driver.press("enter", "&", "=k:user", "enter")
        loaded = driver.loaded("items")
        assert loaded < 400
        assert f"no further match in {loaded} loaded items: & Enter loads on" in driver.status
        assert f"None of {loaded} loaded items matches" in driver.frame()
        await driver.press("G")
        assert "on the way" not in driver.status
        await driver.press("&", "enter")
        assert loaded < driver.loaded("items") < 900


async def test_what_comes_newer_is_judged(start: Start) -> None:
    server = TalkEmulator(TALK)
    async with start(160, 50, emulator=server) as driver:
        await driver.press("enter", "&", "=k:user", "enter", "G")
        before = driver.item
        server.library = TalkEmulator([*TALK, task(), user("more")]).library
        await driver.press("r")
        assert amount(driver) == "filtered: 3 of 7 loaded items"
        assert driver.item == before


async def test_another_thread_ends_it_and_so_does_a_hidden_item_that_is_gone_to(
    start: Start,
) -> None:
    async with start(160, 50, emulator=TalkEmulator(TALK)) as driver:
        await driver.press("enter")
        state = driver.browse.transcript.view.state
        assert state is not None
        assert (first := state.cursor.key) is not None
        await driver.press("&", "=k:tool", "enter")
        assert driver.browse.transcript.go_to_item(first)
        await driver.settle()
        assert amount(driver) == "5 items"
        assert driver.position().startswith("1/5")
        await driver.press("&", "enter", "J")
        assert amount(driver) == "5 items"

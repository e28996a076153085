"""From problem to problem in the open thread."""

from __future__ import annotations

import pytest

from chatkit_tui.ui.actions import jump, problems
from tests.ui.conftest import Start
from tests.ui.talk_emulator import TalkEmulator, assistant, call, task, user


async def test_the_key_goes_from_problem_to_problem_and_says_why(start: Start) -> None:
    items = [user(), assistant(), call("in_progress", None), user(), user(), assistant()]
    async with start(160, 50, emulator=TalkEmulator(items)) as driver:
        await driver.press("enter", "e")
        assert "problem 1 of 2: look_up is still in progress" in driver.status
        assert driver.position().startswith("3/6")
        await driver.press("e")
        assert "problem 2 of 2: no answer before the user's next message" in driver.status
        await driver.press("e")
        assert "no further problem below in all 6 items" in driver.status
        await driver.press("E")
        assert "problem 1 of 2" in driver.status


async def test_a_problem_of_the_first_item_is_told_where_it_is(start: Start) -> None:
    async with start(emulator=TalkEmulator([user(), user(), assistant()])) as driver:
        await driver.press("enter", "e")
        assert driver.position().startswith("1/3")
        assert "problem 1 of 1: no answer" in driver.status


async def test_without_problems_it_says_of_what_that_is_known(start: Start) -> None:
    async with start(emulator=TalkEmulator([user(), assistant()])) as driver:
        await driver.press("enter", "e")
        assert "no problem in all 2 items" in driver.status


async def test_the_last_words_of_a_locked_thread_are_a_problem(start: Start) -> None:
    async with start(160, 50) as driver:
        await driver.press("/", "=Visa letter", "enter", "enter", "e", "e")
        assert "the last item before the thread was locked" in driver.status


@pytest.mark.parametrize("at_once", [0, 10_000])
async def test_what_is_not_loaded_is_loaded_and_looked_at(
    start: Start, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(problems, "AT_ONCE", at_once)
    items = [*[task()] * 150, call("in_progress", None), *[task()] * 149]
    async with start(160, 50, emulator=TalkEmulator(items)) as driver:
        await driver.press("enter", "e")
        assert "look_up is still in progress" in driver.status
        assert driver.position().startswith("151")
        await driver.press("e")
        assert driver.loaded("items") == 300
        assert "no further problem below in all 300 items" in driver.status


async def test_it_stops_at_its_bound_and_says_so(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jump, "MOST_PAGES", 1)
    async with start(160, 50, emulator=TalkEmulator([task()] * 400)) as driver:
        await driver.press("enter", "e")
        loaded = driver.loaded("items")
        assert loaded < 400
        assert f"no problem in {loaded} loaded items: e loads on" in driver.status


async def test_esc_stops_looking(start: Start) -> None:
    server = TalkEmulator([task()] * 300)
    async with start(emulator=server) as driver:
        await driver.press("enter")
        server.hold()
        await driver.pilot.press("e")
        assert driver.loading("items") == "looking on"
        await driver.pilot.press("escape")
        assert driver.loading("items") == ""
        server.release()
        await driver.settle()
        assert driver.loaded("items") < 300

"""The page with the figures of the open thread."""

from __future__ import annotations

from tests.ui.conftest import Start
from tests.ui.talk_emulator import TalkEmulator, assistant, call, task, user


async def test_the_page_has_the_figures_of_the_thread(start: Start) -> None:
    items = [user(), assistant(), call(), user()]
    async with start(emulator=TalkEmulator(items)) as driver:
        await driver.press("enter", "I")
        frame = driver.frame()
        assert "4, the whole thread" in frame
        assert "2 user, 1 assistant, 1 tool" in frame
        assert "tool look_up" in frame
        assert "1 unanswered" in frame
        assert "load the rest" not in driver.line(-1)
        await driver.press("escape")
        assert driver.is_alone()


async def test_it_counts_what_is_loaded_and_loads_the_rest_on_a_key(start: Start) -> None:
    server = TalkEmulator([task()] * 300)
    async with start(emulator=server) as driver:
        await driver.press("enter", "I")
        loaded = driver.loaded("items")
        assert loaded < 300
        assert f"{loaded}, loaded, more exist" in driver.frame()
        assert "load the rest" in driver.line(-1)
        server.hold()
        await driver.pilot.press("r")
        assert "loading" in driver.frame()
        await driver.pilot.press("escape")
        server.release()
        await driver.settle()
        assert "more exist" in driver.frame()
        assert not driver.is_alone()
        await driver.press("r")
        assert "300, the whole thread" in driver.frame()
        await driver.press("escape")
        assert driver.is_alone()
        assert driver.loaded("items") == 300


async def test_names_of_a_source_are_drawn_sanitized(start: Start) -> None:
    items = [user(), {**call(), "name": "look\x1b[2J\u202eup"}]
    async with start(emulator=TalkEmulator(items)) as driver:
        await driver.press("enter", "I")
        assert "\x1b" not in driver.frame()
        assert "\u202e" not in driver.frame()

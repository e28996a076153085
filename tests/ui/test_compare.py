"""The comparison of two threads on the screen."""

from __future__ import annotations

import threading

import pytest

from chatkit_tui.text.wrap import break_lines
from chatkit_tui.ui.screens import compare as compare_screen
from tests.held_emulator import HeldEmulator
from tests.ui.conftest import Start
from tests.ui.driver import Driver
from tests.ui.talk_emulator import TalkEmulator, assistant, user
from tests.ui.test_profiles_meanwhile import until


async def compare(driver: Driver) -> None:
    """Run the command from the palette."""
    await driver.command("compare")


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (160, 50), (40, 12)])
async def test_two_marked_threads_are_compared(start: Start, columns: int, lines: int) -> None:
    server = TalkEmulator([user("first\x1b[2J\u202e"), assistant(), user("second"), assistant()])
    async with start(columns, lines, emulator=server) as driver:
        await driver.press("space", "j", "space")
        await compare(driver)
        assert "the whole thread" in " ".join(driver.frame().split())
        assert "\x1b" not in driver.frame()
        assert "\u202e" not in driver.frame()
        assert ("│" in driver.frame()) == (columns >= 80)
        await driver.press("pagedown", "j", "G")
        assert "turn 2" in driver.frame()
        await driver.press("escape")
        assert driver.is_alone()


async def test_long_threads_are_wrapped_in_a_thread(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = set[threading.Thread]()
    wrap = break_lines

    def watched(text: str, width: int) -> object:
        threads.add(threading.current_thread())
        return wrap(text, width)

    monkeypatch.setattr(compare_screen, "break_lines", watched)
    async with start(emulator=TalkEmulator([user("first"), assistant()])) as driver:
        await driver.press("space", "j", "space")
        await compare(driver)
        await driver.resize(160, 50)
        assert "turn 1" in driver.frame()
    assert threads
    assert threading.current_thread() not in threads


async def test_the_other_thread_is_asked_for_and_says_why_it_is_missing(start: Start) -> None:
    async with start(emulator=TalkEmulator([user()])) as driver:
        await compare(driver)
        await driver.paste("cthr_00000000000000000000000000000000")
        await driver.press("enter")
        assert "not whole" in driver.frame()
        assert "* " in driver.frame()


async def test_loading_is_stopped_and_what_is_there_compared(start: Start) -> None:
    server = HeldEmulator()

    def shows(driver: Driver, words: str) -> bool:
        return words in " ".join(driver.frame().split())

    async with start(emulator=server) as driver:
        await driver.press("space", "j", "space")
        server.hold()
        await driver.command("compare", settled=False)
        await until(driver, lambda: shows(driver, "loading"))
        await driver.pilot.press("escape")
        await until(driver, lambda: shows(driver, "not whole: stopped"))
        server.release()
        await driver.press("escape")
        assert driver.is_alone()

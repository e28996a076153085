"""The transcript of a self-hosted server: every type of item is there, filtered and found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chatkit_tui.emulator.self_hosted import SERVER_URL, SelfHostedEmulator
from chatkit_tui.emulator.transport import EmulatorTransport
from chatkit_tui.sources.base import SourceObserver, ThreadSource
from chatkit_tui.sources.chatkit_server.source import ChatKitServerSource
from chatkit_tui.ui.app import ChatKitApp
from tests.ui.conftest import OPTIONS
from tests.ui.driver import Driver


@asynccontextmanager
async def opened_story() -> AsyncIterator[Driver]:
    """The screen with the thread that has an item of each type."""
    transport = EmulatorTransport(SelfHostedEmulator())

    async def connect(observer: SourceObserver) -> ThreadSource:
        return ChatKitServerSource(SERVER_URL, transport=transport, observer=observer)

    capabilities = ChatKitServerSource(SERVER_URL, transport=transport).capabilities
    app = ChatKitApp(OPTIONS._replace(capabilities=capabilities), connect)
    async with app.run_test(size=(100, 40)) as pilot:
        driver = Driver(app, pilot)
        await driver.settle()
        await driver.press("enter")
        yield driver


async def test_every_item_is_drawn_and_its_time_is_marked() -> None:
    async with opened_story() as driver:
        assert driver.loaded("items") == 19
        seen = driver.frame()
        for _ in range(4):
            await driver.press("pagedown")
            seen += driver.frame()
        words = ("@Move 2214", "reasoning  74 s", "web search", "C3  entity", "way-down.png")
        for text in (*words, "copied as", "[●] or Sunday", "end of turn", "(no answer yet)"):
            assert text in seen, text
        assert "≈" in seen
        assert "does not fit" not in seen
        assert "? unknown" not in seen


async def test_the_filter_of_items_knows_the_kinds() -> None:
    async with opened_story() as driver:
        await driver.press("&", "=k:question", "enter")
        assert "filtered: 2 of 19 loaded items" in driver.status


async def test_brackets_go_from_one_question_to_the_next() -> None:
    async with opened_story() as driver:
        await driver.press("&", "=k:question", "enter", "escape")
        assert driver.position().startswith("12/19")
        await driver.press("]")
        assert driver.position().startswith("18/19")


async def test_an_own_answer_is_found() -> None:
    async with opened_story() as driver:
        await driver.press("slash", "=must be", "enter")
        assert driver.matches() == 1

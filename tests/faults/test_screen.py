"""The screen on a real line, with each fault in each place that asks for something.

What is asserted of each: the app lives, what was loaded stays, one line says what happened, and
the key that tries again does once the fault is off.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import pytest
from textual import events

from chatkit_tui.emulator import DEMO_KEY, Emulator
from chatkit_tui.emulator.faults import responses
from chatkit_tui.sources.base import SourceObserver, ThreadSource
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.sources.openai.source import OpenAISource
from chatkit_tui.ui.app import ChatKitApp
from tests.faults.told import PATIENCE, Told, tried
from tests.ui.conftest import OPTIONS
from tests.ui.driver import Driver


@pytest.fixture
def emulator() -> Emulator:
    """Threads and items enough for every page."""
    return Emulator(threads=20_000, items=400)


@asynccontextmanager
async def screen(address: str, patience: float = PATIENCE) -> AsyncIterator[Driver]:
    """The app on a real line, with a client that waits so long for a byte and does not sleep."""

    async def at_once(seconds: float) -> None:
        del seconds

    async def connect(observer: SourceObserver) -> ThreadSource:
        client = ChatKitClient(
            api_key=DEMO_KEY, base_url=address, timeout=patience, max_retries=1, sleep=at_once
        )
        return OpenAISource(client, observer=observer)

    app = ChatKitApp(OPTIONS, connect)
    async with app.run_test(size=(80, 24)) as pilot:
        driver = Driver(app, pilot)
        await driver.settle()
        yield driver


def words_of(driver: Driver) -> str:
    """The screen as running text, without its frames."""
    frame = driver.frame()
    for sign in "│┃▏▎▐▌╭╮╰╯─━":
        frame = frame.replace(sign, " ")
    return " ".join(frame.split())


def loaded(driver: Driver) -> tuple[int, int]:
    return driver.loaded("threads"), driver.loaded("items")


class Place:
    """A place that asks for something. Each method is done with the faults as they are then."""

    call = ""
    again = "r tries again"
    """What the screen says of the way out."""
    key = "r"
    keeps = True
    """Whether it leaves alone what is loaded."""

    def words(self, told: Told) -> str:
        """What tells of a fault here."""
        return told.words

    async def come(self, _driver: Driver) -> None:
        """Get to where it can be asked."""

    async def ask(self, driver: Driver) -> None:
        """Ask."""
        raise NotImplementedError

    async def retry(self, driver: Driver) -> None:
        """Ask again, with the key that the screen names."""
        await driver.press(self.key)

    def is_there(self, driver: Driver, before: tuple[int, int]) -> bool:
        """Whether what was asked for came."""
        raise NotImplementedError

    async def leave(self, driver: Driver) -> None:
        """Back to the list of threads."""
        while driver.app.screen is not driver.browse or driver.browse.prompt.question:
            await driver.press("escape")
        if not driver.has_keys(driver.browse.where.THREADS):
            driver.browse.action_back()


class FirstThreads(Place):
    call = "threads.list"
    keeps = False

    async def ask(self, driver: Driver) -> None:
        driver.browse.threads.start()
        await driver.settle()

    def is_there(self, driver: Driver, _before: tuple[int, int]) -> bool:
        return loaded(driver)[0] > 0


class LaterThreads(Place):
    call = "threads.list"

    async def ask(self, driver: Driver) -> None:
        pane = driver.browse.threads
        pane.list.move_to(pane.loaded - 1)
        await driver.settle()

    def is_there(self, driver: Driver, before: tuple[int, int]) -> bool:
        return loaded(driver)[0] > before[0]


class LastThreads(Place):
    call = "threads.list"

    async def come(self, driver: Driver) -> None:
        driver.browse.threads.start()
        await driver.settle()

    async def ask(self, driver: Driver) -> None:
        await driver.press("G")

    is_there = LaterThreads.is_there


class Refresh(Place):
    call = "threads.list"

    async def come(self, driver: Driver) -> None:
        await driver.press("g")

    async def ask(self, driver: Driver) -> None:
        await driver.press("r")

    def is_there(self, driver: Driver, _before: tuple[int, int]) -> bool:
        return "refreshed" in driver.status


class FirstItems(Place):
    call = "threads.list_items"
    keeps = False

    async def come(self, driver: Driver) -> None:
        await driver.press("j")

    async def ask(self, driver: Driver) -> None:
        await driver.press("enter")

    def is_there(self, driver: Driver, _before: tuple[int, int]) -> bool:
        return loaded(driver)[1] > 0


class LaterItems(FirstItems):
    keeps = True

    async def come(self, driver: Driver) -> None:
        await driver.press("j", "enter")

    async def ask(self, driver: Driver) -> None:
        pane = driver.browse.transcript
        feed = pane.feed
        assert feed is not None
        assert pane.go_to_item(feed.old[-1].name)
        await driver.settle()

    def is_there(self, driver: Driver, before: tuple[int, int]) -> bool:
        return loaded(driver)[1] > before[1]


class LastItems(LaterItems):
    async def ask(self, driver: Driver) -> None:
        await driver.press("G")


class NewerItems(LaterItems):
    async def come(self, driver: Driver) -> None:
        await driver.press("j", "enter")
        await driver.press("G")  # once the first items are there

    async def ask(self, driver: Driver) -> None:
        await driver.press("r")

    def is_there(self, driver: Driver, _before: tuple[int, int]) -> bool:
        return "no new items" in driver.status


class GoTo(Place):
    call = "threads.retrieve"
    again = ""
    key = "enter"

    def words(self, told: Told) -> str:
        """One line on the screen, and one beside what was typed, for the way out."""
        if told.fault == "not-found":
            return f"there is no {self._thread_id[:20]}"
        return told.words[:20]  # the line ends where the screen does

    def __init__(self, thread_id: str) -> None:
        self._thread_id = thread_id

    async def come(self, driver: Driver) -> None:
        await driver.press(":")
        driver.app.post_message(events.Paste(self._thread_id))
        await driver.settle()

    async def ask(self, driver: Driver) -> None:
        await driver.press("enter")

    def is_there(self, driver: Driver, _before: tuple[int, int]) -> bool:
        row = driver.opened()
        return row is not None and row.id == self._thread_id

    async def leave(self, driver: Driver) -> None:
        await super().leave(driver)
        await driver.press("g", "enter")  # reads another one again
        await super().leave(driver)


class Deletion(Place):
    call = "threads.delete"
    again = "What was not deleted keeps its mark"

    async def come(self, driver: Driver) -> None:
        await driver.press("g", "space", "D")

    async def ask(self, driver: Driver) -> None:
        await driver.press("y")

    async def retry(self, driver: Driver) -> None:
        await driver.press("escape", "D", "y")

    def is_there(self, driver: Driver, before: tuple[int, int]) -> bool:
        return "1 deleted" in driver.status and loaded(driver)[0] < before[0]


class Creation(Place):
    call = "sessions.create"
    again = "Ctrl+s create"
    key = "ctrl+s"

    async def come(self, driver: Driver) -> None:
        await driver.press("s", "n")
        for text in ("ana", "wf_support"):
            driver.app.post_message(events.Paste(text))
            await driver.press("enter")

    async def ask(self, driver: Driver) -> None:
        await driver.press("ctrl+s")

    def is_there(self, driver: Driver, _before: tuple[int, int]) -> bool:
        return "Created." in words_of(driver)


class Cancellation(Place):
    call = "sessions.cancel"
    again = "c cancel"

    async def come(self, driver: Driver) -> None:
        await Creation().come(driver)
        await driver.press("ctrl+s")
        await driver.press("c")

    async def ask(self, driver: Driver) -> None:
        await driver.press("y")

    async def retry(self, driver: Driver) -> None:
        await driver.press("c", "y")

    def is_there(self, driver: Driver, _before: tuple[int, int]) -> bool:
        return "cancelled" in words_of(driver)


Make: TypeAlias = Callable[[Emulator], Place]
PLACES: dict[str, Make] = {
    "first threads": lambda _: FirstThreads(),
    "later threads": lambda _: LaterThreads(),
    "last threads": lambda _: LastThreads(),
    "refresh": lambda _: Refresh(),
    "first items": lambda _: FirstItems(),
    "later items": lambda _: LaterItems(),
    "last items": lambda _: LastItems(),
    "newer items": lambda _: NewerItems(),
    "go to": lambda emulator: GoTo(emulator.thread_id(5)),
    "delete": lambda _: Deletion(),
    "create": lambda _: Creation(),
    "cancel": lambda _: Cancellation(),
}


async def try_cell(driver: Driver, emulator: Emulator, place: Place, told: Told) -> None:
    await place.come(driver)
    before = loaded(driver)
    emulator.faults = (f"{told.fault}@{place.call}",)
    await place.ask(driver)
    shown = words_of(driver)
    if not (place.call == "threads.delete" and told.deleted):
        assert shown.count(place.words(told)) == 1, driver.frame()
        assert place.again in shown, driver.frame()
        if place.keeps:
            assert loaded(driver)[0] >= before[0]
            assert loaded(driver)[1] >= before[1]
        emulator.faults = ()
        await place.retry(driver)
    emulator.faults = ()
    assert place.is_there(driver, before), driver.frame()
    assert driver.app.crash is None
    await place.leave(driver)


@pytest.mark.parametrize("number", range(len(PLACES)), ids=[*PLACES])
async def test_each_fault_is_told_where_it_happened_and_can_be_tried_again(
    number: int, emulator: Emulator, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    tasks = asyncio.all_tasks()
    faults = tried(number, len(PLACES), at_most=1)
    async with screen(address, min(told.patience for told in faults)) as driver:
        place = [*PLACES.values()][number](emulator)
        for told in faults:
            try:
                await try_cell(driver, emulator, place, told)
            except AssertionError as error:
                raise AssertionError(f"{told.fault} @ {place.call}: {error}") from error
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert asyncio.all_tasks() <= tasks


async def test_an_answer_that_trickles_in_keeps_no_key_waiting(
    emulator: Emulator, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with screen(address) as driver:
        emulator.faults = ("slow-drip@threads.list",)
        await driver.pilot.press("r", "j", "j")
        assert driver.cursor() == 2
        assert "refreshing" in driver.status
        monkeypatch.setattr(responses, "DRIP_PAUSE", 0.0)
        await driver.settle()
        assert "refreshed" in driver.status
        assert driver.cursor() == 2


async def test_a_redirect_within_the_address_is_followed_wherever_something_is_read(
    emulator: Emulator, address: str
) -> None:
    emulator.faults = ("redirect@GET",)
    async with screen(address) as driver:
        for key in ("G", "enter", "G", "r"):
            await driver.press(key)
        assert loaded(driver) >= (60, 60)
        assert "no new items" in driver.status

"""A server that fails, goes away and comes back: what is said meanwhile, and what goes on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.requests import Request, Response
from chatkit_tui.sources.base import SourceObserver, ThreadSource
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.sources.openai.source import OpenAISource
from chatkit_tui.ui import failures
from chatkit_tui.ui.app import ChatKitApp
from chatkit_tui.ui.widgets.lines import OneLine
from tests.ui.conftest import OPTIONS, Start
from tests.ui.driver import Driver


class Watched(Emulator):
    """Knows which calls are inside, and how many were at most."""

    def __init__(self, threads: int = 60, items: int | None = None) -> None:
        super().__init__(threads, items)
        self.inside: Counter[str] = Counter()
        self.most = 0
        self.came = asyncio.Event()

    async def respond(self, request: Request) -> Response:
        self.inside[request.operation] += 1
        self.most = max(self.most, self.inside.total())
        self.came.set()
        try:
            return await super().respond(request)
        finally:
            self.inside[request.operation] -= 1


@asynccontextmanager
async def waiting_screen(
    make_client: Callable[..., ChatKitClient], emulator: Emulator
) -> AsyncIterator[tuple[Driver, asyncio.Event]]:
    """The app with a client whose waits last until the event is set."""
    go = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        await go.wait()

    async def connect(observer: SourceObserver) -> ThreadSource:
        client = make_client(emulator=emulator, sleep=sleep, random=lambda: 0.0)
        return OpenAISource(client, observer=observer)

    app = ChatKitApp(OPTIONS, connect)
    async with app.run_test(size=(80, 24)) as pilot:
        driver = Driver(app, pilot)
        await driver.settle()
        yield driver, go


async def shown(driver: Driver, words: str) -> None:
    """Wait until the screen says something."""
    async with asyncio.timeout(60):
        while words not in driver.frame():
            await driver.pilot.pause()


# -- waits -----------------------------------------------------------------------------------------


async def test_a_wait_is_told_where_one_waits_and_gone_with_the_answer(
    make_client: Callable[..., ChatKitClient], emulator: Emulator
) -> None:
    async with waiting_screen(make_client, emulator) as (driver, go):
        emulator.faults = ("overloaded:1@threads.list",)
        await driver.pilot.press("r")
        await shown(driver, "the server failed (503) · trying again in 1 s (1 of 2)")
        await driver.pilot.press("j")  # keys do not wait for it
        assert driver.cursor() == 1
        go.set()
        await driver.settle()
        assert "trying again" not in driver.frame()
        assert "refreshed" in driver.status


async def test_esc_ends_the_wait_and_its_words(
    make_client: Callable[..., ChatKitClient], emulator: Emulator
) -> None:
    async with waiting_screen(make_client, emulator) as (driver, _):
        emulator.faults = ("reset@threads.list",)
        await driver.pilot.press("r")
        await shown(driver, "trying again in 1 s (1 of 2)")
        await driver.press("escape")
        assert "trying again" not in driver.frame()
        assert "stopped" in driver.status


async def test_waits_of_an_id_a_session_and_a_deletion_are_told_in_their_place(
    make_client: Callable[..., ChatKitClient], emulator: Emulator
) -> None:
    async with waiting_screen(make_client, emulator) as (driver, go):
        emulator.faults = (
            "overloaded:1@threads.retrieve",
            "rate-limit-seconds:1@sessions.cancel",
            "reset:1@threads.delete",
        )
        await driver.pilot.press(":", "x", "enter")
        await shown(driver, "the server failed (503) · trying again in 1 s")
        await driver.press("escape")
        await driver.press("s", "x", "c", "enter")
        await driver.pilot.press("y")
        await shown(driver, "Cancelling the session: too many requests (429) · trying again in 3 s")
        go.set()
        await driver.settle()
        assert "trying again" not in driver.frame()
        go.clear()
        await driver.press("escape", "escape")
        await driver.pilot.press("D", "y")
        await shown(driver, "· trying again in 1 s (1 of 2)")
        go.set()
        await driver.settle()
        assert "1 deleted" in driver.status


# -- reach -----------------------------------------------------------------------------------------


def says_offline(driver: Driver) -> bool:
    return "OFFLINE" in driver.browse.query_one("#header", OneLine).words


@pytest.mark.parametrize(
    ("call", "keys"),
    [
        ("threads.retrieve", (":", "x", "enter")),
        ("threads.delete", ("D", "y")),
        ("sessions.cancel", ("s", "x", "c", "enter", "y")),
        ("threads.list_items", ("enter",)),
    ],
)
async def test_whoever_finds_the_server_out_of_reach_the_header_says_so(
    start: Start, emulator: Emulator, call: str, keys: tuple[str, ...]
) -> None:
    async with start() as driver:
        assert not says_offline(driver)
        emulator.faults = ("reset",)
        await driver.press(*keys)
        assert says_offline(driver), driver.frame()
        emulator.faults = ()
        await driver.press("escape", "escape", "r")
        assert not says_offline(driver)


async def test_what_waited_for_the_server_goes_on_when_anything_reaches_it(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        emulator.faults = ("reset",)
        await driver.press("enter")
        assert driver.failure("items") is not None
        emulator.faults = ()
        await driver.press("tab", "r")  # asks for the threads
        assert driver.failure("items") is None
        assert driver.loaded("items")


async def test_a_line_that_comes_and_goes_brings_no_storm_of_requests(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        emulator.faults = ("reset@threads.list_items", "reset@threads.retrieve")
        await driver.press("enter", "tab")
        row = driver.opened()
        assert row is not None

        def asked() -> int:
            return sum(f"{row.id}/items" in request.path for request in emulator.requests)

        before = asked()
        for _ in range(3):
            await driver.press(":", "x", "enter")
            assert says_offline(driver)
            await driver.press("escape", "r")
            assert not says_offline(driver)
        assert asked() == before + 3  # once more, and twice again


async def test_an_id_that_could_not_be_looked_for_is_found_once_the_server_is_back(
    start: Start, emulator: Emulator
) -> None:
    wanted = emulator.thread_id(3)
    emulator.faults = ("reset",)
    async with start(target=wanted) as driver:
        assert driver.opened() is None
        emulator.faults = ()
        await driver.press("r")
        assert driver.opened_id() == wanted


async def test_a_server_that_is_away_is_looked_for_by_itself(
    start: Start, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "FIRST_AGAIN", 0.05)
    emulator.faults = ("reset:6@threads.list",)  # the first time and the first look
    async with start() as driver:
        async with asyncio.timeout(60):
            while not driver.loaded("threads"):
                await driver.pilot.pause()
        await driver.settle()
        assert driver.failure("threads") is None
        assert not says_offline(driver)


async def test_the_notice_says_when_it_is_tried_again(start: Start, emulator: Emulator) -> None:
    emulator.faults = ("reset",)
    async with start() as driver:
        assert "r tries again; by itself in 5 s" in driver.frame()
        await driver.press("r")
        assert "r tries again; by itself in 10 s" in driver.frame()
        assert driver.frame().count("tries again") == 1


# -- what is wanted, and what no longer ------------------------------------------------------------


async def test_another_thread_another_user_and_esc_cancel_what_is_under_way(start: Start) -> None:
    server = Watched()
    async with start(160, 50, emulator=server) as driver:
        server.faults = ("stall@threads.list_items",)
        server.came.clear()
        await driver.pilot.press("enter")
        await server.came.wait()
        server.faults = ()
        await driver.press("tab", "j", "enter")
        assert driver.loaded("items")
        assert server.inside.total() == 0

        server.faults = ("stall:1@threads.list",)
        server.came.clear()
        await driver.pilot.press("tab", "r")
        await server.came.wait()
        await driver.press("f", "=user_48213", "enter")
        assert driver.loaded("threads")
        assert server.inside.total() == 0

        server.faults = ("stall:1@threads.list",)
        server.came.clear()
        await driver.pilot.press("r")
        await server.came.wait()
        await driver.press("escape")
        assert server.inside.total() == 0


async def test_however_one_hurries_no_more_than_four_requests_are_under_way(start: Start) -> None:
    server = Watched(threads=500, items=300)
    server.latency = 5
    async with start(160, 50, emulator=server) as driver:
        await driver.pilot.press(*("enter", "G", "tab", "j", "G", "r", "enter", "G") * 2)
        await driver.settle()
        assert 2 <= server.most <= 4
        assert server.inside.total() == 0


async def test_a_server_that_is_unreachable_before_there_is_a_screen_is_shown_as_such(
    make_client: Callable[..., ChatKitClient], emulator: Emulator
) -> None:
    emulator.faults = ("reset@threads.list",)

    async def connect(observer: SourceObserver) -> ThreadSource:
        observer.on_reach(reached=False)
        return OpenAISource(make_client(emulator=emulator), observer=observer)

    app = ChatKitApp(OPTIONS, connect)
    await app._source._connection.get()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(Driver(app, pilot), "OFFLINE")

"""Following a thread: what is new or changed is shown as it comes, and what is read stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from textual.events import AppBlur, AppFocus
from textual.widget import Widget

from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.requests import Request, Response
from chatkit_tui.sources.base import Capability
from tests.ui.conftest import Start
from tests.ui.driver import Driver


class Clock:
    """Timers that elapse when a test says so."""

    def __init__(self) -> None:
        self.pending: list[Pending] = []

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Pending:
        timer = Pending(self, seconds, callback)
        self.pending.append(timer)
        return timer

    @property
    def delays(self) -> list[float]:
        return [timer.seconds for timer in self.pending]


class Pending:
    """A call that was scheduled."""

    def __init__(self, clock: Clock, seconds: float, callback: Callable[[], None]) -> None:
        self.clock, self.seconds, self.callback = clock, seconds, callback

    def cancel(self) -> None:
        if self in self.clock.pending:
            self.clock.pending.remove(self)


class GrowingEmulator(Emulator):
    """An API that does not list the last items of threads yet."""

    unborn = 0
    status = ""

    async def respond(self, request: Request) -> Response:
        response = await super().respond(request)
        data = response.content.get("data") if isinstance(response.content, dict) else None
        if request.operation == "threads.list_items" and data and self.unborn:
            newest = request.query.get("order") != "asc"
            response.content["data"] = data[self.unborn :] if newest else data[: -self.unborn]
        if request.operation == "threads.retrieve" and self.status:
            response.content["status"] = {"type": self.status}
        return response


def clock_of(driver: Driver) -> Clock:
    clock = Clock()
    driver.browse.following.call_later = clock.call_later
    return clock


async def elapse(driver: Driver, clock: Clock) -> None:
    """Let the next poll begin, and settle."""
    (timer,) = clock.pending
    timer.cancel()
    timer.callback()
    await driver.settle()


@contextmanager
def in_place(driver: Driver) -> Iterator[None]:
    """Check that the transcript shows the same text afterwards, but for the marks of old items."""

    def lines() -> list[str]:
        return [line[1:] for line in driver.frame().splitlines()[2:-2]]

    before = lines()
    yield
    assert lines() == before


async def test_new_items_are_counted_below_and_what_is_read_stays(start: Start) -> None:
    emulator = GrowingEmulator(threads=3, items=25)
    emulator.unborn = 3
    async with start(emulator=emulator) as driver:
        clock = clock_of(driver)
        await driver.press("enter", "F")
        assert driver.loaded("items") == 22
        assert "following" in driver.status
        emulator.unborn = 0
        with in_place(driver):
            await elapse(driver, clock)
        assert driver.loaded("items") == 25
        assert "3 new below" in driver.status
        assert clock.delays == [1.0]


async def test_at_the_end_the_new_items_are_shown(start: Start) -> None:
    emulator = GrowingEmulator(threads=3, items=25)
    emulator.unborn = 1
    async with start(80, 50, emulator=emulator) as driver:
        clock = clock_of(driver)
        await driver.press("enter", "G", "F")
        emulator.unborn = 0
        await elapse(driver, clock)
        assert "below" not in driver.status
        assert driver.position().startswith("25/25")


async def test_items_that_do_not_fit_begin_at_the_first_of_them(start: Start) -> None:
    emulator = GrowingEmulator(threads=3, items=25)
    emulator.unborn = 9
    async with start(80, 12, emulator=emulator) as driver:
        clock = clock_of(driver)
        await driver.press("enter", "G", "F")
        emulator.unborn = 0
        await elapse(driver, clock)
        assert driver.position().split()[2:4] == ["below", "17/25"]


async def test_the_end_is_above_if_the_newest_are_first(start: Start) -> None:
    emulator = GrowingEmulator(threads=3, items=25)
    emulator.unborn = 2
    async with start(80, 50, emulator=emulator) as driver:
        clock = clock_of(driver)
        await driver.press("enter", "o", "j", "F")
        emulator.unborn = 1
        with in_place(driver):
            await elapse(driver, clock)
        assert "1 new above" in driver.status
        await driver.press("g")
        emulator.unborn = 0
        await elapse(driver, clock)
        assert driver.position().startswith("1/25")


async def test_a_call_that_completes_is_shown_so(start: Start) -> None:
    emulator = Emulator(threads=3, items=25, faults=["tools-in-progress"])
    async with start(160, 50, emulator=emulator) as driver:
        clock = clock_of(driver)
        await driver.press("enter")
        while "◐ rebook" not in driver.frame():
            await driver.press("pagedown")
        await driver.press("F")
        emulator.faults = ()
        requests = len(emulator.requests)
        for _ in range(4):
            await elapse(driver, clock)
        assert "✓ rebook" in driver.frame()
        assert "◐ rebook" not in driver.frame()
        assert len(emulator.requests) == requests + 4


async def test_while_nothing_happens_polls_are_rare_and_nothing_is_drawn(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with start(emulator=Emulator(threads=3, items=25)) as driver:
        clock = clock_of(driver)
        await driver.press("enter", "F")
        delays = []
        for _ in range(5):  # these mark what is not asked again, and ask for the thread
            delays += clock.delays
            await elapse(driver, clock)
        drawn: list[str] = []
        monkeypatch.setattr(Widget, "refresh", lambda widget, *_, **__: drawn.append(repr(widget)))
        for _ in range(12):
            delays += clock.delays
            await elapse(driver, clock)
        assert drawn == []
        assert delays == sorted(delays)
        assert clock.delays == [30.0]


@pytest.mark.parametrize("fault", ["rate-limit", "overloaded", "gateway-timeout", "reset"])
async def test_a_failure_pauses_and_is_said(start: Start, fault: str) -> None:
    emulator = Emulator(threads=3, items=25)
    async with start(160, 24, emulator=emulator) as driver:
        clock = clock_of(driver)
        await driver.press("enter", "F")
        emulator.faults = (f"{fault}@threads.list_items",)
        before = len(emulator.requests)
        with in_place(driver):
            await elapse(driver, clock)
            assert "following, paused for" in driver.status
            first = clock.delays
            await elapse(driver, clock)
        assert first[0] >= 5
        assert clock.delays[0] >= 2 * first[0] or clock.delays == first  # as the server asks
        assert len(emulator.requests) == before + 2
        emulator.faults = ()
        await elapse(driver, clock)
        assert "paused" not in driver.status


async def test_a_thread_that_is_deleted_ends_it_and_stays_on_the_screen(start: Start) -> None:
    emulator = Emulator(threads=3, items=25)
    async with start(emulator=emulator) as driver:
        clock = clock_of(driver)
        await driver.press("enter", "F")
        emulator.library.delete(2)
        with in_place(driver):
            await elapse(driver, clock)
        assert "following has ended: the thread was deleted" in driver.status
        assert clock.pending == []


async def test_a_thread_that_is_closed_is_shown_so_and_asked_for_less_often(start: Start) -> None:
    emulator = GrowingEmulator(threads=3, items=25)
    async with start(emulator=emulator) as driver:
        clock = clock_of(driver)
        await driver.press("enter", "F")
        emulator.status = "closed"
        for _ in range(6):
            await elapse(driver, clock)
        assert "following slowly: thread closed" in driver.status
        assert clock.delays[0] >= 30


async def test_it_pauses_without_focus_and_while_the_transcript_is_hidden(start: Start) -> None:
    emulator = Emulator(threads=3, items=25)
    async with start(emulator=emulator) as driver:
        clock = clock_of(driver)
        await driver.press("enter", "F")
        assert clock.delays == [1.0]
        driver.app.post_message(AppBlur())
        await driver.settle()
        assert clock.pending == []
        assert "paused without focus" in driver.status
        driver.app.post_message(AppFocus())
        await driver.settle()
        assert clock.delays == [1.0]
        await driver.press("?")
        assert clock.pending == []
        await driver.press("escape")
        assert clock.delays == [1.0]
        await driver.press("escape")
        assert clock.pending == []
        await driver.press("enter")
        assert clock.delays == [1.0]
        assert "following" in driver.status


async def test_another_thread_or_the_key_ends_it(start: Start) -> None:
    async with start(emulator=Emulator(threads=3, items=25)) as driver:
        clock = clock_of(driver)
        await driver.press("enter", "F", "F")
        assert "following has ended" in driver.status
        assert clock.pending == []
        await driver.press("F", "escape", "j", "enter")
        assert clock.pending == []
        assert "following" not in driver.status


async def test_a_source_in_which_nothing_appears_says_so(start: Start) -> None:
    capabilities: Any = frozenset({Capability.SEARCH})
    async with start(capabilities=capabilities) as driver:
        clock = clock_of(driver)
        await driver.press("enter", "F")
        assert "follow: the source of these threads does not offer it" in driver.status
        assert clock.pending == []

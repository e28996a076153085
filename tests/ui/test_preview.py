"""The preview beside the list: when a thread is requested for it, and what opening it asks for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.emulator import DEMO_NOW, Emulator
from chatkit_tui.emulator.requests import THREADS_LIST_ITEMS
from chatkit_tui.ui import background_work
from chatkit_tui.ui.actions.preview import REST
from chatkit_tui.ui.background_work import RestTimer
from chatkit_tui.ui.threads.list import FIRST_ITEMS
from chatkit_tui.ui.transcript.preview import FRESH
from tests.held_emulator import HeldEmulator
from tests.ui.conftest import Start
from tests.ui.driver import Driver


class Timers:
    """Scheduled calls, which are made when a test lets time pass."""

    class Timer:
        def __init__(self, seconds: float, callback: Callable[[], None]) -> None:
            self.seconds = seconds
            self.callback = callback
            self.is_cancelled = False

        def cancel(self) -> None:
            self.is_cancelled = True

    def __init__(self) -> None:
        self._made: list[Timers.Timer] = []

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timers.Timer:
        timer = self.Timer(seconds, callback)
        self._made.append(timer)
        return timer

    @property
    def pending(self) -> list[float]:
        return [timer.seconds for timer in self._made if not timer.is_cancelled]

    def elapse(self) -> None:
        """Make the calls that are pending."""
        made, self._made = self._made, []
        for timer in made:
            if not timer.is_cancelled:
                timer.callback()


@pytest.fixture
def timers(monkeypatch: pytest.MonkeyPatch) -> Timers:
    found = Timers()
    monkeypatch.setattr(background_work, "call_later", found.call_later)
    return found


def test_a_rest_is_reported_once_and_not_after_a_move(timers: Timers) -> None:
    reported: list[str] = []
    rest = RestTimer(lambda: reported.append("rest"), 0.15)
    assert rest.follow("a")
    assert not rest.follow("a")
    assert rest.follow("b")
    assert timers.pending == [0.15]
    timers.elapse()
    assert reported == ["rest"]
    assert not rest.follow("b")
    assert timers.pending == []
    rest.follow("c")
    rest.follow("")
    assert timers.pending == []


def test_nothing_is_previewed_before_the_imports_of_an_open_thread(
    timers: Timers, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[str] = []
    rest = RestTimer(lambda: reported.append("rest"), 0.15)
    rest.follow("a")
    with monkeypatch.context() as context:
        context.setattr("sys.modules", {})
        timers.elapse()
    assert reported == []
    timers.elapse()
    assert reported == ["rest"]


def pages(emulator: Emulator) -> list[str]:
    """Return the ids of the threads whose items were requested, but for the first words."""
    return [
        request.path.split("/")[-2]
        for request in emulator.requests
        if request.operation == THREADS_LIST_ITEMS and request.query["limit"] != str(FIRST_ITEMS)
    ]


async def preview(driver: Driver, timers: Timers) -> None:
    """Let the cursor rest until the preview is shown."""
    timers.elapse()
    await driver.settle()


async def test_the_thread_under_the_resting_cursor_is_shown_beside_the_list(
    start: Start, emulator: HeldEmulator, timers: Timers
) -> None:
    async with start(160, 50, preview=True) as driver:
        assert timers.pending == [REST]
        await preview(driver, timers)
        first = driver.thread().id
        assert "TP 576 to Hamburg has just been cancelled" in driver.frame()
        assert driver.has_keys(Pane.THREADS)
        await driver.press("j", "k", *"jjjj")
        assert pages(emulator) == [first]
        assert "TP 576 to Hamburg has just been cancelled" in driver.frame()
        await preview(driver, timers)
        assert pages(emulator) == [first, driver.thread().id]
        assert "Charged twice for February" in driver.line(1)


async def test_a_move_cancels_the_preview_that_is_being_loaded(
    start: Start, emulator: HeldEmulator, timers: Timers
) -> None:
    async with start(160, 50, preview=True) as driver:
        emulator.hold()
        timers.elapse()
        await driver.pilot.pause()
        await driver.press("j")
        emulator.release()
        await driver.settle()
        assert driver.opened() is None
        assert len(pages(emulator)) <= 1


async def test_enter_opens_the_preview_without_a_second_request(
    start: Start, emulator: HeldEmulator, timers: Timers
) -> None:
    async with start(160, 50, preview=True) as driver:
        await preview(driver, timers)
        before = pages(emulator)
        await driver.press("enter")
        assert driver.has_keys(Pane.TRANSCRIPT)
        assert pages(emulator) == before
        await driver.press("escape", "enter")
        assert len(pages(emulator)) > len(before)  # it was opened again


async def test_the_preview_is_requested_again_when_it_is_old(
    start: Start, emulator: HeldEmulator, timers: Timers
) -> None:
    now = float(DEMO_NOW)
    async with start(160, 50, preview=True, clock=lambda: now) as driver:
        await preview(driver, timers)
        before = len(pages(emulator))
        now += FRESH + 1
        await driver.press("tab")
        assert driver.has_keys(Pane.TRANSCRIPT)
        assert len(pages(emulator)) > before


async def test_a_preview_loads_the_first_page_only_and_an_open_thread_the_rest(
    start: Start, timers: Timers
) -> None:
    emulator = HeldEmulator(threads=1, items=1000)
    async with start(160, 50, preview=True, emulator=emulator) as driver:
        await preview(driver, timers)
        view = driver.browse.transcript.view
        for _ in range(40):
            view.action_page_down()
        await driver.settle()
        assert len(pages(emulator)) == 1
        await driver.press("tab")
        assert len(pages(emulator)) > 1


async def test_a_preview_leaves_open_threads_as_they_were(start: Start, timers: Timers) -> None:
    async with start(160, 50, preview=True) as driver:
        await driver.press("enter", "j", "j")
        item, opened = driver.item(), driver.opened_id()
        await driver.press("escape", "j")
        await preview(driver, timers)
        assert driver.opened_id() != opened
        await driver.press("k")
        await preview(driver, timers)
        assert (driver.opened_id(), driver.item()) == (opened, item)
        await driver.press("enter")
        assert driver.item() == item


async def test_no_other_thread_is_shown_for_one_whose_preview_fails(
    start: Start, emulator: HeldEmulator, timers: Timers
) -> None:
    async with start(160, 50, preview=True) as driver:
        before = driver.frame()
        emulator.faults = ["server-error"]
        await preview(driver, timers)
        assert driver.frame() == before
        emulator.faults = []
        await driver.press("j")
        await preview(driver, timers)
        assert driver.opened_id() == driver.thread().id
        emulator.faults = ["server-error"]
        await driver.press("j")
        await preview(driver, timers)
        assert driver.opened_id() is None
        assert "Enter opens a thread." in driver.frame()


async def test_no_preview_is_left_where_no_thread_matches(start: Start, timers: Timers) -> None:
    async with start(160, 50, preview=True) as driver:
        await preview(driver, timers)
        assert driver.opened_id() == driver.thread().id
        await driver.press("slash", *"zzzz")
        assert driver.opened_id() is None
        assert "Enter opens a thread." in driver.frame()
        await driver.press("escape")
        await preview(driver, timers)
        assert driver.opened_id() == driver.thread().id


@pytest.mark.parametrize(
    ("columns", "options"),
    [(80, {}), (160, {"slow": True}), (160, {"plain": True}), (160, {"preview": False})],
)
async def test_nothing_is_previewed_where_it_would_not_be_seen_or_not_wanted(
    start: Start, timers: Timers, columns: int, options: dict[str, bool]
) -> None:
    async with start(columns, 50, **{"preview": True, **options}) as driver:
        await driver.press("j")
        assert timers.pending == []

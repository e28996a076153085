"""Switching to another profile while something else is in flight."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from chatkit_tui.sources.archive.source import ArchiveSource
from chatkit_tui.sources.base import SourceObserver, ThreadSource
from chatkit_tui.ui.options import ShownSource
from chatkit_tui.ui.screens.browse import BrowseScreen
from chatkit_tui.ui.screens.delete_dialog import DeleteDialog
from chatkit_tui.ui.widgets.option_rows import OptionRows
from tests.held_emulator import HeldEmulator
from tests.ui.conftest import OPTIONS
from tests.ui.driver import Driver
from tests.ui.test_delete_dialog import deletions
from tests.ui.test_follow import clock_of
from tests.ui.test_profiles import config, profiles_of, running

__all__ = ["config"]

MakeClient = Callable[..., ThreadSource]


async def until(driver: Driver, happened: Callable[[], object]) -> None:
    """Wait for a condition while requests are held."""
    while not happened():
        await driver.pilot.pause()


async def choose(driver: Driver, name: str) -> None:
    """Choose a profile of the menu while requests are held."""
    driver.browse.profiles.action_switch_profile()
    await until(driver, lambda: driver.app.screen.query(OptionRows))
    rows = driver.app.screen.query_one(OptionRows)
    names = [str(option.prompt).split("  ")[0] for option in rows.options]
    await driver.pilot.press("home", *"j" * names.index(name), "enter")


async def is_replaced(driver: Driver, old: BrowseScreen, emulator: HeldEmulator) -> None:
    """Check that the archive is shown, and that nothing of the old screen goes on."""
    await until(driver, lambda: driver.app.screen is not old and driver.is_alone())
    sent = len(emulator.requests)
    emulator.release()
    await driver.settle()
    assert [row.id for row in driver.threads()] == ["cthr_saved"]
    assert not [worker for worker in driver.app.workers if worker.node is old]
    assert len(emulator.requests) == sent
    assert driver.failure("threads") is None


async def test_a_scan_ends(make_client: MakeClient, emulator: HeldEmulator, config: Path) -> None:
    async with running(make_client, profiles_of()) as driver:
        old = driver.browse
        emulator.hold(passing=5)
        await driver.pilot.press("P")
        await until(driver, lambda: len(old.threads.list.findings))
        assert old.scanning.run.is_on
        await choose(driver, "saved")
        await is_replaced(driver, old, emulator)
        assert not old.scanning.run.is_on
        assert "scan" not in driver.status


async def test_following_ends(
    make_client: MakeClient, emulator: HeldEmulator, config: Path
) -> None:
    async with running(make_client, profiles_of()) as driver:
        old, clock = driver.browse, clock_of(driver)
        await driver.press("enter", "F")
        assert clock.pending
        await choose(driver, "saved")
        await is_replaced(driver, old, emulator)
        assert not clock.pending
        assert "following" not in driver.status


async def test_a_poll_in_flight_ends(
    make_client: MakeClient, emulator: HeldEmulator, config: Path
) -> None:
    async with running(make_client, profiles_of()) as driver:
        old, clock = driver.browse, clock_of(driver)
        await driver.press("enter", "F")
        emulator.hold()
        sent = len(emulator.requests)
        (timer,) = clock.pending
        timer.cancel()
        timer.callback()
        await until(driver, lambda: len(emulator.requests) > sent)
        await choose(driver, "saved")
        await is_replaced(driver, old, emulator)
        assert not clock.pending


async def test_loading_ends(make_client: MakeClient, emulator: HeldEmulator, config: Path) -> None:
    async with running(make_client, profiles_of()) as driver:
        old = driver.browse
        emulator.hold()
        await driver.pilot.press("r", "enter")
        await until(driver, lambda: driver.loading("threads") and driver.loading("items"))
        await choose(driver, "saved")
        await is_replaced(driver, old, emulator)


async def test_a_deletion_in_flight_refuses_the_switch(
    make_client: MakeClient, emulator: HeldEmulator, config: Path
) -> None:
    is_open = asyncio.Event()

    async def connect(_: SourceObserver) -> ThreadSource:
        await is_open.wait()
        return ArchiveSource(config.parent / "saved")

    async with running(make_client, profiles_of()) as driver:
        old, ids = driver.browse, [row.id for row in driver.threads()]
        driver.app.show_source(ShownSource(OPTIONS, connect))
        await driver.pilot.press("D")
        await until(driver, lambda: isinstance(driver.app.screen, DeleteDialog))
        emulator.hold("DELETE")
        await driver.pilot.press("y")
        await until(driver, lambda: deletions(emulator))
        is_open.set()
        await until(driver, lambda: "not switched: " in driver.status)
        assert driver.browse is old
        emulator.release()
        await driver.settle()
        assert deletions(emulator) == ids[:1]
        await driver.press("escape")
        assert driver.is_alone()
        assert ids[0] not in [row.id for row in driver.threads()]


async def test_a_source_that_still_opens_is_closed_for_the_next_one(
    make_client: MakeClient, config: Path
) -> None:
    began, closed = asyncio.Event(), asyncio.Event()

    async def open_slowly(_: SourceObserver) -> ThreadSource:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            closed.set()
        raise AssertionError

    async def open_archive(_: SourceObserver) -> ThreadSource:
        return ArchiveSource(config.parent / "saved")

    async with running(make_client, profiles_of()) as driver:
        driver.app.show_source(ShownSource(OPTIONS, open_slowly))
        await began.wait()
        driver.app.show_source(ShownSource(OPTIONS, open_archive))
        await driver.settle()
        assert [row.id for row in driver.threads()] == ["cthr_saved"]
        assert closed.is_set()

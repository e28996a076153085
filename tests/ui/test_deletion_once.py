"""The deletion of a thread is requested once, for any timing of keys and responses."""

from __future__ import annotations

import pytest
from textual import events

from chatkit_tui.emulator import Emulator
from chatkit_tui.ui.screens.delete_dialog import DeleteDialog
from tests.held_emulator import HeldEmulator
from tests.ui.conftest import Start
from tests.ui.driver import Driver
from tests.ui.test_delete_dialog import deletions, thread_ids


def post(driver: Driver, *keys: str) -> None:
    """Press keys before the first of them is handled."""
    for key in keys:
        driver.app.post_message(events.Key(key, key if len(key) == 1 else None))


async def in_one_breath(driver: Driver, *keys: str) -> None:
    """Press keys at once, and settle."""
    post(driver, *keys)
    await driver.settle()


@pytest.mark.parametrize(
    "keys",
    [
        ("y", "y", "D", "y", "r", "r", "o", "y"),
        ("y", "ctrl+p", "y"),
    ],
    ids=" ".join,
)
async def test_no_thread_is_asked_for_twice(
    start: Start, emulator: Emulator, keys: tuple[str, ...]
) -> None:
    async with start() as driver:
        ids = thread_ids(driver)[:4]
        await driver.press("space", "space", "space", "space", "D")
        await in_one_breath(driver, *keys)
        assert deletions(emulator) == ids


@pytest.mark.parametrize(
    ("first", "keys"),
    [
        (("y",), ("y", "enter", "y", "enter")),
        (("y",), ("y", "escape", "y", "escape", "D", "y")),
        (("y",), ("enter", "y", "space")),  # the button that stops has the focus by then
    ],
    ids=" ".join,
)
async def test_what_was_stopped_is_asked_for_once_all_the_same(
    start: Start, emulator: HeldEmulator, first: tuple[str, ...], keys: tuple[str, ...]
) -> None:
    async with start() as driver:
        ids = thread_ids(driver)[:4]
        await driver.press("space", "space", "space", "space", "D")
        emulator.hold()
        await driver.pilot.press(*first)
        while not deletions(emulator):
            await driver.pilot.pause()
        post(driver, *keys)
        while driver.app._type_ahead.is_behind:
            await driver.pilot.pause()
        await driver.pilot.pause()
        assert "Stopping after the current one" in driver.frame()
        emulator.release()
        await driver.settle()
        assert deletions(emulator) == ids[:1]
        assert "1 deleted, 3 not tried" in driver.frame()


async def test_what_a_refresh_brings_meanwhile_does_not_change_what_goes(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        ids = thread_ids(driver)
        await driver.press("space", "j", "space", "D")
        browse = driver.browse
        for _ in range(3):
            browse.threads.action_refresh()
            browse.threads.marks.clear()
        dialog = driver.app.screen
        assert isinstance(dialog, DeleteDialog)
        await driver.pilot.press("y")
        browse.threads.action_refresh()
        await in_one_breath(driver, "y", "y")
        assert deletions(emulator) == [ids[0], ids[2]]


async def test_quitting_during_a_deletion_sends_no_further_request(
    start: Start, emulator: HeldEmulator
) -> None:
    async with start() as driver:
        ids = thread_ids(driver)[:4]
        await driver.press("space", "space", "space", "space", "D")
        emulator.hold()
        await driver.pilot.press("y")
        while not deletions(emulator):
            await driver.pilot.pause()
        await driver.pilot.press("ctrl+c", "y")
        emulator.release()
        await driver.settle()
    assert deletions(emulator) == ids[:1]

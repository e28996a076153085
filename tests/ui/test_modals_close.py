"""Screens over the panes close once, and close themselves."""

from __future__ import annotations

import pytest
from textual import events

from chatkit_tui.ui.palette import Palette
from chatkit_tui.ui.screens.delete_dialog import DeleteDialog
from tests.ui.conftest import Start
from tests.ui.driver import Driver

CLOSING = (("escape", "escape"), ("enter", "escape"), ("q", "escape"), ("escape", "enter"))


async def in_one_breath(driver: Driver, *keys: str) -> None:
    """Press keys before the first of them is handled."""
    for key in keys:
        driver.app.post_message(events.Key(key, key if len(key) == 1 else None))
    await driver.settle()


@pytest.mark.parametrize("opening", ["y", "question_mark", "s", "ctrl+p"])
async def test_two_keys_that_close_leave_the_panes(start: Start, opening: str) -> None:
    async with start() as driver:
        for closing in CLOSING:
            await driver.press(opening)
            assert not driver.is_alone()
            await in_one_breath(driver, *closing)
            await driver.press("escape")
            assert driver.is_alone(), closing


async def test_a_dialog_that_ends_under_the_palette_takes_itself_away(start: Start) -> None:
    async with start() as driver:
        await driver.press("D")
        driver.app.push_screen(Palette([], driver.app.keys))
        await driver.settle()
        dialog = driver.app.screen_stack[1]
        assert isinstance(dialog, DeleteDialog)
        assert isinstance(driver.app.screen, Palette)
        dialog.dismiss(())
        await driver.settle()
        assert driver.is_alone()

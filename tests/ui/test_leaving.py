"""Leaving the app, and not leaving it by mistake."""

from __future__ import annotations

import asyncio

import pytest

from tests.ui.conftest import Start
from tests.ui.test_deletion_once import post


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_a_key_leaves(start: Start, key: str) -> None:
    async with start() as driver:
        await driver.pilot.press(key)
        assert driver.app._exit


async def test_a_letter_that_is_typed_does_not_leave(start: Start) -> None:
    async with start() as driver:
        await driver.press("slash", "q")
        assert not driver.app._exit


async def test_another_key_can_leave_and_can_still_be_typed(start: Start) -> None:
    async with start(keys={"quit": "x"}) as driver:
        await driver.press("slash", "x", "escape", "q")
        assert not driver.app._exit
        post(driver, "x")  # Textual's own press waits for the screen that is gone
        while not driver.app._exit:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0)

"""Leaving the app, and not leaving it by mistake."""

from __future__ import annotations

import pytest

from tests.ui.conftest import Start


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
        await driver.pilot.press("x")
        assert driver.app._exit

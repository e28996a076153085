"""Moving in the palette before there is anything to move in."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from chatkit_tui.ui.palette import Palette
from tests.ui.conftest import Start


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (80, 24)])
async def test_a_page_key_right_after_the_palette_opened_does_nothing_bad(
    start: Start, size: tuple[int, int]
) -> None:
    async with start() as driver:
        await driver.resize(*size)
        for key in ("pageup", "pagedown", "down"):
            await driver.press("ctrl+p", key, key, "escape")
            assert driver.app.crash is None
            assert driver.app.screen is driver.browse


async def test_work_given_up_before_its_turn_is_not_complained_about(
    start: Start, recwarn: pytest.WarningsRecorder
) -> None:
    async with start() as driver:
        pane = driver.browse.threads
        for _ in range(3):
            pane.action_refresh()
            pane.cancel_loads()
        await driver.settle()
    assert not recwarn.list


async def test_a_letter_that_comes_as_the_palette_closes_is_ignored(start: Start) -> None:
    async with start() as driver:
        palette = Palette([], driver.app.keys)
        driver.app.push_screen(palette)
        await driver.settle()
        typed = palette.query_one(Input)
        palette.post_message(Input.Changed(typed, "th"))  # on its way when the palette closes
        palette.dismiss()
        await driver.settle()
        assert driver.is_alone()
        assert driver.app.crash is None

"""Plain: words and ASCII in the place of colours and drawing."""

from __future__ import annotations

import pytest

from tests.ui.conftest import Driver, Start

DRAWING = range(0x2500, 0x25A0)
"""Box drawing and block elements."""


def drawn(driver: Driver) -> set[str]:
    """The signs on the screen that draw boxes."""
    return {sign for sign in driver.frame() if ord(sign) in DRAWING}


@pytest.mark.parametrize("keys", [("D",), ("y",), ("s",), ("ctrl+p",), ("enter",), ("?",)])
async def test_plain_screens_draw_no_boxes(start: Start, keys: tuple[str, ...]) -> None:
    async with start(120, 30, plain=True) as driver:
        await driver.press(*keys)
        assert drawn(driver) == set()


async def test_plain_screens_have_no_colours_of_signs_and_words(start: Start) -> None:
    async with start(120, 30, plain=True) as driver:
        await driver.press("space", "enter")
        strips = driver.app.screen._compositor.render_strips()
        styles = {segment.style for strip in strips for segment in strip if segment.style}
        colours = {style.color.name for style in styles if style.color is not None}
        assert colours <= {"default"}

"""What the main screens look like, as text that a reviewer can read in `frames/`.

`UPDATE_FRAMES=1 .venv/bin/python -m pytest tests/ui/test_frames.py` writes them again.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chatkit_tui.emulator import Emulator
from tests.ui.conftest import Start

SIZES = [(80, 24), (160, 50), (40, 12)]


@pytest.mark.parametrize(("columns", "lines"), SIZES)
async def test_list_transcript_and_help_look_as_they_were_reviewed(
    start: Start, same_frame: Callable[[str, str], None], columns: int, lines: int
) -> None:
    async with start(columns, lines) as driver:
        await driver.press("j", "j", "space", "k")
        same_frame(driver.frame(), f"{columns}x{lines}-threads")
        await driver.press("enter", "j")
        same_frame(driver.frame(), f"{columns}x{lines}-transcript")
        await driver.press("?")
        same_frame(driver.frame(), f"{columns}x{lines}-help")


async def test_filter_search_and_failures_look_as_they_were_reviewed(
    start: Start, same_frame: Callable[[str, str], None], emulator: Emulator
) -> None:
    async with start(80, 24) as driver:
        await driver.press("/", "=okafor")
        same_frame(driver.frame(), "80x24-filter")
        await driver.press("escape", "enter", "/", "=flight")
        same_frame(driver.frame(), "80x24-find")
        await driver.press("escape", "escape", "f", "=nobody", "enter")
        same_frame(driver.frame(), "80x24-empty")
        emulator.faults = ("unauthorized",)
        await driver.press("f", "ctrl+u", "enter")
        same_frame(driver.frame(), "80x24-unauthorized")


async def test_plain_signs_look_as_they_were_reviewed(
    start: Start, same_frame: Callable[[str, str], None]
) -> None:
    async with start(80, 24, plain=True) as driver:
        await driver.press("j", "space", "k")
        same_frame(driver.frame(), "80x24-threads-plain")

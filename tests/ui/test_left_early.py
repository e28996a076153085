"""The program is left in the moment in which something opens, as when both keys come at once."""

from __future__ import annotations

import asyncio
from itertools import product

import pytest

from chatkit_tui.commands.commands import BY_ID
from tests.ui.conftest import Start

ROUNDS = range(6)
"""Rounds of the loop in between; in one of them the screen has begun and has nothing in it yet."""


@pytest.mark.parametrize(
    ("command", "rounds"),
    [
        *product(["delete", "sessions", "command_palette"], ROUNDS),
        *product(["deletions", "copy", "help"], ROUNDS[1:3]),
    ],
)
async def test_the_screen_that_was_to_open_does_not_crash(
    start: Start, command: str, rounds: int
) -> None:
    async with start() as driver:
        await driver.browse.act(BY_ID[command])
        for _ in range(rounds):
            await asyncio.sleep(0)
        driver.app.exit()

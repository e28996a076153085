"""Keys that arrive in one piece, as over a slow connection, go where they would go one by one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.app import App
from textual.events import Key, Paste

from chatkit_tui.ui.key_queue import CHECK_AFTER, MAX_WAIT, KeyQueue
from chatkit_tui.ui.options import Copy
from tests.clock import Clock
from tests.fork_server import Program
from tests.pty_terminal import Terminal
from tests.ui.conftest import Start

NAMES = {"/": "slash"}
"""Textual's names of keys that are not letters."""


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ([*"fnoa", "enter", *"/xy"], "filter xy"),
        ([*"jjj/a", "escape"], "4/60"),
        ([*"yj", "enter"], "the terminal's clipboard"),
        (["ctrl+p", *"newest", "enter", *"/abc"], "filter abc"),
        (["enter", *"/th"], "find th"),
    ],
)
async def test_keys_typed_ahead_are_not_lost(start: Start, keys: Sequence[str], shown: str) -> None:
    async with start(80, 24, copy=Copy.OSC52) as driver:
        driver.app._type_ahead._call_later = Clock().call_later  # however busy the machine is
        for key in keys:
            driver.app.post_message(Key(NAMES.get(key, key), key if len(key) == 1 else None))
        await driver.settle()
        assert shown in driver.frame()


def test_keys_typed_ahead_on_a_real_terminal_are_not_lost() -> None:
    with Terminal(
        Program(["--demo"], limits={"chatkit_tui.ui.key_queue.MAX_WAIT": 60})
    ) as terminal:
        terminal.wait_for("60 loaded")
        terminal.send("/refund")
        terminal.wait_until(lambda lines: any("filter refund" in line for line in lines))


async def test_a_key_without_an_effect_does_not_hold_up_the_next_for_good() -> None:
    clock = Clock()
    passed: list[str] = []

    async def pass_on(event: Key | Paste) -> None:
        assert isinstance(event, Key)
        passed.append(event.key)

    async with App[int]().run_test() as pilot:
        queue = KeyQueue(pilot.app, pass_on, clock.call_later)
        queue.hold(MAX_WAIT)
        await queue.take(Key("a", "a"))
        clock.advance(MAX_WAIT * 0.9)
        await pilot.pause()
        assert passed == []
        clock.advance(MAX_WAIT * 0.1)
        await pilot.pause()
        assert passed == ["a"]


async def test_it_is_free_once_the_keys_that_were_held_back_have_had_their_effects() -> None:
    clock = Clock()
    events: list[str] = []

    async def pass_on(event: Key | Paste) -> None:
        assert isinstance(event, Key)
        events.append(event.key)

    async with App[int]().run_test() as pilot:
        queue = KeyQueue(pilot.app, pass_on, clock.call_later)
        queue.hold(MAX_WAIT, lambda: events.append("free"))
        for key in "ab":
            await queue.take(Key(key, key))
        queue.release()
        await pilot.pause()
        assert events == ["a", "b"]
        clock.advance(CHECK_AFTER)
        await pilot.pause()
        assert events == ["a", "b", "free"]
        await queue.take(Key("c", "c"))
        clock.advance(CHECK_AFTER)
        await pilot.pause()
        assert events == ["a", "b", "free", "c"]

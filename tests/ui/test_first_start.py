"""The main keys, which are shown once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatkit_tui.config.access import NO_ACCESS
from chatkit_tui.config.settings import Settings
from chatkit_tui.emulator import Emulator
from chatkit_tui.startup import browse
from chatkit_tui.storage.remembered import state_path
from tests.ui.conftest import Start

HINT = "j k move  Enter reads  Esc goes back  ? lists all keys"


@pytest.mark.parametrize(("columns", "shown"), [(160, HINT), (80, HINT), (60, "? lists all keys")])
async def test_the_main_keys_are_shown_until_the_first_key_and_remembered(
    start: Start, tmp_path: Path, columns: int, shown: str
) -> None:
    remember = browse.screen_of(Settings(tmp_path), NO_ACCESS).remember
    async with start(columns, 24, first_start=True, remember=remember) as driver:
        assert " loaded" in driver.status
        assert f"  {shown}   1" in driver.status
        assert json.loads(state_path().read_text()) == {"first_hint": "shown"}
        await driver.press("j")
        assert "Enter" not in driver.status
        await driver.press("k")
        assert "Enter" not in driver.status


async def test_the_main_keys_are_those_of_the_configuration(start: Start) -> None:
    keys = {"help": "f1", "open": "o", "order": "O"}
    async with start(first_start=True, keys=keys) as driver:
        assert "o reads  Esc goes back  F1 lists all keys" in driver.status


async def test_the_main_keys_are_a_message_for_a_screen_reader(start: Start) -> None:
    async with start(first_start=True, plain=True) as driver:
        keys = "j k move, Enter reads, Esc goes back, ? lists all keys"
        assert keys in driver.status
        await driver.press("j")
        assert "Enter" not in driver.status


async def test_the_main_keys_wait_for_the_list(start: Start) -> None:
    remembered: list[tuple[str, object]] = []

    def remember(name: str, value: object) -> str:
        remembered.append((name, value))
        return ""

    failing = Emulator(faults=["unauthorized@threads.list"])
    async with start(emulator=failing, first_start=True, remember=remember) as driver:
        assert "reads" not in driver.status
        assert not remembered
        failing.faults = ()
        await driver.press("r")
        assert "Enter reads" in driver.status
        assert remembered == [("first_hint", "shown")]


@pytest.mark.parametrize("options", [{}, {"first_start": True, "slow": True}])
async def test_later_and_on_a_slow_connection_nothing_is_shown(
    start: Start, options: dict[str, bool]
) -> None:
    async with start(**options) as driver:
        assert "Enter reads" not in driver.status


async def test_a_folder_that_cannot_be_written_is_no_reason_for_a_message(
    start: Start, tmp_path: Path
) -> None:
    state_path().parent.parent.mkdir(parents=True, exist_ok=True)
    state_path().parent.write_text("")
    remember = browse.screen_of(Settings(tmp_path), NO_ACCESS).remember
    async with start(first_start=True, remember=remember) as driver:
        assert driver.status.startswith(" 60 loaded  ")
        await driver.press("j")
        assert driver.status.startswith(" 60 loaded  ")
        assert "remembered" not in driver.status

"""Exports from the screen: what is asked, what is written, what is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.emulator import Emulator
from chatkit_tui.export.manifest import NAME
from chatkit_tui.storage.remembered import read_remembered, remember, state_path
from tests.held_emulator import HeldEmulator
from tests.ui.conftest import Start
from tests.ui.driver import Driver


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name != NAME)


async def export(driver: Driver, folder: Path, *keys: str) -> None:
    """Export to a folder, as the format that keys choose."""
    await driver.press("x")
    await driver.paste(str(folder))
    await driver.press(*keys, "enter")


async def test_the_thread_under_the_cursor_is_exported(start: Start, folder: Path) -> None:
    async with start(80, 24) as driver:
        await driver.press("x")
        assert "Export 1 thread to a folder" in driver.frame()
        await driver.press("enter")
        assert "type a folder first" in driver.frame()
        await driver.paste(str(folder))
        await driver.press("enter")
        assert driver.is_alone()
        (file,) = files(folder)
        assert driver.thread().id in file.read_text().replace("\\", "")
        assert file.suffix == ".md"
        assert "1 thread exported as Markdown; in /" in driver.status
        assert "stop export" not in driver.frame()


async def test_marked_threads_are_exported_in_the_format_that_was_chosen(
    start: Start, folder: Path
) -> None:
    async with start(120, 30) as driver:
        await driver.press("space", "space", "x")
        assert "Export 2 threads to a folder" in driver.frame()
        await driver.paste(str(folder))
        await driver.press("down", "down", "enter")
        assert [path.suffix for path in files(folder)] == [".json"] * 2
        assert "2 threads exported as JSON; in /" in driver.status
        await export(driver, folder, "down", "down")
        assert "0 threads exported as JSON; 2 exported before and left alone" in driver.status


async def test_the_open_thread_is_exported_without_the_marked_ones(
    start: Start, folder: Path
) -> None:
    async with start(80, 24) as driver:
        await driver.press("space", "enter")
        assert driver.has_keys(Pane.TRANSCRIPT)
        await export(driver, folder, "down", "down", "down")
        (file,) = files(folder)
        row = json.loads(file.read_bytes().splitlines()[1])
        assert row["thread"]["id"] == driver.opened().id  # type: ignore[union-attr] # one is open


def keep(name: str, value: object) -> str:
    remember(state_path(), name, value)
    return ""


async def test_the_last_choice_comes_first(start: Start, folder: Path) -> None:
    async with start(120, 30, remember=keep) as driver:
        await export(driver, folder, "down")
        assert read_remembered(state_path()).values["export"] == {
            "format": "html",
            "folder": str(folder),
        }
        await driver.press("j", "x", "enter")
        assert [path.suffix for path in files(folder)] == [".html"] * 2


@pytest.mark.parametrize("value", [5, {"format": 1, "folder": []}, {"format": "docx"}])
async def test_a_choice_that_cannot_be_read_is_none(
    start: Start, folder: Path, value: object
) -> None:
    remember(state_path(), "export", value)
    async with start(80, 24) as driver:
        await export(driver, folder)
        assert [path.suffix for path in files(folder)] == [".md"]


async def test_a_failure_is_one_line(start: Start, folder: Path, emulator: Emulator) -> None:
    async with start(120, 24) as driver:
        await export(driver, Path("/proc/out"))
        assert "export: /proc/out cannot be written: " in driver.status
        emulator.faults = ("not-found@threads.list_items",)
        await export(driver, folder)
        assert "0 threads exported as Markdown; 1 failed: Not found (404)" in driver.status


async def test_the_choice_of_an_export_that_fails_comes_first_as_well(
    start: Start, folder: Path, emulator: Emulator
) -> None:
    async with start(80, 24, remember=keep) as driver:
        emulator.faults = ("unauthorized@threads.list_items",)
        await export(driver, folder, "down")
        emulator.faults = ()
        await driver.press("x", "enter")
        assert [path.suffix for path in files(folder)] == [".html"]


async def test_parquet_is_a_format_as_well(start: Start, folder: Path) -> None:
    async with start(80, 24) as driver:
        await export(driver, folder, "up")
        assert "1 thread exported as Parquet; in /" in driver.status
        assert len([*(folder / "items").glob("month=*/*.parquet")]) == 1


async def test_an_export_gives_way_and_can_be_stopped(
    start: Start, folder: Path, emulator: HeldEmulator
) -> None:
    async with start(120, 30) as driver:
        await driver.press("a", "x")
        await driver.paste(str(folder))
        emulator.hold()
        await driver.pilot.press("enter")
        while "export: 0 of " not in driver.status:
            await driver.pilot.pause()
        await driver.pilot.press("j", "x")
        await driver.pilot.pause()
        assert driver.cursor() == 1
        assert "export: one is running already" in driver.status
        await driver.pilot.press("escape")
        emulator.release()
        await driver.settle()
        assert "stopped: " in driver.status
        await export(driver, folder)
        assert f"{driver.loaded('threads')} threads exported as " in driver.status


async def test_what_is_masked_is_exported_redacted(
    start: Start, folder: Path, emulator: Emulator
) -> None:
    async with start(120, 30) as driver:
        driver.browse.masking.action_mask()
        await driver.settle()
        await export(driver, folder)
        (file,) = files(folder)
        text = file.read_text()
        assert "redacted: yes" in text
        assert "mira.okafor@example.com" not in text

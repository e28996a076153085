"""A scan for problems, from the palette."""

from __future__ import annotations

import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.predicates.predicate import Predicate
from tests.held_emulator import HeldEmulator
from tests.ui.conftest import Start
from tests.ui.driver import Driver


async def scan(driver: Driver, *, settled: bool = True) -> None:
    """Run the command of the palette."""
    await driver.command("scan", settled=settled)


@pytest.mark.parametrize("plain", [False, True])
async def test_the_rows_say_what_was_found(start: Start, *, plain: bool) -> None:
    async with start(120, 30, plain=plain) as driver:
        count = driver.loaded("threads")
        await scan(driver)
        assert f"all {count} loaded threads read" in driver.status
        findings = driver.browse.threads.list.findings
        assert len(findings) == count
        hanging = driver.threads()[0].id
        assert findings.of(hanging) == frozenset({Predicate.IN_PROGRESS})
        first = next(line for line in driver.frame().splitlines() if "TP 576" in line)
        assert "in-progress Flight TP 576" in first
        await driver.press("enter", "escape", "question_mark", "escape")
        assert "in-progress Flight TP 576" in driver.frame()


async def test_only_the_shown_threads_are_read_and_then_those_left(start: Start) -> None:
    async with start(120, 30) as driver:
        await driver.press("slash", "=okafor", "enter")
        shown = len(driver.threads())
        await scan(driver)
        assert len(driver.browse.threads.list.findings) == shown
        await driver.press("escape")
        await scan(driver)
        left = driver.loaded("threads") - shown
        assert f"all {left} loaded threads read" in driver.status


async def test_a_date_scans_threads_that_are_not_loaded(start: Start) -> None:
    async with start(120, 30) as driver:
        loaded = driver.loaded("threads")
        await driver.press("slash")
        await driver.paste("since:2020-01-01")
        await driver.press("enter")
        await scan(driver)
        assert loaded < len(driver.browse.threads.list.findings) == 60


async def test_a_filter_by_problem_shows_what_a_scan_finds(start: Start) -> None:
    async with start(120, 30) as driver:
        await driver.press("slash")
        await driver.paste("is:in-progress")
        await driver.press("enter")
        assert driver.threads() == []
        await scan(driver)
        assert {driver.browse.threads.list.findings.words(row.id) for row in driver.threads()} == {
            "in-progress"
        }
        assert "not read" not in driver.browse.threads.amount


async def test_eight_keys_lead_to_a_call_that_hangs(start: Start) -> None:
    async with start(80, 24) as driver:
        await driver.press("P", "slash", *"is:i", "enter")
        assert driver.filter() == "is:in-progress"
        findings = driver.browse.threads.list.findings
        await driver.press("enter")
        for key in ("J", "K"):
            item = findings.item(driver.opened_id() or "", [Predicate.IN_PROGRESS])
            assert driver.item() == item is not None
            await driver.press(key)


async def test_an_empty_list_says_which_key_reads_the_threads(start: Start) -> None:
    async with start(80, 24) as driver:
        await driver.press("slash", "=is:unanswered", "enter")
        assert "Not read for problems: " in driver.frame()
        assert "P scans them" in driver.frame()
        await driver.press("P")
        assert driver.threads()


@pytest.mark.parametrize("emulator", [HeldEmulator()], ids=["held"])
async def test_escape_stops_a_scan_and_what_was_found_stays(
    start: Start, emulator: Emulator
) -> None:
    assert isinstance(emulator, HeldEmulator)
    async with start(120, 30, emulator=emulator) as driver:
        emulator.hold(passing=5)
        await scan(driver, settled=False)
        findings = driver.browse.threads.list.findings
        while not len(findings):
            await driver.pilot.pause()
        assert "scan: " in driver.browse.scanning.work
        read = len(findings)
        await driver.pilot.press("escape")
        assert not driver.browse.scanning.run.is_on
        emulator.release()
        await driver.settle()
        assert "stopped: scan: " in driver.status
        assert len(findings) >= read
        await scan(driver)
        assert len(findings) == driver.loaded("threads")


async def test_a_failure_is_said_and_the_scan_goes_on(start: Start, emulator: Emulator) -> None:
    async with start(120, 30) as driver:
        emulator.faults = ("unauthorized@threads.list_items",)
        await scan(driver)
        assert "scan" not in driver.status
        emulator.faults = ()
        await scan(driver)
        assert "threads read" in driver.status


async def test_a_scan_of_no_threads_does_not_say_that_none_was_found(start: Start) -> None:
    async with start(120, 30, emulator=Emulator(threads=0)) as driver:
        await scan(driver)
        assert "scan: no threads are shown" in driver.status

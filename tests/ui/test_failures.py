"""What goes wrong is told where it happened, and the rest of the screen stays."""

from __future__ import annotations

import pytest

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.emulator import Emulator
from chatkit_tui.errors import APIConnectionError, APITimeoutError, ChatKitError, ProxyRefusedError
from chatkit_tui.ui.failures import countdown, load_failure, retry_delay
from tests.held_emulator import HeldEmulator
from tests.ui.conftest import Start

NOW = "threads.list"


@pytest.mark.parametrize("error", [APIConnectionError("No."), APITimeoutError("No.")])
def test_a_server_that_was_not_reached_is_asked_again(error: ChatKitError) -> None:
    assert retry_delay(load_failure(error), 1) > 0


def test_a_proxy_that_refused_is_not_asked_again_unless_a_key_says_so() -> None:
    assert retry_delay(load_failure(ProxyRefusedError("No.")), 1) == 0


@pytest.mark.parametrize(
    ("fault", "words"),
    [("unauthorized", "401"), ("forbidden", "403"), ("quota", "429"), ("reset", "connection")],
)
async def test_a_list_that_does_not_come_says_why_and_how_to_try_again(
    start: Start, fault: str, words: str
) -> None:
    failing = Emulator(faults=[f"{fault}@{NOW}"])
    async with start(emulator=failing) as driver:
        assert words in (driver.failure("threads") or "")
        assert "r tries again" in driver.frame()
        failing.faults = ()
        await driver.press("r")
        assert driver.loaded("threads")
        assert driver.failure("threads") is None


async def test_without_a_network_the_header_says_offline_until_an_answer_comes(
    start: Start,
) -> None:
    broken = Emulator(faults=["reset"])
    async with start(emulator=broken) as driver:
        assert "OFFLINE" in driver.line(0)
        broken.faults = ()
        await driver.press("r")
        assert "OFFLINE" not in driver.line(0)


async def test_offline_is_what_the_last_call_came_to_whichever_pane_made_it(start: Start) -> None:
    server = Emulator()
    async with start(emulator=server) as driver:
        await driver.press("enter")
        server.faults = ("reset",)
        await driver.press("r", "escape", "r")
        assert "OFFLINE" in driver.line(0)
        server.faults = ()
        await driver.press("r")
        assert "OFFLINE" not in driver.line(0)


async def test_a_wait_that_the_server_asks_for_is_counted_down_and_told_once(start: Start) -> None:
    async with start(emulator=Emulator(faults=["rate-limit-long"])) as driver:
        assert "r tries again; by itself in 5:00 as the server asks" in driver.frame()
        assert "Too many requests (429)." in driver.frame()
        assert "Wait" not in driver.frame()


async def test_a_short_wait_that_the_server_asks_for_is_not_taken_as_an_invitation(
    start: Start,
) -> None:
    failing = Emulator(faults=["rate-limit@threads.list"])
    async with start(emulator=failing) as driver:
        assert "by itself in 5 s" in driver.frame()
        await driver.press("r")
        assert "by itself in 10 s" in driver.frame()


async def test_a_page_that_fails_leaves_the_list_usable(start: Start) -> None:
    many = Emulator(threads=300)
    async with start(emulator=many) as driver:
        many.faults = (f"server-error@{NOW}",)
        await driver.press("G")
        assert "500" in driver.frame()
        await driver.press("j", "enter")
        assert driver.has_keys(Pane.TRANSCRIPT)
        assert driver.loaded("items")


async def test_a_transcript_that_fails_leaves_the_list_usable(start: Start) -> None:
    failing = Emulator(faults=["server-error@threads.list_items"])
    async with start(emulator=failing) as driver:
        await driver.press("enter")
        assert "500" in driver.frame()
        failing.faults = ()
        await driver.press("r")
        assert driver.loaded("items")
        await driver.press("escape", "j")
        assert driver.has_keys(Pane.THREADS)


async def test_a_thread_that_is_gone_by_now_says_so(start: Start) -> None:
    gone = Emulator()
    async with start(emulator=gone) as driver:
        gone.faults = ("not-found@threads.list_items",)
        await driver.press("enter")
        assert "404" in driver.frame()
        assert "r try again" in driver.line(-1)


async def test_a_key_that_cannot_do_anything_says_why(start: Start) -> None:
    async with start() as driver:
        await driver.press("w")
        assert "width: both panes fit from 100 columns" in driver.status


async def test_in_read_only_mode_the_key_for_deleting_does_nothing(start: Start) -> None:
    async with start(read_only=True) as driver:
        await driver.press("D")
        assert driver.is_alone()
        assert "delete" not in driver.line(-1)
        assert "READ-ONLY" in driver.line(0)


async def test_what_is_wrong_in_the_configuration_is_said_at_the_start(start: Start) -> None:
    async with start(
        keys={"destroy": "x"}, notes=("config.toml, line 3: no such option",)
    ) as driver:
        assert "config.toml, line 3: no such option" in driver.status
        assert "2 notes" in driver.status


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (60, "1:00"), (725, "12:05"), (11_100, "3 h 05")],
)
def test_a_countdown_is_written_in_units_that_fit(seconds: int, words: str) -> None:
    assert countdown(seconds) == words


async def test_work_that_takes_long_counts_its_seconds_and_names_the_way_out(start: Start) -> None:
    server = HeldEmulator()
    async with start(emulator=server) as driver:
        server.hold()
        await driver.pilot.press("r")
        assert "refreshing…" in driver.status
        driver.browse.threads.since -= 14
        driver.browse.update_lines()
        await driver.pilot.pause()
        assert "refreshing, 14 s, Esc stops" in driver.status


async def test_seconds_are_counted_only_while_something_is_under_way(start: Start) -> None:
    server = HeldEmulator()
    async with start(emulator=server) as driver:
        assert not driver.browse.status.ticks
        server.hold()
        await driver.pilot.press("r")
        assert driver.browse.status.ticks
        server.release()
        await driver.settle()
        assert not driver.browse.status.ticks


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (160, 50), (40, 12)])
async def test_a_conversation_that_does_not_come_says_why_in_its_place(
    start: Start, emulator: Emulator, columns: int, lines: int
) -> None:
    async with start(columns, lines) as driver:
        emulator.faults = ["unauthorized"]
        await driver.press("enter")
        shown = driver.frame().splitlines()
        (what,) = [line for line in shown if "The conversation could not be loaded." in line]
        assert shown.index(what) <= lines // 2
        assert "401" in "\n".join(shown[shown.index(what) :])
        assert "failed to load (reason below)" not in driver.frame()
        if lines > 12:  # else the footer has the keys
            assert any("r tries again   Esc goes back" in line for line in shown)
        emulator.faults = []
        await driver.press("r")
        assert driver.loaded("items")
        assert "could not be loaded" not in driver.frame()

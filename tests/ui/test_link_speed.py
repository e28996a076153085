"""A slow line: when it is taken for one, and what is spared then."""

from __future__ import annotations

import sys
from itertools import pairwise

import pytest

from chatkit_tui.commands.commands import BY_ID
from chatkit_tui.emulator import Emulator
from chatkit_tui.terminal.flow_control import QUICK_BELOW, SLOW_ABOVE, LinkSpeed, is_slow
from tests.distant_terminal import DistantTerminal, Line
from tests.fork_server import Program
from tests.ui.conftest import Start
from tests.ui.driver import Driver

SLOW, QUICK, BETWEEN = SLOW_ABOVE + 0.01, QUICK_BELOW - 0.01, (SLOW_ABOVE + QUICK_BELOW) / 2


@pytest.mark.parametrize(
    ("answers", "before", "slow"),
    [
        ([], False, False),
        ([SLOW, SLOW], False, False),
        ([SLOW, SLOW, SLOW], False, True),
        ([SLOW, QUICK, SLOW], False, False),
        ([SLOW, BETWEEN, SLOW], False, False),
        ([SLOW_ABOVE] * 3, False, False),
        ([BETWEEN, BETWEEN, BETWEEN], True, True),
        ([QUICK, QUICK], True, True),
        ([QUICK, SLOW, QUICK], True, True),
        ([QUICK, QUICK, QUICK], True, False),
    ],
)
def test_a_line_is_slow_when_the_last_answers_all_say_so(
    answers: list[float],
    before: bool,
    slow: bool,
) -> None:
    assert is_slow(answers, before=before) is slow


def test_only_the_last_answers_count() -> None:
    line = LinkSpeed()
    changes = [
        line.reply_received(seconds) for seconds in (QUICK, SLOW, SLOW, SLOW, QUICK, QUICK, QUICK)
    ]
    assert changes == [False, False, False, True, False, False, True]
    assert not line.slow


@pytest.mark.parametrize("said", [True, False])
def test_what_the_reader_says_is_not_measured_away(said: bool) -> None:
    line = LinkSpeed(said)
    assert not any(line.reply_received(seconds) for seconds in [SLOW] * 4 + [QUICK] * 4)
    assert line.slow is said
    line.switch()
    assert line.slow is not said


def sizes(emulator: Emulator, call: str) -> set[str]:
    """How many rows were asked for at a time."""
    return {request.query["limit"] for request in emulator.requests if request.operation == call}


async def switch(driver: Driver) -> None:
    """Do the command that no key has."""
    await driver.browse.act(BY_ID["slow"])
    await driver.settle()


@pytest.mark.parametrize("slow", [True, False])
async def test_a_slow_line_gets_pages_one_after_the_other_and_small_ones(
    start: Start,
    slow: bool,
) -> None:
    emulator = Emulator(threads=300)
    async with start(emulator=emulator, slow=slow) as driver:
        assert ("SLOW" in driver.line(0)) is slow
        assert sizes(emulator, "threads.list") == ({"20"} if slow else {"30", "100"})
        loaded = driver.loaded("threads")
        await driver.press("j")
        assert driver.loaded("threads") == loaded
        assert loaded == (20 if slow else 130)
        await driver.press("pagedown")
        assert driver.loaded("threads") == (40 if slow else 130)


async def test_the_transcript_asks_for_more_only_where_it_ends_on_a_slow_line(
    start: Start,
) -> None:
    emulator = Emulator(threads=1, items=300)
    async with start(emulator=emulator, slow=True) as driver:
        await driver.press("enter")
        assert driver.loaded("items") == 20
        assert sizes(emulator, "threads.list_items") == {"20"}


async def test_a_command_spares_the_line_and_lets_it_be(start: Start) -> None:
    async with start(120, 24) as driver:
        await switch(driver)
        assert "SLOW" in driver.line(0)
        assert "slow connection: on" in driver.status
        assert driver.width("threads") == 120
        await switch(driver)
        assert "SLOW" not in driver.line(0)
        assert driver.width("threads") < 120


async def test_a_line_that_turns_out_slow_spares_all_but_the_width_of_what_one_reads(
    start: Start,
) -> None:
    async with start(120, 24) as driver:
        await driver.press("enter")
        width = driver.width("items")
        for _ in range(3):
            driver.app.reply_received(SLOW)
        await driver.settle()
        assert "SLOW" in driver.line(0)
        assert driver.width("items") == width


async def test_words_of_code_look_alike_on_a_slow_line(start: Start) -> None:
    async with start() as driver:
        await driver.press("enter", "i")
        view = driver.browse.transcript.view

        def looks() -> set[object]:
            lines = [view.render_line(y) for y in range(view.size.height)]
            return {piece.style and piece.style.color for line in lines for piece in line}

        many = looks()
        await switch(driver)
        assert len(looks()) < len(many)


async def test_a_slow_line_has_a_bar_before_the_first_line_of_an_item_only(start: Start) -> None:
    async with start() as driver:
        await driver.press("enter")

        def are_first() -> set[bool]:
            lines = [driver.line(n).strip() for n in range(1, 22)]
            return {not above for above, line in pairwise(lines) if line.startswith("▎")}

        assert are_first() == {True, False}
        await switch(driver)
        assert are_first() == {True}
        assert driver.line(3).startswith("▌")


async def test_letters_are_shown_at_once_and_looked_for_when_nobody_types(start: Start) -> None:
    async with start(slow=True) as driver:
        await driver.press("/", *"wi-fi")
        assert "wi-fi" in driver.line(-2)
        # On a busy machine the pause after the last letter may be over already.
        assert driver.filter() in ("", "wi-fi")
        while driver.filter() == "":
            await driver.pilot.pause()
        assert driver.filter() == "wi-fi"
        await driver.press("x", "escape")
        assert driver.filter() == ""
        await driver.press("/", *"zz", "enter")
        assert driver.filter() == "zz"


@pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")
def test_a_terminal_far_away_is_found_out() -> None:
    program = Program(["--demo"])
    with DistantTerminal(program, line=Line(delay=SLOW_ABOVE / 2, rate=100_000)) as terminal:
        terminal.wait_for("loaded")
        for key in "jkjk":  # each is answered once it is drawn
            since = len(terminal.written)
            terminal.send(key)
            terminal.rest(since=since)
        terminal.wait_for("SLOW")

"""A confirmation counts only after its question was on the terminal."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

import pytest
from textual.events import Key

from chatkit_tui.emulator import Emulator
from chatkit_tui.terminal.input_decoder import Control
from chatkit_tui.terminal.input_events import InputEvents
from chatkit_tui.terminal.renderer import SWITCH
from tests.distant_terminal import DistantTerminal, Line
from tests.fork_server import Program
from tests.pty_terminal import Terminal, Written
from tests.ui.conftest import Start
from tests.ui.test_delete_dialog import deletions
from tests.ui.test_deletion_once import post

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")

UNACKNOWLEDGED = 0.05
"""Seconds after which a frame counts as shown here if the terminal does not acknowledge it."""
PROGRAM = Program(
    limits={
        "chatkit_tui.ui.key_queue.MAX_WAIT": 60,
        "chatkit_tui.terminal.renderer.UNACKNOWLEDGED": UNACKNOWLEDGED,
    }
)
"""A key waits for the effect of the one before, however busy the machine is."""
MUTE = Program(
    limits={**PROGRAM.limits, "chatkit_tui.terminal.flow_control.FIRST_REPLY_WITHIN": 0.2}
)
"""As `PROGRAM`; it finds out sooner that the terminal does not reply."""
FORGETFUL = Program(limits={**PROGRAM.limits, "chatkit_tui.terminal.flow_control.LOST_AFTER": 0.2})
"""As `PROGRAM`; it finds out sooner that a reply is lost."""
PROVED = Program(limits={**PROGRAM.limits, "chatkit_tui.terminal.renderer.UNACKNOWLEDGED": 600})
"""As `PROGRAM`, but time alone proves nothing."""
QUESTION, AGAIN = "Delete this thread?", "Press y again."


class MuteTerminal(Terminal):
    """A terminal that sends no response."""

    def _show(self, written: Written) -> None:
        self.written.append(written)


def shows(words: str, lines: Sequence[str]) -> bool:
    return any(words in line for line in lines)


def environment(address: str, **more: str) -> dict[str, str]:
    return {"OPENAI_BASE_URL": address, "OPENAI_API_KEY": "sk-demo-not-a-real-key", **more}


def wait_for(terminal: Terminal, words: str) -> None:
    terminal.wait_until(lambda lines: shows(words, lines))


def wait_closed(terminal: Terminal) -> None:
    terminal.wait_until(lambda lines: not shows(QUESTION, lines))


def settle(terminal: Terminal) -> None:
    """Wait until the program must consider the question shown."""
    terminal.rest()
    terminal.listen(UNACKNOWLEDGED + 0.1)


def confirm(terminal: Terminal, emulator: Emulator, many: int, keys: str = "y") -> None:
    """Answer yes, and check the number of deleted threads."""
    terminal.send_until(lambda: len(deletions(emulator)) >= many, keys)


def wait_deleted(terminal: Terminal, emulator: Emulator, many: int) -> None:
    terminal.wait_until(lambda _: len(deletions(emulator)) >= many)


BLIND = (
    "Dy",
    "D" * 20 + "y" * 30,
    "Delay my reply today",  # a paste without brackets
    "Dy\r",
    "D\x1b[<0;45;14M\x1b[<0;45;14my",  # clicks where the button is going to be
)


@pytest.mark.parametrize("kind", ["renderer", "no renderer", "mute"])
def test_keys_before_the_question_is_shown_do_not_delete(
    emulator: Emulator, address: str, kind: str
) -> None:
    make, program = (MuteTerminal, MUTE) if kind == "mute" else (Terminal, PROGRAM)
    variables = environment(address, **({SWITCH: "off"} if kind == "no renderer" else {}))
    with make(program, environment=variables) as terminal:
        terminal.send("Dy")  # before there is a list
        wait_for(terminal, "loaded")
        settle(terminal)
        terminal.send("\x1b")  # closes what that opened, if anything
        terminal.catch_up()
        for keys in BLIND if kind == "renderer" else BLIND[1::2]:
            terminal.send(keys)
            wait_for(terminal, AGAIN)
            assert deletions(emulator) == []
            terminal.send("\x1b")
            wait_closed(terminal)
        terminal.send("D" * 20)
        wait_for(terminal, QUESTION)
        settle(terminal)
        confirm(terminal, emulator, 1, "y" * 30)
        wait_closed(terminal)
        settle(terminal)
        assert len(deletions(emulator)) == 1


def test_a_key_and_a_click_count_as_soon_as_the_terminal_answered(
    emulator: Emulator, address: str
) -> None:
    with Terminal(PROVED, environment=environment(address)) as terminal:
        wait_for(terminal, "loaded")
        terminal.send("D")
        wait_for(terminal, QUESTION)
        confirm(terminal, emulator, 1)
        wait_closed(terminal)
        terminal.send("D")
        wait_for(terminal, QUESTION)
        [(column, line)] = [
            (text.index("Delete", text.index("Cancel")) + 1, number)
            for number, text in enumerate(terminal.screen(), 1)
            if "Cancel" in text
        ]
        confirm(terminal, emulator, 2, f"\x1b[<0;{column};{line}M\x1b[<0;{column};{line}m")


def test_the_response_of_a_multiplexer_does_not_open_the_gate(
    emulator: Emulator, address: str
) -> None:
    variables = environment(address, TMUX="default,1,0")
    with Terminal(PROVED, environment=variables) as terminal:
        wait_for(terminal, "loaded")
        terminal.send("D")
        wait_for(terminal, QUESTION)
        settle(terminal)
        terminal.send("y")
        wait_for(terminal, AGAIN)
        assert deletions(emulator) == []
    with Terminal(PROGRAM, environment=variables) as terminal:
        wait_for(terminal, "loaded")
        terminal.send("D")
        wait_for(terminal, QUESTION)
        settle(terminal)
        confirm(terminal, emulator, 1)


class ReportingTerminal(Terminal):
    """A terminal that announces reports of its size and sends none."""

    answers = tuple(
        (asked, b"\x1b[?2048;2$y" if b"2048" in answer else answer)
        for asked, answer in Terminal.answers
    )


def test_a_resize_without_the_report_of_it_leaves_the_question_answerable(
    emulator: Emulator, address: str
) -> None:
    with ReportingTerminal(PROGRAM, environment=environment(address)) as terminal:
        wait_for(terminal, "loaded")
        terminal.send("D")
        wait_for(terminal, QUESTION)
        settle(terminal)
        terminal.signal(signal.SIGWINCH)  # of the same size
        settle(terminal)
        confirm(terminal, emulator, 1)
        wait_closed(terminal)
        terminal.send("D")
        wait_for(terminal, QUESTION)
        settle(terminal)
        terminal.resize(60, 20)
        settle(terminal)
        terminal.wait_until(lambda lines: shows(QUESTION, lines[:20]))
        confirm(terminal, emulator, 2)


def test_on_a_slow_connection_keys_count_that_were_typed_in_sight_of_the_question(
    emulator: Emulator, address: str
) -> None:
    line = Line(delay=0.2, rate=20_000)
    with DistantTerminal(PROGRAM, line=line, environment=environment(address)) as terminal:
        wait_for(terminal, "loaded")
        terminal.rest(0.5)
        since = len(terminal.written)
        terminal.send("D")
        for number in range(4):  # while the frame is on its way
            terminal.send("y", number * 0.05)
        terminal.wait_for(QUESTION, since=since)
        wait_for(terminal, AGAIN)
        assert deletions(emulator) == []
        terminal.send("y")
        wait_deleted(terminal, emulator, 1)
    assert len(deletions(emulator)) == 1


def test_keys_while_the_process_is_stopped_do_not_delete(emulator: Emulator, address: str) -> None:
    with Terminal(PROGRAM, environment=environment(address)) as terminal:
        wait_for(terminal, "loaded")
        for opened, keys in ((False, "Dy"), (True, "yyyyyy")):
            if opened:
                terminal.send("D")
                wait_for(terminal, QUESTION)
                settle(terminal)
            terminal.signal(signal.SIGSTOP)
            terminal.send(keys)
            since = len(terminal.written)
            terminal.signal(signal.SIGCONT)
            terminal.wait_for("loaded", since=since)
            wait_for(terminal, AGAIN)
            settle(terminal)
            wait_for(terminal, QUESTION)
            assert deletions(emulator) == []
            terminal.send("\x1b")
            wait_closed(terminal)
        terminal.send("D")
        wait_for(terminal, QUESTION)
        settle(terminal)
        since = len(terminal.written)
        terminal.signal(signal.SIGSTOP)
        terminal.signal(signal.SIGCONT)
        terminal.wait_for(QUESTION, since=since)
        settle(terminal)
        confirm(terminal, emulator, 1)


def test_after_a_resize_no_key_counts_until_the_question_is_shown_again(
    emulator: Emulator, address: str
) -> None:
    with Terminal(PROGRAM, environment=environment(address)) as terminal:
        wait_for(terminal, "loaded")
        terminal.send("D")
        wait_for(terminal, QUESTION)
        settle(terminal)
        for size in ((20, 5), (80, 24)):
            terminal.resize(*size)
            terminal.send("y")
            settle(terminal)
            assert deletions(emulator) == []
        terminal.resize(12, 2)
        settle(terminal)
        terminal.send("y")
        settle(terminal)
        assert deletions(emulator) == []  # the question is not in sight
        terminal.resize(20, 5)
        wait_for(terminal, QUESTION)
        wait_for(terminal, "y  Delete")
        confirm(terminal, emulator, 1)


def test_a_session_is_cancelled_through_the_same_gate(emulator: Emulator, address: str) -> None:
    def cancellations() -> int:
        return sum(request.path.endswith("/cancel") for request in emulator.requests)

    with Terminal(PROGRAM, environment=environment(address)) as terminal:
        wait_for(terminal, "loaded")
        terminal.send("sxcksess_unheard_of\ry")
        wait_for(terminal, AGAIN)
        terminal.send("\r")  # Enter is safe
        terminal.wait_until(lambda lines: not shows("Cancel this session?", lines))
        assert cancellations() == 0
        terminal.send("\r")
        wait_for(terminal, "Cancel this session?")
        settle(terminal)
        terminal.send_until(lambda: cancellations() > 0, "y" * 10)
        settle(terminal)
        assert cancellations() == 1


@pytest.mark.parametrize(("keys", "confirms"), [(("y",), "Y"), (("y", "Y"), "ctrl+y")])
async def test_the_key_that_opens_the_question_never_confirms_it(
    start: Start, emulator: Emulator, keys: tuple[str, ...], confirms: str
) -> None:
    async with start(keys={"delete": ",".join(keys), "copy": "x"}) as driver:
        await driver.press(keys[0])
        assert QUESTION in driver.frame()
        await driver.press(*keys, "enter")
        assert deletions(emulator) == []
        await driver.press(keys[0])
        await driver.press(confirms)
        assert len(deletions(emulator)) == 1


@pytest.mark.parametrize(
    "keys", [("enter",), ("space",), ("tab", "enter"), ("tab", "tab", "space")]
)
async def test_neither_enter_nor_space_confirms(
    start: Start, emulator: Emulator, keys: tuple[str, ...]
) -> None:
    async with start() as driver:
        await driver.press("D")
        await driver.press(*keys)
        assert deletions(emulator) == []


async def test_keys_posted_with_the_one_that_opens_are_dropped_but_for_esc(
    start: Start, emulator: Emulator
) -> None:
    async with start() as driver:
        post(driver, "D", "n", "q", "enter", "y")
        await driver.settle()
        assert QUESTION in driver.frame()
        assert AGAIN in driver.frame()
        await driver.press("escape")
        post(driver, "D", "escape")
        await driver.settle()
        assert QUESTION not in driver.frame()
        assert deletions(emulator) == []


class ForgetfulTerminal(Terminal):
    """A terminal that can omit a response."""

    forgets = 0

    def _type(self, data: bytes, now: float) -> None:
        if data == b"\x1b[1;1R" and self.forgets:
            self.forgets -= 1
        else:
            super()._type(data, now)


@pytest.mark.parametrize("modifiers", range(2, 10))
def test_f3_with_modifiers_is_no_answer(modifiers: int) -> None:
    [event] = InputEvents().events(Control(f"\x1b[1;{modifiers}R"))
    assert isinstance(event, Key)
    assert event.key.endswith("f3")


def test_keys_that_look_like_a_terminal_response_do_not_confirm(
    emulator: Emulator, address: str
) -> None:
    with ForgetfulTerminal(PROGRAM, environment=environment(address)) as terminal:
        wait_for(terminal, "loaded")
        terminal.rest()
        terminal.forgets = 1_000
        terminal.send("D")
        wait_for(terminal, QUESTION)
        terminal.send("\x1b[1;2R\x1b[1;5R\x1b[1;6R")
        terminal.listen(0.02)
        terminal.send("y")
        terminal.listen(0.2)
        owed, terminal.forgets = 1_000 - terminal.forgets, 0
        for _ in range(owed):
            terminal.send("\x1b[1;1R")
        wait_for(terminal, AGAIN)
        assert deletions(emulator) == []


def test_a_lost_answer_delays_a_confirmation_and_does_not_prevent_it(
    emulator: Emulator, address: str
) -> None:
    with ForgetfulTerminal(FORGETFUL, environment=environment(address)) as terminal:
        wait_for(terminal, "loaded")
        terminal.rest()
        terminal.forgets = 1
        terminal.send("j")
        terminal.wait_until(lambda _: not terminal.forgets)
        terminal.send("D")
        wait_for(terminal, QUESTION)
        settle(terminal)
        confirm(terminal, emulator, 1)

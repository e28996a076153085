"""Signals on a real terminal: it is given back as it was, and the exit code says what happened."""

from __future__ import annotations

import re
import shlex
import shutil
import signal
import sys
from collections.abc import Sequence

import pytest

from chatkit_tui.terminal.driver import GIVE_BACK
from chatkit_tui.terminal.renderer import SWITCH
from tests.fork_server import Program
from tests.pty_terminal import Terminal
from tests.ui.terminal_modes import changed_modes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")

PROGRAM = Program(["--demo"])


LEFT_EMPTY = re.compile(rb"\x1b\[r\x1b\[m\x1b\[H\x1b\[J(?:\x1b\[[?<][0-9]*[a-z])*\x1b\[\?1049l")
"""The other screen is erased, without margins, and left, with nothing but modes in between."""


def modes(terminal: Terminal) -> dict[str, bool]:
    """What the program changed in the terminal up to now."""
    return changed_modes(b"".join(data for _, data in terminal.written))


def scroll(terminal: Terminal) -> None:
    """Scroll the list, which sets margins."""
    terminal.send_until(lambda: "margins" in modes(terminal), "j" * 25)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)],
)
def test_a_signal_ends_it_with_the_terminal_as_it_was(number: int, code: int) -> None:
    with Terminal(PROGRAM) as terminal:
        before = terminal.untouched
        terminal.wait_for("loaded")
        assert modes(terminal)["1049"]
        scroll(terminal)
        terminal.signal(number)
        assert terminal.exit_code() == code
        assert terminal.attributes() == before
        assert modes(terminal) == {}


@pytest.mark.parametrize(("key", "code"), [("q", 0), ("\x03", 130)])
def test_a_key_that_leaves_gives_the_terminal_back(key: str, code: int) -> None:
    with Terminal(PROGRAM) as terminal:
        before = terminal.untouched
        terminal.wait_for("loaded")
        scroll(terminal)
        terminal.send(key)
        assert terminal.exit_code() == code
        assert terminal.attributes() == before
        assert modes(terminal) == {}


def is_all_there(lines: Sequence[str]) -> bool:
    """Whether the threads are loaded, and the first words of those without a title as well."""
    return "60 loaded" in lines[-2] and not any("(untitled)" in line for line in lines)


@pytest.mark.parametrize("stage", ["on", "off"])
def test_nothing_is_left_on_the_other_screen_for_a_terminal_to_mix_with_the_shells(
    stage: str,
) -> None:
    with Terminal(PROGRAM, environment={SWITCH: stage}) as terminal:
        terminal.wait_for("loaded")
        terminal.rest(0.2)
        since = len(terminal.written)
        terminal.send("\x1a")  # Ctrl+Z
        terminal.wait_stopped()
        terminal.signal(signal.SIGCONT)
        terminal.wait_for("loaded", since=since)
        terminal.send("q")
        assert terminal.exit_code() == 0
        written = b"".join(data for _, data in terminal.written)
    assert len(LEFT_EMPTY.findall(written)) == written.count(b"\x1b[?1049l") == 2
    assert LEFT_EMPTY.search(GIVE_BACK.encode())


def test_stopped_it_gives_the_terminal_back_and_continued_it_draws_all_again() -> None:
    with Terminal(PROGRAM) as terminal:
        before = terminal.untouched
        terminal.wait_until(is_all_there)
        shown, during = terminal.screen(), terminal.attributes()
        terminal.send("\x1a")  # Ctrl+Z
        terminal.wait_stopped()
        terminal.rest()
        assert terminal.attributes() == before
        assert modes(terminal) == {}
        terminal.written.clear()  # another screen now: what was on it is gone
        terminal.signal(signal.SIGCONT)
        # pyte and the program disagree on emoji, further down
        terminal.wait_until(lambda lines: [*lines[:15], *lines[-2:]] == [*shown[:15], *shown[-2:]])
        assert terminal.attributes() == during
        for _ in range(5):  # frozen by others, it still knows how the terminal was
            terminal.rest(0.03)
            since = len(terminal.written)
            terminal.signal(signal.SIGSTOP)
            terminal.signal(signal.SIGCONT)
            terminal.wait_for("loaded", since=since)
        terminal.send("q")
        assert terminal.exit_code() == 0
        assert terminal.attributes() == before
        assert modes(terminal) == {}


def test_a_signal_that_came_while_it_was_stopped_ends_it_when_continued() -> None:
    with Terminal(PROGRAM) as terminal:
        before = terminal.untouched
        terminal.wait_for("loaded")
        terminal.signal(signal.SIGTSTP)
        terminal.signal(signal.SIGTERM)
        terminal.signal(signal.SIGCONT)
        assert terminal.exit_code() == 143
        assert terminal.attributes() == before
        assert modes(terminal) == {}


def test_a_terminal_that_reports_the_mouse_in_pixels_does_not_go_on_with_it() -> None:
    with Terminal(PROGRAM) as terminal:
        terminal.wait_for("loaded")
        terminal.send("\x1b[?2048;2$y")  # the terminal can tell its size itself
        terminal.wait_until(lambda _: "1016" in modes(terminal))
        terminal.send("q")
        assert terminal.exit_code() == 0
        assert modes(terminal) == {}


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with job control")
def test_begun_in_the_background_it_waits_for_the_terminal_and_draws_when_it_gets_it() -> None:
    with Terminal(["bash", "--norc", "--noprofile", "-i"]) as terminal:
        terminal.send("set -b; PS1='ready '\r")
        terminal.wait_for("ready", since=len(terminal.written))
        terminal.send(f"{shlex.join(PROGRAM.command)} &\r")
        terminal.wait_for("Stopped")
        assert "1049" not in modes(terminal)
        terminal.send("fg\r")
        terminal.wait_until(lambda screen: "60 loaded" in screen[-2])
        terminal.send("q")
        terminal.wait_for("ready", since=len(terminal.written))
        assert modes(terminal).keys() <= {"2004"}  # the shell's own

"""The terminal goes away, or takes nothing more: the program ends all the same."""

from __future__ import annotations

import signal
import sys
from dataclasses import replace

import pytest

from tests.fork_server import Program
from tests.pty_terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")

LIMITS = {
    "chatkit_tui.terminal.renderer.MAX_END_WAIT": 0.2,
    "chatkit_tui.ui.leaving.CLOSE_WITHIN": 0.5,
}
"""Less than users get: a test waits for the end of each."""
PROGRAM = Program(["--demo"], limits=LIMITS)


def test_a_closed_terminal_ends_it_with_129() -> None:
    with Terminal(PROGRAM) as terminal:
        terminal.wait_for("loaded")
        terminal.hang_up()
        assert terminal.exit_code_unread() == 129


def test_a_closed_terminal_ends_it_when_nobody_sends_a_signal() -> None:
    # As under nohup: the hang-up is ignored, and only the line itself says that it is gone.
    with Terminal(replace(PROGRAM, nohup=True)) as terminal:
        terminal.wait_for("loaded")
        terminal.hang_up()
        assert terminal.exit_code_unread() == 129


def test_a_terminal_that_takes_nothing_more_does_not_keep_it_alive() -> None:
    with Terminal(PROGRAM) as terminal:
        before = terminal.untouched
        terminal.wait_for("loaded")
        terminal.rest()
        terminal.stall()
        terminal.signal(signal.SIGTERM)
        assert terminal.exit_code_unread() == 143
        assert terminal.attributes() == before

"""A bug on a real terminal: one line, exit code 1, a log without secrets, all given back."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from tests.fork_server import Program
from tests.pty_terminal import Terminal
from tests.ui.dying import CANARY
from tests.ui.terminal_modes import changed_modes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")

_MAKES_IT_HAPPEN = {"key": "?", "end": "q"}
"""What is typed, once the list is there, for the places that are not reached by themselves."""


@pytest.mark.parametrize("place", ["key", "worker", "start", "drawing", "end"])
def test_an_error_anywhere_leaves_one_line_and_the_terminal_as_it_was(
    place: str, tmp_path: Path
) -> None:
    target = ["cthr_1"] if place == "worker" else []  # a worker looks for it
    program = Program([place, "--demo", *target], module="tests.ui.dying")
    state = tmp_path / "state"
    with Terminal(program, columns=300, environment={"XDG_STATE_HOME": str(state)}) as terminal:
        before = terminal.untouched
        if keys := _MAKES_IT_HAPPEN.get(place):
            terminal.wait_for("loaded")
            terminal.send(keys)
        assert terminal.exit_code() == 1
        written = b"".join(data for _, data in terminal.written)
        assert changed_modes(written) == {}
        assert terminal.attributes() == before
    shown, _, after = written.rpartition(b"\x1b[?1006l")
    [line] = (after if shown else written).decode().split("\r\n")[:-1]
    # The reply to a query of the start is echoed if it comes after a crash as early as this.
    line = line.removeprefix("^[[?2048;0$y")
    [log] = state.rglob("*.log")
    assert line.startswith("chatkit-tui: crashed")
    assert "RuntimeError" in line
    assert str(log) in line
    assert CANARY.encode() not in written
    text = log.read_text()
    assert CANARY not in text
    assert "RuntimeError" in text
    assert "ValueError" in text
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700

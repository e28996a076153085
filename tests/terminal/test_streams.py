"""The screen is drawn on the terminal that was checked, wherever the other streams go."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.pty_terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")

TEXTUALS = {
    "TEXTUAL_PRESS": "D,y",
    "TEXTUAL_DRIVER": "nowhere:Driver",
    "TEXTUAL_SCREENSHOT": "0",
    "TEXTUAL_SCREENSHOT_LOCATION": "/nowhere",
    "TEXTUAL_DEBUG": "1",
    "TEXTUAL_LOG": "textual.log",
    "TEXTUAL_FILTERS": "nothing",
    "TEXTUAL_FPS": "-1",
    "TEXTUAL_THEME": "nowhere",
    "TEXTUAL_COLOR_SYSTEM": "nothing",
    "TEXTUAL_DISABLE_KITTY_KEY": "1",
    "TEXTUAL_ALLOW_SIGNALS": "1",
    "TEXTUAL_SHOW_RETURN": "1",
    "TEXTUAL": "debug,devtools",
}
"""Variables that Textual reads."""


def program(streams: str, *arguments: str) -> list[str]:
    """Return `chatkit-tui --demo` in a shell; `streams` redirects its streams."""
    command = [sys.executable, "-m", "chatkit_tui", "--demo", *arguments]
    return ["bash", "-c", f'exec "$@" {streams}', "bash", *command]


def test_redirected_errors_leave_the_screen_on_the_terminal(tmp_path: Path) -> None:
    errors = tmp_path / "errors"
    with Terminal(program(f"2>{errors}")) as terminal:
        terminal.wait_for("60 loaded")
        terminal.send("jq")
        assert terminal.exit_code() == 0
    assert errors.read_bytes() == b""


def test_a_closed_standard_error_does_not_affect_the_screen_and_any_file(tmp_path: Path) -> None:
    log, state = tmp_path / "log", tmp_path / "state"
    names = {"XDG_STATE_HOME": str(state)}
    command = program("2>&-", "--log-file", str(log))
    with Terminal(command, environment=names) as terminal:
        terminal.wait_for("60 loaded")
        terminal.send("jq")
        assert terminal.exit_code() == 0
    files = [path for path in (log, *state.rglob("*")) if path.is_file()]
    assert log in files
    assert [path for path in files if b"\x1b" in path.read_bytes()] == []


@pytest.mark.parametrize("streams", ["< /dev/null", "> /dev/null", "<&- >&- 2>&-"])
def test_without_a_terminal_on_both_sides_there_is_no_screen(streams: str) -> None:
    with Terminal(program(streams)) as terminal:
        assert terminal.exit_code() == 2
        assert b"\x1b" not in b"".join(data for _, data in terminal.written)


def test_no_variable_of_textuals_has_an_effect(tmp_path: Path) -> None:
    command = ["bash", "-c", 'cd "$0" && exec "$@"', str(tmp_path), *program("")]
    with Terminal(command, environment=TEXTUALS) as terminal:
        terminal.wait_for("60 loaded")
        terminal.send("j")
        terminal.wait_until(lambda lines: " 2/60" in lines[-2])
        terminal.send("q")
        assert terminal.exit_code() == 0
        written = b"".join(data for _, data in terminal.written)
    assert b"brings them back" not in written
    assert b"\x1b[>25u" in written  # the keyboard protocol, which a variable would switch off
    assert list(tmp_path.glob("*.log")) == []

"""What is written to terminals of different kinds: never more than they can show."""

from __future__ import annotations

import re

import pytest

from tests.fork_server import Program
from tests.pty_terminal import Terminal

PROGRAM = Program(["--demo"])


def parameters(terminal: Terminal) -> list[str]:
    """The parameters of every change of colors and attributes."""
    written = b"".join(data for _, data in terminal.written).decode()
    return re.findall(r"\x1b\[([0-9;]*)m", written)


@pytest.mark.parametrize(
    ("environment", "never"),
    [
        # A theme of 16 million colors, whose terminal does not say that it has as many.
        ({"TERM": "xterm-256color", "CHATKIT_TUI_THEME": "nord", "COLORTERM": ""}, r"[34]8;2"),
        # What the terminal around GNU screen can do; and italics, which screen turns round.
        ({"TERM": "screen", "CHATKIT_TUI_THEME": "nord", "STY": "1"}, r"[34]8;|\b3(;|$)"),
        ({"NO_COLOR": "1", "CHATKIT_TUI_THEME": "nord"}, r"\b(3[0-8]|4[0-8]|9\d|10\d)\b"),
    ],
)
def test_colors_are_of_the_kind_that_the_terminal_has(
    environment: dict[str, str], never: str
) -> None:
    with Terminal(PROGRAM, environment=environment) as terminal:
        terminal.wait_for("loaded")
        terminal.send("y")
        terminal.wait_until(lambda lines: "thread id" in "".join(lines))
        written = parameters(terminal)
    assert [codes for codes in written if re.search(never, codes)] == []
    assert any("7" in codes.split(";") for codes in written)  # what is chosen stands out


def test_a_painted_theme_keeps_its_background_in_256_colors() -> None:
    environment = {"TERM": "xterm-256color", "CHATKIT_TUI_THEME": "nord", "COLORTERM": ""}
    with Terminal(PROGRAM, environment=environment) as terminal:
        terminal.wait_for("loaded")
        written = parameters(terminal)
    grounds = {codes.partition("48;5;")[2].partition(";")[0] for codes in written}
    assert "236" in grounds  # a dark grey; 23, which Rich takes, is teal
    assert "23" not in grounds


def test_a_terminal_that_only_writes_on_is_told_what_works_on_it() -> None:
    with Terminal(PROGRAM, environment={"TERM": "dumb"}) as terminal:
        assert terminal.exit_code() == 2
        written = b"".join(data for _, data in terminal.written).decode()
    assert written.startswith("chatkit-tui: The screen needs a terminal that can place text")
    assert "`chatkit-tui threads list`" in written
    assert "\x1b" not in written

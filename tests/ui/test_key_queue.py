"""Keys that arrive in one piece, as over a slow line, go where they would go one by one."""

from __future__ import annotations

import sys

import pytest

from tests.pty_terminal import Terminal


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        ("/refund", "filter refund"),
        ("fnoa\r/xy", "filter xy"),
        ("jjj/a\x1b", "4/60"),
        ("yj\r", "the terminal's clipboard"),
        ("\x10newest\r/abc", "filter abc"),
        ("\r/th", "find th"),
    ],
)
def test_what_is_typed_ahead_is_not_lost(keys: str, shown: str) -> None:
    command = [sys.executable, "-m", "chatkit_tui", "--demo", "--copy", "osc52"]
    with Terminal(command) as terminal:
        terminal.wait_for("60 loaded")
        terminal.send(keys)
        terminal.wait_until(lambda lines: any(shown in line for line in lines), seconds=5)

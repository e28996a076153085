"""`Ctrl+l` draws everything again, wherever one is."""

from __future__ import annotations

import pytest

from tests.fork_server import Program
from tests.pty_terminal import Terminal, Written


@pytest.mark.parametrize(("stage", "keys"), [("on", "/abc"), ("off", "?")])
def test_what_somebody_else_wrote_is_gone(stage: str, keys: str) -> None:
    with Terminal(Program(["--demo"]), environment={"CHATKIT_TUI_STAGE": stage}) as terminal:
        terminal.wait_until(
            lambda lines: (
                "60 loaded" in lines[-2] and not any("(untitled)" in line for line in lines)
            )
        )
        terminal.send(keys)
        terminal.rest(since=len(terminal.written))
        terminal.rest(0.2)
        before = terminal.screen()
        wall = b"\x1b[5;1HBroadcast message from root: maintenance at three\r\n" * 3
        terminal.written.append(Written(0, wall))
        assert terminal.screen() != before
        terminal.send("\x0c")
        terminal.wait_until(lambda lines: lines == before)

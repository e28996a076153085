"""What is typed on a real terminal is what the server is sent, hidden characters too."""

from __future__ import annotations

import json
import os
import sys
from functools import partial

import pytest

from chatkit_tui.emulator import Emulator
from tests.fork_server import Program
from tests.pty_terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")

PROGRAM = Program()
HIDDEN = "\u200c\u200d\u00a0\u3000\u202f\u200b\u2060\u00ad\ufeff\u202e\U000e0041\ue000"
SYMBOLS = "◌◌␣␣␣◌◌◌◌◌◌◌"


def is_shown(words: str, lines: list[str]) -> bool:
    return any(words in line for line in lines)


def test_a_session_is_created_for_the_user_that_was_typed(address: str, emulator: Emulator) -> None:
    environment = {**os.environ, "OPENAI_BASE_URL": address}
    with Terminal(PROGRAM, columns=100, rows=40, environment=environment) as terminal:
        terminal.wait_for("loaded")
        for keys, shown in (
            ("s", "n new"),
            ("n", "New session"),
            (f"ada{HIDDEN}x", f"ada{SYMBOLS}x"),
            ("\t", "Tab next field"),
            ("wf_support", "wf_support"),
            ("\x13", "Created."),
        ):
            terminal.send(keys)
            terminal.wait_until(partial(is_shown, shown))
    (created,) = [one for one in emulator.requests if one.operation == "sessions.create"]
    assert json.loads(created.body)["user"] == f"ada{HIDDEN}x"

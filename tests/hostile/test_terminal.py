"""The program's real output on a terminal and in a pipe, with data that means harm."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import partial

import pytest

from chatkit_tui.cli.export import FORMATS
from chatkit_tui.emulator import Emulator
from tests.benchmarks.programs import Api, serving
from tests.fork_server import Program
from tests.hostile.payloads import OSC_52, PAYLOADS
from tests.hostile.scanner import clipboard_writes, foreign_sequences
from tests.hostile.wire import HostileEmulator
from tests.pty_terminal import Terminal
from tests.text.hazards import hazards_in

PROGRAM = Program()


@pytest.fixture
def api() -> Iterator[Api]:
    """The hostile API on loopback, its texts not escaped in their JSON."""
    emulator = HostileEmulator(threads=30)
    emulator.escaped = False
    with serving(emulator) as served:
        yield served


def written(terminal: Terminal) -> str:
    return b"".join(data for _, data in terminal.written).decode("utf-8", "surrogateescape")


def without_copies(output: str) -> str:
    """The output without the program's own writes of the clipboard, which are looked at apart."""
    for payload in clipboard_writes(output):
        output = output.replace(f"\x1b]52;c;{payload}\x07", "")
    return output


STEERING = [text for text in PAYLOADS if hazards_in(text)]


@pytest.mark.parametrize("payload", STEERING, ids=range(len(STEERING)))
def test_the_scanner_finds_what_is_foreign(payload: str) -> None:
    assert list(foreign_sequences(payload))


def test_the_scanner_takes_the_programs_own_sequences() -> None:
    own = "\x1b[?1049h\x1b[1;31mx\x1b[0m\x1b[2;3H\x1b]8;id=1;https://a.example\x1b\\y\x1b]8;;\x1b\\"
    assert list(foreign_sequences(own)) == []


STEPS = (
    ("t", "times: local"),
    ("t", "times: utc"),
    (" ", "1 marked"),
    ("D", "Nothing brings them back"),
    ("\x1b", "nothing was deleted"),
    ("\r", "73 items"),
    ("i", "JSON as it came"),
    ("i", "▌ user"),
    ("j", "2/73"),
    ("i", "2 actions"),
    ("G", "73/73"),
    ("/", "Enter keep"),
    ("[/b]", "[/b]"),
    ("\r", "n next"),
    ("\x1b", "Esc back  / find"),
    ("y", "─ Copy ─"),
    ("t", "text: sent"),
    ("y", "─ Copy ─"),
    ("r", "raw JSON: sent"),
    ("\x1b", "Enter open"),
    ("s", "n new"),
    ("n", "New session"),
    ("ana", "User *            ▌ana"),
    ("\t", "Tab next field"),
    ("wf_support", "wf_support"),
    ("\x13", "Created."),
    ("v", "v hides it"),
    ("c", "Cancel this session?"),
    ("y", "✗ cancelled"),
)
"""Keys, and what the screen shows once they were heard: the next are for what is there then."""


def is_shown(words: str, lines: Sequence[str]) -> bool:
    return words in "\n".join(lines)


def test_the_screen_sends_nothing_but_the_programs_own_sequences(api: Api) -> None:
    with Terminal(PROGRAM, columns=120, rows=40, environment=api.environment) as terminal:
        terminal.wait_for("30 loaded")
        for keys, shown in STEPS:
            terminal.send(keys)
            terminal.wait_until(partial(is_shown, shown))
        terminal.send("\x03")
        terminal.exit_code()
        output = written(terminal)
    assert "click=app.quit" in output
    assert list(foreign_sequences(without_copies(output))) == []
    copies = [base64.b64decode(copy).decode() for copy in clipboard_writes(output)]
    assert copies
    for copy in copies:
        controls = {letter for letter in copy if unicodedata.category(letter) == "Cc"}
        assert controls <= {"\n", "\t", "\r"}


COMMANDS = (
    ("threads", "list"),
    ("threads", "list", "--json"),
    ("threads", "show", "THREAD"),
    ("threads", "items", "THREAD"),
    *(("export", "THREAD", "--output", "-", "--format", kind) for kind in FORMATS),
    ("sessions", "create", "--user", "ana", "--workflow", "wf_support"),
    ("sessions", "cancel", f"cksess_{OSC_52}"),
)


END = "-- end of a command --"
REFUSAL = OSC_52 + "\x9b31m\u202e[/b]"


ONE_BY_ONE = f"""
import json, sys
from chatkit_tui.cli.main import run
for command in json.loads(sys.argv[1]):
    run(command)
    for stream in (sys.stdout, sys.stderr):
        print({END!r}, file=stream, flush=True)
"""
"""A program that runs several commands, since most of a short one is its start."""


def one_by_one(emulator: Emulator, commands: Sequence[Sequence[str]]) -> list[str]:
    """Return the command line of a program that runs these commands."""
    words = [
        [emulator.thread_id() if word == "THREAD" else word for word in command]
        for command in commands
    ]
    return [sys.executable, "-c", ONE_BY_ONE, json.dumps(words)]


@pytest.mark.parametrize(
    ("commands", "refuses"),
    [(COMMANDS, ""), ((COMMANDS[0], COMMANDS[4]), REFUSAL)],
    ids=["answered", "refused"],
)
def test_a_command_on_a_terminal_sends_no_sequence(
    api: Api, commands: Sequence[Sequence[str]], refuses: str
) -> None:
    emulator = api.emulator
    assert isinstance(emulator, HostileEmulator)
    emulator.refuses = refuses
    program = one_by_one(emulator, commands)
    with Terminal(program, columns=100, environment=api.environment) as terminal:
        assert terminal.exit_code() == 0
        *outputs, rest = written(terminal).replace("\t", "").split(f"{END}\r\n{END}\r\n")
    assert (len(outputs), rest) == (len(commands), "")
    for output in outputs:
        assert output
        assert "\x1b" not in output
        assert list(foreign_sequences(output)) == []


def test_text_in_a_pipe_holds_no_sequence(api: Api) -> None:
    commands = (COMMANDS[0], COMMANDS[2])
    done = subprocess.run(  # noqa: S603 # ours
        one_by_one(api.emulator, commands),
        env={**os.environ, **api.environment},
        capture_output=True,
        check=True,
    )
    for stream in (done.stdout.decode(), done.stderr.decode()):
        outputs = stream.split(f"{END}\n")
        assert len(outputs) == len(commands) + 1
        for output in outputs:
            assert "\x1b" not in output
            assert list(foreign_sequences(output.replace("\t", ""))) == []

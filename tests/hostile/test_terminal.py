"""The program's real output on a terminal and in a pipe, with data that means harm."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator

import pytest

from tests.benchmarks.server import Api, serving
from tests.hostile.payloads import OSC_52, PAYLOADS
from tests.hostile.scanner import clipboard_writes, foreign_sequences
from tests.hostile.wire import HostileEmulator
from tests.terminal import Terminal
from tests.text.hazards import hazards_in

PROGRAM = (sys.executable, "-m", "chatkit_tui")


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


def test_the_screen_sends_nothing_but_the_programs_own_sequences(api: Api) -> None:
    with Terminal(PROGRAM, columns=120, rows=40, environment=api.environment) as terminal:
        terminal.wait_for("loaded")
        for keys in ("t", " jD", "\x1b", "\r", "ij", "ijij", "G", "i", "/[/b]\r", "\x1b", "jyt"):
            terminal.send(keys)
            terminal.rest(0.1)
        for keys in ("yr", "\x1b", "\x1b", "s", "n", "ana\rwf_support", "\x13", "v", "c", "\r"):
            terminal.send(keys)
            terminal.rest(0.1)
        # On a busy machine a key can come before the menu that it was meant for.
        for _ in range(8):
            if list(clipboard_writes(written(terminal))):
                break
            for keys in ("\x1b", "\x1b", "\x1b", "y", "h"):
                terminal.send(keys)
                terminal.rest(0.3, seconds=2)
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
    ("sessions", "create", "--user", "ana", "--workflow", "wf_support"),
    ("sessions", "cancel", f"cksess_{OSC_52}"),
)


REFUSAL = OSC_52 + "\x9b31m\u202e[/b]"


@pytest.mark.parametrize(
    ("command", "refuses"),
    [*((command, "") for command in COMMANDS), (COMMANDS[0], REFUSAL), (COMMANDS[4], REFUSAL)],
)
def test_a_command_on_a_terminal_sends_no_sequence(
    api: Api, command: tuple[str, ...], refuses: str
) -> None:
    emulator = api.emulator
    assert isinstance(emulator, HostileEmulator)
    emulator.refuses = refuses
    words = [emulator.thread_id() if word == "THREAD" else word for word in command]
    with Terminal((*PROGRAM, *words), columns=100, environment=api.environment) as terminal:
        terminal.exit_code()
        output = written(terminal).replace("\t", "")
        assert output
        assert "\x1b" not in output
        assert list(foreign_sequences(output)) == []


@pytest.mark.parametrize("command", [COMMANDS[0], COMMANDS[2]], ids=" ".join)
def test_text_in_a_pipe_holds_no_sequence(api: Api, command: tuple[str, ...]) -> None:
    words = [api.emulator.thread_id() if word == "THREAD" else word for word in command]
    done = subprocess.run(  # noqa: S603 # ours
        [*PROGRAM, *words], env={**os.environ, **api.environment}, capture_output=True, check=True
    )
    for output in (done.stdout.decode(), done.stderr.decode()):
        assert "\x1b" not in output
        assert list(foreign_sequences(output.replace("\t", ""))) == []

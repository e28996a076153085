"""Input on a real terminal that is no key: nothing is deleted, and keys still work."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.terminal.renderer import SWITCH
from tests.fork_server import Program
from tests.pty_terminal import Terminal
from tests.terminal.attack import attack
from tests.terminal.payloads import NOT_UTF8, PASTED, SEQUENCES, STRINGS, bracketed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")

PROGRAM = Program()
PATIENCE = 0.1
"""Seconds without a byte after which unfinished input has stalled, and is over, in `IMPATIENT`."""
IMPATIENT = Program(
    limits={
        "chatkit_tui.terminal.driver.PATIENCE": PATIENCE,
        "chatkit_tui.terminal.driver.SLOW_PATIENCE": PATIENCE,
        "chatkit_tui.terminal.input_decoder.QUIET": PATIENCE,
        "chatkit_tui.terminal.flow_control.STALLED_AFTER": PATIENCE,
    }
)
"""It also soon draws again after a reply that was lost among other bytes."""
DIALOG = b"brings them back"
"""The title of the dialog that `D` opens."""
ANSWERS = (*STRINGS, *SEQUENCES[::2], *NOT_UTF8)
"""With a key after each: fewer than there are threads to go on to."""


MOST_MEMORY = 120 * 2**20
"""Bytes."""


def environment(address: str, renderer: str = "on") -> dict[str, str]:
    """Return the environment variables for the emulator."""
    return {
        "OPENAI_BASE_URL": address,
        "OPENAI_API_KEY": "sk-demo-not-a-real-key",
        SWITCH: renderer,
    }


def shows(text: str, line: int = -2) -> Callable[[Sequence[str]], bool]:
    """Return whether a screen shows a text on this line."""
    return lambda lines: text in lines[line]


def at(position: int, terminal: Terminal) -> None:
    """Wait until the cursor is on this thread, and go back to the first."""
    terminal.wait_until(shows(f" {position}/60"))
    terminal.send("g")
    terminal.wait_until(shows(" 1/60"))


def nothing_was_deleted(emulator: Emulator, terminal: Terminal) -> None:
    """Assert that nothing was deleted, and no dialog asked whether to delete."""
    assert DIALOG not in b"".join(data for _, data in terminal.written)
    assert [call for call in emulator.requests if call.method == "DELETE"] == []


@pytest.mark.parametrize(("renderer", "pasted"), [("on", PASTED), ("off", PASTED[::4])])
def test_no_byte_of_a_paste_or_an_answer_is_a_key(
    emulator: Emulator, address: str, renderer: str, pasted: Sequence[bytes]
) -> None:
    with Terminal(PROGRAM, environment=environment(address, renderer)) as terminal:
        terminal.wait_for("60 loaded")
        for data in ANSWERS:
            terminal.send_bytes(data + b"j")
        at(1 + len(ANSWERS), terminal)
        for data in SEQUENCES[1::2]:
            terminal.send_bytes(data + b"j")
        at(1 + len(SEQUENCES[1::2]), terminal)
        for number, data in enumerate(pasted, start=2):
            terminal.send_bytes(bracketed(data) + b"j")
            # What follows at once, and ends like a paste, would belong to the same.
            terminal.wait_until(shows(f" {number}/60"))
        # A prompt takes what is pasted, with its controls as signs.
        terminal.send_bytes(b":" + bracketed(b"a\x1b[31mDy\xff"))
        terminal.wait_until(lambda lines: any("a␛[31mDy�" in line for line in lines))
        nothing_was_deleted(emulator, terminal)
        terminal.send("\x03")
        assert terminal.exit_code() == 130


def test_stalled_input_is_dropped_and_reported_and_only_an_interrupt_counts(
    emulator: Emulator, address: str
) -> None:
    with Terminal(IMPATIENT, environment=environment(address)) as terminal:
        terminal.wait_for("60 loaded")
        for stalled, rest, said in (
            (b"\x1b[200~Dy", b"Dy\x1b[201~", "The paste did not end"),
            (b"\x1b[1;2", b"D", "The input broke off"),
            (b"\x1b]52;c;", b"RDy0\x07", "The input broke off"),
        ):
            terminal.send_bytes(stalled)
            terminal.wait_until(shows(said))
            terminal.send_bytes(rest)
            terminal.catch_up(1.5 * PATIENCE)  # what comes sooner is dropped too
            terminal.send("j")
            at(2, terminal)
        terminal.send_bytes(b"\x1b[200~")
        terminal.wait_until(shows("The paste did not end"))
        nothing_was_deleted(emulator, terminal)
        terminal.send("\x03")
        assert terminal.exit_code() == 130


def test_random_bytes_delete_nothing_and_keys_still_work(emulator: Emulator, address: str) -> None:
    told = attack(
        environment(address),
        seed=3,
        seconds=0,
        pieces=80,
        program=IMPATIENT,
        patience=PATIENCE,
    )
    assert told.looks == 1
    assert told.memory < MOST_MEMORY
    assert [call for call in emulator.requests if call.method == "DELETE"] == []


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
def test_no_byte_that_tmux_pastes_is_a_key(
    emulator: Emulator, address: str, tmp_path: Path
) -> None:
    names = environment(address) | {"TMUX_TMPDIR": str(tmp_path)}
    tmux = ["tmux", "-L", "input", "-f", "/dev/null"]
    with Terminal(
        [*tmux, "new-session", "--", *PROGRAM.command], rows=25, environment=names
    ) as terminal:
        terminal.wait_for("60 loaded")
        try:
            run(tmux, tmp_path, [*paste_commands(tmp_path, PASTED, "-p"), "send-keys", "j"])
            in_tmux_at(2, terminal)
            run(tmux, tmp_path, paste_commands(tmp_path, [data + b"j" for data in ANSWERS])[:-1])
            in_tmux_at(2 + len(ANSWERS), terminal)
            nothing_was_deleted(emulator, terminal)
        finally:
            run(tmux, tmp_path, ["kill-server"])


def in_tmux_at(position: int, terminal: Terminal) -> None:
    """As `at`, above the line of tmux."""
    terminal.wait_until(shows(f" {position}/60", -3))


def paste_commands(folder: Path, pasted: Sequence[bytes], *options: str) -> list[str]:
    """Return the arguments for tmux that paste each of them."""
    commands: list[str] = []
    for number, data in enumerate(pasted):
        path = folder / f"pasted-{number}"
        path.write_bytes(data)
        paste = ["paste-buffer", "-d", "-r", *options, ";"]
        commands += ["load-buffer", str(path), ";", *paste]
    return commands


def run(tmux: Sequence[str], folder: Path, arguments: Sequence[str]) -> None:
    """Have the tmux server in this folder do something."""
    environment = {"TMUX_TMPDIR": str(folder), "PATH": "/usr/bin:/bin"}
    subprocess.run([*tmux, *arguments], env=environment, check=True, timeout=20)  # noqa: S603 # ours

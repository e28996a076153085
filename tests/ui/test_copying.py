"""The ways to copy a text, their sequences, and the report if it fails."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path

import pytest

from chatkit_tui.terminal.clipboard import clipboard_sequence
from chatkit_tui.ui.copying import COPIED, SENT, Copying, machine_tool
from chatkit_tui.ui.options import Copy
from tests.fork_server import Program
from tests.pty_terminal import Terminal
from tests.ui.conftest import Start

PROGRAM = Program(["--demo", "--no-mouse"])
TEXT = "grüße\n" * 400


@pytest.mark.parametrize(
    ("environ", "envelopes"),
    [
        ({"TERM": "xterm-256color"}, ["none"]),
        ({"TERM": "tmux-256color", "TMUX": "x"}, ["none", "tmux"]),
        ({"TERM": "tmux-256color"}, ["none", "tmux"]),  # tmux where somebody sits, then SSH
        ({"TERM": "screen.xterm-256color", "STY": "x"}, ["screen"]),
        ({"TERM": "screen-256color"}, ["none", "screen"]),  # either of them, then SSH
        ({"TERM": "screen-256color", "TMUX": "x"}, ["none", "tmux"]),
    ],
)
def test_each_sequence_contains_the_whole_text(
    environ: Mapping[str, str], envelopes: list[str]
) -> None:
    sequence = clipboard_sequence(TEXT, environ)
    assert [kind for kind, _ in opened(sequence)] == envelopes
    for _, inner in opened(sequence):
        found = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", inner)
        assert found is not None
        assert b64decode(found[1]).decode() == TEXT


def opened(sequence: str) -> list[tuple[str, str]]:
    """The decoded text at the terminal, by its sequence."""
    arrived: list[tuple[str, str]] = []
    envelopes = r"\x1bPtmux;((?:\x1b\x1b|[^\x1b])*)\x1b\\|(\x1bP.*)|(\x1b\].*?\x07)"
    for part in re.finditer(envelopes, sequence):
        if part[1]:
            arrived.append(("tmux", part[1].replace("\x1b\x1b", "\x1b")))
        elif part[2]:
            pieces = part[2].removesuffix("\x1b\\").split("\x1b\\")
            assert all(len(piece) + 2 <= 768 for piece in pieces)
            arrived.append(("screen", "".join(piece.removeprefix("\x1bP") for piece in pieces)))
        else:
            arrived.append(("none", part[3]))
    return arrived


@pytest.mark.parametrize(
    ("environ", "platform", "there", "command"),
    [
        ({"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, "linux", {"wl-copy", "xclip"}, "wl-copy"),
        ({"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, "linux", {"xclip"}, "xclip"),
        ({"DISPLAY": ":0"}, "linux", {"xsel", "wl-copy"}, "xsel"),
        ({"WSL_DISTRO_NAME": "Debian"}, "linux", {"clip.exe"}, "clip.exe"),
        ({}, "darwin", {"pbcopy"}, "pbcopy"),
        ({}, "linux", {"wl-copy", "xclip", "xsel"}, None),
        ({"DISPLAY": ":0"}, "linux", set(), None),
    ],
)
def test_the_program_is_that_of_the_display(
    environ: Mapping[str, str], platform: str, there: set[str], command: str | None
) -> None:
    tool = machine_tool(
        environ, platform=platform, which=lambda name: name if name in there else None
    )
    assert (tool and tool.command[0]) == command


async def test_a_text_is_copied_by_the_machine_or_the_terminal_as_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = tmp_path / "taken"
    tool = tmp_path / "wl-copy"
    tool.write_text(f"#!/bin/sh\ncat > {taken}\n")
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    here = {"WAYLAND_DISPLAY": "w", "TERM": "xterm"}
    sent: list[str] = []

    async def told(choice: Copy, environ: Mapping[str, str]) -> tuple[str, bool]:
        sent.clear()
        taken.unlink(missing_ok=True)
        return await Copying(choice, environ, sent.append).copy(TEXT)

    assert await told(Copy.AUTO, here) == (COPIED, True)
    assert (taken.read_text(), sent) == (TEXT, [])
    assert await told(Copy.AUTO, here | {"SSH_CONNECTION": "a b"}) == (SENT, True)
    assert (taken.exists(), sent) == (False, [clipboard_sequence(TEXT, here)])
    assert await told(Copy.NATIVE, here | {"SSH_CONNECTION": "a b"}) == (COPIED, True)
    assert await told(Copy.OSC52, here) == (SENT, True)
    assert await told(Copy.OFF, here) == ("copying is off", False)
    assert (taken.exists(), sent) == (False, [])

    tool.write_text("#!/bin/sh\necho 'wl-copy: no \x1bcompositor' >&2\nexit 3\n")
    assert await told(Copy.NATIVE, here) == ("wl-copy failed: no ␛compositor", False)
    assert await told(Copy.AUTO, here) == (SENT, True)
    assert await told(Copy.NATIVE, {}) == ("no program for it is here", False)


async def test_where_copying_is_off_the_text_is_shown_alone(start: Start) -> None:
    async with start(copy=Copy.OFF) as driver:
        row = driver.thread()
        await driver.press("y", "h")
        assert driver.frame().startswith("Not copied: copying is off.")
        assert row.id in driver.frame()


def test_without_the_mouse_no_mode_of_it_is_on_and_copying_passes_through_screen(
    tmp_path: Path,
) -> None:
    environment = {"HOME": str(tmp_path), "TERM": "screen", "STY": "1.pts-0", "COLORTERM": "24bit"}
    with Terminal(PROGRAM, environment=environment) as terminal:
        terminal.wait_for(" loaded")
        terminal.send("y")
        terminal.wait_for("thread id")
        terminal.send("h")
        terminal.wait_for("clipboard")
        terminal.send("?")
        terminal.wait_for("Esc close")
        terminal.send("G")
        terminal.wait_for("as --no-mouse asked")
        terminal.send("q")
        terminal.wait_until(lambda lines: "newest first" in "".join(lines))
        terminal.send("q")
        assert terminal.exit_code() == 0
        written = b"".join(data for _, data in terminal.written).decode()
    assert not re.search(r"\x1b\[\?(?:9|100[0-356]|1015|1016)h", written)
    (envelope,) = re.findall(r"\x1bP(\x1b\]52;c;[^\x07]*\x07)\x1b\\", written)
    assert envelope

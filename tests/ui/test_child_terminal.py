"""Children on a real terminal: it is lent, and comes back with its modes and without their keys."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests.fork_server import Program
from tests.pty_terminal import Terminal
from tests.ui.terminal_modes import changed_modes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")

PROGRAM = Program(["--demo"])
PROMPT = "any key returns to the conversation"


def modes(terminal: Terminal) -> dict[str, bool]:
    found = changed_modes(b"".join(data for _, data in terminal.written))
    if "1049" in found:  # the screen is shown, and a frame may be half-written
        found.pop("2026", None)
    return found


def open_thread(terminal: Terminal) -> None:
    terminal.wait_for("loaded")
    terminal.send("\r")
    terminal.wait_until(lambda screen: "9 items" in screen[-2])


def pipe_to(terminal: Terminal, command: str) -> None:
    terminal.send("|")
    terminal.wait_for("Pipe to a shell command")
    terminal.send(f"{command}\r")


def test_what_a_child_writes_stays_until_a_key(tmp_path: Path) -> None:
    with Terminal(PROGRAM) as terminal:
        before = terminal.untouched
        open_thread(terminal)
        shown = modes(terminal)
        pipe_to(terminal, "grep -c . | sed s/^/seen-/")
        terminal.wait_for(f"[done; {PROMPT}]")
        assert any(line.startswith("seen-") for line in terminal.screen())
        assert modes(terminal) == {}
        since = len(terminal.written)
        terminal.send("q")  # it returns, and does nothing else
        terminal.wait_for("done: item as text to", since=since)
        assert modes(terminal) == shown
        terminal.catch_up()
        terminal.send("q")
        assert terminal.exit_code() == 0
        assert terminal.attributes() == before


def test_ctrl_c_ends_the_child_alone() -> None:
    with Terminal(PROGRAM) as terminal:
        open_thread(terminal)
        pipe_to(terminal, "echo be''gun; exec sleep 1000")
        terminal.wait_for("begun")
        terminal.send("\x03")
        terminal.wait_for(f"[ended by SIGINT; {PROMPT}]")
        since = len(terminal.written)
        terminal.send(" ")
        terminal.wait_for("ended by SIGINT: item as text", since=since)


def test_keys_for_the_child_never_reach_the_program() -> None:
    with Terminal(PROGRAM) as terminal:
        open_thread(terminal)
        pipe_to(terminal, "echo be''gun; head -n 1 </dev/tty >/dev/null; echo over")
        terminal.wait_for("begun")
        terminal.send("qqq\nqqq")  # the child reads a line; the rest is typed ahead
        terminal.wait_for(PROMPT)
        since = len(terminal.written)
        terminal.send("\x1b[B")
        terminal.wait_for("done: item as text", since=since)
        terminal.catch_up()  # it has not ended
        assert modes(terminal)["1049"]


def test_a_pager_is_left_without_another_key(tmp_path: Path) -> None:
    pager = tmp_path / "less"
    pager.write_text(
        "#!/bin/sh\nprintf '\\033[?1049hin the pager'\nstty -icanon -echo </dev/tty\n"
        "head -c 1 </dev/tty >/dev/null\nprintf '\\033[?1049l'\n"
    )
    pager.chmod(0o755)
    with Terminal(PROGRAM, environment={"PAGER": str(pager)}) as terminal:
        before = terminal.untouched
        open_thread(terminal)
        terminal.send("v")
        terminal.wait_for("Open in less")
        terminal.send("\r")
        terminal.wait_for("in the pager")
        since = len(terminal.written)
        terminal.send("q")
        terminal.wait_for("done: item as text", since=since)
        terminal.catch_up()
        terminal.send("q")
        assert terminal.exit_code() == 0
        assert terminal.attributes() == before


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with job control")
def test_it_stops_with_the_child_and_continues_with_it() -> None:
    with Terminal(["bash", "--norc", "--noprofile", "-i"]) as terminal:
        terminal.send("PS1='ready '\r")
        terminal.wait_for("ready", since=len(terminal.written))
        terminal.send(f"{shlex.join(PROGRAM.command)}\r")
        open_thread(terminal)
        pipe_to(terminal, "echo be''gun; head -n 1 </dev/tty >/dev/null")
        terminal.wait_for("begun")
        since = len(terminal.written)
        terminal.send("\x1a")  # Ctrl+Z
        terminal.wait_for("Stopped", since=since)
        terminal.send("fg\r")
        terminal.wait_for("chatkit_tui", since=len(terminal.written))
        terminal.send("\r")
        terminal.wait_for(f"[done; {PROMPT}]", since=since)


def test_ctrl_z_stops_nothing_where_no_shell_could_continue_it() -> None:
    with Terminal(PROGRAM) as terminal:
        open_thread(terminal)
        pipe_to(terminal, "echo be''gun; head -n 1 </dev/tty >/dev/null")
        terminal.wait_for("begun")
        os.kill(terminal.process, signal.SIGTSTP)
        terminal.send("\n")
        terminal.wait_for(f"[done; {PROMPT}]")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_child_and_removes_its_file(tmp_path: Path, number: int) -> None:
    environment = {"XDG_RUNTIME_DIR": str(tmp_path), "VISUAL": "echo be''gun; exec sleep 1000;"}
    with Terminal(PROGRAM, environment=environment) as terminal:
        before = terminal.untouched
        open_thread(terminal)
        terminal.send("\x10")
        terminal.wait_for("Commands")
        terminal.send("editor\r")
        terminal.wait_for("Open in")
        terminal.send("\r")
        terminal.wait_for("begun")
        assert list(tmp_path.glob("chatkit-tui-*"))
        terminal.signal(number)
        assert terminal.exit_code() == 128 + number
        assert not list(tmp_path.glob("chatkit-tui-*"))
        assert terminal.attributes() == before
        assert modes(terminal) == {}


def with_key_command(folder: Path, command: str) -> dict[str, str]:
    """Return the environment with a profile `staging` whose key a shell command prints."""
    config = folder / "config.toml"
    config.write_text(f"""
        [profiles.staging]
        base_url = "http://127.0.0.1:9/v1"
        api_key_command = ["sh", "-c", {json.dumps(command)}]
    """)
    return {"CHATKIT_TUI_CONFIG": str(config)}


def choose_staging(terminal: Terminal) -> None:
    terminal.send("\x10")
    terminal.wait_for("Commands")
    terminal.send("switch profile\r")
    terminal.wait_for("staging")
    terminal.send("j\r")


def quit_by_key(terminal: Terminal) -> None:
    # Keys are dropped until the terminal has shown the screen again: one must have its effect.
    terminal.send_until(lambda: "Commands" in "\n".join(terminal.screen()), "\x10")
    terminal.send("\x1b")
    terminal.wait_until(lambda screen: "Commands" not in "\n".join(screen))
    terminal.send("q")
    assert terminal.exit_code() == 0


def test_a_command_for_the_key_asks_on_the_terminal(tmp_path: Path) -> None:
    command = "printf 'Pass''phrase: ' >&2; read phrase; printf 'sk-%s-of-staging' \"$phrase\""
    with Terminal(PROGRAM, environment=with_key_command(tmp_path, command)) as terminal:
        before = terminal.untouched
        terminal.wait_for("loaded")
        shown = modes(terminal)
        choose_staging(terminal)
        terminal.wait_for("Passphrase: ")
        assert modes(terminal) == {}
        since = len(terminal.written)
        terminal.send("correct-horse\r")
        terminal.wait_for(" staging ", since=since)
        assert modes(terminal) == shown
        assert b"sk-correct" not in b"".join(data for _, data in terminal.written)
        quit_by_key(terminal)
        assert terminal.attributes() == before


def test_a_command_for_the_key_that_fails_gives_the_terminal_back(tmp_path: Path) -> None:
    with Terminal(PROGRAM, environment=with_key_command(tmp_path, "exit 3")) as terminal:
        before = terminal.untouched
        terminal.wait_for("loaded")
        shown = modes(terminal)
        choose_staging(terminal)
        terminal.wait_for("profile not switched")
        assert modes(terminal) == shown
        quit_by_key(terminal)
        assert terminal.attributes() == before

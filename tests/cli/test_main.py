"""The command line: commands, exit codes and imports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chatkit_tui import __version__
from chatkit_tui.cli.exit_codes import report_end
from chatkit_tui.emulator import DEMO_KEY, Emulator
from tests.cli.conftest import Command
from tests.fork_server import Program
from tests.pty_terminal import Terminal

THREAD = Emulator().thread_id()


def imported_by(*arguments: str) -> set[str]:
    """Return the top-level packages that a command line imports."""
    code = (
        "import json, sys; from chatkit_tui.cli.main import run; "
        f"run({list(arguments)!r}); "
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(  # noqa: S603 # ours
        [sys.executable, "-c", code], capture_output=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_version_is_reported(chatkit: Command) -> None:
    assert chatkit("--version").output == f"chatkit-tui {__version__}\n"


def test_the_version_imports_no_large_package() -> None:
    heavy = {"textual", "rich", "httpx", "pydantic", "uvicorn", "markdown_it"}
    assert not imported_by("--version") & heavy


def test_commands_for_scripts_do_not_import_the_screen(tmp_path: Path) -> None:
    """All commands run in one process, which names the first that imports the screen."""
    commands = [
        ["--help"],
        ["--version"],
        ["--demo", "threads", "list", "--all", "--json"],
        ["--demo", "threads", "items", THREAD, "--jsonl"],
        ["--demo", "threads", "show", THREAD],
        ["--demo", "threads", "show", THREAD, "--plain"],
        ["--demo", "threads", "delete", THREAD, "--dry-run"],
        ["--demo", "threads", "delete", THREAD, "--yes"],
        ["--demo", "threads", "delete", THREAD],
        ["--demo", "--read-only", "threads", "delete", THREAD, "--yes"],
        ["--demo", "threads", "show", THREAD, "--json"],
        ["--demo", "threads", "show", "-"],
        ["--demo", "threads", "show", "cti_nobody_has"],
        ["sessions", "list"],
        ["config", "show", "--json"],
        ["threads", "deletions"],
        ["threads", "deletions", "--path"],
        ["--demo", "sessions", "create", "--user", "ada", "--workflow", "wf_support"],
        ["--demo", "sessions", "create", "--user", "ada", "--workflow", "wf_nobody_has"],
        ["--demo", "sessions", "cancel", "cksess_1"],
        ["config", "path"],
        ["config", "show"],
        ["config", "check"],
        ["config", "keys"],
        ["emulator", "--list-faults"],
        # What goes wrong.
        ["threads", "list"],
        ["--demo", "threads", "show", "cthr_nobody_has"],
        ["thread"],
        ["threads", "--nonsense"],
        ["--base-url", "http://127.0.0.1:9/v1", "--profile", "none", "threads", "list"],
        ["--demo"],
        ["cthr_1"],
    ]
    code = (
        "import json, sys\n"
        "from chatkit_tui.cli.main import run\n"
        f"for command in {commands!r}:\n"
        "    run(command)\n"
        "    for name in {'textual', 'rich'} & sys.modules.keys():\n"
        "        sys.exit(name + ' was imported by ' + ' '.join(command))\n"
    )
    variables = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    variables.pop("OPENAI_API_KEY", None)
    done = subprocess.run(  # noqa: S603 # ours
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        env=variables,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr.decode().splitlines()[-1]


def test_without_a_key_one_line_explains_what_to_do(chatkit: Command) -> None:
    ended = chatkit("threads", "list")
    assert ended.code == 2
    assert "OPENAI_API_KEY" in ended.errors
    assert "--demo" in ended.errors
    assert len(ended.errors.splitlines()) == 1


@pytest.mark.parametrize(
    ("fault", "code"),
    [("unauthorized", 3), ("forbidden", 3), ("not-found", 4), ("quota", 1), ("not-json", 1)],
)
def test_each_error_has_its_exit_code_and_one_line(
    chatkit: Command, address: str, emulator: Emulator, fault: str, code: int
) -> None:
    emulator.faults = (fault,)
    ended = chatkit("threads", "list")
    assert (ended.code, ended.output) == (code, "")
    assert len(ended.errors.splitlines()) == 1
    assert DEMO_KEY not in ended.errors


def test_a_wait_before_a_retry_is_reported(
    chatkit: Command, address: str, emulator: Emulator
) -> None:
    emulator.faults = ("rate-limit:1",)
    ended = chatkit("threads", "list")
    assert ended.code == 0
    assert "trying again in" in ended.errors


def test_a_command_that_is_nearly_right_is_guessed(chatkit: Command) -> None:
    ended = chatkit("thread", "list")
    assert ended.code == 2
    assert "`threads`" in ended.errors


@pytest.mark.parametrize("group", ["threads", "sessions", "config"])
def test_a_group_without_a_command_shows_its_help_on_several_lines(
    chatkit: Command, group: str
) -> None:
    ended = chatkit(group)
    assert (ended.code, ended.output) == (2, "")
    assert ended.errors.startswith(f"Usage: chatkit-tui {group} ")
    assert "\nCommands:\n" in ended.errors


@pytest.mark.parametrize("option", ["--profile", "--base-url", "--log-file"])
def test_an_empty_option_does_not_lead_to_another_account(chatkit: Command, option: str) -> None:
    ended = chatkit("threads", "list", option, "")
    assert ended.code == 2
    assert f"'{option}': must not be empty" in ended.errors


@pytest.mark.parametrize("command", [("config", "show"), ("threads", "list")])
def test_a_key_in_the_address_is_not_shown(
    chatkit: Command, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", DEMO_KEY)
    ended = chatkit(*command, "--base-url", "http://h.test/v1?key=sk-secret")
    assert "h.test/v1" in ended.output + ended.errors
    assert "sk-secret" not in ended.output + ended.errors


@pytest.mark.parametrize("before", [True, False])
def test_one_profile_is_checked_without_the_others(
    chatkit: Command, tmp_path: Path, before: bool
) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[profiles.a]\nnope = 1\n[profiles.b]\n")
    command, chosen = ("config", "check", str(path)), ("--profile", "b")
    assert chatkit(*command).code == 1
    assert chatkit(*(chosen + command if before else command + chosen)).code == 0
    assert chatkit(*command, "--profile", "c").code == 1


def test_an_unknown_option_is_reported_in_one_line(chatkit: Command) -> None:
    ended = chatkit("threads", "list", "--colour")
    assert ended.code == 2
    assert len(ended.errors.splitlines()) == 1


@pytest.mark.parametrize("arguments", [(), ("cthr_1",), ("https://x.test/logs/cthr_1",)])
def test_the_screen_needs_a_terminal(chatkit: Command, arguments: tuple[str, ...]) -> None:
    ended = chatkit("--demo", *arguments)
    assert ended.code == 2
    assert "terminal" in ended.errors


def test_an_unexpected_error_is_reported_in_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    assert report_end(RuntimeError("two\nlines")) == 1
    [line] = capfd.readouterr().err.splitlines()
    assert "RuntimeError" in line


def test_a_reader_that_closes_the_pipe_ends_the_command_silently() -> None:
    command = f"{sys.executable} -m chatkit_tui --demo threads list --all --jsonl | head -n 1"
    done = subprocess.run(  # noqa: S603 # ours
        ["bash", "-o", "pipefail", "-c", command],  # noqa: S607 # whichever there is
        capture_output=True,
        check=False,
    )
    assert (done.returncode, len(done.stdout.splitlines()), done.stderr) == (0, 1, b"")


def test_ctrl_c_leaves_with_130(address: str, emulator: Emulator) -> None:
    emulator.latency = 60_000
    with Terminal(
        Program(["threads", "list"]),
        environment={"OPENAI_BASE_URL": address, "OPENAI_API_KEY": DEMO_KEY},
    ) as terminal:
        while not emulator.requests:
            terminal.rest(0.05)
        terminal.send("\x03")
        assert terminal.exit_code() == 130
        assert "Traceback" not in "\n".join(terminal.screen())


def test_the_log_is_for_its_owner_and_has_no_key(
    chatkit: Command, address: str, tmp_path: Path
) -> None:
    log = tmp_path / "chatkit.log"
    assert chatkit("threads", "list", "--user", "ada-lovelace", "--log-file", str(log)).code == 0
    assert log.stat().st_mode & 0o777 == 0o600
    assert DEMO_KEY not in log.read_text()
    assert "ada-lovelace" not in log.read_text()


def test_a_log_that_cannot_be_written_is_wrong_usage(chatkit: Command, tmp_path: Path) -> None:
    ended = chatkit("--demo", "threads", "list", "--log-file", str(tmp_path / "no" / "log"))
    assert ended.code == 2
    assert "cannot be written" in ended.errors


def test_the_screen_opens_on_a_terminal_and_restores_it() -> None:
    with Terminal(Program(["--demo"])) as terminal:
        terminal.wait_for("Flight TP 576")
        terminal.rest(0.2, seconds=5)
        terminal.send("q")
        assert terminal.exit_code() == 0
        written = b"".join(data for _, data in terminal.written)
    for switch in (b"1049", b"1000", b"2004"):  # other screen, mouse, pasting
        assert written.rfind(b"\x1b[?%sl" % switch) > written.rfind(b"\x1b[?%sh" % switch)

"""Standard streams that are closed, full or not read to their end; Ctrl+C before the start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.piped import run, run_into

DEMO_LIST = ("--demo", "threads", "list", "--all", "--jsonl")


def shell(line: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `chatkit-tui` in a shell; `line` redirects the streams of `"$@"`."""
    return subprocess.run(  # noqa: S603 # ours
        [
            *("bash", "-o", "pipefail", "-c", line, "bash"),
            *(sys.executable, "-m", "chatkit_tui", *arguments),
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def run_to(where: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `chatkit-tui` with output to a file, a pipe without a reader ("|") or closed (">&-")."""
    return shell('"$@" >&-', *arguments) if where == ">&-" else run_into(where, *arguments)


FULL, CLOSED = ("/dev/full", "No space left on device"), (">&-", "Standard output is closed")


@pytest.mark.parametrize(
    ("where", "words", "arguments"),
    [
        (*FULL, DEMO_LIST),
        (*CLOSED, ("--demo", "threads", "list", "--json")),
        (*FULL, ("config", "show")),
        (*CLOSED, ("config", "path")),
        (*FULL, ("config", "path")),
    ],
    ids=["lines", "json", "table", "text, closed", "text, full"],
)
def test_output_that_cannot_be_written_is_reported_in_one_line(
    where: str, words: str, arguments: tuple[str, ...]
) -> None:
    done = run_to(where, *arguments)
    assert done.returncode == 1
    assert words in done.stderr
    assert "bug" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)])
def test_help_that_cannot_be_written_is_reported_in_one_line(arguments: tuple[str, ...]) -> None:
    done = run_into("/dev/full", *arguments)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [DEMO_LIST, ("--help",)])
def test_a_reader_that_reads_nothing_ends_the_command_silently(arguments: tuple[str, ...]) -> None:
    done = run_into("|", *arguments)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [(), ("threads", "delete", "cthr_1")])
def test_without_an_input_there_is_no_terminal(arguments: tuple[str, ...]) -> None:
    done = shell('"$@" <&-', "--demo", *arguments)
    assert done.returncode == 2
    assert "terminal" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_closed_standard_error_does_not_end_the_command() -> None:
    assert shell('"$@" 2>&-', *DEMO_LIST).returncode == 0
    assert shell('"$@" 2>&-', "threads", "lst").returncode == 2


def test_a_full_disk_for_the_log_is_reported_once(address: str) -> None:
    done = run("threads", "list", "--all", "--log-file", "/dev/full")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 60
    [line] = done.stderr.splitlines()
    assert "/dev/full cannot be written: No space left on device" in line


def test_a_log_takes_any_text(tmp_path: Path) -> None:
    log = tmp_path / "log"
    program = """
import logging, pathlib, sys
from chatkit_tui.cli.logs import start_log

start_log(pathlib.Path(sys.argv[1]))
logging.getLogger("chatkit_tui.sources.http").warning("å and a surrogate: %s", "\\ud800")
"""
    done = subprocess.run(  # noqa: S603 # ours
        [sys.executable, "-c", program, str(log)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert log.read_text(encoding="utf-8").endswith("å and a surrogate: ⟨U+D800⟩\n")


def test_ctrl_c_while_the_program_is_imported_leaves_with_130() -> None:
    program = """
import sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "chatkit_tui.cli.main":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
from chatkit_tui.__main__ import main
main()
"""
    done = subprocess.run(  # noqa: S603 # ours
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (130, "")

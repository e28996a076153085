"""Unusual files, folders and sizes: one line or a bound, never a hang or a crash."""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from chatkit_tui.cli.logs import log_crash
from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount
from chatkit_tui.errors import JournalError
from chatkit_tui.sessions.history import SessionHistory, SessionRecord
from chatkit_tui.terminal.environment import bound_environment
from tests.cli.conftest import Command
from tests.pty_terminal import Terminal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="made for Linux files")

HUGE = 3 << 30


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(os.path.relpath(path))


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(HUGE)  # takes no room on the disk


MADE: dict[str, Callable[[Path], None]] = {
    "pipe": _pipe,
    "socket": _socket,
    "folder": Path.mkdir,
    "huge": _huge,
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "random": lambda path: path.symlink_to("/dev/urandom"),
    "loop": lambda path: path.symlink_to(path),
    "below a file": lambda path: path.symlink_to("/etc/passwd/no"),
}


@pytest.fixture(params=MADE)
def odd(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, Path]:
    """The kind and path of something that is not a regular file."""
    path = tmp_path / "odd"
    MADE[request.param](path)
    return request.param, path


@pytest.fixture(autouse=True)
def _in_time() -> Iterator[None]:
    """Fail if the test hangs."""

    def late(number: int, frame: object) -> None:
        raise TimeoutError("it hangs")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(30)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_a_configuration_that_is_not_a_file_is_reported_in_one_line(
    chatkit: Command, odd: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, path = odd
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", str(path))
    for command, code in ((("config", "check"), 1), (("--demo", "threads", "list"), 0)):
        ended = chatkit(*command)
        assert ended.code == code
        lines = ended.errors.splitlines()
        assert [line for line in lines if str(path) in line or "odd:" in line]
        assert not any("crashed" in line or "Traceback" in line for line in lines)
    checked = chatkit("config", "check", str(path))
    assert (checked.code, len(checked.errors.splitlines())) == (1, 1)


def test_dev_null_is_an_empty_configuration(
    chatkit: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", "/dev/null")
    assert chatkit("config", "check").code == 0


def test_a_configuration_can_be_read_from_a_pipe(
    chatkit: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    os.write(writing, b'theme = "nord"\n')
    os.close(writing)
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", f"/dev/fd/{reading}")
    assert "nord" in chatkit("config", "show").output
    os.close(reading)


def test_a_log_that_cannot_be_written_is_reported_in_one_line(
    chatkit: Command, odd: tuple[str, Path]
) -> None:
    kind, path = odd
    ended = chatkit("--demo", "--log-file", str(path), "threads", "list", "--limit", "1")
    lines = ended.errors.splitlines()
    assert "crashed" not in ended.errors
    if kind in ("huge", "endless", "random"):  # it takes what is written
        assert ended.code == 0
    else:
        assert (ended.code, len(lines)) == (2, 1)
        assert lines[0].startswith(f"chatkit-tui: The log {path} cannot be written: ")


RECORD = SessionRecord("cksess_1", "ada", "wf_1", None, 1, "h.example", "active")


def test_a_session_history_that_is_not_a_file_is_reported_in_one_line(
    odd: tuple[str, Path],
) -> None:
    history = SessionHistory(odd[1])
    assert history.all() == []
    assert history.file_error
    history.add(RECORD)
    assert history.all() == [RECORD]  # kept as long as the program runs
    assert history.file_error
    assert "\n" not in history.file_error


def test_a_journal_that_is_not_a_file_stops_deletions_with_one_line(
    odd: tuple[str, Path],
) -> None:
    journal = DeletionJournal(JournalAccount("h.example"), odd[1])
    for act in (
        journal.all,
        journal.claim_unreported().__enter__,
        lambda: journal.append([{"a": 1}]),
    ):
        with pytest.raises(JournalError) as caught:
            act()
        assert str(caught.value).startswith("The journal of deletions cannot be written")
        assert "\n" not in str(caught.value)


def test_a_crash_log_that_is_not_a_file_is_not_written(odd: tuple[str, Path]) -> None:
    if odd[0] == "huge":
        assert log_crash(KeyError(), odd[1]).stat().st_size < 100_000
    else:
        with pytest.raises(OSError, match=r"\w"):
            log_crash(KeyError(), odd[1])


@pytest.mark.parametrize("made", [_pipe, _socket, Path.mkdir])
def test_a_lock_that_is_not_a_file_is_reported_in_one_line(
    tmp_path: Path, made: Callable[[Path], None]
) -> None:
    path = tmp_path / "sessions.jsonl"
    made(tmp_path / "sessions.jsonl.lock")
    history = SessionHistory(path)
    history.add(RECORD)
    assert history.file_error
    assert not path.exists()


@pytest.mark.parametrize("place", ["~nosuchuser", "~nosuchuser/a/config.toml"])
def test_a_missing_home_folder_is_reported_in_one_line(
    chatkit: Command, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    ended = chatkit("--demo", "--log-file", place, "threads", "list")
    message = "there is no home folder '~nosuchuser'."
    assert (ended.code, ended.errors) == (2, f"chatkit-tui: --log-file: {message}\n")
    monkeypatch.setenv("CHATKIT_TUI_CONFIG", place)
    for command in (("config", "path"), ("config", "check"), ("--demo", "threads", "list")):
        ended = chatkit(*command)
        assert (ended.code, ended.errors) == (2, f"chatkit-tui: CHATKIT_TUI_CONFIG: {message}\n")


@pytest.mark.parametrize(
    "folders", [{"HOME": "relative"}, {"XDG_CONFIG_HOME": "here", "XDG_STATE_HOME": "here"}]
)
def test_without_a_home_no_file_of_the_current_folder_is_used(
    tmp_path: Path, address: str, folders: dict[str, str]
) -> None:
    """Run as a user without a password entry, in a folder that others can write to."""
    if os.geteuid():
        pytest.skip("only root becomes another user")
    for folder in ("~/.config", "relative/.config", "here"):
        trap = tmp_path / "shared" / folder / "chatkit-tui" / "config.toml"
        trap.parent.mkdir(parents=True)
        trap.write_text('theme = "trapped"\n')
    nobody = 54_321
    with pytest.raises(KeyError):
        pwd.getpwuid(nobody)
    kept = {name: os.environ[name] for name in ("PATH", "OPENAI_API_KEY", "OPENAI_BASE_URL")}
    here = tmp_path / "shared"
    before = {*here.rglob("*")}
    code = (
        "import os, sys; os.chdir(sys.argv.pop(1))\n"
        "from chatkit_tui.cli.main import run\n"
        f"os.setresuid({nobody}, 0, 0)\n"
        "for words in (['config', 'path'], ['config', 'check'], ['threads', 'list'],"
        " ['threads', 'deletions'], ['threads', 'delete', 'cthr_1', '--yes'],"
        " ['sessions', 'create', '--user', 'a', '--workflow', 'wf_support']):\n"
        "    code = run(words); sys.stdout.flush(); print(code, file=sys.stderr, flush=True)\n"
    )
    done = subprocess.run(  # noqa: S603 # ours
        [sys.executable, "-c", code, str(here)],
        capture_output=True,
        env={**kept, **folders},
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=True,
        text=True,
    )
    told = done.stderr.splitlines()
    assert "crashed" not in done.stderr
    assert "trapped" not in done.stderr
    no_home = "chatkit-tui: There is no home folder: set HOME, or CHATKIT_TUI_CONFIG to a file."
    assert told[:4] == [no_home, "2", no_home, "2"]
    codes = [line for line in told if line.isdecimal()]
    assert codes == ["2", "2", "0", "0", "1", "0"]
    assert [line for line in told if "there is no home folder; set HOME" in line]
    assert {*here.rglob("*")} == before


@pytest.mark.usefixtures("address")
@pytest.mark.parametrize("folder", ["/" + "a" * 300, "/dev/null", "/proc/1/none"])
def test_a_folder_that_cannot_be_used_is_reported_in_one_line(
    chatkit: Command, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", folder)
    for words, code in (
        (("threads", "list", "--limit", "1"), 0),
        (("threads", "deletions"), None),
        (("threads", "delete", "cthr_1", "--yes"), 1),
        (("sessions", "create", "--user", "a", "--workflow", "wf_support"), 0),
    ):
        ended = chatkit(*words)
        assert "crashed" not in ended.errors
        assert code in (None, ended.code), ended.errors
        assert len(ended.errors.splitlines()) <= 3


def test_a_log_whose_reader_left_ends_with_one_line(chatkit: Command, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    writing = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        while True:
            os.write(writing, bytes(4096))
    ended = chatkit("--demo", "--log-file", str(pipe), "threads", "list", "--limit", "1")
    assert ended.code == 0
    assert ended.errors.count("Logging stops.") == 1
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("width", ["39", "2001", "200000000", "1" + "0" * 5000, "-1", "0", "x"])
def test_a_width_that_cannot_be_drawn_is_rejected(chatkit: Command, width: str) -> None:
    ended = chatkit("--demo", "threads", "show", "cthr_1", "--width", width)
    assert (ended.code, len(ended.errors.splitlines())) == (2, 1)


@pytest.mark.parametrize("columns", ["900000000", "9" * 5000, "²", "-5", "0", "x", "1000"])
def test_columns_of_the_environment_are_bounded(columns: str) -> None:
    environ = {"COLUMNS": columns, "LINES": columns}
    bound_environment(environ)
    if columns.isdecimal() and int(columns[:9]):
        assert environ == {"COLUMNS": "1000", "LINES": "500"}
    else:
        assert environ == {}


def test_a_thread_is_shown_with_too_large_a_number_of_columns(
    chatkit: Command, thread_ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "900000000")
    ended = chatkit("threads", "show", thread_ids[0])
    assert ended.code == 0
    assert max(map(len, ended.output.splitlines())) <= 1_000


@pytest.mark.parametrize("stated", [{"COLUMNS": "900000000", "LINES": "24"}, {}])
def test_the_size_of_the_screen_is_bounded(stated: dict[str, str]) -> None:
    program = [sys.executable, "-m", "chatkit_tui", "--demo"]
    with Terminal(program, columns=2_000, rows=30, environment=stated) as terminal:
        if not stated:
            terminal.resize(65_535, 65_535)
            terminal.size = (80, 24)  # what is read here is no picture of that size
        terminal.wait_for("loaded", since=1)
        assert terminal.memory() < 700 << 20
        terminal.send("q")
        assert terminal.exit_code() == 0

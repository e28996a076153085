"""`archive` on a file that another program reads, locks or has changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_tui.emulator import Emulator
from tests.cli.conftest import Command
from tests.sources.archive.builder import alter, message, writing
from tests.sources.archive.builder import archive as make_archive


@pytest.fixture
def long_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Another program that reads an archive with a word in it, and does not end."""
    monkeypatch.setattr("chatkit_tui.storage.sqlite.BUSY_SECONDS", 0.01)
    make_archive(file, {"a": [message("1", "Kilimanjaro")], "b": [message("2")]})
    connection = sqlite3.connect(file, isolation_level=None)
    yield connection
    connection.close()


def bytes_of(file: Path) -> bytes:
    """The bytes of an archive and of what SQLite keeps beside it."""
    return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*")).lower()


@pytest.mark.parametrize(
    "arguments", [["info"], ["verify"], ["search", "x"], ["copy", "copy"], ["show"]]
)
def test_a_locked_file_is_not_taken_for_a_damaged_one(
    chatkit: Command, file: Path, long_read: sqlite3.Connection, arguments: list[str]
) -> None:
    long_read.execute("BEGIN EXCLUSIVE")
    command, *rest = arguments
    line = {
        "search": ["search", str(file), *rest],
        "show": ["--archive", str(file), "threads", "show", "a"],
    }
    ended = chatkit(*line.get(command, ["archive", command, str(file), *rest]))
    assert (ended.code, ended.output) == (2, "")
    assert ended.errors.endswith("is locked by another program: wait until it ends.\n")


def test_a_sync_that_a_reader_locks_out_asks_for_nothing(
    chatkit: Command,
    address: str,
    file: Path,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chatkit_tui.storage.sqlite.BUSY_SECONDS", 0.01)
    assert chatkit("archive", "sync", str(file), "--budget", "2").code == 0, address
    emulator.requests.clear()
    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM item").fetchone()
    ended = chatkit("archive", "sync", str(file))
    reader.close()
    assert (ended.code, ended.output, list(emulator.requests)) == (2, "", [])
    assert "is being read by another program: wait until it ends." in ended.errors


@pytest.mark.parametrize("again", [("remove", "a"), ("remove", "--user", "ada"), ("sync",)])
def test_a_removal_beside_a_long_read_is_ended_by_the_next_command(
    chatkit: Command,
    file: Path,
    long_read: sqlite3.Connection,
    again: tuple[str, ...],
    emulator: Emulator,
) -> None:
    long_read.execute("PRAGMA journal_mode = WAL")  # as during a sync
    long_read.execute("BEGIN")
    long_read.execute("SELECT count(*) FROM item").fetchone()
    what = again[1:] or ("a", "b")
    ended = chatkit("archive", "remove", str(file), *what, "--yes")
    assert (ended.code, ended.output.count("\tremoved\n")) == (1, 1 if what == ("a",) else 2)
    (line,) = ended.errors.splitlines()
    assert "run this command again or archive sync" in line
    assert b"kilimanjaro" in bytes_of(file)
    assert chatkit("--archive", str(file), "threads", "show", "a").code == 4
    still = chatkit("archive", "remove", str(file), *what, "--yes")
    assert (still.code, b"kilimanjaro" in bytes_of(file)) == (1, True)
    long_read.execute("COMMIT")
    if again == ("sync",):
        with writing(file):  # what a sync opens and closes
            pass
    else:
        assert chatkit("archive", *again[:1], str(file), *again[1:], "--yes").code == 4
    long_read.close()
    assert b"kilimanjaro" not in bytes_of(file)
    assert chatkit("archive", "verify", str(file)).output == "no damage\n"


def test_a_removal_that_a_reader_locks_out_removes_nothing(
    chatkit: Command, file: Path, long_read: sqlite3.Connection
) -> None:
    long_read.execute("BEGIN")
    long_read.execute("SELECT count(*) FROM item").fetchone()
    ended = chatkit("archive", "remove", str(file), "a", "--yes")
    assert (ended.code, ended.output) == (2, "")
    assert "is being read by another program: wait until it ends." in ended.errors
    long_read.execute("COMMIT")
    assert chatkit("archive", "remove", str(file), "a", "--yes").output == "a\tremoved\n"
    assert b"kilimanjaro" not in bytes_of(file)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE thread SET thread_no = 9223372036854775807 WHERE thread_no = 2", "verify on it"),
        (
            "UPDATE item SET key = -key - 1 WHERE key IN (SELECT key FROM item LIMIT 3)",
            "verify on it",
        ),
        ("UPDATE thread SET id = x'ff00' WHERE thread_no = 3", "verify on it"),
        ("DROP TABLE removed", "Restore it from a backup, or sync to a new file."),
    ],
)
def test_a_sync_of_a_changed_file_says_what_to_do(
    chatkit: Command, archive: str, statement: str, said: str
) -> None:
    alter(archive, statement)
    ended = chatkit("--demo", "archive", "sync", archive)
    assert (ended.code, ended.output) in ((1, ""), (2, ""))
    assert said in ended.errors
    assert chatkit("archive", "verify", archive).code == 1


def test_a_listing_with_another_cursor_is_begun_again(chatkit: Command, archive: str) -> None:
    alter(archive, "UPDATE listing SET cursor = x'ff', complete = 0, ended_at = NULL")
    ended = chatkit("--demo", "archive", "sync", archive)
    assert (ended.code, "60 threads listed (all of them)" in ended.output) == (0, True)


def test_a_loop_of_links_is_refused(chatkit: Command, file: Path) -> None:
    file.symlink_to(file)
    ended = chatkit("--demo", "archive", "sync", str(file))
    assert ended.code == 2
    assert "cannot be" in ended.errors.splitlines()[-1]

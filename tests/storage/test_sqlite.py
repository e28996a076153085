"""A database gets its name when it is complete; what a killed program left is removed."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from chatkit_tui.storage.private_file import FileLock
from chatkit_tui.storage.sqlite import connect_reader, copy_database

KILLED = """
import os, signal, sys
from pathlib import Path
from chatkit_tui.storage.sqlite import connect_reader, copy_database
connection = connect_reader(Path(sys.argv[1]))
connection.set_progress_handler(lambda: os.kill(os.getpid(), signal.SIGKILL), 20_000)
copy_database(connection, Path(sys.argv[2]))
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "database"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(
        "CREATE TABLE numbers AS WITH RECURSIVE n(i) AS"
        " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i FROM n"
    )
    connection.close()
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_a_killed_copy_left_is_removed_by_the_next(database: Path) -> None:
    copy = database.with_name("copy")
    killed = subprocess.run(  # noqa: S603 # ours
        [sys.executable, "-c", KILLED, str(database), str(copy)], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert names(database.parent) > {"database"}  # it was killed while it wrote
    connection = connect_reader(database)
    copy_database(connection, copy)
    connection.close()
    assert names(database.parent) == {"database", "copy"}
    copied = connect_reader(copy)
    assert copied.execute("SELECT count(*) FROM numbers").fetchone() == (20_000,)
    copied.close()


def test_two_copies_to_one_name_do_not_disturb_each_other(database: Path) -> None:
    copy = database.with_name("copy")
    unfinished = database.with_name(".copy.new")
    unfinished.write_bytes(b"of the other program")
    lock = FileLock.take(database.with_name(".copy.new.lock"))
    assert lock is not None
    connection = connect_reader(database)
    with pytest.raises(OSError, match="another program is writing it"):
        copy_database(connection, copy)
    connection.close()
    lock.release()
    assert unfinished.read_bytes() == b"of the other program"
    assert not copy.exists()

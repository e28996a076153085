"""SQLite files of the program: recognized before they are opened; one writer, many readers."""

from __future__ import annotations

import sqlite3
import stat
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from chatkit_tui.storage.new_file import new_file

SQLiteError = sqlite3.Error
"""For callers that otherwise know nothing of SQLite."""

_MAGIC: Final = b"SQLite format 3\0"
_HEADER_BYTES: Final = 100
_LOGGED: Final = 2
_PAGE_BYTES: Final = 8192
"""With pages of 4 KiB, rows are written at half the rate."""
BUSY_SECONDS = 5.0
"""Seconds to wait for another program that has the file locked."""
_CACHE_KIB: Final = 32_000
_CHECKPOINT_PAGES: Final = 4_000


class Header(NamedTuple):
    """What the first bytes of a SQLite file say about it."""

    application_id: int
    user_version: int
    has_log: bool = False
    """Whether changes go to a log (WAL) beside the file first."""


def read_header(path: Path) -> Header | None:
    """Return the header of a SQLite file, or None if the file is something else.

    Nothing is written, not even the journal that SQLite makes when it opens a file. Raises
    `OSError`.
    """
    if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait
        return None
    with path.open("rb") as file:
        start = file.read(_HEADER_BYTES)
    if len(start) < _HEADER_BYTES or not start.startswith(_MAGIC):
        return None
    (user_version,) = struct.unpack(">I", start[60:64])
    (application_id,) = struct.unpack(">I", start[68:72])
    return Header(application_id, user_version, has_log=start[19] == _LOGGED)


def create(path: Path, header: Header, schema: str) -> None:
    """Create a database that only its owner can read.

    Raise `FileExistsError` if the name is taken, `OSError` and `sqlite3.Error`.
    """
    with _new_database(path) as unfinished:
        connection = sqlite3.connect(unfinished, isolation_level=None)
        try:
            connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
            connection.execute(f"PRAGMA application_id = {header.application_id}")
            connection.executescript(f"BEGIN; {schema}; COMMIT")
            connection.execute(f"PRAGMA user_version = {header.user_version}")
        finally:
            connection.close()


def copy_database(connection: sqlite3.Connection, path: Path) -> None:
    """Copy a database, as of now, to a file that only its owner can read.

    Raise `FileExistsError` if the name is taken, `OSError` and `sqlite3.Error`.
    """
    with _new_database(path) as unfinished:
        try:
            connection.execute("PRAGMA query_only = OFF")  # the copy counts as a change
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        finally:
            connection.execute("PRAGMA query_only = ON")


@contextmanager
def _new_database(path: Path) -> Iterator[Path]:
    """Yield the path of a new file; see `new_file`. No journal of a killed program is left."""
    with new_file(path) as unfinished:
        journal = unfinished.with_name(f"{unfinished.name}-journal")
        journal.unlink(missing_ok=True)
        try:
            yield unfinished
        finally:
            journal.unlink(missing_ok=True)


def connect_writer(path: Path, check: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    """Open an existing database for the one connection that writes.

    `check` may refuse the file by an exception, before anything is written, the mode of its journal
    included.

    Readers are never blocked where the file system has shared memory; elsewhere, as on a network
    drive, they wait for each commit. Raise `sqlite3.Error`.
    """
    connection = _connect(path, "rw")
    try:
        check(connection)
    except BaseException:
        connection.close()
        raise
    try:
        (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    except sqlite3.OperationalError as error:
        if is_locked(error):  # by a reader, which no commit would outlast either
            connection.close()
            raise
        mode = ""
    if mode != "wal":
        connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if mode == 'wal' else 'FULL'}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    return connection


def make_durable(connection: sqlite3.Connection) -> None:
    """Let each later commit of a writer outlast a loss of power. Raise `sqlite3.Error`."""
    connection.execute("PRAGMA synchronous = FULL")


def write_log_to_file(connection: sqlite3.Connection) -> None:
    """Move what is committed from the log into the file, as far as no reader needs the old state.

    Raise `sqlite3.Error`.
    """
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def close_writer(connection: sqlite3.Connection) -> bool:
    """Close the writer so that one file holds everything, readable also from a read-only medium.

    Return False if another program reads an earlier state: until the next writer is closed, the
    file still holds that state, and the new one is in its log.
    """
    is_busy = True
    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not is_busy:
            connection.execute("PRAGMA journal_mode = DELETE")  # refused while a reader is there
    connection.close()
    return not is_busy


def is_locked(error: Exception) -> bool:
    """Return whether another program has locked a file for longer than `BUSY_SECONDS`."""
    name = getattr(error, "sqlite_errorname", "")
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def has_log(path: Path) -> bool:
    """Return whether a part of a database is not in its file yet, but in its log."""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size > 0
    except OSError:
        return False


def connect_reader(path: Path, *, is_at_rest: bool = False) -> sqlite3.Connection:
    """Open a database for reading alone. Raises `sqlite3.Error`.

    With `is_at_rest` nothing is locked and no file is made, so that what is read is only valid if
    no other program writes meanwhile.
    """
    try:
        connection = _connect(path, "ro&immutable=1" if is_at_rest else "ro")
    except sqlite3.OperationalError as error:
        # A read-only place cannot have the shared memory of a file that was left in WAL mode.
        if error.sqlite_errorname != "SQLITE_READONLY_DIRECTORY" or has_log(path):
            raise
        connection = _connect(path, "ro&immutable=1")
    connection.execute("PRAGMA query_only = ON")
    return connection


def _decode(text: bytes) -> str:
    """Return a text of the file, also if another program wrote it and it is not UTF-8."""
    return text.decode(errors="replace")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_SECONDS,
    )
    connection.text_factory = _decode
    try:
        connection.execute("PRAGMA trusted_schema = OFF")  # the file may be anybody's
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1")
    except BaseException:
        connection.close()
        raise
    return connection

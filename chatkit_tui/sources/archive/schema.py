"""The tables of an archive file, its views for other programs, and which files are refused."""

from __future__ import annotations

import errno
import hashlib
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from chatkit_tui.errors import ArchiveError, DiskError, OtherOriginError
from chatkit_tui.storage.sqlite import Header, is_locked, read_header

APPLICATION_ID: Final = 0x434B5441
VERSION: Final = 2
"""Version 1 has no `thread_problems`. The next writer adds it."""
HEADER: Final = Header(APPLICATION_ID, VERSION)

POSITION_BITS: Final = 24
"""An item's key is its thread's number, shifted by these bits, and its position in the thread."""

SLOTS_PER_SECOND_BITS: Final = 6
EPOCH: Final = 1_577_836_800
"""1 January 2020 in Unix seconds. The slot of an item in the index grows with its time, so that the
newest hits come first without sorting."""

TABLES: Final = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE thread(
    thread_no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, user TEXT,
    created_at INT NOT NULL, title TEXT,
    status TEXT, raw TEXT NOT NULL, slot INT,
    item_count INT NOT NULL DEFAULT 0, newest_item_id TEXT, resume_after TEXT,
    complete INT NOT NULL DEFAULT 0, incomplete_reason TEXT,
    listed_at INT, checked_at INT, missing_since INT);
CREATE TABLE item(
    key INTEGER PRIMARY KEY, id TEXT NOT NULL, slot INT, missing_since INT, raw TEXT NOT NULL);
CREATE TABLE item_version(key INT NOT NULL, replaced_at INT NOT NULL, raw TEXT NOT NULL);
CREATE TABLE thread_version(thread_no INT NOT NULL, replaced_at INT NOT NULL, raw TEXT NOT NULL);
CREATE TABLE index_slot(slot INTEGER PRIMARY KEY, item_key INT NOT NULL);
CREATE TABLE removed(id_sha256 TEXT PRIMARY KEY, removed_at INT NOT NULL) WITHOUT ROWID;
CREATE TABLE listing(
    listing_no INTEGER PRIMARY KEY, user TEXT, started_at INT NOT NULL, cursor TEXT,
    complete INT NOT NULL DEFAULT 0, ended_at INT);
CREATE INDEX item_id ON item(id);
CREATE INDEX item_not_indexed ON item(key) WHERE slot IS NULL;
CREATE INDEX thread_newest ON thread(created_at DESC, thread_no);
CREATE INDEX thread_user ON thread(user, created_at DESC, thread_no);
CREATE INDEX item_version_key ON item_version(key);
CREATE INDEX thread_version_no ON thread_version(thread_no);
"""

# `created_at` is 0 for a thread whose time is unknown.

PROBLEMS: Final = "CREATE TABLE thread_problems(thread_no INTEGER PRIMARY KEY, found TEXT)"
"""See `problem_index`."""

INDEX: Final = """
CREATE VIRTUAL TABLE fts USING fts5(
    text, meta, content='', tokenize="unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'");
"""
"""The full-text index. It holds no text; the rows are the truth and the index can be rebuilt."""


def _iso(seconds: str) -> str:
    """Return an SQL expression for a time as ISO 8601 text in UTC."""
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {seconds}, 'unixepoch')"


_ITEM = f"""
SELECT t.id AS thread_id, i.key & {(1 << POSITION_BITS) - 1} AS position, i.id AS id,
    replace(json_extract(i.raw, '$.type'), 'chatkit.', '') AS type,
    CASE typeof(json_extract(i.raw, '$.created_at'))
        WHEN 'text' THEN json_extract(i.raw, '$.created_at')
        WHEN 'null' THEN {_iso(f"(i.slot >> {SLOTS_PER_SECOND_BITS}) + {EPOCH}")}
        ELSE {_iso("json_extract(i.raw, '$.created_at')")} END AS created_at,
    i.raw AS raw
FROM item i JOIN thread t ON t.thread_no = i.key >> {POSITION_BITS} WHERE json_valid(i.raw)
"""

VIEWS: Final = f"""
CREATE VIEW threads AS SELECT id, user, title, status,
    {_iso("nullif(created_at, 0)")} AS created_at, raw,
    item_count, complete, incomplete_reason, {_iso("listed_at")} AS listed_at,
    {_iso("checked_at")} AS checked_at, {_iso("missing_since")} AS missing_since FROM thread;
CREATE VIEW items AS {_ITEM};
CREATE VIEW messages AS SELECT thread_id, position, id, created_at,
    CASE type WHEN 'user_message' THEN 'user' ELSE 'assistant' END AS role,
    CASE json_type(raw, '$.content') WHEN 'text' THEN json_extract(raw, '$.content') ELSE
        (SELECT group_concat(
            CASE type WHEN 'text' THEN value ELSE json_extract(value, '$.text') END, char(10))
         FROM json_each(raw, '$.content')) END AS text
    FROM items WHERE type IN ('user_message', 'assistant_message');
CREATE VIEW tool_calls AS SELECT thread_id, position, id, created_at,
    json_extract(raw, '$.name') AS name, json_extract(raw, '$.status') AS status,
    json_extract(raw, '$.arguments') AS arguments, json_extract(raw, '$.output') AS output
    FROM items WHERE type = 'client_tool_call';
"""
"""For sqlite-utils, Datasette, DuckDB and the like. Their columns are stable."""

EXTRACTOR: Final = "4"
"""The version of what is taken from items: the words of `searchable_text`, and the problems. What
another version took is taken again."""


class Origin(NamedTuple):
    """Where the conversations of an archive come from; each file has one origin."""

    kind: str
    """`hosted`, `server` or `database`."""
    address: str
    """The address without credentials."""
    project: str = ""
    """The project of the hosted API; empty if the key decides."""
    naive_times: str = "UTC"
    """The zone of times that name none. Origins that differ in it alone are the same."""

    @property
    def name(self) -> str:
        """The origin in the words of a message."""
        return f"{self.address}, project {self.project}" if self.project else self.address

    def is_same(self, other: Origin) -> bool:
        """Return whether two origins are the same, whatever the zone of times that name none."""
        return self._replace(naive_times=other.naive_times) == other


DAMAGE: Final = (sqlite3.Error, OverflowError)
"""What a damaged file raises: a number of another program may fit into no integer of SQLite."""


_OF_DISK: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""Errors of a disk that is full or fails."""
DISK_FULL: Final = ("SQLITE_FULL", "SQLITE_IOERR_WRITE")


def unreadable(path: Path, error: Exception) -> ArchiveError:
    """Return the error of a file that cannot be read."""
    if is_locked(error):
        return ArchiveError(f"{path} is locked by another program: wait until it ends.")
    if getattr(error, "sqlite_errorname", "") == "SQLITE_READONLY_ROLLBACK":
        return ArchiveError(f"{path} was left by an interrupted sync: run archive sync on it.")
    reason = str(error).rstrip(".")
    return ArchiveError(f"{path} cannot be read: {reason}. Run chatkit-tui archive verify on it.")


def unwritable(path: Path, error: Exception) -> ArchiveError:
    """Return the error of a file that cannot be written."""
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, OSError) and error.errno not in _OF_DISK:
        return ArchiveError(f"{path} cannot be written: {error.strerror}.")
    if isinstance(error, OSError) or name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR"):
        return DiskError(
            f"{path} cannot be written: {error}. Free space, then run the command again."
        )
    if is_locked(error):
        return ArchiveError(f"{path} is being read by another program: wait until it ends.")
    return ArchiveError(f"{path} cannot be written: {error}. Run chatkit-tui archive verify on it.")


def check_file(path: Path) -> None:
    """Check that a file is an archive of a version that this program knows.

    Raise `ArchiveError` with the reason; nothing is written.
    """
    try:
        header = read_header(path)
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read: {error.strerror}.") from None
    if header is None or header.application_id != APPLICATION_ID:
        raise ArchiveError(f"{path} is not an archive of chatkit-tui: choose another file.")
    if header.user_version > VERSION:
        raise ArchiveError(
            f"{path} was made by a newer version of chatkit-tui: update the program."
        )


def is_archive(path: Path) -> bool:
    """Return whether a file that can be read is an archive of any version."""
    with suppress(OSError):
        header = read_header(path)
        return header is not None and header.application_id == APPLICATION_ID
    return False


def check_schema(connection: sqlite3.Connection, path: Path) -> None:
    """Check that the tables are those of this module. Another program may have written the file.

    Raise `ArchiveError`: a table of another shape could make any statement do anything.
    """
    expected = sqlite3.connect(":memory:")
    try:
        expected.executescript(f"{TABLES}{VIEWS}{PROBLEMS};")
        wanted = set(expected.execute(_SCHEMA_OF))
    finally:
        expected.close()
    found = set(connection.execute(_SCHEMA_OF))
    if found not in (wanted, {table for table in wanted if table[1] != "thread_problems"}):
        raise ArchiveError(
            f"{path} has other tables than an archive: it was changed or damaged."
            " Restore it from a backup, or sync to a new file."
        )


_SCHEMA_OF = (
    "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND NOT (type = 'table' AND"
    " (name = 'fts' AND sql LIKE 'CREATE VIRTUAL TABLE fts USING fts5(%' OR"
    " name IN ('fts_data', 'fts_idx', 'fts_docsize', 'fts_config')))"
)


def check_origin(connection: sqlite3.Connection, path: Path, origin: Origin) -> None:
    """Raise `OtherOriginError` if an archive holds the conversations of another origin.

    One without any, such as the first sync leaves behind that had a wrong address, has no origin.
    """
    found = origin_of(read_meta(connection))
    if not found.is_same(origin) and not _is_empty(connection):
        raise OtherOriginError(
            f"{path} holds the conversations of {found.name}, not of {origin.name}:"
            " choose another file."
        )


def _is_empty(connection: sqlite3.Connection) -> bool:
    """Return whether an archive has never held a thread."""
    (has_any,) = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM thread) OR EXISTS (SELECT 1 FROM removed)"
    ).fetchone()
    return not has_any


def id_hash(thread_id: str) -> str:
    """Return what stands for a removed thread in the archive."""
    return hashlib.sha256(thread_id.encode("utf-8", "surrogatepass")).hexdigest()


def has_problems(connection: sqlite3.Connection) -> bool:
    """Return whether an archive has the problems of its threads, as this program finds them."""
    (tables,) = connection.execute(
        "SELECT count(*) FROM sqlite_schema WHERE name = 'thread_problems'"
    ).fetchone()
    return bool(tables) and read_meta(connection).get("extractor") == EXTRACTOR


def read_meta(connection: sqlite3.Connection) -> dict[str, str]:
    """Return what the archive says about itself, by key."""
    return dict(
        connection.execute("SELECT key, value FROM meta WHERE typeof(value) = 'text'").fetchall()
    )


def meta_of(origin: Origin) -> dict[str, str]:
    """Return what an archive says about its origin, by key."""
    return {
        "origin_kind": origin.kind,
        "origin_address": origin.address,
        "origin_project": origin.project,
        "naive_times": origin.naive_times,
    }


def origin_of(meta: dict[str, str]) -> Origin:
    """Return the origin that an archive was made from."""
    return Origin(
        meta.get("origin_kind", ""),
        meta.get("origin_address", ""),
        meta.get("origin_project", ""),
        meta.get("naive_times", "UTC"),
    )

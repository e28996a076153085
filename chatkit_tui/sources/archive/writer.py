"""Write an archive: open it, list threads, note what is missing, index and remove.

One writer has a file at a time. Its methods are synchronous and belong into one thread. Rows,
counters and cursors change in one transaction, so a kill never leaves a thread half-updated.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple, Self

from chatkit_tui.errors import ArchiveBusyError, ArchiveError
from chatkit_tui.models.json import JSON
from chatkit_tui.search.searchable_text import read_object
from chatkit_tui.sources.archive import schema
from chatkit_tui.sources.archive.index import BATCH, Indexer, seconds_of, thread_columns
from chatkit_tui.sources.archive.problem_index import ProblemIndex
from chatkit_tui.sources.archive.removal import Removal
from chatkit_tui.sources.archive.schema import (
    EPOCH,
    POSITION_BITS,
    SLOTS_PER_SECOND_BITS,
    Origin,
)
from chatkit_tui.sources.archive.thread_items import Row, ThreadItems
from chatkit_tui.sources.archive.transaction import Transaction
from chatkit_tui.sources.archive.verify import index_is_sound, problems_are_sound
from chatkit_tui.storage import sqlite
from chatkit_tui.storage.private_file import FileLock


class Listing(NamedTuple):
    """A walk through the list of threads, of all users or of one."""

    number: int
    started_at: int
    cursor: str | None


class Listed(NamedTuple):
    """What a page of the list of threads brought."""

    new: tuple[str, ...]
    """The ids of threads that were not known."""
    known: bool
    """Whether any thread was known."""
    older: int
    """The number of unknown threads created before the time that was asked for."""


class _Found(Enum):
    NEW = "new"
    KNOWN = "known"
    OLDER = "created before the time that was asked for"
    REMOVED = "removed from the archive by the user"


class ArchiveWriter:
    """The one writer of an archive file."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        lock: FileLock,
        *,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._connection = connection
        self._lock = lock
        self._now = now
        self._indexer = Indexer(connection)
        self._problems = ProblemIndex(connection)
        self._transaction = Transaction(connection, self._indexer.flush, self._forget)
        self.items = ThreadItems(connection, self._indexer, self._problems, self._transaction, now)
        self._removal = Removal(
            connection, self._indexer, self._problems, self._transaction, self.items, now
        )

    @classmethod
    def open(cls, path: Path, origin: Origin, *, now: Callable[[], float] = time.time) -> Self:
        """Open an archive for writing, and create it if it does not exist.

        Raise `ArchiveError` if the file is not an archive, comes from another origin or is being
        written, before anything in it is changed.
        """
        if path.exists():
            schema.check_file(path)
        try:
            target = path.resolve()  # two links to one file are one file
            if target.is_symlink():  # Python 3.13 returns it for a loop of links
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
            lock = FileLock.take(target.with_name(f"{target.name}.lock"))
        except (OSError, RuntimeError) as error:  # Python 3.11 has the latter for a loop
            reason = getattr(error, "strerror", "it is a link to itself")
            raise ArchiveError(f"{path} cannot be written: {reason}.") from None
        if lock is None:
            raise ArchiveBusyError(
                f"{path} is being written by another program: wait until it ends."
            )
        try:
            writer = cls._open_locked(path, origin, lock, now)
        except BaseException as error:
            lock.release()
            if isinstance(error, (*schema.DAMAGE, OSError)):
                raise schema.unwritable(path, error) from None
            raise
        return writer

    @classmethod
    def _open_locked(
        cls, path: Path, origin: Origin, lock: FileLock, now: Callable[[], float]
    ) -> Self:
        if not path.exists():
            sqlite.create(path, schema.HEADER, schema.TABLES + schema.VIEWS + _meta(origin, now()))

        def check(connection: sqlite3.Connection) -> None:
            schema.check_schema(connection, path)
            schema.check_origin(connection, path, origin)

        connection = sqlite.connect_writer(path, check)
        try:
            writer = cls(connection, lock, now=now)
            with writer._transaction():
                writer._prepare(origin)
        except BaseException:
            connection.close()
            raise
        return writer

    def _prepare(self, origin: Origin) -> None:
        """Make the index ready, also in a file of an earlier version or with a damaged index."""
        connection = self._connection
        if not schema.origin_of(schema.read_meta(connection)).is_same(origin):  # nothing is in it
            connection.execute("DELETE FROM listing")
            connection.executemany(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)", schema.meta_of(origin).items()
            )
        if not schema.has_problems(connection):
            connection.execute("DROP TABLE IF EXISTS thread_problems")
            connection.execute(schema.PROBLEMS)
            connection.execute(f"PRAGMA user_version = {schema.VERSION}")
        self._indexer.prepare()
        if self._indexer.is_on and not index_is_sound(connection):
            self._indexer.start_over()
        connection.execute(
            "INSERT OR REPLACE INTO meta VALUES ('extractor', ?)", (schema.EXTRACTOR,)
        )
        if problems_are_sound(connection):
            self._problems.restore()
        else:
            self._problems.start_over()

    def _forget(self) -> None:
        """Forget what a rollback undid."""
        self._indexer.forget()
        self._problems.restore()

    def close(self) -> bool:
        """Commit what is pending, and close the file so that it is one file again.

        Return False if another program reads it: what was removed is in it until the next writer is
        closed.
        """
        try:
            self.commit()
        finally:
            is_whole = sqlite.close_writer(self._connection)
            self._lock.release()
        return is_whole

    def commit(self) -> None:
        """Commit what is pending."""
        self._transaction.commit()

    def make_durable(self) -> None:
        """Let each later commit outlast a loss of power, not only the end of the program."""
        self.commit()
        sqlite.make_durable(self._connection)

    def persist(self) -> None:
        """Commit what is pending, into the file itself unless a reader needs the old state."""
        self.commit()
        sqlite.write_log_to_file(self._connection)

    # -- the list of threads -----------------------------------------------------------------------

    def begin_listing(self, user: str | None) -> Listing:
        """Continue a listing that was interrupted, or begin a new one."""
        found = self._connection.execute(
            "SELECT listing_no, started_at, cursor FROM listing"
            " WHERE complete = 0 AND ended_at IS NULL AND user IS ?"
            " AND typeof(started_at) = 'integer' AND typeof(cursor) IN ('text', 'null')"
            " ORDER BY listing_no DESC",
            (user,),
        ).fetchone()
        if found:
            return Listing(*found)
        with self._transaction():
            started_at = int(self._now())
            number = self._connection.execute(
                "INSERT INTO listing(user, started_at) VALUES (?, ?)", (user, started_at)
            ).lastrowid
        return Listing(number or 0, started_at, None)

    def store_listed(
        self,
        listing: Listing,
        rows: Sequence[Row],
        cursor: str | None,
        *,
        since: int | None = None,
    ) -> Listed:
        """Store a page of the list of threads, and where the list continues.

        Unknown threads that were created before `since` are left out.
        """
        new, known, older = [], 0, 0
        with self._transaction(len(rows)):
            # Oldest first, so that rows, their ids and their slots are appended: pages of the file
            # that are filled from the end stay half empty.
            fields = [read_object(row.raw) for row in rows]
            times = [seconds_of(each, row.id) or 0 for each, row in zip(fields, rows, strict=True)]
            for place in sorted(range(len(rows)), key=times.__getitem__):
                row = rows[place]
                found = self._store_thread(
                    row, fields[place], times[place], listing.started_at, since
                )
                new += [row.id] if found is _Found.NEW else []
                known += found is _Found.KNOWN
                older += found is _Found.OLDER
            if not older:  # a later run that asks for more has to see this page again
                self._connection.execute(
                    "UPDATE listing SET cursor = ? WHERE listing_no = ?", (cursor, listing.number)
                )
        return Listed(tuple(new), bool(known), older)

    def store_thread(self, row: Row) -> bool:
        """Store a thread that was retrieved, not listed; return False if the user removed it."""
        fields = read_object(row.raw)
        with self._transaction():
            found = self._store_thread(row, fields, seconds_of(fields, row.id) or 0, None, None)
        return found is not _Found.REMOVED

    def end_listing(self, listing: Listing, *, complete: bool) -> None:
        """Note that a listing has ended; `complete` if the server said that no more exist."""
        with self._transaction():
            self._connection.execute(
                "UPDATE listing SET complete = ?, ended_at = ? WHERE listing_no = ?",
                (complete, int(self._now()), listing.number),
            )

    def unlisted(self, listing: Listing, user: str | None) -> list[str]:
        """Return the known threads that a complete listing lacked, oldest check first."""
        rows = self._connection.execute(
            "SELECT id FROM thread WHERE missing_since IS NULL"
            " AND coalesce(listed_at, 0) NOT BETWEEN ? AND ?"
            " AND (? IS NULL OR user = ?) ORDER BY checked_at",
            (listing.started_at, max(listing.started_at, int(self._now())), user, user),
        )
        return [identifier for (identifier,) in rows]

    def has_threads(self) -> bool:
        """Return whether any thread is in the archive."""
        return self._connection.execute("SELECT 1 FROM thread LIMIT 1").fetchone() is not None

    def contradicted(self, rows: Sequence[Row], most: int) -> list[str]:
        """Return the newest threads of the archive, at most `most`, if the first page of a list
        contradicts them: it has threads as old as those, and knows none.
        """
        newest = self._connection.execute(
            "SELECT id, created_at FROM thread WHERE missing_since IS NULL"
            " AND listed_at IS NOT NULL ORDER BY created_at DESC LIMIT ?",
            (most,),
        ).fetchall()
        if not newest or any(self._knows(row.id) for row in rows):
            return []
        times = (seconds_of(read_object(row.raw), row.id) for row in rows)
        if not any(seconds is not None and seconds <= newest[0][1] for seconds in times):
            return []
        return [name for name, _ in newest]

    def _knows(self, thread_id: str) -> bool:
        found = self._connection.execute("SELECT 1 FROM thread WHERE id = ?", (thread_id,))
        return found.fetchone() is not None or self._removal.is_removed(thread_id)

    def unread(self, users: Sequence[str]) -> list[str]:
        """Return the threads, of some users if any are given, that are not read to their end."""
        rows = self._connection.execute(
            f"SELECT id FROM thread WHERE complete != 1 AND missing_since IS NULL{_of(users)}"
            " ORDER BY created_at DESC, thread_no",
            tuple(users),
        )
        return [identifier for (identifier,) in rows]

    def checks(self, users: Sequence[str]) -> list[tuple[str, int, int, str | None]]:
        """Return the complete threads, of some users if any are given: id, time of the last item,
        time of the last check, and status."""
        return self._connection.execute(
            "SELECT t.id,"
            f" CAST(coalesce((i.slot >> {SLOTS_PER_SECOND_BITS}) + {EPOCH}, t.created_at) AS INT),"
            " CAST(coalesce(t.checked_at, 0) AS INT), t.status FROM thread t LEFT JOIN item i"
            f" ON i.key = (t.thread_no << {POSITION_BITS}) + t.item_count - 1"
            " WHERE t.complete = 1 AND t.missing_since IS NULL"
            f"{_of(users)}",
            tuple(users),
        ).fetchall()

    def count_complete(self, users: Sequence[str]) -> int:
        """Return how many threads `checks` returns."""
        (count,) = self._connection.execute(
            f"SELECT count(*) FROM thread WHERE complete = 1 AND missing_since IS NULL{_of(users)}",
            tuple(users),
        ).fetchone()
        return int(count)

    def _store_thread(
        self,
        row: Row,
        fields: dict[str, JSON],
        created_at: int,
        listed_at: int | None,
        since: int | None,
    ) -> _Found:
        """Store a thread, and its former row as a version; `listed_at` is None if it was not
        listed."""
        if self._removal.is_removed(row.id):
            return _Found.REMOVED
        columns = (*thread_columns(fields, created_at), row.raw)
        known = self._connection.execute(
            "SELECT thread_no, user, raw FROM thread WHERE id = ?", (row.id,)
        ).fetchone()
        if known is None and since is not None and created_at < since:
            return _Found.OLDER
        if known is None:
            (number,) = self._connection.execute(
                "SELECT coalesce(max(thread_no), 0) + 1 FROM thread"
            ).fetchone()
            slot = self._indexer.add_thread(number, fields, columns[0], created_at)
            self._connection.execute(
                "INSERT INTO thread"
                "(user, created_at, title, status, raw, thread_no, id, slot, listed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*columns, number, row.id, slot, listed_at),
            )
            return _Found.NEW
        number, user, raw = known
        if raw != row.raw:
            self._indexer.remove_thread(number, items=user != columns[0])
            self._connection.execute(
                "INSERT INTO thread_version VALUES (?, ?, ?)", (number, int(self._now()), raw)
            )
            self._connection.execute(
                "UPDATE thread SET user = ?, created_at = ?, title = ?, status = ?, raw = ?"
                " WHERE thread_no = ?",
                (*columns, number),
            )
        self._connection.execute(
            "UPDATE thread SET listed_at = coalesce(?, listed_at), missing_since = NULL"
            " WHERE thread_no = ?",
            (listed_at, number),
        )
        return _Found.KNOWN

    # -- what went wrong ---------------------------------------------------------------------------

    def mark_incomplete(self, thread_id: str, reason: str) -> None:
        """Note why a thread is not whole."""
        with self._transaction():
            self._connection.execute(
                "UPDATE thread SET complete = 0, incomplete_reason = ? WHERE id = ?",
                (reason, thread_id),
            )

    def mark_missing(self, thread_id: str) -> None:
        """Note that the server no longer has a thread. What is here stays."""
        with self._transaction():
            self._connection.execute(
                "UPDATE thread SET missing_since = ?, checked_at = ? WHERE id = ?",
                (int(self._now()), int(self._now()), thread_id),
            )

    # -- the index ---------------------------------------------------------------------------------

    @property
    def indexed(self) -> int:
        """The number of rows that were indexed so far."""
        return self._indexer.added

    def index_some(self) -> int:
        """Index some of the rows that are not in the index yet, or find the problems of some
        threads; return how many were."""
        with self._transaction(BATCH):
            return self._indexer.index_some() or self._problems.find_some(BATCH)

    def reindex(self) -> None:
        """Make the index and the problems of the threads again."""
        with self._transaction():
            if self._indexer.is_on:
                self._indexer.start_over()
            self._problems.start_over()
        while self.index_some():
            pass

    def find_problems(self) -> int:
        """Find the problems of a complete thread; return 0 if those of all are known."""
        if not self._problems.is_waiting:
            return 0
        with self._transaction():
            return self._problems.find_some(1)

    # -- removal -----------------------------------------------------------------------------------

    def remove(self, thread_ids: Iterable[str]) -> list[str]:
        """Erase threads with their items, versions and index entries; return those that were here.

        No later sync brings one back. What was erased is overwritten with zeros, in the file once
        the writer is closed.
        """
        erased = self._removal.remove(thread_ids)
        self.commit()
        return erased

    def vacuum(self) -> None:
        """Rewrite the file without the room of what was removed."""
        self.commit()
        self._connection.execute("VACUUM")


def _meta(origin: Origin, now: float) -> str:
    values = {**schema.meta_of(origin), "made_at": str(int(now))}
    return "".join(
        f"INSERT INTO meta VALUES ('{key}', '{value.replace(chr(39), chr(39) * 2)}');"
        for key, value in values.items()
    )


def _of(users: Sequence[str]) -> str:
    """Return the condition that limits threads to users, whose values follow; empty for all."""
    return f" AND user IN ({', '.join('?' * len(users))})" if users else ""

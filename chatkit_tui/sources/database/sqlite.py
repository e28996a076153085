"""A SQLite file, which is never written, also while other programs write it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Final

from chatkit_tui.errors import APIConnectionError, DatabaseError
from chatkit_tui.sources.database.dialect import (
    LARGEST_ROW,
    LARGEST_SAMPLE,
    LARGEST_VALUE,
    SAMPLE_ROWS,
    STOPPED,
    Column,
    Rows,
    T,
    Table,
    Value,
)
from chatkit_tui.storage.sqlite import BUSY_SECONDS, connect_reader, has_log, read_header

_STEPS: Final = 10_000
"""Steps of a statement, well under a millisecond, between two looks at whether to stop."""
_TRIES: Final = 3
"""How often a read begins again because another program began to write."""
_MOST_TABLES: Final = 1000
_HIDDEN: Final = 1
"""The mark of a column that `*` leaves out."""


class SQLiteDatabase:
    """A SQLite file as a `Dialect`.

    A file in WAL mode that no program has open is read as a file at rest: SQLite would otherwise
    make a log and shared memory beside it, and leave them there.
    """

    nulls_first = True

    def __init__(self, path: Path) -> None:
        """Open a file. Raise `DatabaseError` if it is not a database that can be read."""
        self.name = str(path)
        self._path = path
        self._opened = 0
        self._stop = Event()
        self._is_at_rest = False
        self._was: tuple[int, ...] = ()
        self._connection = self._open()

    def read(self, call: Callable[[], T], stop: Event) -> T:
        """Return what `call` returns, which sees one state of the file."""
        self._stop = stop
        try:
            for _ in range(_TRIES):
                if not self._is_current():
                    self._connection.close()
                    self._connection = self._open()
                self._connection.execute("BEGIN")
                try:
                    result = call()
                finally:
                    with suppress(sqlite3.Error):
                        self._connection.execute("ROLLBACK")
                if not self._is_at_rest or self._is_current():
                    return result
        except sqlite3.Error as error:
            if self._is_at_rest and not self._is_current():
                raise self._busy() from None
            raise self._error(error) from None
        raise self._busy()

    def rows(self, statement: str, values: Sequence[Value] = ()) -> Rows:
        yield from self._connection.execute(statement, values)

    def fits(self, column: Column, value: Value) -> bool:  # noqa: ARG002
        return True

    def tables(self) -> list[Table]:
        found = self._connection.execute(
            "SELECT name, type = 'table' FROM sqlite_schema WHERE type IN ('table', 'view')"
            f" AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY name LIMIT {_MOST_TABLES}"
        ).fetchall()
        # A full-text index may hold copies of the rows.
        copies = {
            row[1]
            for row in self._connection.execute("PRAGMA table_list")
            if row[2] in ("shadow", "virtual")
        }
        tables = (self._table(name, bool(is_table)) for name, is_table in found)
        return [table for table in tables if table and table.name not in copies]

    def _table(self, name: str, is_table: bool) -> Table | None:
        """Return a table; None if it cannot be used, as one of a module that is not there."""
        sql = self.quoted(name)
        try:
            info = self._connection.execute(f"PRAGMA table_xinfo({sql})").fetchall()
            unique = self._unique_columns(sql)
            key = self._row_id(sql, {row[1].lower() for row in info}) if is_table else None
        except sqlite3.OperationalError:
            return None
        primary = [row[1] for row in info if row[5]]
        if len(primary) == 1:
            unique.add(primary[0])
        columns = tuple(
            Column(row[1], row[2].lower(), bool(row[3]), row[1] in unique)
            for row in info
            if row[6] != _HIDDEN
        )
        return Table(name, columns, sql, key, is_view=not is_table)

    def _unique_columns(self, sql: str) -> set[str]:
        """Return the columns that have a unique index of their own."""
        unique = set()
        for _, index, is_unique, _, is_partial in self._connection.execute(
            f"PRAGMA index_list({sql})"
        ).fetchall():
            if is_unique and not is_partial:
                parts = self._connection.execute(
                    f"PRAGMA index_info({self.quoted(index)})"
                ).fetchall()
                if len(parts) == 1 and parts[0][2] is not None:
                    unique.add(parts[0][2])
        return unique

    def _row_id(self, sql: str, taken: set[str]) -> str | None:
        """Return a name of the row's number that no column has; None if rows have no number."""
        for name in ("rowid", "_rowid_", "oid"):
            if name not in taken:
                try:
                    self._connection.execute(f"SELECT {name} FROM {sql} LIMIT 0")
                except sqlite3.OperationalError:
                    return None
                return name
        return None

    def quoted(self, name: str) -> str:
        escaped = name.replace('"', '""')
        return f'"{escaped}"'

    def value(self, column: Column) -> str:
        return _cut(self.quoted(column.name), LARGEST_VALUE)

    def json(self, column: Column) -> str:
        # A text with a NUL ends there for some functions, and may be anything but UTF-8.
        return f"substr(CAST({self.quoted(column.name)} AS BLOB), 1, {LARGEST_ROW})"

    def member(self, column: Column, name: str) -> str:
        sql = f"CAST({self.quoted(column.name)} AS TEXT)"
        return f"CASE WHEN json_valid({sql}) THEN json_extract({sql}, '$.{name}') END"

    def samples(self, table: Table) -> list[tuple[Value, ...]]:
        columns = ", ".join(
            _cut(self.quoted(column.name), LARGEST_SAMPLE) for column in table.columns
        )
        first = f"SELECT {columns} FROM {table.sql} LIMIT {SAMPLE_ROWS}"
        found = self._connection.execute(first).fetchall()
        if table.key and len(found) == SAMPLE_ROWS:
            last = f"SELECT {columns} FROM {table.sql} ORDER BY {table.key} DESC LIMIT ?"
            found += self._connection.execute(last, (SAMPLE_ROWS,)).fetchall()
        return found

    def must_sort(self, statement: str, values: Sequence[Value]) -> bool:
        plan = self._connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        return any("TEMP B-TREE" in str(row[3]) for row in plan)

    def version(self) -> object:
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return self._opened, version

    def interrupt(self) -> None:
        """Do nothing: a statement looks at `stop` itself."""

    def close(self) -> None:
        self._connection.close()

    # -- the file ----------------------------------------------------------------------------------

    def _open(self) -> sqlite3.Connection:
        """Open the file as it is now. Raise `DatabaseError`."""
        self._opened += 1
        try:
            header = read_header(self._path)
            if header is None:
                raise DatabaseError(
                    f"{self.name} is not a SQLite database, or it is encrypted:"
                    " choose the file of the server's store."
                )
            self._is_at_rest = header.has_log and not self._is_in_use()
            self._was = self._state()
            connection = connect_reader(self._path, is_at_rest=self._is_at_rest)
        except OSError as error:
            raise DatabaseError(f"{self.name} cannot be read: {error.strerror}.") from None
        except sqlite3.Error as error:
            raise self._error(error) from None
        # An interruption would be lost if it came before the statement that it is to end.
        connection.set_progress_handler(lambda: self._stop.is_set(), _STEPS)
        return connection

    def _is_in_use(self) -> bool:
        """Return whether a program has a file in WAL mode open, or left a part in its log."""
        return has_log(self._path) or self._path.with_name(f"{self._path.name}-shm").exists()

    def _is_current(self) -> bool:
        """Return whether the connection is to the file of that name, which is still at rest."""
        if self._is_at_rest and self._is_in_use():
            return False
        return self._state() == self._was

    def _state(self) -> tuple[int, ...]:
        try:
            found = self._path.stat()
        except OSError:
            return ()
        place = (found.st_dev, found.st_ino)
        return (*place, found.st_size, found.st_mtime_ns) if self._is_at_rest else place

    def _busy(self) -> APIConnectionError:
        return APIConnectionError(f"{self.name} is being changed by another program: try again.")

    def _error(self, error: sqlite3.Error) -> DatabaseError | APIConnectionError:
        kind = getattr(error, "sqlite_errorname", "")
        if kind.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return APIConnectionError(
                f"{self.name} was locked by another program for {BUSY_SECONDS:g} s: try again."
            )
        if kind == "SQLITE_INTERRUPT":
            return APIConnectionError(STOPPED)
        if kind == "SQLITE_READONLY_ROLLBACK":
            return DatabaseError(
                f"{self.name} was left in the middle of a change: start its server once,"
                " which completes it, or read a backup."
            )
        if kind.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
            return DatabaseError(
                f"{self.name} cannot be read beside its log ({self._path.name}-wal): copy both to a"
                " folder that can be written, and read the copy."
            )
        return DatabaseError(f"{self.name} cannot be read: {str(error).rstrip('.')}.")


def _cut(sql: str, most: int) -> str:
    return f"CASE WHEN length({sql}) > {most} THEN substr({sql}, 1, {most}) ELSE {sql} END"

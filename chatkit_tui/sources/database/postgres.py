"""A PostgreSQL database, read in transactions that cannot write. Needs the extra `postgres`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from chatkit_tui.errors import APIConnectionError, APITimeoutError, DatabaseError, MissingExtraError
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
    UnfitValueError,
    Value,
)
from chatkit_tui.sources.database.rows import text_of

if TYPE_CHECKING:
    import psycopg

CONNECT_SECONDS: Final = 10
STATEMENT_SECONDS: Final = 30
_LOCK_SECONDS: Final = 5
_MOST_TABLES: Final = 1000
_LOGIN_ADVICE: Final = " Check PGPASSWORD, ~/.pgpass and the profile's password_command."
_PLAIN: Final = frozenset({"smallint", "integer", "bigint", "real", "double precision"})
"""Types whose values are read as numbers; all others are read as text."""

_TEXTS: Final = frozenset({"text", "character varying", "character", '"char"', "name", "citext"})
_BEGIN: Final = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
    f" SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s';"
    f" SET LOCAL lock_timeout = '{_LOCK_SECONDS}s';"
    " SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'"
)
_OTHER_SCHEMAS: Final = "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'"

_TABLES: Final = f"""
SELECT c.oid::bigint, n.nspname::text, c.relname::text, c.relkind IN ('v', 'm'),
    pg_table_is_visible(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
    AND {_OTHER_SCHEMAS}
    AND has_table_privilege(c.oid, 'SELECT')
ORDER BY NOT pg_table_is_visible(c.oid), n.nspname, c.relname
"""
_COLUMNS: Final = f"""
SELECT a.attrelid::bigint, a.attname::text,
    format_type(coalesce(nullif(t.typbasetype, 0), a.atttypid), NULL),
    a.attnotnull, EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique
        AND i.indpred IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND {_OTHER_SCHEMAS}
ORDER BY a.attrelid, a.attnum
"""


class PostgresDatabase:
    """A PostgreSQL database as a `Dialect`.

    Every call is one transaction, READ ONLY and with time limits of its own, so that it is the same
    behind a pooler of connections, where a setting of the session would reach other programs.
    """

    nulls_first = False

    def __init__(self, address: str, password: str | None = None) -> None:
        """Connect.

        Raise `MissingExtraError` without the driver, `DatabaseError` for a wrong address, and
        `APIConnectionError` if the server is not reached.
        """
        try:
            import psycopg
            from psycopg.conninfo import conninfo_to_dict, make_conninfo
        except ImportError:
            raise MissingExtraError(
                "A PostgreSQL database needs a package that is not installed:"
                " pip install 'chatkit-tui[postgres]'."
            ) from None
        self._psycopg = psycopg
        # Frameworks name their driver in the address.
        plain = re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql://", address.strip(), flags=re.I)
        try:
            parts: dict[str, Any] = conninfo_to_dict(plain)
        except psycopg.Error:
            raise DatabaseError(
                "The address of the database is invalid: write postgresql://USER@HOST:PORT/NAME."
            ) from None
        if parts.pop("password", None):
            raise DatabaseError(
                "The address of the database has a password: remove it, and set PGPASSWORD or"
                " use ~/.pgpass or password_command."
            )
        self.place = _place(parts)
        self.name = self.place
        parts.setdefault("connect_timeout", CONNECT_SECONDS)
        parts.setdefault("application_name", "chatkit-tui")
        self._secret = password
        self._stop = Event()
        if password is not None:  # libpq takes that of the environment for none, but not for ""
            parts["password"] = password
        self._conninfo = make_conninfo("", **parts)
        self._connection = self._connect()

    def read(self, call: Callable[[], T], stop: Event) -> T:
        """Return what `call` returns, in one transaction. Connect again after a lost connection."""
        self._stop = stop
        try:
            self._begin()
            try:
                return call()
            finally:
                with suppress(self._psycopg.Error):
                    self._connection.execute("ROLLBACK")
        except self._psycopg.Error as error:
            raise self._error(error) from None

    def _begin(self) -> None:
        try:
            self._connection.execute(_BEGIN)
        except self._psycopg.OperationalError:
            self._connection.close()
            self._connection = self._connect()
            self._connection.execute(_BEGIN)

    def rows(self, statement: str, values: Sequence[Value] = ()) -> Rows:
        if self._stop.is_set():
            raise APIConnectionError(STOPPED)
        marked: Any = statement.replace("%", "%%").replace("?", "%s")
        with self._connection.cursor() as cursor:
            try:
                # A text has the type of what it is compared with; a number has its own.
                texts = [
                    str(value) if isinstance(value, (int, float)) else value for value in values
                ]
                for row in cursor.stream(marked, texts):
                    yield tuple(map(_plain, row))
            except self._psycopg.DataError:
                raise UnfitValueError from None

    def fits(self, column: Column, value: Value) -> bool:
        if column.type == "uuid":
            return re.fullmatch(r"[0-9a-fA-F-]{32,36}", text_of(value)) is not None
        return column.type in _TEXTS or (column.type in _PLAIN and text_of(value).isdecimal())

    def tables(self) -> list[Table]:
        columns: dict[Value, list[Column]] = {}
        for oid, name, kind, is_required, is_unique in self.rows(_COLUMNS):
            column = Column(str(name), str(kind), bool(is_required), bool(is_unique))
            columns.setdefault(oid, []).append(column)
        tables = []
        for oid, schema, name, is_view, is_visible in self.rows(f"{_TABLES} LIMIT {_MOST_TABLES}"):
            found = tuple(columns.get(oid, ()))
            sql = f"{self.quoted(str(schema))}.{self.quoted(str(name))}"
            full = str(name) if is_visible else f"{schema!s}.{name!s}"
            if found:
                tables.append(Table(full, found, sql, self._key(found), is_view=bool(is_view)))
        return tables

    def _key(self, columns: Sequence[Column]) -> str | None:
        """Return a number that is counted up, if a table has one: it orders rows of equal times."""
        counted = (
            self.quoted(column.name)
            for column in columns
            if column.is_unique and column.is_required and column.type in _PLAIN
        )
        return next(counted, None)

    def quoted(self, name: str) -> str:
        if "?" in name:  # which stands for a value in a statement
            escaped = name.replace("\\", "\\\\").replace('"', '""').replace("?", "\\003f")
            return f'U&"{escaped}"'
        escaped = name.replace('"', '""')
        return f'"{escaped}"'

    def value(self, column: Column) -> str:
        sql = self.quoted(column.name)
        if column.type in _PLAIN:
            return sql
        if column.type == "bytea":
            return f"substring({sql} for {LARGEST_VALUE})"
        return f"left({sql}::text, {LARGEST_VALUE})"

    def json(self, column: Column) -> str:
        sql = self.quoted(column.name)
        if column.type == "bytea":
            return f"substring({sql} for {LARGEST_ROW})"
        return f"left({sql}::text, {LARGEST_ROW})"

    def member(self, column: Column, name: str) -> str:
        # Not `->>`, which fails for a text that is no JSON.
        sql = self.quoted(column.name)
        text = f"encode({sql}, 'escape')" if column.type == "bytea" else f"{sql}::text"
        return f"""substring({text} from '"{name}"\\s*:\\s*"{{0,1}}([^",}}]*)')"""

    def samples(self, table: Table) -> list[tuple[Value, ...]]:
        columns = ", ".join(self._sampled(column) for column in table.columns)
        found = list(self.rows(f"SELECT {columns} FROM {table.sql} LIMIT {SAMPLE_ROWS}"))
        if table.key and len(found) == SAMPLE_ROWS:
            last = f"SELECT {columns} FROM {table.sql} ORDER BY {table.key} DESC LIMIT ?"
            found += self.rows(last, (SAMPLE_ROWS,))
        return found

    def _sampled(self, column: Column) -> str:
        return self.value(column).replace(f"{LARGEST_VALUE})", f"{LARGEST_SAMPLE})")

    def must_sort(self, statement: str, values: Sequence[Value]) -> bool:
        plan = list(self.rows(f"EXPLAIN {statement}", values))
        return any(re.match(r"[\s>-]*Sort +\(", str(line)) for (line,) in plan)

    def version(self) -> object:
        """Return the snapshot, which is the same until a transaction somewhere has written."""
        ((snapshot,),) = self.rows("SELECT txid_current_snapshot()::text")
        return snapshot

    def interrupt(self) -> None:
        with suppress(self._psycopg.Error):
            self._connection.cancel_safe(timeout=CONNECT_SECONDS)

    def close(self) -> None:
        self._connection.close()

    # -- the connection ----------------------------------------------------------------------------

    def _connect(self) -> psycopg.Connection[Any]:
        try:
            connection = self._psycopg.connect(self._conninfo, autocommit=True)
        except self._psycopg.Error as error:
            reason = self._line(error)
            advice = _LOGIN_ADVICE if "password" in reason else ""
            raise APIConnectionError(f"{self.name} is not reached: {reason}.{advice}") from None
        connection.prepare_threshold = None  # a pooler may give each transaction another server
        return connection

    def _error(self, error: psycopg.Error) -> DatabaseError | APIConnectionError:
        errors = self._psycopg.errors
        if isinstance(error, errors.QueryCanceled):
            if "statement timeout" in str(error):
                return APITimeoutError(
                    f"{self.name} did not answer within {STATEMENT_SECONDS} s: try again, or add an"
                    " index on the thread and the time of the items."
                )
            return APIConnectionError(STOPPED)
        if isinstance(error, errors.LockNotAvailable):
            return APIConnectionError(f"{self.name} is locked by another program: try again.")
        if isinstance(error, self._psycopg.OperationalError):
            return APIConnectionError(
                f"The connection to {self.name} was lost: {self._line(error)}."
            )
        return DatabaseError(f"{self.name} cannot be read: {self._line(error)}.")

    def _line(self, error: Exception) -> str:
        """Return the first line of an error, without the password."""
        line = next(iter(str(error).splitlines()), "") or type(error).__name__
        if self._secret:
            line = line.replace(self._secret, "***")
        return line.strip().rstrip(".")


def _place(parts: dict[str, Any]) -> str:
    """Return the host and the name of a database."""
    host = str(parts.get("host") or parts.get("hostaddr") or "localhost").rpartition("/")[2]
    port = parts.get("port")
    port_part = f":{port}" if port and str(port) != "5432" else ""
    return f"{host}{port_part}/{parts.get('dbname') or parts.get('user') or ''}"


def _plain(value: object) -> Value:
    """Return a value as one of those that statements of all databases have."""
    if value is None or isinstance(value, (str, bytes, int, float)):
        return value
    return bytes(value) if isinstance(value, memoryview) else str(value)

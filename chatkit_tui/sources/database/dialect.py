"""What differs between SQLite and PostgreSQL: the port to one database."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from threading import Event
from typing import Final, NamedTuple, Protocol, TypeAlias, TypeVar

T = TypeVar("T")

Value: TypeAlias = str | bytes | int | float | None
"""A value of a column. Times, UUIDs and the like are texts."""

Rows: TypeAlias = Generator[tuple[Value, ...], None, None]

LARGEST_ROW: Final = 16 * 1024 * 1024
"""The most bytes of the JSON of a row. A larger one is cut, and is then not JSON."""
LARGEST_VALUE: Final = 64 * 1024
"""The most characters of any other column."""
STOPPED: Final = "Reading the database was stopped."
SAMPLE_ROWS: Final = 20
"""Rows of a table by which it is judged: the first ones, and as many of the last ones."""
LARGEST_SAMPLE: Final = 256 * 1024
"""Characters of a column of such a row. A longer JSON text is not recognized."""


class UnfitValueError(Exception):
    """A value does not fit the type of its column, so no row has it."""


class Column(NamedTuple):
    """A column of a table."""

    name: str
    type: str
    """The declared type in lower case."""
    is_required: bool = False
    """Whether it is never NULL."""
    is_unique: bool = False


class Table(NamedTuple):
    """A table as the catalog of the database describes it."""

    name: str
    columns: tuple[Column, ...]
    sql: str
    """Its name in a statement."""
    key: str | None
    """What identifies a row in a statement, and grows with new rows; None without such a thing."""
    is_view: bool = False

    def column(self, name: str) -> Column | None:
        """Return the column of a name, whatever its case."""
        return next((each for each in self.columns if each.name.lower() == name.lower()), None)


class Dialect(Protocol):
    """A database that is read. Statements have `?` for each value, in every dialect.

    Each method may raise `DatabaseError`, and `APIConnectionError` for what may pass. All but
    `interrupt` are called in one thread at a time.
    """

    @property
    def name(self) -> str:
        """The database in messages, without a password."""

    @property
    def nulls_first(self) -> bool:
        """Whether NULL comes before all values, in ascending order."""

    def read(self, call: Callable[[], T], stop: Event) -> T:
        """Return what `call` returns, which sees one state of the database and may run again.

        Raise `APIConnectionError` soon after `stop` is set, within a statement too once `interrupt`
        was called.
        """

    def rows(self, statement: str, values: Sequence[Value] = ()) -> Rows:
        """Yield the rows of a SELECT while they are asked for, within `read`.

        Raise `UnfitValueError` if a value does not fit the type of its column; then `read` can only
        end.
        """

    def fits(self, column: Column, value: Value) -> bool:
        """Return whether a value can be compared with a column."""

    def tables(self) -> list[Table]:
        """Return the tables and views."""

    def quoted(self, name: str) -> str:
        """Return a name of the catalog as it stands in a statement."""

    def value(self, column: Column) -> str:
        """Return the expression for a value of a column, cut at `LARGEST_VALUE`."""

    def json(self, column: Column) -> str:
        """Return the expression for JSON of a column, cut at `LARGEST_ROW`."""

    def member(self, column: Column, name: str) -> str:
        """Return the expression for the text of a member of a JSON column; NULL without one."""

    def samples(self, table: Table) -> list[tuple[Value, ...]]:
        """Return some rows of a table, with all its columns; see `SAMPLE_ROWS`."""

    def must_sort(self, statement: str, values: Sequence[Value]) -> bool:
        """Return whether no index has the rows of a statement in its order."""

    def version(self) -> object:
        """Return a version that is another one after each change of the database."""

    def interrupt(self) -> None:
        """End the statement that is running, from another thread, after `stop` was set."""

    def close(self) -> None:
        """Close the connection."""

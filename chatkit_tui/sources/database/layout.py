"""Which tables and columns of a database hold the conversations."""

from __future__ import annotations

from typing import Final, NamedTuple

from chatkit_tui.sources.database.dialect import Value


class Tables(NamedTuple):
    """Names of tables and columns that the user states; None leaves a choice to the detection."""

    threads: str | None = None
    items: str | None = None
    item_json: str | None = None
    """The column with the JSON of an item."""
    owner: str | None = None
    """The column of the threads with the user."""


DETECTED: Final = Tables()


class Member(NamedTuple):
    """A member that a row gets from a column if its JSON lacks it."""

    name: str
    sql: str


class RowTable(NamedTuple):
    """How threads or items are read from a table. Its texts are parts of statements."""

    table: str
    key: str
    """Identifies a row, at least among those of a list, and orders rows of equal times."""
    id: str
    json: str | None
    """The JSON of a row; None if it is in columns."""
    members: tuple[Member, ...] = ()
    time: str | None = None
    """What rows are ordered by, before the key."""
    is_timed: bool = False
    """Whether the time is never NULL."""
    condition: str = ""
    """What separates the rows from others of the table."""
    values: tuple[Value, ...] = ()
    """The values of the condition."""


class Layout(NamedTuple):
    """Where threads and their items are."""

    threads: RowTable
    items: RowTable
    link: str
    """The column of the threads that their items name."""
    thread: str
    """The column of the items that names their thread."""
    owner: str | None = None
    """The column of the threads that names the user."""
    is_guess: bool = False
    """Whether there are no items yet by which it is certain."""

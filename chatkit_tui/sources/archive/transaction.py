"""Group changes of an archive into small transactions: a kill loses a second at most."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

COMMIT_ROWS: Final = 2_000
"""With 20,000 rows, a commit takes a second."""
COMMIT_SECONDS: Final = 1.0


class Transaction:
    """The open transaction of a connection, if there is one."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        before_commit: Callable[[], None],
        after_rollback: Callable[[], None],
    ) -> None:
        self._connection = connection
        self._before_commit = before_commit
        self._after_rollback = after_rollback
        self._rows = 0
        self._begun_at = 0.0

    @contextmanager
    def __call__(self, rows: int = 1) -> Iterator[None]:
        """Make changes that belong together, and commit if enough rows have changed or time passed.

        An error rolls back everything that is not committed.
        """
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
            self._begun_at = time.monotonic()
            self._rows = 0
        try:
            yield
        except BaseException:
            self._roll_back()
            raise
        self._rows += rows
        if self._rows >= COMMIT_ROWS or time.monotonic() - self._begun_at >= COMMIT_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Commit what is pending, if anything is."""
        if not self._connection.in_transaction:
            return
        try:
            self._before_commit()
            self._connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._after_rollback()

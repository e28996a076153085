"""Erase threads from an archive, and remember by a hash which ones, so that none comes back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import NamedTuple

from chatkit_tui.sources.archive.index import Indexer
from chatkit_tui.sources.archive.problem_index import ProblemIndex
from chatkit_tui.sources.archive.schema import id_hash
from chatkit_tui.sources.archive.thread_items import ThreadItems, ThreadState
from chatkit_tui.sources.archive.transaction import Transaction


class Removal(NamedTuple):
    """Erases threads; the tombstone of each is the SHA-256 of its id."""

    connection: sqlite3.Connection
    indexer: Indexer
    problems: ProblemIndex
    transaction: Transaction
    items: ThreadItems
    now: Callable[[], float]

    def remove(self, thread_ids: Iterable[str]) -> list[str]:
        """Erase threads, and return those that were here. Nothing is committed yet."""
        self.connection.execute("PRAGMA secure_delete = ON")
        erased = []
        with self.transaction():
            for thread_id in thread_ids:
                state = self.items.find(thread_id)
                self.connection.execute(
                    "UPDATE listing SET cursor = NULL WHERE cursor = ?", (thread_id,)
                )
                if state:
                    self.connection.execute(
                        "INSERT OR IGNORE INTO removed VALUES (?, ?)",
                        (id_hash(thread_id), int(self.now())),
                    )
                    self._erase(state)
                    erased.append(thread_id)
            self.connection.execute(
                "DELETE FROM listing WHERE user IS NOT NULL"
                " AND user NOT IN (SELECT user FROM thread WHERE user IS NOT NULL)"
            )
            if erased and self.indexer.is_on:  # else its words stay, marked as deleted
                self.indexer.flush()
                self.connection.execute("INSERT INTO fts(fts) VALUES ('optimize')")
        return erased

    def is_removed(self, thread_id: str) -> bool:
        """Return whether the user removed a thread."""
        found = self.connection.execute(
            "SELECT 1 FROM removed WHERE id_sha256 = ?", (id_hash(thread_id),)
        )
        return found.fetchone() is not None

    def _erase(self, state: ThreadState) -> None:
        self.indexer.remove_thread(state.number, items=True)
        self.problems.forget(state.number)
        for table in ("item_version", "item"):  # by range: a thread's keys are one
            self.connection.execute(
                f"DELETE FROM {table} WHERE key BETWEEN ? AND ?", (state.first_key, state.last_key)
            )
        for table in ("thread_version", "thread"):
            self.connection.execute(f"DELETE FROM {table} WHERE thread_no = ?", (state.number,))

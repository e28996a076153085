"""The problems that scans found in threads, kept while the program runs."""

from __future__ import annotations

from collections.abc import Iterable

from chatkit_tui.predicates.predicate import Predicate


class Findings:
    """Which predicates were found in which threads, by thread id."""

    def __init__(self) -> None:
        self._found: dict[str, frozenset[Predicate]] = {}

    def of(self, thread_id: str) -> frozenset[Predicate] | None:
        """Return what was found in a thread; None if no scan has read it."""
        return self._found.get(thread_id)

    def set(self, thread_id: str, predicates: Iterable[Predicate]) -> None:
        """Set what a scan found in a thread, possibly nothing."""
        self._found[thread_id] = frozenset(predicates)

    def words(self, thread_id: str) -> str:
        """Return what was found in a thread as words for its row; empty if nothing was."""
        found = self._found.get(thread_id, frozenset())
        return ", ".join(predicate.sign for predicate in Predicate if predicate in found)

    def __len__(self) -> int:
        """Return how many threads were read."""
        return len(self._found)

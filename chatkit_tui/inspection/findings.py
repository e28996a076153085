"""The problems that scans found in threads, kept while the program runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chatkit_tui.predicates.predicate import Predicate


class Findings:
    """Which predicates were found in which threads, by thread id."""

    def __init__(self) -> None:
        self._found: dict[str, Mapping[Predicate, str | None]] = {}

    def of(self, thread_id: str) -> frozenset[Predicate] | None:
        """Return what was found in a thread; None if no scan has read it."""
        found = self._found.get(thread_id)
        return None if found is None else frozenset(found)

    def item(self, thread_id: str, predicates: Iterable[str]) -> str | None:
        """Return the id of the item in which the first of some predicates was found, if any was."""
        found = self._found.get(thread_id, {})
        items = (found.get(Predicate(name)) for name in predicates)
        return next(filter(None, items), None)

    def set(self, thread_id: str, found: Mapping[Predicate, str | None]) -> None:
        """Set what a scan found in a thread, possibly nothing, each with the id of an item."""
        self._found[thread_id] = found

    def words(self, thread_id: str) -> str:
        """Return what was found in a thread as the names to filter by; empty if nothing was."""
        found = self._found.get(thread_id, {})
        return ", ".join(predicate for predicate in Predicate if predicate in found)

    def __len__(self) -> int:
        """Return how many threads were read."""
        return len(self._found)

"""The marked threads: they outlive every refresh, order and filter of the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chatkit_tui.ui.threads.rows import GAP, Row, ThreadRows


class Marks:
    """Threads by id, in the order in which they were marked, each as it was last seen."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}

    def __contains__(self, thread_id: object) -> bool:
        return thread_id in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    @property
    def rows(self) -> list[Row]:
        """The marked threads."""
        return list(self._rows.values())

    def toggle(self, row: Row) -> None:
        """Mark a thread, or take its mark away."""
        if self._rows.pop(row.id, None) is None:
            self._rows[row.id] = row

    def clear(self) -> None:
        """Take all marks away."""
        self._rows.clear()

    def drop(self, thread_ids: Iterable[str]) -> None:
        """Take marks away from threads that are gone."""
        for thread_id in thread_ids:
            self._rows.pop(thread_id, None)

    def see(self, row: Row) -> None:
        """Remember a marked thread as it is now."""
        if row.id in self._rows:
            self._rows[row.id] = row

    def see_all(self, rows: ThreadRows) -> None:
        """Remember every marked thread that is among these as it is there."""
        for thread_id in self._rows:
            index = rows.index_of(thread_id)
            if index is not None and (row := rows[index]) != GAP:
                self._rows[thread_id] = row

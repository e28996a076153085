"""Batches of threads in a dataset and their record, so that each row is there exactly once.

A batch is noted as started, its files get their names, and then its threads are noted as done. So
the files of a batch that has no thread that is done are incomplete, and are removed; if it has one,
all of its threads are done. A thread that will be read again is a batch of its own, which can be
replaced.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple, Self

from chatkit_tui.errors import ExportError
from chatkit_tui.export.exported_thread import ExportedThread
from chatkit_tui.export.formats import ExportFormat
from chatkit_tui.export.manifest import Entry, Manifest, State, unwritable
from chatkit_tui.export.parquet.dataset import FOLDER, Dataset

MOST_ITEMS: Final = 200_000
"""Items of a batch."""
MOST_SECONDS: Final = 60.0
"""From the first thread of a batch to its end; a killed export repeats that much."""


class _Thread(NamedTuple):
    """A thread of the current batch."""

    thread_id: str
    items: int
    reason: str | None
    """Why it is incomplete, if it is."""


class ParquetExport:
    """Adds threads to the dataset of an export. May be used from several threads.

    Its methods raise `ExportError`.
    """

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        *,
        most_items: int = MOST_ITEMS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder / FOLDER
        self._manifest = manifest
        self._most_items = most_items
        self._dataset = Dataset(self._folder)
        self._now = now
        self._began = now()
        self._pending: list[_Thread] = []
        self._lock = Lock()
        self.threads = 0
        """Threads whose batches this run has finished."""
        self.items = 0
        """Their items."""

    @classmethod
    def open(cls, folder: Path, manifest: Manifest, *, start_over: bool) -> Self:
        """Make the dataset and its record agree after a killed run.

        With `start_over`, all files of earlier exports are removed. Raise `ExportError` if there
        are some that are not in the record.
        """
        export = cls(folder, manifest)
        try:
            export._recover(start_over=start_over)
        except OSError as error:
            raise unwritable(export._folder, error) from None
        return export

    def add(self, exported: ExportedThread) -> None:
        """Add a thread; it is done once its batch is."""
        name, count = exported.thread.name, exported.item_count
        reason = exported.facts.incomplete_reason
        before = self._manifest.entry(name, ExportFormat.PARQUET)
        old = before.file if before else None
        is_alone = reason is not None or old is not None
        with self._lock:
            if is_alone or self._is_due(count):
                self._end_batch()
            if not self._pending:
                self._began = self._now()
            try:
                self._dataset.add(exported)
            except OSError as error:
                self._discard()
                raise unwritable(self._folder, error) from None
            self._pending.append(_Thread(name, count, reason))
            if is_alone:
                self._end_batch()
                if old is not None:
                    self._remove({old})

    def end(self) -> None:
        """Finish the current batch."""
        with self._lock:
            self._end_batch()

    def close(self) -> None:
        """Delete what is not finished."""
        with self._lock:
            self._discard()

    def _is_due(self, count: int) -> bool:
        """Return whether the batch ends before another thread with some items."""
        items = count + sum(thread.items for thread in self._pending)
        return items > self._most_items or self._now() - self._began > MOST_SECONDS

    def _end_batch(self) -> None:
        if not self._pending:
            return
        batch = self._dataset.batch
        try:
            self._dataset.finish()
            self._note(batch, State.STARTED)
            self._dataset.publish()
        except OSError as error:
            self._discard()
            raise unwritable(self._folder, error) from None
        self._note(batch, State.DONE)
        self.threads += len(self._pending)
        self.items += sum(thread.items for thread in self._pending)
        self._pending.clear()

    def _note(self, batch: str, state: State) -> None:
        for thread_id, items, reason in self._pending:
            facts: dict[str, int | str] = {}
            own = state
            if state is State.DONE:
                facts["items"] = items
                if reason is not None:
                    own, facts["reason"] = State.INCOMPLETE, reason
            self._manifest.add(thread_id, ExportFormat.PARQUET, Entry(batch, own), **facts)

    def _discard(self) -> None:
        self._pending.clear()
        self._dataset.discard()

    def _remove(self, batches: set[str]) -> None:
        try:
            self._dataset.remove(batches)
        except OSError as error:
            raise unwritable(self._folder, error) from None

    def _recover(self, *, start_over: bool) -> None:
        entries = self._manifest.entries_of(ExportFormat.PARQUET)
        present = self._dataset.batches()
        if present and not entries and not start_over:
            raise ExportError(
                f"{self._folder} has Parquet files that the record of the export lacks. Choose"
                " another folder, or start over with --force."
            )
        published = {entry.file for entry in entries.values() if entry.state is not State.STARTED}
        for thread_id, entry in entries.items():
            if entry.state is State.STARTED and entry.file in published:
                self._manifest.add(thread_id, ExportFormat.PARQUET, Entry(entry.file, State.DONE))
        self._dataset.remove(present - {batch for batch in published if batch})

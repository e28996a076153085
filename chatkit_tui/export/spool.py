"""Rows on disk between their reading and their export, so that a long thread needs no memory."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Final

from chatkit_tui.models.page import Page, RawRow
from chatkit_tui.models.raw_json import RowSpan

_IN_MEMORY: Final = 1024 * 1024
"""Bytes from which the rows are on disk."""
_UNSETTLED: Final = "in_progress"


class Spool:
    """Pages of rows in a temporary file that has no name, so that nothing is left behind.

    Only the owner can read it. All rows are of one list. It can be read while it is
    filled, by one thread at a time.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Begin without rows. `folder` is where the file is; by default, that of the system."""
        self._file = SpooledTemporaryFile(  # noqa: SIM115 # `close` closes it
            _IN_MEMORY, dir=None if folder is None else str(folder), prefix=".chatkit-tui-"
        )
        self._pages = array("Q")
        """The place of each page: start, bytes of its head, bytes of its text."""
        self._end = 0
        self._zone: tzinfo = UTC
        self.count = 0

    def add(self, rows: Sequence[RawRow]) -> None:
        """Append rows. Raise `OSError`."""
        if not rows:
            return
        texts = [row.raw for row in rows]
        facts = [
            (row.id, not row.is_settled, row.created_at, row.index in row.page.naive)
            for row in rows
        ]
        self._zone, thread_id = rows[0].page.zone, rows[0].page.thread_id
        head = json.dumps([thread_id, list(map(len, texts)), facts]).encode()
        text = b"".join(texts)
        self._file.seek(self._end)
        self._file.write(head)
        self._file.write(text)
        self._pages.extend((self._end, len(head), len(text)))
        self._end += len(head) + len(text)
        self.count += len(rows)

    def rows(self, *, backwards: bool = False) -> Iterator[RawRow]:
        """Yield the rows as they were added, or the last one first. Raise `OSError`."""
        starts = range(0, len(self._pages), 3)
        for index in reversed(starts) if backwards else starts:
            rows = self._read(*self._pages[index : index + 3])
            yield from reversed(rows) if backwards else rows

    def _read(self, start: int, head_size: int, text_size: int) -> tuple[RawRow, ...]:
        self._file.seek(start)
        thread_id, sizes, facts = json.loads(self._file.read(head_size))
        spans, end = [], 0
        for size, (name, is_unsettled, created_at, _) in zip(sizes, facts, strict=True):
            status = _UNSETTLED if is_unsettled else None
            spans.append(RowSpan(end, end + size, name, status, created_at))
            end += size
        page = Page(self._file.read(text_size), spans, thread_id=thread_id, zone=self._zone)
        page.naive = tuple([index for index, fact in enumerate(facts) if fact[3]])
        return page.loose_rows()

    def clear(self) -> None:
        """Remove all rows."""
        self._file.seek(0)
        self._file.truncate()
        del self._pages[:]
        self._end = self.count = 0

    def close(self) -> None:
        """Delete the rows."""
        self._file.close()

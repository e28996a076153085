"""A folder of Parquet files, one or more for each month, which appear all at once.

    items/month=2026-11/part-5f0c9a1e77d2-001.parquet

The hexadecimal number is the batch: the files of some threads, which get their names together.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from chatkit_tui.errors import MissingExtraError
from chatkit_tui.export.exported_thread import ExportedThread
from chatkit_tui.export.parquet.rows import COLUMNS, ItemRow, Value, item_rows
from chatkit_tui.storage.private_file import make_folder, open_private

FOLDER: Final = "items"
"""The folder of the dataset in that of the export, whose other files no reader should see."""
INSTALL: Final = "pip install 'chatkit-tui[parquet]'"
MOST_BUFFERED: Final = 4 * 1024 * 1024
"""Bytes of rows in memory, some thousand items."""
MOST_OPEN: Final = 16
"""Files that are written at the same time; each month has one of its own."""

_LONG: Final = ("text", "raw")
"""Columns without statistics: their smallest and largest values are as long as an item."""
_NAME: Final = re.compile(r"part-([0-9a-f]{12})-\d{3,}\.parquet")
_UNFINISHED: Final = re.compile(r"\.part-[0-9a-f]{12}-\d{3,}\.new")


def check_installed() -> None:
    """Raise `MissingExtraError` where `pyarrow` is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise MissingExtraError(f"Parquet needs an extra that is missing: {INSTALL}") from None


class Dataset:
    """Writes batches of rows. Memory and open files do not grow with the rows.

    Not for several threads at once. Every method raises `OSError`.
    """

    def __init__(self, folder: Path, *, most_buffered: int = MOST_BUFFERED) -> None:
        """Use a folder, which is created with the first file."""
        self._folder = folder
        self._most_buffered = most_buffered
        self._rows: dict[str, list[tuple[Value, ...]]] = defaultdict(list)
        self._buffered = 0
        self._open: dict[str, _PartFile] = {}
        """By month, the one that was written last at the end."""
        self._finished: list[_PartFile] = []
        self._count = 0
        self.batch = _new_batch()
        """The name of the batch that rows are added to."""

    def add(self, exported: ExportedThread) -> None:
        """Add the rows of a thread. After an error, the batch must be discarded."""
        for row in item_rows(exported):
            self._add(row)

    def _add(self, row: ItemRow) -> None:
        self._rows[row.month].append(row.values)
        self._buffered += row.size
        if self._buffered >= self._most_buffered:
            self._flush()

    def finish(self) -> None:
        """Write what is buffered and close all files, which have no names yet."""
        self._flush()
        while self._open:
            self._close_oldest()

    def publish(self) -> None:
        """Give the finished files their names, and begin another batch."""
        for part in self._finished:
            make_folder(part.path.parent)
            part.unfinished.rename(part.path)
        self._begin()

    def discard(self) -> None:
        """Delete the batch."""
        for part in self._open.values():
            part.abandon()
        for part in (*self._open.values(), *self._finished):
            part.unfinished.unlink(missing_ok=True)
        self._open.clear()
        self._rows.clear()
        self._buffered = 0
        self._begin()

    def _begin(self) -> None:
        self._finished = []
        self._count = 0
        self.batch = _new_batch()

    def _flush(self) -> None:
        for month, rows in self._rows.items():
            self._part(month).write(rows)
        self._rows.clear()
        self._buffered = 0

    def _part(self, month: str) -> _PartFile:
        """Return the open file of a month, closing another one if there are too many."""
        part = self._open.pop(month, None)
        if part is None:
            if len(self._open) >= MOST_OPEN:
                self._close_oldest()
            self._count += 1
            make_folder(self._folder)
            part = _PartFile(self._folder, month, f"part-{self.batch}-{self._count:03}")
        self._open[month] = part
        return part

    def _close_oldest(self) -> None:
        part = self._open[next(iter(self._open))]
        part.close()
        self._finished.append(self._open.pop(part.month))

    # -- files of earlier batches ------------------------------------------------------------------

    def batches(self) -> set[str]:
        """Return the names of the batches that have files."""
        return {batch for batch, _ in self._files()}

    def remove(self, batches: Collection[str]) -> None:
        """Remove the files of batches, and what a killed program left unfinished."""
        for batch, path in self._files():
            if batch in batches:
                path.unlink(missing_ok=True)
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if _UNFINISHED.fullmatch(path.name):
                    path.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[str, Path]]:
        for path in list(self._folder.glob("month=*/part-*.parquet")):
            if match := _NAME.fullmatch(path.name):
                yield match[1], path


def _new_batch() -> str:
    return token_hex(6)


class _PartFile:
    """One file of a month in a batch."""

    def __init__(self, folder: Path, month: str, name: str) -> None:
        import pyarrow.parquet

        self.month = month
        self.path = folder / f"month={month}" / f"{name}.parquet"
        self.unfinished = folder / f".{name}.new"
        self._file = os.fdopen(open_private(self.unfinished, os.O_RDWR | os.O_EXCL), "wb")
        self._schema = _schema()
        self._writer = pyarrow.parquet.ParquetWriter(
            self._file,
            self._schema,
            compression="zstd",
            write_statistics=[name for name in COLUMNS if name not in _LONG],
        )

    def write(self, rows: list[tuple[Value, ...]]) -> None:
        """Append rows as a group of their own."""
        import pyarrow

        columns = zip(*rows, strict=True)
        arrays = [
            _array(column, field.type) for column, field in zip(columns, self._schema, strict=True)
        ]
        self._writer.write_table(pyarrow.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        """Write the end of the file, durably."""
        self._writer.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def abandon(self) -> None:
        """Close a file that will be deleted."""
        self._writer.is_open = False  # else it writes the end of the file later
        with suppress(OSError):  # what is buffered has no room
            self._file.close()


def _array(values: Sequence[Value], kind: Any) -> Any:
    """Return a column; an unpaired surrogate becomes a question mark."""
    import pyarrow

    try:
        return pyarrow.array(values, kind)
    except UnicodeEncodeError:
        valid = [
            value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
            for value in values
        ]
        return pyarrow.array(valid, kind)


def _schema() -> Any:
    import pyarrow

    types = {
        "string": pyarrow.string(),
        "int64": pyarrow.int64(),
        "timestamp": pyarrow.timestamp("us", tz="UTC"),
        "bool": pyarrow.bool_(),
    }
    return pyarrow.schema([(name, types[kind]) for name, kind in COLUMNS.items()])

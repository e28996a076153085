"""Exports: memory of long threads in each format, and the time of an item as HTML."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from chatkit_tui.export.exported_thread import ExportedThread, ExportFacts
from chatkit_tui.export.formats import ExportFormat
from chatkit_tui.export.manifest import Manifest
from chatkit_tui.export.parquet.batches import ParquetExport
from chatkit_tui.export.redaction.redactor import Redactor, redactor
from chatkit_tui.export.spool import Spool
from chatkit_tui.models.page import Page
from chatkit_tui.render import RenderContext
from tests.benchmarks.redacting import sample_items
from tests.benchmarks.report import Figure, typical

SHORT, LONG = 10_000, 100_000
"""Items of the threads whose memory is compared."""
TIMED = 2_000
ROUNDS = 3
_PAGE = 100
_NOW = 1_796_000_000


def exporting() -> list[Figure]:
    """Measure each format in a process of its own, and HTML with and without redaction."""
    return [*(_memory(kind) for kind in ExportFormat), *_times()]


def _memory(kind: ExportFormat) -> Figure:
    short, long = (_peak(kind, count) for count in (SHORT, LONG))
    beside = f"{short / 1024:.0f} MB and {long / 1024:.0f} MB"
    what = f"export as {kind.words}: memory of {LONG:,} items, × that of {SHORT:,}"
    return Figure(what, long / short, "×", 1.1, beside=beside)


def _peak(kind: ExportFormat, count: int) -> int:
    """Return the peak memory of an export in KiB."""
    command = [sys.executable, "-m", "tests.benchmarks.exporting", kind, str(count)]
    return int(subprocess.run(command, check=True, capture_output=True).stdout)  # noqa: S603


def _messages(count: int) -> Iterator[bytes]:
    for number in range(count):
        part = {"type": "input_text", "text": f"Where is parcel 88-{number}? " * 6}
        value = {"id": f"cti_{number}", "created_at": _NOW + number, "content": [part]}
        yield json.dumps({"type": "chatkit.user_message", **value}).encode()


def _thread(items: Iterator[bytes], mask: Redactor | None = None) -> ExportedThread:
    spool = Spool()
    texts: list[bytes] = []
    for text in items:
        texts.append(text)
        if len(texts) == _PAGE:
            rows = Page.of_texts(texts).rows
            spool.add([mask.row(row) for row in rows] if mask else rows)
            texts.clear()
    row = Page.of_texts([b'{"id": "cthr_1", "created_at": 1796000000}']).rows[0]
    return ExportedThread(row, ExportFacts(_NOW, "benchmark"), spool)


def _write(thread: ExportedThread, kind: ExportFormat, folder: Path) -> None:
    if kind is ExportFormat.PARQUET:
        with Manifest.open(
            folder, "benchmark", started_at=_NOW, redacted=False, start_over=False
        ) as manifest:
            dataset = ParquetExport.open(folder, manifest, start_over=False)
            dataset.add(thread)
            dataset.end()
        return
    for name, pieces in kind.files(thread, RenderContext(now=_NOW), "thread"):
        with (folder / name).open("wb") as file:
            file.writelines(pieces)


def _times() -> list[Figure]:
    plain, masked = (_time(mask) for mask in (False, True))
    beside = f"{plain:.2f} ms; with redaction {masked:.2f} ms"
    ratio = masked / plain
    return [
        Figure("export as HTML: an item of the sample data", plain, "ms"),
        Figure("export as HTML, redacted, × without", ratio, "×", 4.5, beside=beside),
    ]


def _time(mask: bool) -> float:
    """Return the time of the processor for an item in ms."""
    items = sample_items(TIMED)
    times = []
    for _ in range(ROUNDS + 1):
        begun = process_time()
        mask_once = redactor() if mask else None
        with TemporaryDirectory() as folder, _thread(iter(items), mask_once) as thread:
            _write(thread, ExportFormat.HTML, Path(folder))
        times.append((process_time() - begun) / TIMED)
    return typical(times[1:])  # the first round imports


if __name__ == "__main__":
    with TemporaryDirectory() as folder, _thread(_messages(int(sys.argv[2]))) as thread:
        _write(thread, ExportFormat(sys.argv[1]), Path(folder))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

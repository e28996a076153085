"""An archive in a folder of its own, and the source that it is synchronized with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chatkit_tui.sources.archive.reader import ArchiveInfo, ArchiveReader
from chatkit_tui.sources.archive.verify import Damage, verify
from chatkit_tui.sources.archive.writer import ArchiveWriter
from chatkit_tui.sync.comparison import Comparison
from chatkit_tui.sync.gate import RequestGate
from chatkit_tui.sync.report import SyncReport
from chatkit_tui.sync.synchronize import (
    Synchronization,
    SyncOptions,
)
from tests.sources.archive.builder import ORIGIN, THEN
from tests.sync.memory_source import MemorySource


class Home:
    """An archive of a memory source; each synchronization is an hour after the previous one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.source = MemorySource()
        self.now = float(THEN + 10_000_000)
        self.report = SyncReport()
        for number in range(5):
            self.source.add_thread(f"t{number}", THEN + number * 1_000, items=3)
        self.source.add_thread("long", THEN + 9_000, items=50)

    async def sync(self, **fields: Any) -> SyncReport:
        self.now += 3_600
        self.source.requests.clear()
        gate = RequestGate(2, most_requests=fields.pop("most_requests", None))
        writer = ArchiveWriter.open(self.path, ORIGIN, now=lambda: self.now)
        options = SyncOptions(**fields)
        self.report = SyncReport()
        await Synchronization(
            self.source, writer, gate, options, self.report, now=lambda: self.now
        ).run()
        return self.report

    async def compare(self) -> tuple[dict[str, object], list[Damage]]:
        with ArchiveReader(self.path) as reader:
            return await Comparison(self.source, reader).run()

    def items(self, name: str) -> list[str]:
        reader = ArchiveReader(self.path)
        try:
            return [str(raw) for raw in reader.present_items(name)]
        finally:
            reader.close()

    def info(self) -> ArchiveInfo:
        reader = ArchiveReader(self.path)
        try:
            return reader.info()
        finally:
            reader.close()

    def assert_same(self) -> None:
        """Assert that the archive is sound and has what the source has, byte for byte."""
        assert list(verify(self.path)) == []
        for name in self.source.threads:
            assert self.items(name) == self.source.raw_items(name), name

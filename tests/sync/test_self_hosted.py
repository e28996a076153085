"""An archive of a self-hosted server, over each kind of store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chatkit_tui.sources.archive.reader import ArchiveReader
from chatkit_tui.sources.archive.writer import ArchiveWriter
from chatkit_tui.sources.base import ThreadSource
from chatkit_tui.sync.gate import RequestGate
from chatkit_tui.sync.report import SyncReport
from chatkit_tui.sync.synchronize import MOST_SERVER_ERRORS, Synchronization, SyncOptions
from tests.chatkit_server.app import ChatServer
from tests.chatkit_server.connect import source_of
from tests.chatkit_server.samples import add_thread, fill, messages, with_hidden_stretch
from tests.chatkit_server.stores import STORES, Caller, MemoryStore
from tests.sources.archive.builder import ORIGIN, THEN


async def sync(source: ThreadSource, path: Path, hour: int) -> SyncReport:
    def now() -> float:
        return THEN + 3_600 * hour

    report = SyncReport()
    writer = ArchiveWriter.open(path, ORIGIN, now=now)
    gate = RequestGate(2)
    await Synchronization(source, writer, gate, SyncOptions(), report, now=now).run()
    return report


def items(path: Path, thread_id: str) -> int:
    with ArchiveReader(path) as reader:
        return len(list(reader.present_items(thread_id)))


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Iterator[MemoryStore]:
    with closing(STORES[request.param]()) as made:
        yield made


async def test_an_archive_follows_a_server(tmp_path: Path, store: MemoryStore) -> None:
    path = tmp_path / "archive"
    server = ChatServer(store)
    source = source_of(server)
    fill(store, 12, 3)
    add_thread(store, "hidden", with_hidden_stretch("hidden", 45), day=20)
    report = await sync(source, path, 1)
    assert (report.new_threads, report.incomplete) == (13, {})
    assert (items(path, "t3"), items(path, "hidden")) == (3, 2)

    store.extend("t0", messages("t0", 150, start=3))
    add_thread(store, "new", messages("new", 2), day=30)
    for number in range(1, MOST_SERVER_ERRORS + 3):
        await store.delete_thread(f"t{number}", Caller())
    store.writes.clear()
    report = await sync(source, path, 2)
    assert (report.new_threads, report.new_items, report.incomplete) == (1, 152, {})
    assert report.missing == MOST_SERVER_ERRORS + 2
    assert (items(path, "t0"), items(path, "t3")) == (153, 3)
    assert not store.writes

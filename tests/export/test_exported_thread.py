"""Threads are read to their end into a spool, and say what is missing if they cannot be."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from chatkit_tui.errors import (
    APIConnectionError,
    ExportError,
    InternalServerError,
    NotFoundError,
    UnknownCursorError,
)
from chatkit_tui.export.exported_thread import ExportedThread, read_thread
from chatkit_tui.export.redaction.redactor import redactor
from chatkit_tui.export.spool import Spool
from chatkit_tui.models.page import Page
from chatkit_tui.sources.archive.source import ArchiveSource
from tests.sources.archive.builder import follow, list_threads, message, thread, writing
from tests.sync.memory_source import PAGE_SIZE, MemorySource

ITEMS = 2 * PAGE_SIZE + 3
LARGE = 2 * 1024 * 1024
"""Bytes of a row that does not stay in memory."""


@pytest.fixture
def source() -> MemorySource:
    source = MemorySource()
    source.add_thread("t", 1_700_000_000, items=ITEMS)
    return source


def ids(exported: ExportedThread) -> list[str | None]:
    return [row.id for row in exported.items()]


def all_ids(source: MemorySource) -> list[str]:
    return [row["id"] for row in source.items["t"]]


async def test_a_thread_is_read_oldest_first_and_more_than_once(source: MemorySource) -> None:
    with await read_thread(source, "t", now=lambda: 5.0) as exported:
        assert ids(exported) == ids(exported) == all_ids(source)
        raw = [row.raw.decode() for row in exported.items()]
        assert raw == source.raw_items("t")
        assert exported.item_count == ITEMS
        assert exported.thread.id == "t"
        assert exported.facts == (5.0, "memory", True, None, False)


async def test_a_source_that_lists_newest_first_is_turned_round(source: MemorySource) -> None:
    source.ignores_order = True
    with await read_thread(source, "t") as exported:
        assert ids(exported) == all_ids(source)


async def test_an_error_in_the_middle_leaves_what_came(source: MemorySource) -> None:
    source.failures[3] = failure = InternalServerError("It broke.", status=500)
    with await read_thread(source, "t") as exported:
        assert ids(exported) == all_ids(source)[:PAGE_SIZE]
        assert exported.facts.incomplete_reason == "It broke."
        assert not exported.facts.is_complete
        assert exported.error is failure


async def test_an_error_before_the_first_item_is_raised(source: MemorySource) -> None:
    source.failures[2] = APIConnectionError("Gone.")
    with pytest.raises(APIConnectionError):
        await read_thread(source, "t")
    with pytest.raises(NotFoundError):
        await read_thread(source, "other")


async def test_a_list_that_goes_round_is_told(source: MemorySource) -> None:
    source.ignores_cursors = True
    with await read_thread(source, "t") as exported:
        assert ids(exported) == all_ids(source)[:PAGE_SIZE]
        assert exported.facts.incomplete_reason == "the server gives a cursor that it gave before"


@pytest.mark.parametrize("times", [1, 2])
async def test_a_deleted_cursor_is_read_around_once(source: MemorySource, times: int) -> None:
    source.failures[3] = UnknownCursorError("No such row.")
    if times == 2:
        source.failures[5] = UnknownCursorError("No such row.")
    with await read_thread(source, "t") as exported:
        assert exported.facts.is_complete == (times == 1)
        assert ids(exported) == all_ids(source)[: ITEMS if times == 1 else PAGE_SIZE]


async def test_each_row_is_redacted_before_it_is_stored(source: MemorySource) -> None:
    source.threads["t"]["title"] = "About a@one.example"
    source.items["t"][0]["content"] = "Write to a@one.example or b@two.example"
    source.failures[4] = InternalServerError("No answer for b@two.example.", status=500)
    with await read_thread(source, "t", redactor=redactor()) as exported:
        assert b"About \xe2\x80\xb9email 1\xe2\x80\xba" in exported.thread.raw
        assert b"@" not in b"".join(row.raw for row in (exported.thread, *exported.items()))
        assert exported.facts.incomplete_reason == "No answer for ‹email 2›."
        assert exported.facts.is_redacted


async def test_a_copy_says_when_it_was_made_and_what_it_lacks(tmp_path: Path) -> None:
    with writing(tmp_path / "file") as writer:
        list_threads(writer, thread("t", created_at=1), thread("u", created_at=2))
        follow(writer, "t", [message("t.0"), message("t.1")])
    source = ArchiveSource(tmp_path / "file")
    with await read_thread(source, "t", now=lambda: 5.0) as exported:
        assert ids(exported) == ["t.0", "t.1"]
        assert exported.facts.is_complete
        assert exported.facts.fetched_at > 5
        assert exported.facts.source == "archive, file"
    with await read_thread(source, "u") as exported:
        assert exported.facts.incomplete_reason == "not read yet"
    await source.aclose()


# -- the spool -------------------------------------------------------------------------------------


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path)
    yield spool
    spool.close()


def page(*texts: bytes) -> Page:
    return Page.of_texts(texts, thread_id="t", zone=timezone(timedelta(hours=5)))


def test_rows_come_back_as_they_were(spool: Spool) -> None:
    texts = (
        b'{"id": "a\\ud800", "created_at": 17, "status": "in_progress"}',
        b'{"no id": 1,\n "x": "\xff"}',
        b'{"id": "d", "created_at": "2026-03-12T09:30:00"}',
        b'{"id": "b", "created_at": 1.5, "status": "completed"}',
    )
    given = page(*texts).rows + page(b'{"id": "c"}').rows
    spool.add(given[:4])
    spool.add(())
    spool.add(given[4:])
    for before, after in zip(given, spool.rows(), strict=True):
        assert after.raw == before.raw
        assert (after.name, after.time) == (before.name, before.time)
        assert after.is_settled == before.is_settled
        assert (after.page.thread_id, after.page.zone) == ("t", before.page.zone)
    assert [row.name for row in spool.rows(backwards=True)] == [row.name for row in given[::-1]]
    spool.clear()
    assert list(spool.rows()) == []
    assert spool.count == 0


def test_a_large_spool_is_a_private_file_without_a_name(spool: Spool, tmp_path: Path) -> None:
    spool.add(page(b'{"id": "' + b"a" * LARGE + b'"}').rows)
    found = os.fstat(spool._file.fileno())
    assert found.st_size > LARGE
    assert stat.S_IMODE(found.st_mode) == 0o600
    assert found.st_nlink == 0
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_cannot_be_written_is_one_error(
    source: MemorySource, tmp_path: Path
) -> None:
    source.items["t"][0]["content"] = "a" * LARGE
    with pytest.raises(ExportError, match="cannot be kept in a temporary file: No such file"):
        await read_thread(source, "t", folder=tmp_path / "missing")

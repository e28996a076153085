"""A thread is deleted only after all of it was saved and read back."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_tui.deletion.delete import DeletionResult, delete_threads
from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount
from chatkit_tui.errors import (
    APIConnectionError,
    APIError,
    ArchiveError,
    AuthenticationError,
    InternalServerError,
    NotFoundError,
    UnknownCursorError,
)
from chatkit_tui.models.page import RawRow
from chatkit_tui.sources.archive.reader import ArchiveReader
from chatkit_tui.sources.archive.verify import verify
from chatkit_tui.sources.archive.writer import ArchiveWriter
from chatkit_tui.sources.base import Deletion, ListQuery, Outcome, ThreadSource
from chatkit_tui.sync import backup as backup_module
from chatkit_tui.sync.backup import ArchiveBackup
from tests.full_disk import largest_file
from tests.sources.archive.builder import ORIGIN, THEN, archive_of
from tests.sync.memory_source import MemorySource

ITEMS = 45
REQUESTS = 6
"""For a thread of three pages: the thread, its pages, then the last look at it and at its end."""


class Account(MemorySource):
    """Threads that can be deleted, and something that happens at a request."""

    def __init__(self) -> None:
        super().__init__()
        self.deleted: list[str] = []
        self.events: dict[int, Callable[[], None]] = {}
        """By the number of the request, from 1: what happens before it is answered."""

    async def delete_thread(self, thread_id: str) -> Deletion:
        self.deleted.append(thread_id)
        return Deletion()

    async def _request(self, name: str, query: ListQuery) -> None:
        await super()._request(name, query)
        if event := self.events.get(len(self.requests)):
            event()


class Home:
    """An account with three threads, a journal and a file for the backup."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "file"
        self.source = Account()
        for number, name in enumerate("abc"):
            self.source.add_thread(name, THEN + number, ITEMS)
        self.journal = DeletionJournal(JournalAccount("api.invalid"), folder / "deletions.jsonl")
        self.backup = ArchiveBackup(self.path, ORIGIN)

    async def delete(
        self, *names: str, stopped: Callable[[], bool] = lambda: False
    ) -> dict[str, DeletionResult]:
        """Delete threads, and return the result of each."""

        async def get_source() -> ThreadSource:
            return self.source

        opened = self.backup.opened(get_source)
        delete = self.source.delete_thread
        return {
            result.thread_id: result
            async for result in delete_threads(
                delete, names or "abc", self.journal, backup=opened, stopped=stopped
            )
        }

    def saved(self, name: str) -> list[str | bytes]:
        """Return the items of a thread in the file."""
        with ArchiveReader(self.path) as reader:
            return [*reader.present_items(name)]

    def assert_refused(self, results: dict[str, DeletionResult], words: str = "") -> None:
        """Check that nothing was deleted, and why."""
        assert self.source.deleted == []
        assert {result.outcome for result in results.values()} == {Outcome.NOT_TRIED}
        assert words in next(iter(results.values())).reason
        if self.path.exists() and words != "is not an archive":
            assert list(verify(self.path)) == []


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


async def test_threads_are_saved_byte_for_byte_and_then_deleted(home: Home) -> None:
    results = await home.delete()
    assert {result.outcome for result in results.values()} == {Outcome.DELETED}
    assert home.source.deleted == ["a", "b", "c"]
    for name in "abc":
        assert home.saved(name) == home.source.raw_items(name)
    assert len(home.source.requests) == 3 * REQUESTS
    assert list(verify(home.path)) == []
    assert home.path.stat().st_mode & 0o777 == 0o600
    assert {entry.name for entry in home.path.parent.iterdir()} == {
        "file", "deletions.jsonl", "deletions.jsonl.lock",
    }  # fmt: skip


async def test_a_thread_is_in_the_file_itself_when_it_is_deleted(home: Home) -> None:
    copies: list[int] = []

    class Looking(Account):
        async def delete_thread(self, thread_id: str) -> Deletion:
            copy = home.path.with_name("copy")  # without the log, which a plain copy leaves out
            copy.write_bytes(home.path.read_bytes())
            with ArchiveReader(copy) as reader:
                copies.append(len([*reader.present_items(thread_id)]))
            return await super().delete_thread(thread_id)

    home.source.__class__ = Looking
    await home.delete()
    assert copies == [ITEMS] * 3


async def test_a_thread_that_the_archive_has_is_read_again_and_kept(home: Home) -> None:
    await home.delete("a")
    home.source.items["a"][3]["content"][0]["text"] = "changed"
    home.source.add_item("a")
    await home.delete("a")
    assert home.saved("a") == home.source.raw_items("a")
    assert home.source.deleted == ["a", "a"]
    with ArchiveReader(home.path) as reader:
        assert [version.id for version in reader.versions("a")] == ["a.3"]


FAILURES = (
    AuthenticationError("No.", status=401),
    InternalServerError("It failed.", status=500),
    NotFoundError("No such thread.", status=404),
    UnknownCursorError("No such row."),
    APIConnectionError("No connection."),
)


@pytest.mark.parametrize("at", range(1, REQUESTS + 1))
@pytest.mark.parametrize("failure", FAILURES, ids=lambda error: type(error).__name__)
async def test_a_failure_of_any_request_leaves_the_thread_alone(
    home: Home, failure: APIError, at: int
) -> None:
    home.source.failures[at] = failure
    results = await home.delete()
    assert results["a"].outcome is Outcome.NOT_TRIED
    assert results["a"].reason == f"not backed up: {failure}"
    assert list(verify(home.path)) == []
    if isinstance(failure, AuthenticationError):  # the next one would fail as well
        home.assert_refused(results)
        assert len(home.source.requests) == at
    else:
        assert home.source.deleted == ["b", "c"]
    recorded = home.journal.all()[0].outcomes["a"]
    assert recorded.outcome is Outcome.NOT_TRIED
    assert recorded.reason.startswith("not backed up: ")
    assert str(failure) not in recorded.reason  # it may be text of the server


@pytest.mark.parametrize("at", range(1, REQUESTS + 1))
async def test_an_item_that_comes_meanwhile_is_saved_or_nothing_is_deleted(
    home: Home, at: int
) -> None:
    home.source.events[at] = lambda: home.source.add_item("a")
    results = await home.delete("a")
    if home.source.deleted:
        assert home.saved("a") == home.source.raw_items("a")
    else:
        home.assert_refused(results, "it changed while it was saved")
    assert bool(home.source.deleted) == (at <= 4)


async def test_the_journal_has_the_reason_without_the_path(home: Home) -> None:
    home.source.events[5] = lambda: home.source.add_item("a")
    await home.delete("a")
    home.path.write_text("my notes")
    await home.delete("a")
    reasons = [past.outcomes["a"].reason for past in home.journal.all()]
    assert reasons == [
        "not backed up: the file cannot be read or written",
        "not backed up: it changed while it was saved: delete it again, if you still want to",
    ]


async def test_a_title_that_changes_meanwhile_is_not_lost(home: Home) -> None:
    home.source.events[4] = lambda: home.source.threads["a"].update(title="new")
    home.assert_refused(await home.delete("a"), "it changed while it was saved")


async def test_another_thread_than_the_one_asked_for_is_refused(home: Home) -> None:
    class Confused(Account):
        async def get_thread(self, thread_id: str, *, background: bool = False) -> RawRow:
            return await super().get_thread(thread_id and "b", background=background)

    home.source.__class__ = Confused
    home.assert_refused(await home.delete("a"), "the server answers with another thread")


async def test_a_thread_whose_items_the_server_lost_is_not_deleted(home: Home) -> None:
    await home.delete("a")
    home.source.deleted.clear()
    home.source.items["a"].clear()
    home.assert_refused(await home.delete("a"), "the server lists no items of it")
    assert (await home.delete("a"))["a"].outcome is Outcome.DELETED  # the user has looked
    with ArchiveReader(home.path) as reader:
        assert len(reader.versions("a")) == ITEMS  # the file keeps them


async def test_an_empty_thread_can_be_deleted(home: Home) -> None:
    home.source.items["a"].clear()
    assert (await home.delete("a"))["a"].outcome is Outcome.DELETED
    assert home.saved("a") == []


async def test_a_server_that_ignores_the_order_is_read_back_in_its_order(home: Home) -> None:
    home.source.ignores_order = True
    home.source.items["a"] = home.source.items["a"][:15]  # one page
    assert (await home.delete("a"))["a"].outcome is Outcome.DELETED
    assert home.saved("a") == home.source.raw_items("a")


async def test_a_removed_thread_cannot_be_saved_so_it_is_not_deleted(home: Home) -> None:
    await home.delete("a")
    writer = ArchiveWriter.open(home.path, ORIGIN)
    writer.remove(["a"])
    writer.close()
    home.source.deleted.clear()
    results = await home.delete("a", "b")
    assert home.source.deleted == ["b"]
    assert "erased it from the file, which never takes it again" in results["a"].reason


@pytest.mark.parametrize("room", [20_000, 60_000, 110_000])
async def test_on_a_full_disk_nothing_is_deleted(home: Home, room: int) -> None:
    with largest_file(room):
        results = await home.delete()
    home.assert_refused(results, "cannot be written")
    assert "Free space" in results["a"].reason
    assert (await home.delete())["c"].outcome is Outcome.DELETED


async def test_a_file_that_does_not_hold_what_was_written_stops_all(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    persist = ArchiveWriter.persist

    def damage(writer: ArchiveWriter) -> None:
        persist(writer)
        data = home.path.read_bytes()
        assert b"text 7 of a" in data
        home.path.write_bytes(data.replace(b"text 7 of a", b"text 8 of a"))

    monkeypatch.setattr(ArchiveWriter, "persist", damage)
    results = await home.delete()
    home.assert_refused(results, "does not hold what was written to it")
    assert results["b"].reason == "the previous thread could not be written to the backup"


async def test_a_file_that_cannot_be_read_back_stops_all(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    persist = ArchiveWriter.persist

    def damage(writer: ArchiveWriter) -> None:
        persist(writer)
        with home.path.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(8192)
            file.write(b"\xff" * (size - 8192))

    monkeypatch.setattr(ArchiveWriter, "persist", damage)
    results = await home.delete()
    assert home.source.deleted == []
    assert {result.outcome for result in results.values()} == {Outcome.NOT_TRIED}


async def test_a_file_that_is_written_elsewhere_is_waited_for(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_module, "LOCK_WAIT", 0.01)
    writer = ArchiveWriter.open(home.path, ORIGIN)
    results = await home.delete()
    home.assert_refused(results, "is being written by another program")
    assert home.source.requests == []
    monkeypatch.undo()
    waiting = asyncio.create_task(home.delete())
    await asyncio.sleep(0)
    writer.close()
    assert {result.outcome for result in (await waiting).values()} == {Outcome.DELETED}


def foreign(path: Path) -> str:
    path.write_text("my notes")
    return "is not an archive"


def newer(path: Path) -> str:
    ArchiveWriter.open(path, ORIGIN).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    return "newer version"


def of_another_project(path: Path) -> str:
    archive_of(path, ORIGIN._replace(project="proj_other"))
    return "holds the conversations of"


def a_folder(path: Path) -> str:
    path.mkdir()
    return "is not an archive"


def in_no_folder(path: Path) -> str:
    path.symlink_to(path.with_name("nowhere") / "file")
    return "there is no folder"


@pytest.mark.parametrize("make", [foreign, newer, of_another_project, a_folder, in_no_folder])
async def test_an_unfit_file_is_refused_before_anything_is_asked(
    home: Home, make: Callable[[Path], str]
) -> None:
    words = make(home.path)
    before = home.path.read_bytes() if home.path.is_file() else b""
    with pytest.raises(ArchiveError, match=words):
        home.backup.check()
    results = await home.delete()
    assert home.source.deleted == []
    assert home.source.requests == []
    assert {result.outcome for result in results.values()} == {Outcome.NOT_TRIED}
    assert {result.reason for result in results.values()} == {results["a"].reason}
    assert "\n" not in results["a"].reason
    if home.path.is_file():
        assert home.path.read_bytes() == before


async def test_a_check_makes_no_file(home: Home) -> None:
    home.backup.check()
    assert home.backup.is_new


@pytest.mark.parametrize("at", range(1, REQUESTS + 1))
async def test_a_stop_while_a_thread_is_saved_leaves_all_alone(home: Home, at: int) -> None:
    stops = asyncio.Event()
    home.source.events[at] = stops.set
    results = await home.delete(stopped=stops.is_set)
    home.assert_refused(results, "stopped while it was saved")
    assert results["b"].reason == "stopped before its turn"
    assert (await home.delete())["a"].outcome is Outcome.DELETED  # the lock was released


async def test_a_stop_ends_a_request_that_hangs(home: Home) -> None:
    stops = asyncio.Event()

    class Hanging(Account):
        async def list_items(self, thread_id: str, query: ListQuery) -> object:  # type: ignore[override]
            del thread_id, query
            stops.set()
            return await asyncio.Event().wait()

    home.source.__class__ = Hanging
    home.assert_refused(await home.delete(stopped=stops.is_set), "stopped while it was saved")

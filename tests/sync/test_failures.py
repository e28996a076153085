"""A synchronization that fails, or an archive that is damaged: the next one goes on."""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import threading
from contextlib import closing
from typing import Any

import pytest

from chatkit_tui.errors import (
    APIConnectionError,
    APIError,
    APIStatusError,
    AuthenticationError,
    InternalServerError,
    OtherOriginError,
    RateLimitError,
)
from chatkit_tui.models.page import Page, RawRow
from chatkit_tui.sources.archive.verify import verify
from chatkit_tui.sources.archive.writer import ArchiveWriter
from chatkit_tui.sources.base import ListQuery
from chatkit_tui.sources.http.request import path_segment
from chatkit_tui.sync.synchronize import MOST_SERVER_ERRORS
from chatkit_tui.sync.writer_thread import WriterThread
from tests.sources.archive.builder import ORIGIN, THEN
from tests.sync.home import Home
from tests.sync.memory_source import PAGE_SIZE, MemorySource


@pytest.mark.parametrize("at", range(1, 9))
async def test_a_refused_key_ends_a_sync_and_the_next_one_goes_on(home: Home, at: int) -> None:
    home.source.failures[at] = AuthenticationError("No.", status=401)
    with pytest.raises(AuthenticationError):
        await home.sync()
    assert list(verify(home.path)) == []
    asked = {request for request in home.source.requests if request[0] != "threads"}
    home.source.failures.clear()
    await home.sync()
    home.assert_same()
    again = {request for request in home.source.requests if request[0] != "threads"}
    assert len(again & asked) <= 3  # those in flight when the key was refused


@pytest.mark.parametrize("at", range(1, 9))
async def test_a_failure_of_one_thread_does_not_stop_the_others(home: Home, at: int) -> None:
    home.source.failures[at] = InternalServerError("It failed.", status=500)
    try:
        report = await home.sync()
    except APIStatusError:
        assert at == 1  # the list of threads
    else:
        assert len(report.incomplete) == 1
        assert home.info().incomplete == 1
    home.source.failures.clear()
    assert (await home.sync()).incomplete == {}
    home.assert_same()


UNUSABLE = (APIConnectionError("No connection."), RateLimitError("Too many.", status=429))


@pytest.mark.parametrize("failure", UNUSABLE)
async def test_a_source_out_of_reach_ends_a_sync_after_three_tries(
    home: Home, failure: APIError
) -> None:
    await home.sync()
    home.source.failures = dict.fromkeys(range(2, 100), failure)
    with pytest.raises(type(failure)):
        await home.sync()
    assert len(home.source.requests) <= 1 + 2 * 3
    home.source.failures.clear()
    await home.sync()
    home.assert_same()


@pytest.mark.parametrize("failure", UNUSABLE)
async def test_a_source_that_fails_now_and_then_does_not_end_a_sync(
    home: Home, failure: APIError
) -> None:
    home.source.failures = dict.fromkeys(range(2, 100, 3), failure)
    assert (await home.sync()).incomplete == {}
    home.assert_same()


def other_project() -> MemorySource:
    """A source at the same address with other threads: the key decides which."""
    source = MemorySource()
    for number in range(3):
        source.add_thread(f"other{number}", THEN + number, items=1)
    return source


def threads_in(home: Home) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(home.path)) as connection:
        return connection.execute("SELECT * FROM thread").fetchall()


async def test_another_project_at_the_same_address_is_refused(home: Home) -> None:
    await home.sync(most_requests=3)
    before = threads_in(home)
    ours, home.source = home.source, other_project()
    with pytest.raises(OtherOriginError, match="another project"):
        await home.sync()
    assert all(name == "threads" or name.startswith("get ") for name, _ in home.source.requests)
    assert threads_in(home) == before
    home.source = ours
    await home.sync()
    home.assert_same()


@pytest.mark.parametrize("removes", [False, True])
async def test_new_threads_alone_are_those_of_the_project(home: Home, removes: bool) -> None:
    await home.sync()
    for name in list(home.source.threads) if removes else ["long"]:
        home.source.delete(name)
    for number in range(PAGE_SIZE + 5):
        home.source.add_thread(f"new{number}", THEN + 99_000 + number)
    assert (await home.sync()).missing == (6 if removes else 1)
    home.assert_same()


async def test_older_threads_alone_are_those_of_the_project_if_it_has_a_known_one(
    home: Home,
) -> None:
    home.source.threads["t1"]["user"] = "bob"
    await home.sync(users=("ada",))
    report = await home.sync(users=("bob",))
    assert (report.new_threads, report.read) == (1, 1)
    assert ("get long", ListQuery()) in home.source.requests


async def test_a_sync_waits_as_long_as_the_server_asks(home: Home) -> None:
    refused = RateLimitError("Too many.", status=429, retry_after=0.01)
    home.source.failures = dict.fromkeys((2, 3, 4), refused)  # two of them at once
    report = await home.sync()
    assert (report.incomplete, report.paused_until > 0) == ({}, True)
    home.assert_same()
    home.source.failures = {2: RateLimitError("No.", status=429, retry_after=86_400)}
    with pytest.raises(RateLimitError):
        await home.sync()


class Strict(MemorySource):
    """A source that sends no request with an id that no address can have."""

    async def list_items(self, thread_id: str, query: ListQuery) -> Page:
        path_segment(thread_id, "thread_id")
        return await super().list_items(thread_id, query)

    async def get_thread(self, thread_id: str, *, background: bool = False) -> RawRow:
        path_segment(thread_id, "thread_id")
        return await super().get_thread(thread_id, background=background)


async def test_a_thread_that_no_request_can_name_is_kept_and_named(home: Home) -> None:
    home.source.__class__ = Strict
    home.source.add_thread("half\ud83d", THEN)
    home.source.add_thread("..", THEN)
    for _ in range(2):
        report = await home.sync()
        assert {name: reason[:22] for name, reason in report.incomplete.items()} == {
            "half⟨U+D83D⟩": "no request can name it",
            "..": "no request can name it",
        }
        assert {name for name, _ in home.source.requests} <= {"threads", "long", *OTHERS}
        assert "holds an unpaired surrogate" in "".join(home.info().reasons)
    _, differences = await home.compare()
    assert {damage[:2] for damage in differences} == {
        ("not comparable", "half⟨U+D83D⟩"),
        ("not comparable", ".."),
    }
    for name in ("half\ud83d", ".."):
        home.source.delete(name)
    assert set((await home.sync()).incomplete) == {"half⟨U+D83D⟩", ".."}
    home.assert_same()


OTHERS = [f"t{number}" for number in range(5)]

DAMAGE = {
    "a row is gone": "DELETE FROM item WHERE key = (SELECT max(key) FROM item)",
    "a row moved": "UPDATE item SET key = key + 5 WHERE key = (SELECT max(key) FROM item)",
    "a row too many": "UPDATE thread SET item_count = item_count - 1",
    "a row cannot be read": "UPDATE item SET raw = '{' WHERE key = (SELECT min(key) FROM item)",
    "the cursor is unknown": "UPDATE thread SET resume_after = 'elsewhere'",
    "an index entry is gone": "DELETE FROM index_slot WHERE item_key > 0",
    "an index entry is of nothing": "UPDATE index_slot SET item_key = 1 WHERE item_key < 0",
    "problems are of nothing": "INSERT INTO thread_problems VALUES (99, '[]')",
    "problems are gone": "DELETE FROM thread_problems",
    "problems cannot be read": "UPDATE thread_problems SET found = '['",
    "another extractor": "UPDATE meta SET value = '0' WHERE key = 'extractor'",
}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_damage_is_repaired_by_the_next_sync(home: Home, damage: str) -> None:
    await home.sync()
    connection = sqlite3.connect(home.path, isolation_level=None)
    connection.execute(DAMAGE[damage])
    connection.close()
    await home.sync()
    home.assert_same()
    assert home.info().indexed == (65, 0)


async def test_a_failed_question_for_a_missing_thread_does_not_stop_the_sync(home: Home) -> None:
    await home.sync()
    home.source.delete("t3")
    home.source.failures[2] = InternalServerError("It failed.", status=500)
    report = await home.sync()
    assert list(report.incomplete) == ["t3"]
    assert report.checked == 5


async def test_what_was_read_is_committed_before_a_long_wait(home: Home) -> None:
    writer = WriterThread(ArchiveWriter.open(home.path, ORIGIN))
    await writer.run(writer.writer.begin_listing, "somebody")
    connection = sqlite3.connect(home.path)
    for _ in range(300):
        if connection.execute("SELECT count(*) FROM listing").fetchone() == (1,):
            break
        await asyncio.sleep(0.1)
    else:
        pytest.fail("nothing was committed")
    connection.close()
    await writer.aclose()


async def test_an_error_behind_an_interruption_is_not_written_with_a_traceback(home: Home) -> None:
    reported: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))
    writer = WriterThread(ArchiveWriter.open(home.path, ORIGIN))
    begun, go_on = threading.Event(), threading.Event()

    def fail() -> None:
        begun.set()
        go_on.wait(10)
        raise sqlite3.OperationalError("disk full")

    task = asyncio.create_task(writer.run(fail))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    go_on.set()
    await writer.aclose()
    gc.collect()
    assert reported == []


async def test_nothing_is_written_after_a_failure_of_the_disk(home: Home) -> None:
    def fail() -> None:
        raise sqlite3.OperationalError("database or disk is full")

    writer = WriterThread(ArchiveWriter.open(home.path, ORIGIN))
    for method in (fail, writer.writer.has_threads):
        with pytest.raises(sqlite3.OperationalError, match="full"):
            await writer.run(method)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        await writer.finish()
    await writer.aclose()
    assert list(verify(home.path)) == []


class NoItems(MemorySource):
    """A source that lists threads, and fails to list the items of any."""

    async def list_items(self, thread_id: str, query: ListQuery) -> Page:
        await self._request(thread_id, query)
        raise InternalServerError("It failed.", status=500)


async def test_a_source_that_fails_for_every_thread_ends_a_sync(home: Home) -> None:
    for number in range(60):
        home.source.add_thread(f"more{number}", THEN + number)
    home.source.__class__ = NoItems
    with pytest.raises(InternalServerError):
        await home.sync()
    refused = [name for name, _ in home.source.requests if name != "threads"]
    assert MOST_SERVER_ERRORS <= len(refused) <= MOST_SERVER_ERRORS + 4  # those in flight
    home.source.__class__ = MemorySource
    assert (await home.sync()).incomplete == {}
    home.assert_same()


class NoBeginning(MemorySource):
    """A source that fails when a thread is read from its start."""

    async def list_items(self, thread_id: str, query: ListQuery) -> Page:
        if thread_id == "t1" and query.after is None:
            raise InternalServerError("It failed.", status=500)
        return await super().list_items(thread_id, query)


async def test_a_thread_that_cannot_be_read_again_does_not_stop_the_others(home: Home) -> None:
    await home.sync()
    home.source.items["t1"].pop(1)  # the cursor
    home.source.add_item("t2")
    home.source.__class__ = NoBeginning
    report = await home.sync()
    assert report.incomplete == {"t1": "It failed."}
    assert report.new_items == 1
    home.source.__class__ = MemorySource
    await home.sync()
    home.assert_same()


async def test_times_that_are_no_numbers_do_not_stop_a_sync(home: Home) -> None:
    home.source.add_thread("empty", THEN)
    await home.sync()
    connection = sqlite3.connect(home.path, isolation_level=None)
    connection.execute("UPDATE thread SET created_at = 'yesterday', checked_at = 'never'")
    connection.close()
    home.source.add_item("empty")
    assert (await home.sync()).checked == 7
    assert home.items("empty") == home.source.raw_items("empty")

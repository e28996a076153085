"""An archive follows its source through every kind of change, interruption and failure."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from chatkit_tui.errors import (
    AuthenticationError,
)
from chatkit_tui.models.page import Page
from chatkit_tui.sources.archive.reader import ArchiveReader
from chatkit_tui.sources.archive.verify import verify
from chatkit_tui.sources.archive.writer import ArchiveWriter
from chatkit_tui.sources.base import ListQuery
from chatkit_tui.sync.check_order import ThreadCheck, in_order_of_checks
from chatkit_tui.sync.gate import BudgetUsedError, RequestGate
from tests.sources.archive.builder import ORIGIN, THEN
from tests.sync.home import Home
from tests.sync.memory_source import PAGE_SIZE, MemorySource


async def test_a_first_sync_brings_everything(home: Home) -> None:
    report = await home.sync()
    assert (report.listed, report.new_threads, report.read) == (6, 6, 6)
    assert report.new_items == 5 * 3 + 50
    assert report.listing_complete
    home.assert_same()
    info = home.info()
    assert (info.threads, info.items, info.incomplete, info.missing) == (6, 65, 0, 0)
    assert info.indexed == (65, 0)


async def test_a_second_sync_asks_for_list_and_known_threads_alone(home: Home) -> None:
    await home.sync()
    before = home.path.read_bytes()
    report = await home.sync()
    assert len(home.source.requests) == report.requests == 1 + 6
    assert (report.new_items, report.changed_items, report.checked) == (0, 0, 6)
    assert len(home.path.read_bytes()) == len(before)
    home.assert_same()


def add_items(source: MemorySource, number: int, **fields: Any) -> None:
    for count in range(number):
        source.add_item("t1", count=count, **fields)


CHANGES: dict[str, Callable[[MemorySource], object]] = {
    "a new thread": lambda source: source.add_thread("new", THEN + 99_000, items=2),
    "an older thread appears": lambda source: source.add_thread("old", THEN - 5, items=2),
    "new items": lambda source: source.add_item("t1"),
    "many new items": lambda source: add_items(source, 46),
    "the last item changes": lambda source: source.items["t1"][-1].update(content="changed"),
    "a title changes": lambda source: source.threads["t1"].update(title="changed"),
    "a user changes": lambda source: source.threads["t1"].update(user="bob"),
    "the last item is deleted": lambda source: source.items["long"].pop(),
    "the item to go on from is deleted": lambda source: source.items["t1"].pop(1),
    "all items are deleted": lambda source: source.items["t1"].clear(),
    "an item is inserted before the last": lambda source: source.items["t1"].insert(
        2, {"id": "between", "created_at": THEN}
    ),
    "ids become shared": lambda source: add_items(source, 9, id="same"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_later_sync_follows_a_change(home: Home, change: str) -> None:
    await home.sync()
    CHANGES[change](home.source)
    report = await home.sync()
    assert report.incomplete == {}
    home.assert_same()
    again = await home.sync()
    assert (again.new_items, again.changed_items) == (0, 0)
    home.assert_same()


async def test_all_changes_together_are_followed_and_nothing_is_lost(home: Home) -> None:
    await home.sync()
    known = {raw for name in home.source.threads for raw in home.items(name)}
    for change in CHANGES.values():
        change(home.source)
    home.source.delete("t3")
    report = await home.sync()
    assert report.missing == 1
    home.assert_same()
    connection = sqlite3.connect(home.path)
    kept = {raw for (raw,) in connection.execute("SELECT raw FROM item")}
    kept |= {raw for (raw,) in connection.execute("SELECT raw FROM item_version")}
    connection.close()
    assert known <= kept


async def test_a_thread_is_missing_only_when_it_is_not_found(home: Home) -> None:
    await home.sync()
    home.source.delete("t3")
    report = await home.sync()
    assert report.missing == 1
    assert home.info().missing == 1
    assert len(home.items("t3")) == 3
    home.source.add_thread("t3", THEN + 3_000, items=4)
    await home.sync()
    assert home.info().missing == 0
    home.assert_same()


@pytest.mark.parametrize("requests", range(2, 7))
async def test_a_thread_that_is_deleted_before_it_is_read_is_missing_once(
    home: Home, requests: int
) -> None:
    await home.sync(most_requests=requests)
    for name in ("t0", "t1", "t4"):
        home.source.delete(name)
    report = await home.sync()
    assert (report.missing, report.incomplete) == (3, {})
    assert (home.info().missing, home.info().incomplete) == (3, 0)


class Deleting(MemorySource):
    """A source that loses a thread once it has listed it."""

    async def list_items(self, thread_id: str, query: ListQuery) -> Page:
        if thread_id == "t4" and "t4" in self.threads:
            self.delete("t4")
        return await super().list_items(thread_id, query)


async def test_a_thread_that_is_deleted_once_it_is_listed_is_missing(home: Home) -> None:
    for number in range(5 * PAGE_SIZE):  # so that it is read before the list ends
        home.source.add_thread(f"older{number}", THEN - number)
    home.source.__class__ = Deleting
    report = await home.sync()
    assert (report.missing, report.incomplete) == (1, {})
    home.assert_same()


async def test_an_empty_list_marks_nothing_as_missing(home: Home) -> None:
    await home.sync()
    home.source.threads.clear()
    report = await home.sync()
    assert (report.missing, report.listing_complete) == (0, False)


async def test_only_threads_of_the_users_are_synchronized(home: Home) -> None:
    home.source.threads["t1"]["user"] = "bob"
    home.source.threads["t2"]["user"] = "eve"
    await home.sync(users=("bob", "eve"))
    assert home.info().threads == 2
    home.source.delete("t1")
    report = await home.sync(users=("eve",))
    assert (report.missing, report.listed) == (0, 1)
    assert (await home.sync(users=("bob",))).missing == 0  # an empty list proves nothing


async def test_threads_created_before_a_time_are_left_out_but_known_ones_checked(
    home: Home,
) -> None:
    await home.sync(since=THEN + 3_000)
    assert home.info().threads == 3
    home.source.add_item("t3")
    await home.sync(since=THEN + 9_000)
    assert home.info().threads == 3
    assert home.items("t3") == home.source.raw_items("t3")


@pytest.mark.slow
async def test_a_budget_ends_a_sync_and_the_next_ones_go_on(home: Home) -> None:
    for number in range(12):
        home.source.add_thread(f"more{number}", THEN - number, items=1)
    for _ in range(20):
        report = await home.sync(most_requests=3)
        assert len(home.source.requests) <= 3
        assert list(verify(home.path)) == []
        info = home.info()
        if report.listing_complete and (info.threads, info.incomplete) == (18, 0):
            break
    home.assert_same()


def add_threads(source: MemorySource, number: int) -> None:
    for count in range(number):
        source.add_thread(f"more{count}", THEN - count, items=1)


@pytest.mark.parametrize("requests", range(2, 9))
async def test_the_last_answers_of_a_budget_are_kept(home: Home, requests: int) -> None:
    report = await home.sync(most_requests=requests)
    assert (report.requests, report.budget_used) == (requests, True)
    pages = sum(name != "threads" for name, _ in home.source.requests)
    assert pages >= requests - 1
    stored = home.info()
    assert stored.items == report.new_items > 0
    assert report.to_read == stored.threads - report.read


@pytest.mark.slow
@pytest.mark.parametrize("requests", [5, 25, 100])
async def test_what_a_budget_leaves_is_counted_to_the_last_thread(
    home: Home, requests: int
) -> None:
    add_threads(home.source, 400)
    report = await home.sync(most_requests=requests)
    assert report.to_read == home.info().threads - report.read
    await home.sync()
    report = await home.sync(most_requests=requests)
    assert (report.to_read, report.to_check) == (0, 406 - report.checked)
    assert report.budget_used


async def test_what_is_left_is_known_once_all_threads_are_listed(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_threads(home.source, 60)
    left: dict[bool, set[int]] = {False: set(), True: set()}
    list_items = home.source.list_items

    async def watched(thread_id: str, query: ListQuery) -> Page:
        report = home.report
        left[report.listing_ended].add(report.done + report.to_do)
        return await list_items(thread_id, query)

    monkeypatch.setattr(home.source, "list_items", watched)
    await home.sync()
    assert left[True] == {66}
    assert max(left[False]) <= 66
    left[True].clear()
    await home.sync()
    assert left[True] == {66}


async def test_a_listing_in_two_runs_counts_each_thread_once(home: Home) -> None:
    add_threads(home.source, 60)
    first = await home.sync(most_requests=2)
    second = await home.sync()
    assert (first.listing_continued, second.listing_continued) == (False, True)
    assert first.listed + second.listed == 66


async def test_a_comparison_finds_an_old_item_that_has_changed(home: Home) -> None:
    await home.sync()
    home.source.items["long"][0]["content"] = "changed"
    home.source.add_item("t1")
    home.source.threads["t2"]["title"] = "changed"
    counts, found = await home.compare()
    assert counts == {"threads": 6, "removed": 0, "compared": 6, "listing_complete": True}
    assert {damage[:2] for damage in found} == {
        ("different items", "long"),
        ("new items", "t1"),
        ("changed thread", "t2"),
    }


async def test_a_comparison_misses_no_thread_that_the_user_removed(home: Home) -> None:
    await home.sync()
    writer = ArchiveWriter.open(home.path, ORIGIN)
    writer.remove(["t2"])
    writer.close()
    counts, found = await home.compare()
    assert (counts["threads"], counts["removed"], counts["compared"]) == (5, 1, 5)
    assert found == []


async def test_a_comparison_asks_for_the_users_that_were_synchronized(home: Home) -> None:
    home.source.threads["t1"]["user"] = "bob"
    await home.sync(users=("bob",))
    counts, found = await home.compare()
    assert (counts["threads"], counts["compared"], found) == (1, 1, [])
    await home.sync(most_requests=1)
    assert (await home.compare())[0]["threads"] == 6


def test_the_threads_that_are_asked_first_are_in_turn_the_youngest_and_the_most_overdue() -> None:
    hour, day = 3_600, 86_400
    checks = [
        ThreadCheck("asked lately", THEN - hour, THEN - 60, None),
        ThreadCheck("a day old", THEN - day, THEN - hour, None),
        ThreadCheck("closed", THEN - 2 * day, THEN - 2 * day, "closed"),
        ThreadCheck("overdue", THEN - 3 * day, THEN - 2 * day, None),
    ]
    assert in_order_of_checks(checks, THEN) == ["asked lately", "overdue", "a day old", "closed"]


async def test_a_resumed_listing_finds_threads_created_meanwhile(home: Home) -> None:
    for number in range(50):
        home.source.add_thread(f"more{number}", THEN - number)
    home.source.failures[3] = AuthenticationError("No.", status=401)
    with pytest.raises(AuthenticationError):
        await home.sync()
    home.source.failures.clear()
    for number in range(PAGE_SIZE + 10):
        home.source.add_thread(f"meanwhile{number}", THEN + 99_000 + number, items=1)
    report = await home.sync()
    assert report.listing_complete
    home.assert_same()


async def test_a_removed_thread_does_not_come_back(home: Home) -> None:
    await home.sync()
    writer = ArchiveWriter.open(home.path, ORIGIN)
    writer.remove(["t2"])
    writer.vacuum()
    writer.close()
    await home.sync()
    reader = ArchiveReader(home.path)
    assert "t2" not in reader.thread_ids()
    reader.close()
    assert b"of t2" not in home.path.read_bytes()


async def test_items_that_may_still_change_are_asked_for_again(home: Home) -> None:
    home.source.add_item("t1", status="in_progress")
    home.source.add_item("t1")
    home.source.add_item("t1")
    await home.sync()
    home.source.items["t1"][3]["status"] = "completed"
    report = await home.sync()
    assert report.changed_items == 1
    home.assert_same()


async def test_json_is_kept_byte_for_byte(home: Home) -> None:
    home.source.add_item("t1", text="Grüße 日本 👍🏽 \u202e \ud83d", deep=[[{"a": None}]])
    await home.sync()
    assert json.loads(home.items("t1")[-1]) == home.source.items["t1"][-1]
    home.assert_same()


@pytest.mark.parametrize("hours", [-30_000, 30_000])
async def test_a_clock_that_was_wrong_hides_no_news(home: Home, hours: int) -> None:
    now = home.now
    home.now += hours * 3_600
    await home.sync()
    home.now = now
    home.source.add_item("t1")
    home.source.delete("t2")
    report = await home.sync()
    assert (report.new_items, report.missing) == (1, 1)
    home.assert_same()


async def test_a_list_is_complete_only_if_that_of_each_user_is(home: Home) -> None:
    await home.sync()
    report = await home.sync(users=("nobody", "ada"))
    assert not report.listing_complete


class NoThirdPage(MemorySource):
    """A source that refuses the third page of its threads."""

    async def list_threads(self, query: ListQuery) -> Page:
        if query.after == "more33":
            raise AuthenticationError("No.", status=401)
        return await super().list_threads(query)


async def test_a_listing_for_a_shorter_time_leaves_nothing_out_of_a_longer_one(home: Home) -> None:
    for number in range(50):
        home.source.add_thread(f"more{number}", THEN - 1 - number)
    home.source.__class__ = NoThirdPage
    with pytest.raises(AuthenticationError):
        await home.sync(since=THEN - 20)
    home.source.__class__ = MemorySource
    assert (await home.sync()).listing_complete
    home.assert_same()


async def test_a_budget_of_time_ends_a_pause() -> None:
    gate = RequestGate(1, seconds=0.01)
    gate.pause(300)
    async with asyncio.timeout(60):
        with pytest.raises(BudgetUsedError):
            await gate.run(lambda: asyncio.sleep(0))


async def test_a_list_with_a_thread_without_an_id_is_not_called_complete(home: Home) -> None:
    home.source.threads["nameless"] = {"id": None, "created_at": THEN + 1, "user": "ada"}
    report = await home.sync()
    assert (report.listed, report.read, report.listing_complete) == (6, 6, False)
    assert "without an id" in report.listing_reason


async def test_a_source_that_ignores_the_order_is_kept_oldest_first(home: Home) -> None:
    home.source.ignores_order = True
    await home.sync()
    home.assert_same()
    assert (await home.compare())[1] == []
    home.source.add_item("long")
    home.source.add_item("t1")
    report = await home.sync()
    assert report.new_items == 2
    home.assert_same()


async def test_a_thread_without_any_of_its_items_is_read_again_once(home: Home) -> None:
    await home.sync()
    home.source.items["t1"].clear()
    home.source.add_item("t1", id="another")
    await home.sync()
    assert len(home.source.requests) > 1 + 6
    await home.sync()
    assert len(home.source.requests) == 1 + 6
    home.assert_same()

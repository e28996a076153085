"""Loads that overlap, are shared, fail or are cancelled."""

from __future__ import annotations

import asyncio

import pytest

from chatkit_tui.errors import APIConnectionError
from chatkit_tui.feed import Feed, Growth, Side
from tests.feed.server import ListServer, turns
from tests.feed.test_feed import ids


async def test_a_second_caller_waits_for_the_same_load() -> None:
    server = ListServer(100, held=True)
    feed = Feed(server.fetch, first_limit=10)
    first, second = (asyncio.create_task(feed.load(Side.OLD)) for _ in range(2))
    await turns()
    assert len(server.calls) == 1
    assert feed.loading == {Side.OLD}
    server.release()
    assert await first == await second == Growth(Side.OLD, 10, whole=False)
    assert feed.loading == frozenset()
    assert len(feed) == 10


async def test_both_sides_load_at_the_same_time() -> None:
    server = ListServer(100, held=True)
    feed = Feed(server.fetch, first_limit=10)
    loads = [asyncio.create_task(feed.load(side)) for side in Side]
    await turns()
    assert feed.loading == set(Side)
    server.release()
    server.release()
    await asyncio.gather(*loads)
    assert (len(feed.old), len(feed.new)) == (10, 10)


@pytest.mark.parametrize("first", [0, 1])
async def test_sides_that_meet_in_flight_join_without_a_row_twice(first: int) -> None:
    server = ListServer(10, held=True)
    feed = Feed(server.fetch, first_limit=7)
    loads = [asyncio.create_task(feed.load(side)) for side in Side]
    await turns()
    server.release(first)
    await turns()
    server.release()
    await asyncio.gather(*loads)
    assert feed.whole
    assert ids(feed) == server.ids


async def test_a_response_after_the_list_is_whole_adds_nothing() -> None:
    server = ListServer(10, held=True)
    feed = Feed(server.fetch, first_limit=30)
    loads = [asyncio.create_task(feed.load(side)) for side in Side]
    await turns()
    server.release(1)
    await turns()
    assert feed.whole
    server.release()
    assert await loads[0] == Growth(Side.OLD, 0, whole=True)
    assert ids(feed) == server.ids


async def test_cancelling_a_load_cancels_its_request_and_changes_nothing() -> None:
    server = ListServer(100, held=True)
    feed = Feed(server.fetch, first_limit=10)
    load = asyncio.create_task(feed.load(Side.OLD))
    await turns()
    load.cancel()
    await asyncio.wait([load])
    await turns()
    assert server.waiting == []
    assert (len(feed), feed.revision, feed.loading) == (0, 0, frozenset())
    again = asyncio.create_task(feed.load(Side.OLD))
    await turns()
    server.release()
    assert (await again).added == 10


async def test_cancelling_in_the_turn_of_the_answer_changes_nothing() -> None:
    server = ListServer(100, held=True)
    feed = Feed(server.fetch, first_limit=10)
    for wait in range(6):
        load = asyncio.create_task(feed.load(Side.OLD))
        await turns()
        server.release()
        await turns(wait)
        load.cancel()
        await asyncio.wait([load])
        if not load.cancelled():  # the answer was settled before
            break
        assert (len(feed), feed.revision) == (0, 0)
    assert len(feed) == 10


async def test_cancelling_one_of_two_callers_leaves_the_other() -> None:
    server = ListServer(100, held=True)
    feed = Feed(server.fetch, first_limit=10)
    first, second = (asyncio.create_task(feed.load(Side.OLD)) for _ in range(2))
    await turns()
    first.cancel()
    await asyncio.wait([first])
    assert feed.loading == {Side.OLD}
    server.release()
    assert (await second).added == 10
    assert first.cancelled()


async def test_an_error_reaches_every_caller_and_a_retry_is_a_new_request() -> None:
    server = ListServer(100, held=True)
    feed = Feed(server.fetch, first_limit=10)
    loads = [asyncio.create_task(feed.load(Side.OLD)) for _ in range(2)]
    await turns()
    server.fail(APIConnectionError("no route"))
    answers = await asyncio.gather(*loads, return_exceptions=True)
    assert [type(answer) for answer in answers] == [APIConnectionError] * 2
    assert (len(feed), feed.revision, feed.loading) == (0, 0, frozenset())
    server.held = False
    assert (await feed.load(Side.OLD)).added == 10


async def test_newer_rows_are_requested_once_for_two_callers() -> None:
    server = ListServer(5)
    feed = Feed(server.fetch)
    await feed.load(Side.OLD)
    server.add(2)
    server.held = True
    loads = [asyncio.create_task(feed.refresh()) for _ in range(2)]
    await turns()
    assert feed.refreshing
    server.release()
    assert [growth.added for growth in await asyncio.gather(*loads)] == [2, 2]
    assert not feed.refreshing
    assert len(server.calls) == 2
    assert ids(feed) == server.ids


async def test_newer_rows_are_requested_after_a_refresh_that_may_have_missed_them() -> None:
    server = ListServer(5)
    feed = Feed(server.fetch)
    await feed.load(Side.OLD)
    server.held = True
    unasked = asyncio.create_task(feed.refresh(newer=False))
    await turns()
    server.add(2)  # after the request left
    asked = [asyncio.create_task(feed.refresh()) for _ in range(3)]
    await turns()
    assert len(server.waiting) == 1
    server.release()
    await turns()
    assert (await unasked).added == 0
    assert feed.refreshing
    assert len(server.waiting) == 1
    server.release()
    assert [growth.added for growth in await asyncio.gather(*asked)] == [2] * 3
    assert len(server.calls) == 3
    assert ids(feed) == server.ids


async def test_newest_rows_are_loaded_after_a_refresh_that_leaves_them_out() -> None:
    server = ListServer(50)
    feed = Feed(server.fetch, first_limit=5)
    await feed.load(Side.OLD)
    server.held = True
    unasked = asyncio.create_task(feed.refresh(newer=False))
    await turns()
    asked = asyncio.create_task(feed.refresh())
    await turns()
    server.release()
    await unasked
    server.held = False
    while server.waiting:
        server.release()
        await turns()
    assert (await asked).added == 5
    assert ids(feed) == server.ids[:5] + server.ids[-5:]


async def test_a_refresh_without_newer_rows_joins_any_other() -> None:
    server = ListServer(5)
    feed = Feed(server.fetch)
    await feed.load(Side.OLD)
    server.held = True
    refreshes = [asyncio.create_task(feed.refresh(newer=newer)) for newer in (True, False)]
    await turns()
    server.release()
    await asyncio.gather(*refreshes)
    assert len(server.calls) == 2


async def test_callers_that_each_load_on_share_every_load() -> None:
    server = ListServer(40, held=True)
    feed = Feed(server.fetch, first_limit=10, limit=10)

    async def load_on() -> None:
        while not feed.whole:
            await feed.load(Side.OLD)

    walks = [asyncio.create_task(load_on()) for _ in range(3)]
    for page in range(4):
        await turns()
        assert len(server.calls) == page + 1
        server.release()
    await asyncio.gather(*walks)
    assert ids(feed) == server.ids


async def test_a_cancelled_load_of_newer_rows_keeps_its_pages_and_continues_there() -> None:
    server = ListServer(5)
    feed = Feed(server.fetch, limit=5)
    await feed.load(Side.OLD)
    server.add(12)
    server.held = True
    load = asyncio.create_task(feed.refresh())
    for _ in range(2):  # the rows that are known, and those behind them
        await turns()
        server.release()
    await turns()
    load.cancel()
    await asyncio.wait([load])
    assert ids(feed) == server.ids[:10]
    server.held = False
    assert (await feed.refresh()).added == 7
    assert ids(feed) == server.ids


async def test_an_outdated_end_of_the_list_does_not_hide_newer_rows() -> None:
    server = ListServer(2, held=True)
    feed = Feed(server.fetch, first_limit=3, limit=3)
    old = asyncio.create_task(feed.load(Side.OLD))
    await turns()
    server.add(5)
    new = asyncio.create_task(feed.load(Side.NEW))
    await turns()
    server.release(1)
    await new
    server.release()  # two rows, and no more
    await old
    assert not feed.whole
    server.held = False
    await feed.load(Side.OLD)
    assert feed.whole
    assert ids(feed) == server.ids


async def test_an_answer_from_before_a_deletion_adds_no_stale_row_to_a_whole_list() -> None:
    server = ListServer(5, held=True)
    feed = Feed(server.fetch, first_limit=5)
    old = asyncio.create_task(feed.load(Side.OLD))
    await turns()
    server.delete("row0")
    new = asyncio.create_task(feed.load(Side.NEW))
    await turns()
    server.release(1)
    await new
    server.release()
    await old
    assert ids(feed) == server.ids


async def test_newer_rows_that_come_after_their_side_began_again_are_left_to_it() -> None:
    server = ListServer(30)
    feed = Feed(server.fetch, first_limit=4, limit=4)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    server.add(10)
    server.held = True
    newer = asyncio.create_task(feed.refresh())
    await turns()
    server.held = False
    server.delete(*(entry.name for entry in feed.new))
    await feed.load(Side.NEW)  # no cursor of it is known any more
    server.release()
    assert (await newer).added == 0
    while feed.can_grow(Side.NEW):
        await feed.load(Side.NEW)
    assert ids(feed) == server.ids

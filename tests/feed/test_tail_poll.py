"""Polls of a feed that is followed: one small request each, for what is new and what changed."""

from __future__ import annotations

import asyncio

import pytest

from chatkit_tui.errors import APIConnectionError
from chatkit_tui.feed import Feed, Side
from chatkit_tui.feed.tail_poll import LEAST, MOST
from tests.feed.server import ListServer, turns


def ids(feed: Feed) -> list[str]:
    return [entry.name for entry in (*feed.old, *reversed(feed.new))]


def texts(feed: Feed) -> list[bytes]:
    return [entry.raw for entry in (*feed.old, *reversed(feed.new))]


async def whole(server: ListServer) -> Feed:
    """A feed with all rows of a server, whose log is empty then."""
    feed = Feed(server.fetch)
    while not feed.whole:
        await feed.load(Side.OLD)
    server.calls.clear()
    return feed


def set_status(server: ListServer, place: int, status: str) -> None:
    server.rows[place] = {**server.rows[place], "status": status}


async def test_a_poll_is_one_small_request_and_brings_new_rows() -> None:
    server = ListServer(150)
    feed = await whole(server)
    server.add(3)
    growth = await feed.poll()
    assert growth.added == 3
    assert ids(feed) == server.ids
    assert [(call.after, call.order, call.limit) for call in server.calls] == [
        (None, "desc", LEAST)
    ]


@pytest.mark.parametrize("count", [0, 1, 5, LEAST, 40])
async def test_a_poll_without_news_changes_nothing(count: int) -> None:
    server = ListServer(count)
    feed = await whole(server)
    await feed.poll()
    revision = feed.revision
    for _ in range(4):
        growth = await feed.poll()
        assert (growth.added, growth.changed, growth.gone) == (0, 0, 0)
    assert feed.revision == revision
    assert ids(feed) == server.ids
    assert len(server.calls) == 5


async def test_rows_that_begin_an_empty_list_are_added() -> None:
    server = ListServer()
    feed = await whole(server)
    server.add(2)
    assert (await feed.poll()).added == 2
    assert ids(feed) == server.ids


@pytest.mark.parametrize("back", [1, LEAST, LEAST + 1, MOST - 5])
async def test_a_row_in_progress_near_the_end_is_asked_for_by_each_poll(back: int) -> None:
    server = ListServer(100)
    set_status(server, -back, "in_progress")
    feed = await whole(server)
    set_status(server, -back, "completed")
    server.add(2)
    growth = await feed.poll()
    assert (growth.added, growth.changed) == (2, 1)
    assert [call.limit for call in server.calls] == [max(LEAST, back + 5)]
    assert texts(feed)[-back - 2].endswith(b'"completed"}')


async def test_rows_in_progress_far_away_are_asked_for_in_turn_by_every_second_poll() -> None:
    server = ListServer(300)
    for place in (3, 100, 200):
        set_status(server, place, "in_progress")
    feed = await whole(server)
    for place in (3, 100, 200):
        set_status(server, place, "completed")
    server.add(1)
    changes = [await feed.poll() for _ in range(6)]
    assert sum(growth.changed for growth in changes) == 3
    assert sum(growth.added for growth in changes) == 1
    assert len(server.calls) == 6
    assert all(call.limit <= MOST for call in server.calls)


async def test_rows_in_progress_before_the_gap_are_asked_for_too() -> None:
    server = ListServer(300)
    set_status(server, 3, "in_progress")
    feed = Feed(server.fetch)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    set_status(server, 3, "completed")
    changes = [await feed.poll() for _ in range(2)]
    assert sum(growth.changed for growth in changes) == 1
    assert not feed.whole


async def test_the_first_poll_loads_the_newest_rows_if_they_are_not_loaded() -> None:
    server = ListServer(300)
    feed = Feed(server.fetch)
    await feed.load(Side.OLD)
    await feed.poll()
    assert len(feed.new) == 30
    assert len(server.calls) == 2


async def test_an_edited_row_and_a_row_that_is_gone_are_noticed() -> None:
    server = ListServer(50)
    feed = await whole(server)
    server.rows[-2] = {**server.rows[-2], "text": "edited"}
    server.delete("row47")
    growth = await feed.poll()
    assert (growth.added, growth.changed, growth.gone) == (0, 1, 1)
    assert ids(feed) == server.ids


@pytest.mark.parametrize("more", [LEAST - 1, LEAST, LEAST + 1, 45, 250])
async def test_more_new_rows_than_a_poll_asks_for_arrive_with_the_next_polls(more: int) -> None:
    server = ListServer(120)
    feed = await whole(server)
    server.add(more)
    for count in range(1, 30):
        await feed.poll()
        assert len(server.calls) == count
        assert ids(feed) == server.ids[: len(feed)]
        if len(feed) == len(server.rows):
            break
    assert ids(feed) == server.ids


async def test_rows_that_share_an_id_are_followed() -> None:
    server = ListServer(12)
    for place in range(0, 12, 2):
        server.rows[place] = {"id": "shared", "text": str(place)}
    feed = await whole(server)
    server.rows += [{"id": "row12"}, {"id": "shared", "text": "new"}]
    assert (await feed.poll()).added == 2
    server.rows[-1] = {"id": "shared", "text": "edited"}
    growth = await feed.poll()
    assert (growth.added, growth.changed, growth.gone) == (0, 1, 0)
    assert ids(feed) == server.ids


@pytest.mark.parametrize("count", [7, 200])
@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_a_server_that_ignores_the_order_is_followed(count: int, order: str) -> None:
    server = ListServer(count)
    inner = server.fetch
    feed = Feed(lambda **query: inner(**{**query, "order": order}))
    for _ in range(20):
        for side in Side:
            if feed.can_grow(side):
                await feed.load(side)
    assert len(feed) == count
    server.add(2)
    for _ in range(8):
        await feed.poll()
    assert sorted(ids(feed)) == sorted(server.ids)


async def test_the_rows_of_polls_are_current_and_the_others_are_not() -> None:
    feed = await whole(ListServer(100))
    await feed.poll()
    current = [feed.rows.is_current(entry) for entry in feed.rows]
    assert current == [False] * 90 + [True] * 10
    await feed.refresh()
    await feed.poll()
    assert feed.rows.is_current(list(feed.rows)[-1])


async def test_an_answer_that_a_refresh_overtook_is_dropped() -> None:
    server = ListServer(50)
    feed = await whole(server)
    await feed.poll()
    server.held = True
    poll = asyncio.ensure_future(feed.poll())
    await turns()
    server.add(1)
    server.held = False
    await feed.refresh()
    server.release()
    assert (await poll).gone == 0
    assert ids(feed) == server.ids


async def test_a_poll_that_fails_changes_nothing() -> None:
    server = ListServer(50)
    feed = await whole(server)
    await feed.poll()
    revision = feed.revision
    server.held = True
    poll = asyncio.ensure_future(feed.poll())
    await turns()
    server.fail(APIConnectionError("no route"))
    with pytest.raises(APIConnectionError):
        await poll
    assert feed.revision == revision

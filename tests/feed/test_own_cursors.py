"""Feeds over lists whose cursors are the server's own, and no ids of rows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatkit_tui.errors import UnknownCursorError
from chatkit_tui.feed import Order
from chatkit_tui.feed.feed import Feed
from chatkit_tui.feed.feed_side import Side
from chatkit_tui.models.page import Page
from chatkit_tui.models.raw_json import delimit_list
from tests.feed.server import load_all


class OffsetServer:
    """Rows behind cursors that only it understands, each for one order; some are hidden."""

    def __init__(self, count: int) -> None:
        self.rows: list[dict[str, Any]] = [{"id": f"row{number}"} for number in range(count)]
        self.hidden: set[str] = set()
        self.forgotten: set[str] = set()
        """Cursors that it no longer knows."""
        self.calls: list[str | None] = []

    @property
    def shown(self) -> list[str]:
        return [row["id"] for row in self.rows if row["id"] not in self.hidden]

    def add(self, count: int) -> None:
        start = len(self.rows)
        self.rows += [{"id": f"row{number}"} for number in range(start, start + count)]

    async def fetch(self, *, after: str | None, order: Order, limit: int) -> Page:
        self.calls.append(after)
        start = 0
        if after is not None:
            direction, _, number = after.partition(":")
            if direction != order or after in self.forgotten:
                raise UnknownCursorError("not mine")
            start = int(number)
        rows = self.rows if order == "asc" else self.rows[::-1]
        end = start + limit
        data = [row for row in rows[start:end] if row["id"] not in self.hidden]
        raw = json.dumps({"data": data}).encode()
        more = end < len(rows)
        return Page(
            raw,
            delimit_list(raw)[1] or (),
            has_more=more,
            cursor=f"{order}:{end}" if more else None,
            ids_are_cursors=False,
        )


def ids(feed: Feed) -> list[str]:
    return [row.name for row in feed.rows]


def feed_of(server: OffsetServer) -> Feed:
    return Feed(server.fetch, first_limit=10, limit=20)


async def loaded(server: OffsetServer, *sides: Side) -> Feed:
    """Return a whole list, loaded by turns from the given ends."""
    feed = feed_of(server)
    await load_all(feed, *sides)
    return feed


@pytest.mark.parametrize("sides", [[Side.NEW], [Side.OLD], [Side.NEW, Side.OLD]])
async def test_a_list_is_loaded_whole_from_either_end(sides: list[Side]) -> None:
    server = OffsetServer(101)
    feed = await loaded(server, *sides)
    assert ids(feed) == server.shown
    assert not feed.broken


@pytest.mark.parametrize("side", list(Side))
async def test_pages_of_hidden_rows_alone_are_followed(side: Side) -> None:
    server = OffsetServer(100)
    server.hidden = {f"row{number}" for number in range(5, 95)}
    feed = await loaded(server, side)
    assert ids(feed) == server.shown
    assert not feed.broken


@pytest.mark.parametrize("side", list(Side))
async def test_a_refresh_of_a_whole_list_costs_few_requests_and_finds_what_is_new(
    side: Side,
) -> None:
    server = OffsetServer(300)
    feed = await loaded(server, side)
    server.add(5)
    server.rows[295]["changed"] = True
    server.calls.clear()
    growth = await feed.refresh()
    assert ids(feed) == server.shown
    assert (growth.added, growth.changed) == (5, 1)
    assert len(server.calls) <= 4


@pytest.mark.parametrize("side", list(Side))
async def test_a_refresh_beside_a_gap_finds_what_is_new(side: Side) -> None:
    server = OffsetServer(300)
    feed = feed_of(server)
    for _ in range(3):
        await feed.load(side)
    await feed.load(side.opposite)
    server.add(5)
    server.calls.clear()
    await feed.refresh()
    assert ids(feed)[-5:] == server.shown[-5:]
    assert len(server.calls) <= 5
    await load_all(feed, side)
    assert ids(feed) == server.shown


@pytest.mark.parametrize("side", list(Side))
async def test_polls_find_more_new_rows_than_they_ask_for(side: Side) -> None:
    server = OffsetServer(300)
    feed = await loaded(server, side)
    server.add(100)
    server.calls.clear()
    while ids(feed) != server.shown:
        await feed.poll()
        assert len(server.calls) < 20
    server.calls.clear()
    await feed.poll()
    await feed.poll()
    assert len(server.calls) == 2


async def test_an_unsettled_row_far_away_is_not_asked_for_where_no_cursor_leads() -> None:
    server = OffsetServer(300)
    server.rows[100]["status"] = "in_progress"
    feed = await loaded(server, Side.NEW)
    server.calls.clear()
    for _ in range(4):
        await feed.poll()
    assert server.calls == [None] * 4


async def test_an_unsettled_row_behind_a_known_cursor_is_asked_for() -> None:
    server = OffsetServer(300)
    server.rows[100]["status"] = "in_progress"
    feed = await loaded(server, Side.OLD)
    server.rows[100]["status"] = "completed"
    for _ in range(2):
        await feed.poll()
    row = feed.entry("row100")
    assert row is not None
    assert row.is_settled


@pytest.mark.parametrize("side", list(Side))
async def test_a_forgotten_cursor_is_replaced_by_an_earlier_one(side: Side) -> None:
    server = OffsetServer(100)
    feed = feed_of(server)
    for _ in range(3):
        await feed.load(side)
    server.forgotten = {f"{side.order}:50"}
    before = ids(feed)
    server.calls.clear()
    await feed.load(side)
    assert server.calls[:2] == [f"{side.order}:50", f"{side.order}:30"]
    assert sorted(ids(feed)) == sorted(before)
    assert feed.broken
    assert not feed.whole

"""The feed on servers that depart from their documents."""

from __future__ import annotations

import pytest

from chatkit_tui.feed import Feed, Order, Side
from chatkit_tui.models.page import Page
from chatkit_tui.sources import paging
from tests.feed.server import Dialect, ListServer, load_all, page
from tests.feed.test_feed import ids


def scripted(*pages: Page) -> Feed:
    """A feed whose server returns these pages in order, for any request."""
    left = list(pages)

    async def fetch(*, after: str | None, order: Order, limit: int) -> Page:
        return left.pop(0)

    return Feed(fetch)


@pytest.mark.parametrize("side", Side)
async def test_without_last_id_the_last_row_is_the_cursor(side: Side) -> None:
    server = ListServer(25, dialect=Dialect(last_id=False))
    feed = Feed(server.fetch, first_limit=10, limit=10)
    await load_all(feed, side)
    assert ids(feed) == server.ids
    assert len(server.calls) == 3


@pytest.mark.parametrize("side", Side)
async def test_without_has_more_the_list_ends_at_an_empty_page(side: Side) -> None:
    server = ListServer(20, dialect=Dialect(has_more=False))
    feed = Feed(server.fetch, first_limit=10, limit=10)
    await load_all(feed, side)
    assert ids(feed) == server.ids
    assert feed.broken is None
    assert len(server.calls) == 3


async def test_has_more_without_rows_stops_paging() -> None:
    server = ListServer(5, dialect=Dialect(endless=True))
    feed = Feed(server.fetch, first_limit=5)
    await load_all(feed)
    assert feed.broken == paging.EMPTY_BUT_MORE
    assert ids(feed) == server.ids
    assert not feed.whole


async def test_a_repeated_cursor_stops_paging() -> None:
    server = ListServer(5, dialect=Dialect(circular=True))
    feed = Feed(server.fetch, first_limit=2, limit=2)
    await load_all(feed)
    assert feed.broken == paging.IN_A_CIRCLE
    assert ids(feed) == server.ids


async def test_the_same_cursor_twice_stops_paging() -> None:
    first = page([{"id": "a"}], has_more=True, last_id="same")
    second = page([{"id": "b"}], has_more=True, last_id="same")
    feed = scripted(first, second)
    await load_all(feed)
    assert feed.broken == paging.IN_A_CIRCLE
    assert ids(feed) == ["a", "b"]


async def test_the_same_rows_under_new_cursors_stop_paging() -> None:
    pages = [page([{"id": "a"}], has_more=True, last_id=f"cursor{n}") for n in range(30)]
    feed = scripted(*pages)
    await load_all(feed)
    assert feed.broken == paging.NOTHING_NEW
    assert ids(feed) == ["a"]
    assert feed.rows.repeats == paging.MOST_WITHOUT_NEW


async def test_rows_without_any_id_stop_paging() -> None:
    feed = scripted(page([{"text": "who am I"}], has_more=True))
    await load_all(feed)
    assert feed.broken == paging.NO_CURSOR
    assert len(feed) == 1


async def test_a_server_that_rejects_its_own_row_as_a_cursor_stops_paging() -> None:
    server = ListServer(9)
    feed = Feed(server.fetch, first_limit=3, limit=1)
    await feed.load(Side.OLD)
    row = server.rows[2]
    server.delete("row2")
    await feed.load(Side.OLD)  # steps back behind the deleted row
    server.rows.insert(3, row)  # which then is there again
    server.delete("row4")
    await load_all(feed)
    assert feed.broken == paging.REFUSES_ITS_OWN


async def test_a_broken_side_stops_and_the_other_continues() -> None:
    server = ListServer(5, dialect=Dialect(endless=True))
    feed = Feed(server.fetch, first_limit=5)
    await load_all(feed)
    asked = len(server.calls)
    assert (await feed.load(Side.OLD)).added == 0
    assert len(server.calls) == asked
    assert feed.can_grow(Side.NEW)
    assert (await feed.load(Side.NEW)).whole
    assert feed.broken is None


@pytest.mark.parametrize("side", Side)
async def test_the_same_id_on_two_pages_keeps_the_first(side: Side) -> None:
    server = ListServer(20, dialect=Dialect(inclusive=True))
    feed = Feed(server.fetch, first_limit=6, limit=6)
    await load_all(feed, side)
    assert ids(feed) == server.ids
    assert feed.rows.repeats == 3


async def test_rows_that_share_an_id_have_unique_keys() -> None:
    feed = scripted(page([{"id": "a", "n": 1}, {"id": "a", "n": 2}, {"id": "a", "n": 2}]))
    await feed.load(Side.OLD)
    assert [entry.raw.decode() for entry in feed.old] == [
        '{"id": "a", "n": 1}',
        '{"id": "a", "n": 2}',
        '{"id": "a", "n": 2}',
    ]
    assert len({entry.key for entry in feed.old}) == 3
    assert feed.old[0].key == "a"
    assert [feed.side_and_index(entry.key) for entry in feed.old] == [
        (Side.OLD, number) for number in range(3)
    ]
    assert feed.rows.repeats == 0


async def test_rows_without_an_id_are_kept_and_are_no_cursors() -> None:
    server = ListServer(6)
    server.rows.insert(2, {"text": "no id"})
    feed = Feed(server.fetch, first_limit=3, limit=3)
    await load_all(feed)
    assert [entry.raw.decode() for entry in feed.old][:3] == [
        '{"id": "row0"}',
        '{"id": "row1"}',
        '{"text": "no id"}',
    ]
    assert [call.after for call in server.calls] == [None, "row1", "row3"]
    assert feed.whole
    assert len(feed) == 7


async def test_equal_rows_without_an_id_do_not_join_the_sides() -> None:
    server = ListServer(10)
    server.rows.insert(1, {"text": "no id"})
    server.rows.insert(10, {"text": "no id"})
    feed = Feed(server.fetch, first_limit=2, limit=3)
    await feed.load(Side.NEW)
    await feed.load(Side.OLD)
    assert not feed.whole
    await load_all(feed)
    assert [row for row in ids(feed) if row.startswith("row")] == server_ids(server)


async def test_a_row_without_an_id_at_the_seam_is_there_once() -> None:
    server = ListServer(6)
    server.rows.insert(3, {"text": "no id"})
    feed = Feed(server.fetch, first_limit=4, limit=4)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    await load_all(feed, Side.NEW)
    assert len(feed) == 7
    assert feed.whole


async def test_newer_rows_without_end_are_broken_until_the_next_try() -> None:
    server = ListServer(5)
    feed = Feed(server.fetch)
    await feed.load(Side.OLD)
    server.add(3)
    server.dialect.endless = True
    assert (await feed.refresh()).added == 3
    assert feed.broken == paging.EMPTY_BUT_MORE
    server.dialect.endless = False
    await feed.refresh()
    assert feed.broken is None


async def test_newer_rows_in_a_circle_stop() -> None:
    server = ListServer(5)
    feed = Feed(server.fetch, limit=2, first_limit=5)
    await feed.load(Side.OLD)
    server.add(3)
    server.dialect.circular = True
    await feed.refresh()
    assert feed.broken == paging.IN_A_CIRCLE
    assert ids(feed) == server.ids


def server_ids(server: ListServer) -> list[str]:
    """The ids of the rows that have one."""
    return [row["id"] for row in server.rows if "id" in row]

"""The feed on servers that follow the documents."""

from __future__ import annotations

import asyncio

import pytest

from chatkit_tui.errors import APIConnectionError, UnknownCursorError
from chatkit_tui.feed import Feed, Growth, Side
from tests.feed.server import ListServer, load_all, turns


def ids(feed: Feed) -> list[str]:
    """The rows as the feed has them, oldest first, the gap left out."""
    return [entry.name for entry in (*feed.old, *reversed(feed.new))]


async def test_a_new_feed_is_empty_and_sends_no_request() -> None:
    server = ListServer(5)
    feed = Feed(server.fetch)
    assert (len(feed), feed.whole, feed.broken, feed.revision) == (0, False, None, 0)
    assert feed.can_grow(Side.OLD)
    assert feed.can_grow(Side.NEW)
    assert server.calls == []


async def test_the_newest_rows_are_one_request_away() -> None:
    server = ListServer(100_000)
    feed = Feed(server.fetch, first_limit=30)
    assert await feed.load(Side.OLD) == Growth(Side.OLD, 30, whole=False)
    assert await feed.load(Side.NEW) == Growth(Side.NEW, 30, whole=False)
    assert len(server.calls) == 2
    assert feed.old[0].name == "row0"
    assert feed.new[0].name == "row99999"


async def test_the_first_page_is_small_and_those_after_it_large() -> None:
    server = ListServer(300)
    feed = Feed(server.fetch, first_limit=30, limit=100)
    await feed.load(Side.OLD)
    await feed.load(Side.OLD)
    assert [(call.after, call.order, call.limit) for call in server.calls] == [
        (None, "asc", 30),
        ("row29", "asc", 100),
    ]


async def test_the_sides_join_on_the_id_where_they_meet() -> None:
    server = ListServer(10)
    feed = Feed(server.fetch, first_limit=4, limit=4)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    assert not feed.whole
    growth = await feed.load(Side.NEW)
    assert growth == Growth(Side.NEW, 2, whole=True)
    assert ids(feed) == server.ids
    assert feed.rows.repeats == 0


async def test_one_side_alone_makes_the_list_whole_at_its_end() -> None:
    server = ListServer(25)
    feed = Feed(server.fetch, first_limit=10, limit=10)
    await load_all(feed, Side.NEW)
    assert feed.whole
    assert (len(feed.old), len(feed.new)) == (0, 25)
    assert ids(feed) == server.ids


async def test_an_empty_list_is_whole_after_one_request() -> None:
    server = ListServer(0)
    feed = Feed(server.fetch)
    assert await feed.load(Side.OLD) == Growth(Side.OLD, 0, whole=True)
    assert feed.broken is None


async def test_a_whole_feed_sends_no_request() -> None:
    server = ListServer(3)
    feed = Feed(server.fetch)
    await feed.load(Side.OLD)
    assert await feed.load(Side.NEW) == Growth(Side.NEW, 0, whole=True)
    assert len(server.calls) == 1


async def test_a_row_is_found_by_its_id_on_either_side() -> None:
    server = ListServer(10)
    feed = Feed(server.fetch, first_limit=3)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    assert feed.side_and_index("row1") == (Side.OLD, 1)
    assert feed.side_and_index("row8") == (Side.NEW, 1)
    assert feed.side_and_index("row5") is None
    found = feed.entry("row8")
    assert found is not None
    assert found.raw.decode() == '{"id": "row8"}'
    assert feed.entry("row5") is None


async def test_an_error_reaches_the_caller_and_changes_nothing() -> None:
    server = ListServer(10, held=True)
    feed = Feed(server.fetch, first_limit=4, limit=4)
    server.held = False
    await feed.load(Side.OLD)
    before = (ids(feed), feed.revision)
    server.delete("row3")  # the cursor: the load steps back, and that fails
    lost = APIConnectionError("the line dropped")

    async def failing(**_: object) -> None:
        raise lost

    feed._requests.fetch = failing  # type: ignore[assignment]  # a server that is gone
    with pytest.raises(APIConnectionError):
        await feed.load(Side.OLD)
    assert (ids(feed), feed.revision) == before
    assert feed.loading == frozenset()
    feed._requests.fetch = server.fetch
    await load_all(feed)
    assert [row for row in ids(feed) if row != "row3"] == server.ids


async def test_a_list_that_is_gone_raises_the_first_refusal() -> None:
    server = ListServer(50)
    feed = Feed(server.fetch, first_limit=10)
    await feed.load(Side.OLD)
    answers: list[UnknownCursorError] = []

    async def gone(**_: object) -> None:
        answers.append(UnknownCursorError(f"no such thread {len(answers)}"))
        raise answers[-1]

    feed._requests.fetch = gone  # type: ignore[assignment]  # every cursor is refused, and so is none
    with pytest.raises(UnknownCursorError, match="no such thread 0"):
        await feed.load(Side.OLD)
    assert len(feed.old) == 10


# -- rows that arrive ------------------------------------------------------------------------------


async def test_new_rows_are_put_in_front_of_the_newest() -> None:
    server = ListServer(10)
    feed = Feed(server.fetch, first_limit=3)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    server.add(2)
    assert await feed.refresh() == Growth(Side.NEW, 2, whole=False)
    assert [entry.name for entry in feed.new] == ["row11", "row10", "row9", "row8", "row7"]
    assert feed.side_and_index("row11") == (Side.NEW, 0)
    assert feed.side_and_index("row7") == (Side.NEW, 4)


async def test_newer_rows_of_several_pages_all_arrive() -> None:
    server = ListServer(4)
    feed = Feed(server.fetch, limit=10)
    await feed.load(Side.OLD)
    server.add(35)
    assert await feed.refresh() == Growth(Side.NEW, 35, whole=True)
    assert ids(feed) == server.ids


async def test_newer_rows_of_an_unopened_list_are_its_newest_page() -> None:
    server = ListServer(50)
    feed = Feed(server.fetch, first_limit=5)
    await feed.load(Side.OLD)
    assert await feed.refresh() == Growth(Side.NEW, 5, whole=False)


async def test_an_empty_list_that_fills_is_loaded_as_newer_rows() -> None:
    server = ListServer(0)
    feed = Feed(server.fetch)
    await feed.load(Side.NEW)
    server.add(3)
    await feed.refresh()
    assert ids(feed) == server.ids


async def test_newer_rows_are_found_although_the_newest_known_were_deleted() -> None:
    server = ListServer(8)
    feed = Feed(server.fetch)
    await feed.load(Side.OLD)
    server.delete("row7", "row6", "row5")
    server.add(2)
    assert (await feed.refresh()).added == 2
    assert ids(feed)[-2:] == ["row8", "row9"]


async def test_newer_rows_of_a_whole_list_are_found_although_all_known_were_deleted() -> None:
    server = ListServer(8)
    feed = Feed(server.fetch, limit=3)
    await feed.load(Side.OLD)
    server.delete(*server.ids)
    server.add(5)
    assert (await feed.refresh()).added == 5
    assert ids(feed)[-5:] == server.ids
    assert feed.rows.repeats == 0


async def test_the_newest_rows_are_loaded_again_when_all_known_ones_were_deleted() -> None:
    server = ListServer(30)
    feed = Feed(server.fetch, first_limit=4, limit=4)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    server.delete(*(entry.name for entry in feed.new))
    server.add(9)
    assert await feed.refresh() == Growth(Side.NEW, 4, whole=False)
    await load_all(feed)
    assert ids(feed) == server.ids


# -- rows that go ----------------------------------------------------------------------------------


async def test_dropped_rows_are_gone_and_the_rest_keep_their_places() -> None:
    server = ListServer(10)
    feed = Feed(server.fetch, first_limit=4)
    await feed.load(Side.OLD)
    await feed.load(Side.NEW)
    assert feed.drop(["row0", "row8", "never there"]) == 2
    assert [entry.name for entry in feed.old] == ["row1", "row2", "row3"]
    assert feed.side_and_index("row2") == (Side.OLD, 1)
    assert feed.side_and_index("row7") == (Side.NEW, 1)
    assert feed.side_and_index("row0") is None


async def test_paging_continues_after_its_cursor_was_dropped() -> None:
    server = ListServer(10)
    feed = Feed(server.fetch, first_limit=4)
    await feed.load(Side.OLD)
    server.delete("row3")
    feed.drop(["row3"])
    await load_all(feed)
    assert ids(feed) == server.ids
    assert server.calls[-1].after == "row2"


async def test_paging_continues_after_every_row_was_dropped() -> None:
    server = ListServer(10)
    feed = Feed(server.fetch, first_limit=4)
    await feed.load(Side.OLD)
    loaded = [entry.name for entry in feed.old]
    server.delete(*loaded)
    feed.drop(loaded)
    await load_all(feed)
    assert ids(feed) == server.ids


async def test_a_dropped_row_stays_out_of_a_response_in_flight() -> None:
    server = ListServer(10, held=True)
    feed = Feed(server.fetch, first_limit=10)
    load = asyncio.create_task(feed.load(Side.OLD))
    await turns()
    feed.drop(["row6"])
    server.release()
    await load
    assert "row6" not in ids(feed)
    assert feed.rows.repeats == 0


async def test_a_dropped_row_that_the_server_lists_later_is_there_again() -> None:
    server = ListServer(10)
    feed = Feed(server.fetch, first_limit=4)
    await feed.load(Side.OLD)
    feed.drop(["row2", "row6"])
    await load_all(feed)
    assert "row6" in ids(feed)
    assert "row2" not in ids(feed)
    await feed.refresh()
    assert ids(feed) == server.ids


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("deleted", [1, 2, 5, 19])
async def test_rows_that_others_deleted_do_not_stop_paging(side: Side, deleted: int) -> None:
    server = ListServer(60)
    feed = Feed(server.fetch, first_limit=20, limit=7)
    await feed.load(side)
    last = (feed.old or feed.new)[-deleted:]
    server.delete(*(entry.name for entry in last))
    await load_all(feed, side)
    assert feed.broken is None
    assert [row for row in ids(feed) if row in set(server.ids)] == server.ids


@pytest.mark.parametrize("side", Side)
async def test_a_side_whose_rows_were_all_deleted_begins_again(side: Side) -> None:
    server = ListServer(60)
    feed = Feed(server.fetch, first_limit=20, limit=20)
    await feed.load(side)
    server.delete(*(entry.name for entry in feed.old or feed.new))
    server.add(1)
    await load_all(feed, side)
    assert ids(feed) == server.ids


async def test_every_change_of_rows_changes_the_revision() -> None:
    server = ListServer(10)
    feed = Feed(server.fetch, first_limit=4)
    revisions = [feed.revision]
    await feed.load(Side.OLD)
    revisions.append(feed.revision)
    feed.drop(["row1"])
    revisions.append(feed.revision)
    await load_all(feed)
    revisions.append(feed.revision)
    server.add(1)
    await feed.refresh()
    revisions.append(feed.revision)
    assert len(set(revisions)) == 5
    feed.drop(["not there"])
    assert feed.revision == revisions[-1]

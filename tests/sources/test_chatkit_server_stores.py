"""Self-hosted servers over each kind of store: what is read is all there is, once, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from chatkit_tui.errors import (
    NotFoundError,
    OutcomeUnknownError,
    UnknownCursorError,
)
from chatkit_tui.feed.feed import Feed
from chatkit_tui.feed.feed_side import Side
from chatkit_tui.models.page import Page
from chatkit_tui.sources.base import ListQuery, Order
from chatkit_tui.sources.chatkit_server.source import ChatKitServerSource
from chatkit_tui.sources.paging import list_pages
from tests.chatkit_server.app import ChatServer
from tests.chatkit_server.connect import source_of
from tests.chatkit_server.samples import add_thread, fill, messages, with_hidden_stretch
from tests.chatkit_server.stores import (
    STORES,
    AscendingStore,
    CarelessStore,
    DeafStore,
    MemoryStore,
)

ORDERS: tuple[Order, ...] = ("asc", "desc")
CAREFUL = ("memory", "sqlite", "offset", "whole")
"""Stores for which a missing thread is an exception."""


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Iterator[MemoryStore]:
    with closing(STORES[request.param]()) as made:
        fill(made, 7, 5)
        yield made


@pytest.fixture
def server(store: MemoryStore) -> ChatServer:
    return ChatServer(store)


@pytest.fixture
def source(server: ChatServer) -> ChatKitServerSource:
    return source_of(server)


async def names(source: ChatKitServerSource, thread_id: str, order: Order, limit: int) -> list[str]:
    """Return the ids of all items, from one end to the other."""
    found: list[str] = []
    async for step in list_pages(
        lambda query: source.list_items(thread_id, query), ListQuery(limit, order)
    ):
        assert not step.next.reason
        found += [row.name for row in step.rows]
    return found


@pytest.mark.parametrize("order", ORDERS)
async def test_threads_are_listed_from_both_ends(source: ChatKitServerSource, order: Order) -> None:
    found = []
    async for step in list_pages(source.list_threads, ListQuery(3, order)):
        assert not step.next.reason
        found += [row.name for row in step.rows]
    expected = [f"t{number}" for number in range(7)]
    assert found == (expected if order == "asc" else expected[::-1])


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [2, 100])
async def test_items_are_listed_from_both_ends(
    source: ChatKitServerSource, order: Order, limit: int
) -> None:
    expected = [f"t3.{number}" for number in range(5)]
    assert await names(source, "t3", order, limit) == (
        expected if order == "asc" else expected[::-1]
    )


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [10, 20, 100])
async def test_a_stretch_of_hidden_items_is_passed_over(
    store: MemoryStore, source: ChatKitServerSource, order: Order, limit: int
) -> None:
    add_thread(store, "hidden", with_hidden_stretch("hidden", 45), day=9)
    found = await names(source, "hidden", order, limit)
    assert sorted(found) == ["hidden.first", "hidden.last"]
    assert found[0] == ("hidden.first" if order == "asc" else "hidden.last")


def feed_of(source: ChatKitServerSource, thread_id: str) -> Feed:
    async def fetch(*, after: str | None, order: Order, limit: int) -> Page:
        return await source.list_items(thread_id, ListQuery(limit, order, after))

    return Feed(fetch, first_limit=10, limit=20)


@pytest.mark.parametrize("sides", [[Side.NEW], [Side.OLD], [Side.NEW, Side.OLD]], ids=str)
@pytest.mark.parametrize("hidden", [False, True])
async def test_a_feed_has_each_item_once_and_in_order_and_is_whole_at_the_end_alone(
    store: MemoryStore, source: ChatKitServerSource, sides: list[Side], hidden: bool
) -> None:
    items = messages("long", 70)
    if hidden:
        items[35:35] = with_hidden_stretch("long", 45)[1:-1]
    add_thread(store, "long", items, day=9)
    feed = feed_of(source, "long")
    expected = [f"long.{number}" for number in range(70)]
    for _ in range(20):
        for side in sides:
            await feed.load(side)
            shown = [*feed.old, *reversed(feed.new)]
            assert [row.name for row in shown] == sorted(
                {row.name for row in shown}, key=lambda name: int(name.partition(".")[2])
            )
            assert len(feed) == 70 or not feed.whole
        if feed.whole:
            break
    assert [row.name for row in feed.rows] == expected
    assert not feed.broken


async def test_an_item_is_found_in_its_thread_alone(
    store: MemoryStore, source: ChatKitServerSource
) -> None:
    add_thread(store, "long", messages("long", 130), day=9)
    assert await source.has_item("long", "long.3")
    assert not await source.has_item("t1", "long.3")


@pytest.mark.parametrize("side", list(Side))
async def test_a_server_that_ignores_cursors_is_noticed(side: Side) -> None:
    store = DeafStore()
    add_thread(store, "long", messages("long", 70))
    source = source_of(ChatServer(store))
    feed = feed_of(source, "long")
    while feed.can_grow(side):
        await feed.load(side)
        assert not feed.whole
    assert feed.broken
    assert len(feed) == len({row.name for row in feed.rows}) <= 20
    with pytest.raises(UnknownCursorError, match="began the list again"):
        await names(source, "long", side.order, 20)


@pytest.mark.parametrize("sides", [[Side.NEW], [Side.OLD], [Side.NEW, Side.OLD]], ids=str)
async def test_a_list_that_ignores_the_order_is_turned_round(sides: list[Side]) -> None:
    store = AscendingStore()
    add_thread(store, "long", messages("long", 70))
    feed = feed_of(source_of(ChatServer(store)), "long")
    while not feed.whole:
        for side in sides:
            await feed.load(side)
    assert [row.name for row in feed.rows] == [f"long.{number}" for number in range(70)]


async def test_newer_items_are_found(store: MemoryStore, source: ChatKitServerSource) -> None:
    known = (await source.list_items("t1", ListQuery(100, "asc"))).rows
    assert not (await source.list_newer_items("t1", known[-1:])).rows
    store.extend("t1", messages("t1", 130, start=5))
    newer = await source.list_newer_items("t1", known[-1:])
    assert [row.name for row in newer.rows] == [f"t1.{number}" for number in range(5, 135)]
    assert newer.has_more is False


async def test_newer_items_without_the_known_ones_are_no_continuation(
    source: ChatKitServerSource,
) -> None:
    other = (await source.list_items("t2", ListQuery(1))).rows
    with pytest.raises(UnknownCursorError):
        await source.list_newer_items("t1", other)


@pytest.mark.parametrize("side", list(Side))
async def test_a_feed_that_is_followed_has_what_came(
    store: MemoryStore, source: ChatKitServerSource, side: Side
) -> None:
    add_thread(store, "long", messages("long", 70), day=9)
    feed = feed_of(source, "long")
    while not feed.whole:
        await feed.load(side)
    store.extend("long", messages("long", 30, start=70))
    for _ in range(5):
        await feed.poll()
    await feed.refresh()
    assert [row.name for row in feed.rows] == [f"long.{number}" for number in range(100)]


async def test_a_thread_is_opened_by_its_id(
    source: ChatKitServerSource, server: ChatServer, store: MemoryStore
) -> None:
    thread = await source.get_thread("t4")
    assert thread.name == "t4"
    assert b'"title":"Thread t4"' in thread.raw
    assert server.asked_types == ["items.list", "threads.get_by_id"]
    assert not store.writes


async def test_a_thread_without_items_is_found_in_the_list(
    store: MemoryStore, source: ChatKitServerSource, server: ChatServer
) -> None:
    add_thread(store, "empty", day=9)
    assert (await source.get_thread("empty")).name == "empty"
    assert "threads.get_by_id" not in server.asked_types


async def test_opening_an_unknown_id_creates_no_thread(
    store: MemoryStore, source: ChatKitServerSource, server: ChatServer
) -> None:
    careless = isinstance(store, CarelessStore)
    with pytest.raises(NotFoundError) as raised:
        await source.get_thread("t_unknown")
    assert "such thread" in str(raised.value)
    if careless:
        assert not (await source.list_items("t_unknown", ListQuery())).rows
    else:
        with pytest.raises(NotFoundError, match="No such thread, or another user's"):
            await source.list_items("t_unknown", ListQuery())
    assert not store.writes
    assert "threads.get_by_id" not in server.asked_types
    assert len((await source.list_threads(ListQuery(100))).rows) == 7


async def test_an_unknown_cursor_is_noticed(source: ChatKitServerSource) -> None:
    await source.list_threads(ListQuery(3, "desc"))
    await source.list_items("t1", ListQuery(2, "asc"))
    with pytest.raises(UnknownCursorError):
        await source.list_threads(ListQuery(3, "desc", "t_unknown"))
    with pytest.raises(UnknownCursorError):
        await source.list_items("t1", ListQuery(2, "asc", "i_unknown"))


async def test_a_thread_is_deleted(
    store: MemoryStore, source: ChatKitServerSource, server: ChatServer
) -> None:
    await source.list_threads(ListQuery(100))
    server.asked.clear()
    deletion = await source.delete_thread("t3")
    assert not deletion.proof
    assert server.asked_types == ["threads.delete"]
    assert store.writes == ["delete t3"]
    found = [row.name for row in (await source.list_threads(ListQuery(100, "asc"))).rows]
    assert found == ["t0", "t1", "t2", "t4", "t5", "t6"]


@pytest.mark.parametrize("store", CAREFUL, indirect=True)
async def test_deleting_what_no_list_had_proves_nothing(
    source: ChatKitServerSource, server: ChatServer
) -> None:
    with pytest.raises(
        OutcomeUnknownError, match="whether it had it before is not known"
    ) as raised:
        await source.delete_thread("t_unknown")
    assert "threads.get_by_id" not in server.asked_types
    assert raised.value.reason == "the server failed (500); missing when looked up"


def crash() -> Exception:
    return RuntimeError("after it was done")


@pytest.mark.parametrize("make", [crash])
async def test_a_deletion_that_ends_in_an_error_is_looked_up_in_the_list(
    store: MemoryStore,
    source: ChatKitServerSource,
    server: ChatServer,
    make: Callable[[], Exception],
) -> None:
    await source.list_threads(ListQuery(100))
    server.after.append(make())
    deletion = await source.delete_thread("t3")
    assert deletion.proof == "no longer in the list of threads"
    assert "threads.get_by_id" not in server.asked_types


async def test_a_thread_that_is_still_listed_after_an_error_may_be_deleted_yet(
    store: MemoryStore, source: ChatKitServerSource, server: ChatServer
) -> None:
    await source.list_threads(ListQuery(100))
    server.instead.append(crash())
    with pytest.raises(OutcomeUnknownError, match="still there a moment ago"):
        await source.delete_thread("t3")
    assert not store.writes


async def test_a_user_header_selects_the_threads_and_is_sent_with_their_items(
    store: MemoryStore, source: ChatKitServerSource, server: ChatServer
) -> None:
    rows = (await source.list_threads(ListQuery(100, "asc", user="user 1"))).rows
    assert [row.name for row in rows] == ["t1", "t3", "t5"]
    await source.list_threads(ListQuery(100))
    await source.list_items("t1", ListQuery())
    assert "x-user-id" not in server.asked[-1].headers
    await source.list_threads(ListQuery(100, user="user 1"))
    await source.list_items("t1", ListQuery())
    assert server.asked[-1].headers["x-user-id"] == "user 1"

"""The contract of `ThreadSource`, for each kind of source alike."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from chatkit_tui.emulator import DEMO_KEY, DEMO_URL, Emulator
from chatkit_tui.emulator.transport import EmulatorTransport
from chatkit_tui.errors import (
    APIConnectionError,
    APIError,
    InvalidArgumentError,
    NotFoundError,
    OutcomeUnknownError,
    UnknownCursorError,
)
from chatkit_tui.models.page import Page, RawRow
from chatkit_tui.sources.archive.source import ArchiveSource
from chatkit_tui.sources.base import (
    Capability,
    Deletion,
    ListQuery,
    Order,
    SearchQuery,
    SourceInfo,
    ThreadSource,
)
from chatkit_tui.sources.database.source import DatabaseSource
from chatkit_tui.sources.http.response import parse_list_answer
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.sources.openai.source import OpenAISource
from chatkit_tui.sources.paging import iterate_pages, next_after
from tests.chatkit_server.app import ChatServer
from tests.chatkit_server.connect import source_of
from tests.chatkit_server.samples import fill
from tests.chatkit_server.stores import STORES
from tests.sources.archive.builder import follow, index_all, list_threads, message, thread, writing
from tests.sources.database import stores

THREADS, ITEMS = 7, 5
POSTGRES = pytest.param("PostgreSQL", marks=pytest.mark.slow)
INFO = SourceInfo("test")


class MemorySource(ThreadSource):
    """Threads in a dictionary, oldest first."""

    info = INFO
    capabilities = frozenset({Capability.DELETE, Capability.FILTER_BY_USER})

    def __init__(self) -> None:
        self.threads = {
            f"t{number}": {"id": f"t{number}", "created_at": number, "user": f"user {number % 2}"}
            for number in range(THREADS)
        }
        self.delay = 0.0
        self.closed = False

    async def list_threads(self, query: ListQuery) -> Page:
        wanted = [row for row in self.threads.values() if query.user in (None, row["user"])]
        return await self._page(wanted, query)

    async def list_items(self, thread_id: str, query: ListQuery) -> Page:
        await self.get_thread(thread_id)
        rows = [{"id": f"{thread_id}.{number}", "created_at": number} for number in range(ITEMS)]
        return await self._page(rows, query)

    async def list_newer_items(self, thread_id: str, known: Sequence[RawRow]) -> Page:
        return await self.list_items(thread_id, ListQuery(order="asc", after=known[-1].name))

    async def get_thread(
        self,
        thread_id: str,
        *,
        background: bool = False,  # noqa: ARG002
    ) -> RawRow:
        if thread_id not in self.threads:
            raise NotFoundError(f"No thread {thread_id}.", status=404)
        return (await self._page([self.threads[thread_id]], ListQuery())).rows[0]

    async def delete_thread(self, thread_id: str) -> Deletion:
        await self.get_thread(thread_id)
        del self.threads[thread_id]
        return Deletion(proof="no longer in the dictionary")

    async def aclose(self) -> None:
        self.closed = True

    async def _page(self, rows: Sequence[dict[str, Any]], query: ListQuery) -> Page:
        if self.closed:
            raise APIConnectionError("The source is closed.")
        await asyncio.sleep(self.delay)
        rows = rows if query.order == "asc" else rows[::-1]
        ids = [row["id"] for row in rows]
        if query.after is not None and query.after not in ids:
            raise UnknownCursorError(f"No row {query.after}.")
        start = ids.index(query.after) + 1 if query.after else 0
        end = len(rows) if query.limit is None else start + query.limit
        answer = {"data": rows[start:end], "has_more": end < len(rows)}
        return parse_list_answer(json.dumps(answer).encode())


class Harness:
    """A source, and the means to delay its answers."""

    def __init__(
        self,
        source: ThreadSource,
        delayed: MemorySource | Emulator | ChatServer | None,
        capabilities: set[Capability],
        *,
        tells_missing: bool = True,
    ) -> None:
        self.source = source
        self.tells_missing = tells_missing
        """Whether what is missing and what failed are not the same to it."""
        self.capabilities = capabilities
        """Those that this kind of source has at least."""
        self._delayed = delayed

    def delay(self, seconds: float) -> None:
        """Delay the answers; those of a file come from a thread that nothing delays."""
        if isinstance(self._delayed, Emulator):
            self._delayed.latency = seconds * 1000
        elif self._delayed is not None:
            self._delayed.delay = seconds

    async def ids(self, order: Order, **query: Any) -> list[str]:
        rows = (await self.source.list_threads(ListQuery(order=order, **query))).rows
        return [row.name for row in rows]


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(threads=THREADS, items=ITEMS)


def make_archive(path: Path) -> None:
    """Write as many threads and items as the other sources have."""
    names = [f"t{number}" for number in range(THREADS)]
    with writing(path) as writer:
        list_threads(
            writer,
            *(
                thread(name, created_at=number, user=f"user {number % 2}")
                for number, name in enumerate(names)
            ),
        )
        for name in names:
            follow(writer, name, [message(f"{name}.{number}") for number in range(ITEMS)])
        index_all(writer)


STORED_THREADS = [
    (stores.thread(number, id=f"t{number}"), f"user {number % 2}") for number in range(THREADS)
]
STORED_ITEMS = [
    stores.item(f"t{number}", place) for number in range(THREADS) for place in range(ITEMS)
]


SERVERS = ("server", "server 404", "server offset")


@pytest_asyncio.fixture(
    params=["memory", "in-process", "socket", "archive", "SQLite", POSTGRES, *SERVERS]
)
async def harness(
    request: pytest.FixtureRequest, emulator: Emulator, tmp_path: Path
) -> AsyncIterator[Harness]:
    delayed: MemorySource | Emulator | ChatServer | None = emulator
    tells_missing = True
    capabilities = {Capability.DELETE, Capability.FILTER_BY_USER}
    source: ThreadSource
    if request.param == "memory":
        source = delayed = MemorySource()
    elif request.param == "in-process":
        client = ChatKitClient(
            api_key=DEMO_KEY,
            base_url=DEMO_URL,
            transport=EmulatorTransport(emulator),
            max_retries=0,
        )
        source = OpenAISource(client, INFO)
    elif request.param == "archive":
        make_archive(tmp_path / "file")
        source, delayed = ArchiveSource(tmp_path / "file"), None
        capabilities = {Capability.FILTER_BY_USER, Capability.SEARCH, Capability.VERSIONS}
    elif request.param in ("SQLite", "PostgreSQL"):
        place = tmp_path / "file"
        if request.param == "SQLite":
            stores.make_file(place, stores.PLAIN, STORED_THREADS, STORED_ITEMS)
        else:
            place = request.getfixturevalue("postgres").new_database()
            stores.make_database(str(place), stores.PLAIN, STORED_THREADS, STORED_ITEMS)
        source, delayed = DatabaseSource(place), None
        capabilities = {Capability.FILTER_BY_USER, Capability.LIVE}
    elif request.param.startswith("server"):
        store = STORES["offset" if request.param == "server offset" else "memory"]()
        fill(store, THREADS, ITEMS)
        delayed = ChatServer(store, missing=404 if request.param == "server 404" else 500)
        source, tells_missing = source_of(delayed), request.param == "server 404"
    else:
        address = request.getfixturevalue("address")
        client = ChatKitClient(api_key=DEMO_KEY, base_url=address, max_retries=0)
        source = OpenAISource(client, INFO)
    yield Harness(source, delayed, capabilities, tells_missing=tells_missing)
    await source.aclose()


@pytest.fixture
def source(harness: Harness) -> ThreadSource:
    return harness.source


async def test_the_source_describes_itself(harness: Harness) -> None:
    source = harness.source
    assert source.info.name
    assert source.info is source.info
    assert source.capabilities >= harness.capabilities


async def test_a_missing_capability_is_named(source: ThreadSource) -> None:
    calls: dict[Capability, Callable[[], Awaitable[object]]] = {
        Capability.DELETE: lambda: source.delete_thread("t0"),
        Capability.SEARCH: lambda: source.search(SearchQuery("text")),
        Capability.VERSIONS: lambda: source.versions("t0"),
        Capability.SESSIONS: lambda: source.cancel_session("s0"),
    }
    for capability in calls.keys() - source.capabilities:
        with pytest.raises(NotImplementedError, match=f"does not offer: {capability}"):
            await calls[capability]()


async def test_a_search_finds_items_and_threads(source: ThreadSource) -> None:
    if Capability.SEARCH not in source.capabilities:
        pytest.skip("it does not search")
    hits, not_indexed = await source.search(SearchQuery("hello", limit=THREADS * ITEMS + 1))
    assert not_indexed == 0
    assert len(hits) == THREADS * ITEMS
    assert {hit.thread_id for hit in hits} == {f"t{number}" for number in range(THREADS)}
    (hit,) = (await source.search(SearchQuery("hello", limit=1))).hits
    assert hit in hits
    with pytest.raises(InvalidArgumentError):
        await source.search(SearchQuery("-hello"))


async def test_a_thread_without_changes_has_no_versions(source: ThreadSource) -> None:
    if Capability.VERSIONS not in source.capabilities:
        pytest.skip("it keeps no versions")
    assert list(await source.versions("t0")) == []
    with pytest.raises(NotFoundError):
        await source.versions("cthr_unknown")


@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_pages_follow_each_other_from_either_end(harness: Harness, order: Order) -> None:
    async def fetch(cursor: str | None) -> Page:
        return await harness.source.list_threads(ListQuery(3, order, cursor))

    pages = [step.page async for step in iterate_pages(fetch)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [page.has_more for page in pages] == [True, True, False]
    found = [row.name for page in pages for row in page.rows]
    assert found == await harness.ids(order)
    assert found[::-1] == await harness.ids("desc" if order == "asc" else "asc")


async def test_the_newest_thread_is_first_by_default(source: ThreadSource) -> None:
    rows = (await source.list_threads(ListQuery())).rows
    newest = (await source.list_threads(ListQuery(1, "desc"))).rows
    assert [rows[0].name] == [row.name for row in newest]


async def test_the_next_page_follows_the_cursor(source: ThreadSource) -> None:
    first = await source.list_threads(ListQuery(2, "asc"))
    assert first.next_cursor == next_after(first).cursor
    if first.ids_are_cursors:
        assert first.next_cursor == first.rows[-1].name
    following = await source.list_threads(ListQuery(1, "asc", first.next_cursor))
    assert following.rows[0].name not in {row.name for row in first.rows}


@pytest.mark.parametrize("background", [False, True])
async def test_items_have_an_order_and_an_end(source: ThreadSource, background: bool) -> None:
    thread = (await source.list_threads(ListQuery(1))).rows[0]
    oldest = await source.list_items(thread.name, ListQuery(order="asc", background=background))
    newest = await source.list_items(thread.name, ListQuery(order="desc", background=background))
    assert len(oldest) == ITEMS
    assert oldest.has_more is False
    assert [row.name for row in oldest.rows] == [row.name for row in newest.rows][::-1]


async def test_an_unknown_cursor_raises_its_own_error(source: ThreadSource) -> None:
    thread = (await source.list_threads(ListQuery(1))).rows[0]
    with pytest.raises(UnknownCursorError):
        await source.list_threads(ListQuery(after="t_unknown"))
    with pytest.raises(UnknownCursorError):
        await source.list_items(thread.name, ListQuery(after="i_unknown"))


async def test_newer_items_are_those_behind_the_known_ones(source: ThreadSource) -> None:
    thread = (await source.list_threads(ListQuery(1))).rows[0]
    rows = (await source.list_items(thread.name, ListQuery(order="asc"))).rows
    newer = await source.list_newer_items(thread.name, rows[:-2])
    assert [row.name for row in newer.rows] == [row.name for row in rows[-2:]]
    assert not (await source.list_newer_items(thread.name, rows)).rows


async def test_a_thread_is_found_by_its_id(source: ThreadSource) -> None:
    listed = (await source.list_threads(ListQuery(1))).rows[0]
    thread = await source.get_thread(listed.name)
    assert thread.name == listed.name
    retrieved = json.loads(thread.raw)
    # A self-hosted server has the first items with a thread, though not in a list.
    assert {**retrieved, "items": None} == {**json.loads(listed.raw), "items": None}


async def test_an_unknown_thread_is_not_found(harness: Harness) -> None:
    source = harness.source
    with pytest.raises(NotFoundError) as raised:
        await source.get_thread("cthr_unknown")
    assert raised.value.from_api == harness.tells_missing
    with pytest.raises(NotFoundError):
        await source.list_items("cthr_unknown", ListQuery())


async def test_a_deleted_thread_is_gone(harness: Harness) -> None:
    source = harness.source
    if Capability.DELETE not in source.capabilities:
        pytest.skip("it does not delete")
    before = await harness.ids("asc")
    assert isinstance(await source.delete_thread(before[3]), Deletion)
    assert await harness.ids("asc") == before[:3] + before[4:]
    with pytest.raises(NotFoundError):
        await source.get_thread(before[3])
    with pytest.raises(UnknownCursorError):
        await source.list_threads(ListQuery(after=before[3]))
    with pytest.raises(NotFoundError if harness.tells_missing else OutcomeUnknownError):
        await source.delete_thread(before[3])


async def test_threads_are_filtered_by_user(harness: Harness) -> None:
    rows = (await harness.source.list_threads(ListQuery(order="asc"))).rows
    users = [
        json.loads(row.raw).get("user", f"user {number % 2}") for number, row in enumerate(rows)
    ]
    expected = [row.name for row, user in zip(rows, users, strict=True) if user == users[0]]
    assert await harness.ids("asc", user=users[0]) == expected
    assert await harness.ids("asc", user="nobody by that name") == []


async def test_a_cancelled_request_leaves_the_source_usable(harness: Harness) -> None:
    harness.delay(60)
    request = asyncio.create_task(harness.ids("asc"))
    await asyncio.sleep(0)
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    harness.delay(0)
    assert len(await harness.ids("asc")) == THREADS


async def test_a_closed_source_answers_nothing(source: ThreadSource) -> None:
    await source.aclose()
    with pytest.raises(APIError):
        await source.list_threads(ListQuery())
    await source.aclose()

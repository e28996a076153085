"""The emulator of a self-hosted server answers as the package's own server does."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httpx
import pytest
import pytest_asyncio

from chatkit_tui.emulator.sample_data import load_self_hosted_stories
from chatkit_tui.emulator.self_hosted import PATH, SERVER_URL, USER_HEADER, SelfHostedEmulator
from chatkit_tui.emulator.self_hosted_rows import HIDDEN
from chatkit_tui.emulator.transport import EmulatorTransport
from tests.loopback import serving

STORY = "Can the move on Saturday take a piano?"
PACKAGE_TYPES = 11
HIDDEN_ITEMS = 2


class Server(NamedTuple):
    """A server and its one address."""

    client: httpx.AsyncClient
    url: str

    async def send(self, body: object, **headers: str) -> httpx.Response:
        text = body if isinstance(body, str) else json.dumps(body)
        return await self.client.post(self.url, content=text, headers=headers)

    async def ask(self, kind: str, /, **params: Any) -> Any:
        answer = await self.send({"type": kind, "params": params})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def walk(self, kind: str, /, **params: Any) -> AsyncIterator[Any]:
        """Yield each page of a list."""
        page = await self.ask(kind, **params)
        yield page
        while page["has_more"]:
            page = await self.ask(kind, **params, after=page["after"])
            yield page


def emulated(emulator: SelfHostedEmulator) -> Server:
    return Server(httpx.AsyncClient(transport=EmulatorTransport(emulator)), SERVER_URL)


@pytest.fixture
def emulator() -> SelfHostedEmulator:
    return SelfHostedEmulator(8)


@pytest_asyncio.fixture
async def server(emulator: SelfHostedEmulator) -> AsyncIterator[Server]:
    server = emulated(emulator)
    async with server.client:
        yield server


@pytest_asyncio.fixture
async def package(emulator: SelfHostedEmulator) -> AsyncIterator[Server]:
    """The package's server with the emulator's conversations in its store."""
    from tests.chatkit_package import read_item, types
    from tests.chatkit_server import app, stores

    store = stores.MemoryStore()
    for index in range(len(emulator.threads)):
        row = emulator.threads.row(index)
        del row["items"]
        items = emulator.threads.items(index)
        store.add(
            emulator.library.user(index),
            types.ThreadMetadata.model_validate(row),
            [read_item(items.row(place)) for place in range(len(items))],
        )
    transport = httpx.ASGITransport(app.ChatServer(store).app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport) as client:
        yield Server(client, f"http://package.invalid{app.PATH}")


def shape(page: Any) -> Any:
    """A page without the value of its cursor, which is the server's own, and without widgets.

    The package adds defaults to these.
    """
    rows = [{**row, "widget": row["widget"]["type"]} if "widget" in row else row
            for row in page["data"]]  # fmt: skip
    return {**page, "data": rows, "after": "after" in page}


@pytest.mark.slow
@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_lists_are_those_of_the_package(server: Server, package: Server, order: str) -> None:
    ours = [shape(page) async for page in server.walk("threads.list", limit=3, order=order)]
    theirs = [shape(page) async for page in package.walk("threads.list", limit=3, order=order)]
    assert ours == theirs
    for thread in (thread for page in ours for thread in page["data"]):
        how: Any = {"thread_id": thread["id"], "limit": 5, "order": order}
        assert [shape(page) async for page in server.walk("items.list", **how)] == [
            shape(page) async for page in package.walk("items.list", **how)
        ]


@pytest.mark.slow
async def test_each_request_is_answered_as_by_the_package(server: Server, package: Server) -> None:
    threads = (await server.ask("threads.list"))["data"]
    assert len(threads) == 8
    for thread in threads:
        get = await server.ask("threads.get_by_id", thread_id=thread["id"])
        got = await package.ask("threads.get_by_id", thread_id=thread["id"])
        assert {**get, "items": shape(get["items"])} == {**got, "items": shape(got["items"])}
    first, second = threads[0]["id"], threads[1]["id"]
    changes: list[tuple[str, dict[str, Any]]] = [
        ("threads.update", {"thread_id": first, "title": "Renamed"}),
        ("items.feedback", {"thread_id": first, "item_ids": ["msg_1"], "kind": "negative"}),
        ("threads.delete", {"thread_id": second}),
        ("threads.list", {"limit": None}),
        ("threads.list", {"limit": 0, "user": "nobody"}),
        ("threads.list", {"limit": 1_000}),
    ]
    for kind, params in changes:
        assert await server.ask(kind, **params) == await package.ask(kind, **params), kind


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        "not JSON",
        "[" * 100_000,
        {"type": "threads.search", "params": {}},
        {"type": "threads.list"},
        {"type": "threads.list", "params": {"limit": "many"}},
        {"type": "threads.list", "params": {"order": "up"}},
        {"type": "threads.list", "params": {"after": "thr_none"}},
        {"type": "threads.get_by_id", "params": {"thread_id": "thr_none"}},
        {"type": "threads.get_by_id", "params": {}},
        {"type": "threads.delete", "params": {"thread_id": "thr_00000000"}},
        {"type": "threads.update", "params": {"thread_id": "thr_none", "title": "a"}},
        {"type": "items.list", "params": {"thread_id": "thr_none"}},
        {"type": "items.feedback", "params": {"thread_id": "t", "item_ids": [], "kind": "mild"}},
    ],
)
async def test_what_cannot_be_answered_fails_as_in_the_package(
    server: Server, package: Server, body: object
) -> None:
    ours, theirs = await server.send(body), await package.send(body)
    assert ours.status_code == theirs.status_code == 500
    assert ours.text == theirs.text
    assert ours.headers["content-type"] == theirs.headers["content-type"]


@pytest.mark.slow
@pytest.mark.parametrize(("method", "end"), [("GET", ""), ("POST", "/"), ("POST", "/other")])
async def test_other_addresses_and_methods_are_answered_as_by_the_package(
    server: Server, package: Server, method: str, end: str
) -> None:
    ours = await server.client.request(method, server.url + end)
    theirs = await package.client.request(method, package.url + end)
    assert (ours.status_code, ours.text) == (theirs.status_code, theirs.text)


async def test_the_story_has_an_item_of_each_type(server: Server) -> None:
    kinds = {item["type"] for story in load_self_hosted_stories() for item in story.items}
    assert len(kinds - HIDDEN) + len(HIDDEN & kinds) == PACKAGE_TYPES
    [thread, *_] = (await server.ask("threads.list", limit=1))["data"]
    assert thread["title"] == STORY
    pages = [page async for page in server.walk("items.list", thread_id=thread["id"])]
    assert {item["type"] for page in pages for item in page["data"]} == kinds - HIDDEN


async def test_a_page_of_hidden_items_is_empty_and_has_a_cursor(server: Server) -> None:
    thread = (await server.ask("threads.list", limit=1))["data"][0]
    how: Any = {"thread_id": thread["id"], "limit": 1, "order": "asc"}
    pages = [page async for page in server.walk("items.list", **how)]
    assert [len(page["data"]) for page in pages[:3]] == [1, 0, 1]


async def test_a_header_names_the_user(server: Server, emulator: SelfHostedEmulator) -> None:
    body = {"type": "threads.list", "params": {}}
    user = emulator.library.user(len(emulator.library) - 1)
    rows = (await server.send(body, **{USER_HEADER: user})).json()["data"]
    assert [row["title"] for row in rows][:1] == [STORY]
    assert len(rows) < len((await server.ask("threads.list"))["data"])
    assert (await server.send(body, **{USER_HEADER: "nobody"})).json()["data"] == []
    other = {"type": "threads.get_by_id", "params": {"thread_id": rows[0]["id"]}}
    assert (await server.send(other, **{USER_HEADER: "nobody"})).status_code == 500


async def test_a_token_is_asked_for() -> None:
    server = emulated(SelfHostedEmulator(2, token="open-sesame"))
    async with server.client:
        body = {"type": "threads.list", "params": {}}
        assert (await server.send(body)).json() == {"detail": "Not authenticated"}
        assert (await server.send(body, Authorization="Bearer wrong")).status_code == 401
        assert (await server.send(body, Authorization="Bearer open-sesame")).status_code == 200


@pytest.mark.parametrize(("naive", "end"), [(True, "T09:20:30"), (False, "T09:20:30Z")])
async def test_times_have_a_zone_or_not(naive: bool, end: str) -> None:
    server = emulated(SelfHostedEmulator(1, naive=naive))
    async with server.client:
        [thread] = (await server.ask("threads.list"))["data"]
    assert thread["created_at"].endswith(end)


async def test_ids_are_short_and_different() -> None:
    server = emulated(SelfHostedEmulator(40, items=60))
    async with server.client:
        threads = [row["id"] for row in (await server.ask("threads.list", limit=100))["data"]]
        ids = [
            item["id"]
            for thread in threads
            for item in (await server.ask("items.list", thread_id=thread, limit=100))["data"]
        ]
    assert len(set(threads)) == 40
    assert len(set(ids)) == len(ids) == 40 * 60 - HIDDEN_ITEMS


def test_the_connection_ends_after_a_failure_without_a_word() -> None:
    request = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    with serving(SelfHostedEmulator(1)) as address:
        port = int(address.removesuffix("/v1").rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(request)
            answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert answer.endswith(b"Internal Server Error")
    assert b"connection: close" not in answer.lower()

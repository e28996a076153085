"""What is sent is what the official SDK sends: method, path, query, headers and body."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import httpx2
import pytest

from chatkit_tui.sources.openai import ChatKitClient
from tests.sources.scripted import (
    KEY,
    SESSION,
    THREAD,
    URL,
    ScriptedServer,
    answer,
    client_of,
    rows,
)

if TYPE_CHECKING:
    from openai import AsyncOpenAI

HEADERS = (
    "accept",
    "authorization",
    "content-type",
    "host",
    "openai-beta",
    "openai-organization",
    "openai-project",
    "x-extra",
)
"""The headers that the API or a gateway may look at."""


class Sent(NamedTuple):
    """The relevant parts of a request at the server."""

    method: str
    origin: str
    path: bytes
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: Any


def sent(request: httpx.Request | httpx2.Request) -> Sent:
    """Take a request of either library apart."""
    path, _, _ = request.url.raw_path.partition(b"?")
    content = request.content
    return Sent(
        request.method,
        f"{request.url.scheme}://{request.url.host}",
        path,
        sorted(request.url.params.multi_items()),
        {name: request.headers[name] for name in HEADERS if name in request.headers},
        json.loads(content) if content else None,
    )


class SDKServer(httpx2.AsyncBaseTransport):
    """Where the SDK's network would be: remembers the request, gives `value` as JSON."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self.requests: list[httpx2.Request] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return httpx2.Response(200, json=self.value, request=request)


def official_client(**settings: Any) -> AsyncOpenAI:
    """The SDK's client; to import it takes seconds."""
    from openai import AsyncOpenAI

    return AsyncOpenAI(**settings)


async def sent_by_sdk(
    call: Callable[[Any], Awaitable[Any]], value: Any, **settings: Any
) -> list[Sent]:
    server = SDKServer(value)
    async with official_client(
        api_key=KEY,
        base_url=URL,
        http_client=httpx2.AsyncClient(transport=server),
        **settings,
    ) as sdk:
        await call(sdk.beta.chatkit)
    return [sent(request) for request in server.requests]


async def sent_by_us(
    call: Callable[[ChatKitClient], Awaitable[Any]], value: Any, **settings: Any
) -> list[Sent]:
    server = ScriptedServer(answer(value))
    async with client_of(server, **settings) as client:
        await call(client)
    return [sent(request) for request in server.requests]


async def assert_same(call: Callable[[Any], Awaitable[Any]], value: Any, **settings: Any) -> Sent:
    """Both libraries send the same for `call`; gives what it was."""
    theirs = await sent_by_sdk(call, value, **settings)
    ours = await sent_by_us(call, value, **settings)
    assert ours == theirs
    return ours[0]


LIST: dict[str, Any] = {
    "object": "list",
    "data": [],
    "first_id": None,
    "last_id": None,
    "has_more": False,
}

DELETED = {"id": "cthr_1", "object": "chatkit.thread.deleted", "deleted": True}
EXTRAS: dict[str, Any] = {
    "extra_headers": {"X-Extra": "1", "OpenAI-Beta": "chatkit_beta=v2"},
    "extra_query": {"limit": 7, "flag": True, "tags": ["a", "b"], "deep": {"x": 1.5}, "none": None},
}

ODD_IDS = (
    "cthr_0123",
    "with space",
    "slash/inside",
    "../up",
    "...",
    "per%cent",
    "%2e%2e",
    "%2F",
    "frag#ment?query=1",
    "ünïcödé-日本-🎉",
    "a+b&c=d;e,f:g@h!i$j'k(l)m*n~o",
    'quote"<back\\slash>^`{|}',
    "tab\tnew\nline\x1b",
    " ",
)


@pytest.mark.parametrize("thread_id", ODD_IDS)
async def test_retrieve_asks_for_the_path_that_the_sdk_asks_for(thread_id: str) -> None:
    request = await assert_same(lambda api: api.threads.retrieve(thread_id), THREAD)
    assert request.path.count(b"/") == 4


@pytest.mark.parametrize("thread_id", ODD_IDS)
async def test_delete_asks_for_the_path_that_the_sdk_asks_for(thread_id: str) -> None:
    value = {"id": thread_id, "object": "chatkit.thread.deleted", "deleted": True}
    request = await assert_same(lambda api: api.threads.delete(thread_id), value)
    assert request.method == "DELETE"


@pytest.mark.parametrize("thread_id", ODD_IDS)
async def test_list_items_asks_for_the_path_that_the_sdk_asks_for(thread_id: str) -> None:
    await assert_same(lambda api: api.threads.list_items(thread_id), LIST)


@pytest.mark.parametrize("session_id", ODD_IDS)
async def test_cancel_asks_for_the_path_that_the_sdk_asks_for(session_id: str) -> None:
    request = await assert_same(lambda api: api.sessions.cancel(session_id), SESSION)
    assert request.body is None


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"limit": 0},
        {"limit": 100, "order": "asc"},
        {"after": "cthr_1", "before": "cthr/2 &=", "order": "desc", "user": "ada@example.com"},
        {"user": "名前 + %20 ü"},
        EXTRAS,
        {"user": "ada", **EXTRAS, "extra_body": {"x": 1}},
    ],
)
async def test_list_sends_the_query_that_the_sdk_sends(arguments: dict[str, Any]) -> None:
    await assert_same(lambda api: api.threads.list(**arguments), LIST)


@pytest.mark.parametrize(
    "arguments",
    [{}, {"limit": 3, "order": "asc", "after": "cti_1", "before": "cti_2"}, EXTRAS],
)
async def test_list_items_sends_the_query_that_the_sdk_sends(arguments: dict[str, Any]) -> None:
    await assert_same(lambda api: api.threads.list_items("cthr_1", **arguments), LIST)


SESSION_ARGUMENTS: tuple[dict[str, Any], ...] = (
    {"user": "ada", "workflow": {"id": "wf_1"}},
    {
        "user": "ada",
        "workflow": {
            "id": "wf_1",
            "version": "3",
            "state_variables": {"text": "ü", "whole": 1, "part": 1.5, "truth": True},
            "tracing": {"enabled": False},
        },
        "expires_after": {"anchor": "created_at", "seconds": 600},
        "rate_limits": {"max_requests_per_1_minute": 3},
        "chatkit_configuration": {
            "automatic_thread_titling": {"enabled": False},
            "file_upload": {"enabled": True, "max_file_size": 512, "max_files": 1},
            "history": {"enabled": True, "recent_threads": 5},
        },
    },
    {
        "user": "ada",
        "workflow": {"id": "wf_1"},
        "extra_body": {"user": "bob", "new_field": {"a": [1, None]}},
        **EXTRAS,
    },
)


@pytest.mark.parametrize("arguments", SESSION_ARGUMENTS)
async def test_create_sends_the_body_that_the_sdk_sends(arguments: dict[str, Any]) -> None:
    await assert_same(lambda api: api.sessions.create(**arguments), SESSION)


@pytest.mark.parametrize("method", ["delete", "retrieve"])
async def test_extras_of_a_thread_call_are_sent_as_the_sdk_sends_them(method: str) -> None:
    await assert_same(
        lambda api: getattr(api.threads, method)("cthr_1", **EXTRAS, extra_body={"a": 1}),
        DELETED if method == "delete" else THREAD,
    )


async def test_extras_of_cancel_are_sent_as_the_sdk_sends_them() -> None:
    request = await assert_same(
        lambda api: api.sessions.cancel("cksess_1", **EXTRAS, extra_body={"a": 1}), SESSION
    )
    assert request.body == {"a": 1}


async def test_organization_and_project_are_sent_as_the_sdk_sends_them() -> None:
    request = await assert_same(
        lambda api: api.threads.retrieve("cthr_1"), THREAD, organization="org-1", project="proj_1"
    )
    assert request.headers["openai-organization"] == "org-1"
    assert request.headers["openai-project"] == "proj_1"


async def test_every_call_carries_the_key_and_the_beta_header() -> None:
    request = await assert_same(lambda api: api.threads.list(), LIST)
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["openai-beta"] == "chatkit_beta=v1"


@pytest.mark.parametrize("base_url", ["https://gateway.test/openai/v1/", "http://127.0.0.1:81"])
async def test_a_base_url_gives_the_same_address_as_the_sdk(base_url: str) -> None:
    server = SDKServer(THREAD)
    http = httpx2.AsyncClient(transport=server)
    async with official_client(api_key=KEY, base_url=base_url, http_client=http) as sdk:
        await sdk.beta.chatkit.threads.retrieve("a/b")
    ours = ScriptedServer(answer(THREAD))
    async with client_of(ours, base_url=base_url) as client:
        await client.threads.retrieve("a/b")
    assert str(ours.requests[0].url) == str(server.requests[0].url)


async def test_pages_are_requested_with_the_queries_of_the_sdk() -> None:
    pages: list[Any] = [
        {**LIST, "data": [{**THREAD, "id": "a b"}], "last_id": "a b", "has_more": True},
        {**LIST, "data": [{**THREAD, "id": "c&d"}], "last_id": "c&d", "has_more": True},
        LIST,
    ]

    class Pages(SDKServer):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            self.value = pages[len(self.requests)]
            return await super().handle_async_request(request)

    theirs = Pages(None)
    async with official_client(
        api_key=KEY, base_url=URL, http_client=httpx2.AsyncClient(transport=theirs)
    ) as sdk:
        seen = [row.id async for row in sdk.beta.chatkit.threads.list(limit=1, user="ada")]
    ours = ScriptedServer(
        rows("a b", has_more=True), rows("c&d", has_more=True), rows(has_more=False)
    )
    async with client_of(ours) as client:
        assert [row.id async for row in client.threads.list(limit=1, user="ada")] == seen
    assert [sent(request) for request in ours.requests] == [
        sent(request) for request in theirs.requests
    ]

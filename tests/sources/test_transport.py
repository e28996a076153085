"""The transport: encodings, limits, redirects and logging."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import logging
import ssl
import sys
import threading
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from chatkit_tui.errors import (
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    ConfigError,
    OutcomeUnknownError,
    ResponseTooLargeError,
)
from chatkit_tui.models.json import Effort, StoppedError
from chatkit_tui.sources.http.response import LARGEST_ANSWER
from chatkit_tui.sources.http.transport import AT_ONCE, in_thread
from tests.sources.certificates import needs_openssl, self_signed
from tests.sources.scripted import (
    KEY,
    SESSION,
    THREAD,
    Chunks,
    ScriptedServer,
    answer,
    client_of,
    rows,
)

BODY = json.dumps(THREAD).encode()


def streamed(*chunks: bytes | Exception, status: int = 200, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=named, stream=Chunks(*chunks))


# -- bodies ----------------------------------------------------------------------------------------


async def retrieved(*responses: httpx.Response) -> str:
    async with client_of(ScriptedServer(*responses)) as client:
        return (await client.threads.retrieve("cthr_1")).raw.decode()


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP"])
async def test_a_compressed_answer_is_inflated(encoding: str) -> None:
    packed = gzip.compress(BODY)
    response = streamed(packed[:7], packed[7:], content_encoding=encoding)
    assert await retrieved(response) == BODY.decode()


async def test_a_response_in_pieces_is_joined() -> None:
    assert await retrieved(streamed(*(BODY[n : n + 1] for n in range(len(BODY))))) == BODY.decode()


async def test_only_the_encoding_that_can_be_limited_is_asked_for() -> None:
    server = ScriptedServer(answer(THREAD))
    async with client_of(server) as client:
        await client.threads.retrieve("cthr_1")
    assert server.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    "response",
    [
        streamed(b"not gzip at all", content_encoding="gzip"),
        streamed(zlib.compress(BODY), content_encoding="deflate"),
        streamed(BODY, content_encoding="br"),
        streamed(gzip.compress(gzip.compress(BODY)), content_encoding="gzip, gzip"),
    ],
)
async def test_a_response_that_cannot_be_decompressed_is_reported(response: httpx.Response) -> None:
    with pytest.raises(APIResponseError, match="compressed in an unknown way"):
        await retrieved(response)


async def test_a_compressed_answer_that_ends_early_was_cut_short() -> None:
    response = streamed(gzip.compress(BODY)[:-10], content_encoding="gzip")
    with pytest.raises(APIResponseError, match="cut short"):
        await retrieved(response)


async def test_a_response_of_this_process_is_read_too() -> None:
    assert await retrieved_from(httpx.Response(200, json=THREAD)) == "cthr_1"


async def retrieved_from(response: httpx.Response) -> str:
    async with client_of(ScriptedServer(lambda _: response)) as client:
        return (await client.threads.retrieve("cthr_1")).id


async def test_keys_are_handled_while_a_small_answer_full_of_escapes_is_searched() -> None:
    turns = 0
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.0002)  # the search takes some milliseconds only

    async def count_turns() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    class Body(Chunks):
        async def aclose(self) -> None:
            nonlocal turns
            turns = 0

    body = Body(json.dumps({**THREAD, "title": "\\x41" * 30_000}).encode())
    counting = asyncio.create_task(count_turns())
    try:
        assert await retrieved_from(httpx.Response(200, stream=body)) == "cthr_1"
        assert turns > 20  # a search on the event loop leaves it some three
    finally:
        sys.setswitchinterval(interval)
        counting.cancel()


async def test_a_response_that_takes_too_long_to_redact_is_rejected() -> None:
    body = json.dumps({**THREAD, "title": KEY * 20_001}).encode()
    with pytest.raises(ResponseTooLargeError, match="too many escapes or keys in it") as caught:
        await retrieved(streamed(body))
    assert KEY[:12] not in str(caught.value)


async def test_cancelling_ends_what_runs_in_a_thread() -> None:
    began, ended = threading.Event(), threading.Event()

    def work() -> None:
        effort = Effort(10**9)
        began.set()
        try:
            while True:
                effort.step()
        except StoppedError:
            ended.set()

    working = asyncio.create_task(in_thread(work))
    while not began.is_set():  # noqa: ASYNC110 # a thread sets it
        await asyncio.sleep(0)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    assert ended.wait(10)


async def test_an_answer_over_the_limit_is_refused_while_it_streams() -> None:
    body = Chunks(*([b" " * (1 << 20)] * 100))
    server = ScriptedServer(lambda _: httpx.Response(200, stream=body))
    async with client_of(server) as client:
        with pytest.raises(ResponseTooLargeError, match="64 MiB"):
            await client.threads.retrieve("cthr_1")
    assert body.given == LARGEST_ANSWER // (1 << 20) + 1
    assert len(server.requests) == 1


async def test_a_few_kilobytes_that_inflate_to_more_than_the_limit_are_refused() -> None:
    bomb = gzip.compress(b" " * (LARGEST_ANSWER + 1), compresslevel=9)
    assert len(bomb) < 100_000
    async with client_of(ScriptedServer(streamed(bomb, content_encoding="gzip"))) as client:
        with pytest.raises(ResponseTooLargeError):
            await client.threads.retrieve("cthr_1")


async def test_an_answer_of_just_the_limit_is_read() -> None:
    padding = b" " * (LARGEST_ANSWER - len(BODY))
    assert (await retrieved(streamed(BODY, padding)))[: len(BODY)] == BODY.decode()


# -- redirects -------------------------------------------------------------------------------------


def redirect(location: str, status: int = 307) -> httpx.Response:
    return answer(status=status, body=b"", headers={"location": location})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_within_the_origin_is_followed_with_the_key(status: int) -> None:
    server = ScriptedServer(redirect("/v2/threads/cthr_1", status), answer(THREAD))
    async with client_of(server) as client:
        assert (await client.threads.retrieve("cthr_1")).id == "cthr_1"
    assert server.requests[1].url.path == "/v2/threads/cthr_1"
    assert server.requests[1].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "location",
    [
        "https://elsewhere.test/v1/x",
        "http://api.example.test/v1/x",
        "https://api.example.test:8443/v1/x",
        "//elsewhere.test/",
        "https://api.example.test.elsewhere.test/",
        "https://api.example.test@elsewhere.test/",
    ],
)
async def test_nothing_is_sent_to_another_origin(location: str) -> None:
    server = ScriptedServer(redirect(location))
    async with client_of(server) as client:
        with pytest.raises(APIStatusError, match="redirect") as caught:
            await client.threads.retrieve("cthr_1")
    assert caught.value.status == 307
    assert {request.url.host for request in server.requests} == {"api.example.test"}
    assert len(server.requests) == 1


async def test_requests_that_change_something_are_not_redirected() -> None:
    server = ScriptedServer(redirect("/v2/threads/cthr_1", 308))
    async with client_of(server) as client:
        with pytest.raises(APIStatusError, match="redirect"):
            await client.threads.delete("cthr_1")
    assert [request.url.path for request in server.requests] == ["/v1/chatkit/threads/cthr_1"]


async def test_a_circle_of_redirects_ends() -> None:
    server = ScriptedServer(redirect("/v1/chatkit/threads/cthr_1"))
    async with client_of(server) as client:
        with pytest.raises(APIResponseError, match=r"in a circle\. Check the base URL"):
            await client.threads.retrieve("cthr_1")
    assert len(server.requests) == 6


# -- turns and timeouts ----------------------------------------------------------------------------


class Gate(httpx.AsyncBaseTransport):
    """Holds every request until it is opened, and counts those that are inside."""

    def __init__(self) -> None:
        self.full = asyncio.Event()
        self.opened = asyncio.Event()
        self.inside = 0
        self.most = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.inside += 1
        self.most = max(self.most, self.inside)
        if self.inside == AT_ONCE:
            self.full.set()
        await self.opened.wait()
        self.inside -= 1
        return answer({**THREAD, "id": request.url.path})


async def test_at_most_four_requests_are_in_flight() -> None:
    gate = Gate()
    async with client_of(gate) as client:
        calls = [asyncio.create_task(client.threads.retrieve("cthr_1")) for _ in range(10)]
        await gate.full.wait()
        gate.opened.set()
        await asyncio.gather(*calls)
    assert gate.most == AT_ONCE == 4


async def test_a_cancelled_request_releases_its_slot() -> None:
    gate = Gate()
    async with client_of(gate) as client:
        calls = [asyncio.create_task(client.threads.retrieve("cthr_1")) for _ in range(AT_ONCE)]
        await gate.full.wait()
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        gate.opened.set()
        assert (await client.threads.retrieve("cthr_2")).id.endswith("cthr_2")


@pytest.mark.parametrize(
    ("settings", "arguments", "read"),
    [({}, {}, 60.0), ({"timeout": 5}, {}, 5), ({"timeout": 5}, {"timeout": 9}, 9)],
)
async def test_the_timeout_of_a_call_takes_precedence(
    settings: dict[str, Any], arguments: dict[str, Any], read: float
) -> None:
    server = ScriptedServer(answer(THREAD))
    async with client_of(server, **settings) as client:
        await client.threads.retrieve("cthr_1", **arguments)
    assert server.requests[0].extensions["timeout"]["read"] == read


async def test_no_timeout_is_no_timeout() -> None:
    server = ScriptedServer(answer(THREAD))
    async with client_of(server) as client:
        await client.threads.retrieve("cthr_1", timeout=None)
    assert server.requests[0].extensions["timeout"]["read"] is None


async def test_a_closed_client_is_reported() -> None:
    async with client_of(ScriptedServer(answer(THREAD))) as client:
        pass
    with pytest.raises(APIConnectionError, match="client is closed"):
        await client.threads.retrieve("cthr_1")


@pytest.mark.parametrize(
    ("name", "value"), [("HTTPS_PROXY", "nonsense://proxy"), ("SSL_CERT_FILE", "/not/there.pem")]
)
def test_an_environment_that_cannot_be_used_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=name):
        client_of(ScriptedServer(answer()), transport=None)


# -- a real connection -----------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def listening(
    speak: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    encryption: ssl.SSLContext | None = None,
) -> AsyncIterator[str]:
    """A server on loopback that answers each connection with `speak`; gives its base URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await speak(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=encryption)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield f"{'https' if encryption else 'http'}://127.0.0.1:{port}/v1"


async def test_a_refused_connection_is_reported() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None: ...

    async with listening(hang_up) as url:
        pass
    async with client_of(ScriptedServer(answer()), transport=None, base_url=url) as client:
        with pytest.raises(APIConnectionError, match="nothing listens there"):
            await client.threads.retrieve("cthr_1")


@needs_openssl
async def test_a_self_signed_certificate_is_rejected_before_the_key_is_sent(
    tmp_path: Path,
) -> None:
    _, encryption = self_signed(tmp_path, "localhost")
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read())

    async with (
        listening(hear, encryption) as url,
        client_of(ScriptedServer(answer()), transport=None, base_url=url) as client,
    ):
        with pytest.raises(APIConnectionError, match=r"certificate .* was refused") as caught:
            await client.threads.retrieve("cthr_1")
    assert "SSL_CERT_FILE" in str(caught.value)
    assert heard == []


async def test_a_dropped_connection_leaves_the_outcome_of_a_new_session_unknown() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None: ...

    async with (
        listening(hang_up) as url,
        client_of(ScriptedServer(answer()), transport=None, base_url=url) as client,
    ):
        with pytest.raises(OutcomeUnknownError, match="broke the connection off"):
            await client.sessions.create(user="ada", workflow={"id": "wf_1"})


async def test_a_connection_dropped_inside_a_response_cuts_it_short() -> None:
    async def half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + BODY)
        await writer.drain()

    async with (
        listening(half) as url,
        client_of(ScriptedServer(answer()), transport=None, base_url=url) as client,
    ):
        with pytest.raises(APIResponseError, match="cut short"):
            await client.threads.retrieve("cthr_1")


async def test_a_response_over_a_real_connection_is_read() -> None:
    async def whole(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        packed = gzip.compress(BODY)
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
        writer.write(head.encode() + packed)
        await writer.drain()

    async with (
        listening(whole) as url,
        client_of(ScriptedServer(answer()), transport=None, base_url=url) as client,
    ):
        assert (await client.threads.retrieve("cthr_1")).raw == BODY


# -- logging ---------------------------------------------------------------------------------------


async def test_a_call_is_logged_without_anything_private(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    listed = rows("cthr_1", has_more=False)
    listed.headers["x-request-id"] = "req_1"
    server = ScriptedServer(listed, answer(SESSION), httpx.ReadTimeout("slow"))
    async with client_of(server, max_retries=1) as client:
        await client.threads.list(user="ada-lovelace")
        await client.sessions.create(user="ada-lovelace", workflow={"id": "wf_1"})
        with pytest.raises(APIConnectionError):
            await client.threads.retrieve("cthr_1")
    assert "GET /chatkit/threads answered 200" in caplog.text
    assert "'req_1'" in caplog.text
    assert "failed after" in caplog.text
    assert "retry 1 in 0.5 s: no answer in time" in caplog.text
    for private in ("ada-lovelace", KEY, KEY[:-4], "ek_verysecret", "parcel"):
        assert private not in caplog.text


async def test_other_requests_of_the_library_are_still_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with client_of(ScriptedServer(answer(THREAD))) as client:
        await client.threads.retrieve("cthr_1")
    assert "httpx" not in {record.name for record in caplog.records}
    async with httpx.AsyncClient(transport=ScriptedServer(answer(THREAD))) as other:
        await other.get("https://other.test/")
    assert "httpx" in {record.name for record in caplog.records}

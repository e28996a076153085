"""Responses at the level of bytes, which only a raw server can send."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache
from typing import TypeAlias

import pytest

from chatkit_tui.errors import ChatKitError, ConfigError
from chatkit_tui.sources.openai import ChatKitClient
from tests.sources.scripted import KEY, THREAD

BODY = json.dumps(THREAD).encode()
HALF = BODY[: len(BODY) // 2]

Speak: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """Responds to the first request of each connection with given bytes, and records all it got."""

    def __init__(self) -> None:
        self.speak: Speak = silence
        self.requests = 0
        self.url = ""

    def speak_for(self, _request: bytes) -> Speak:
        self.requests += 1
        return self.speak


@asynccontextmanager
async def raw_server() -> AsyncIterator[Server]:
    made = Server()
    async with serving_bytes(made.speak_for) as made.url:
        yield made


@asynccontextmanager
async def serving_bytes(speak_for: Callable[[bytes], Speak]) -> AsyncIterator[str]:
    """Serve on loopback what `speak_for` chooses for the head of a request; yield the base URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await reader.readuntil(b"\r\n\r\n"):
                await speak_for(asked)(reader, writer)
                if writer.transport.is_closing():
                    return
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"


def head(length: int | None = len(BODY), *more: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *more]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join((*lines, "", "")).encode()


def says(*pieces: bytes, close: bool = False) -> Speak:
    """Sends some bytes one after the other."""

    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if close:
            writer.close()

    return speak


@cache
def packed_bomb() -> bytes:
    """Some kilobytes that inflate to 65 MiB; made when it is wanted, which takes a moment."""
    return gzip.compress(b" " * (65 << 20))


async def bomb(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Sends an answer that inflates to more than is taken."""
    answer = head(None, "Content-Encoding: gzip") + packed_bomb()
    await says(answer, close=True)(reader, writer)


async def silence(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Sends nothing more."""


def resets_after(*pieces: bytes) -> Speak:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await says(*pieces)(reader, writer)
        writer.transport.abort()

    return speak


def dripping(piece: int) -> Speak:
    whole = head() + BODY
    return says(*(whole[start : start + piece] for start in range(0, len(whole), piece)))


@asynccontextmanager
async def client(url: str, patience: float = 60) -> AsyncIterator[ChatKitClient]:
    async def at_once(seconds: float) -> None:
        del seconds

    async with ChatKitClient(
        api_key=KEY, base_url=url, timeout=patience, max_retries=1, sleep=at_once
    ) as made:
        yield made


GOOD: dict[str, Speak] = {
    "whole": says(head() + BODY),
    "byte by byte": dripping(1),
    "until the line is closed": says(head(None) + BODY, close=True),
    "in chunks": says(
        head(None, "Transfer-Encoding: chunked")
        + b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (HALF, BODY[len(HALF) :]))
        + b"0\r\n\r\n"
    ),
    "more than it declares": says(head() + BODY + b"and the rest", close=True),
    "after a word that it is coming": says(b"HTTP/1.1 103 Early Hints\r\n\r\n" + head() + BODY),
}

WRONG: dict[str, tuple[Speak, str]] = {
    "reset at once": (resets_after(), "connection"),
    "reset in the head": (resets_after(b"HTTP/1.1 200 OK\r\nContent-"), "connection"),
    "reset in the body": (resets_after(head() + HALF), "was cut short"),
    "closed in the body": (says(head() + HALF, close=True), "was cut short"),
    "silence": (silence, "no answer in time"),
    "silence in the head": (says(b"HTTP/1.1 200 OK\r\n"), "no answer in time"),
    "silence in the body": (says(head() + HALF), "was cut short"),
    "less than it declares": (says(head(len(BODY) + 5) + BODY, close=True), "was cut short"),
    "a length of half": (says(head(len(HALF)) + BODY, close=True), "was cut short"),
    "a length of nothing": (says(head(0) + BODY, close=True), "is empty"),
    "two lengths": (says(head(5, "Content-Length: 7") + BODY), "broke the connection off"),
    "a chunk of no size": (
        says(head(None, "Transfer-Encoding: chunked") + b"zz\r\n" + BODY),
        "was cut short",
    ),
    "no HTTP": (says(b"SSH-2.0-OpenSSH_9.6\r\n", close=True), "broke the connection off"),
    "an endless head": (
        says(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000, close=True),
        "broke the connection off",
    ),
    "half a packed body": (
        says(head(40, "Content-Encoding: gzip") + gzip.compress(BODY)[:40]),
        "was cut short",
    ),
    "a bomb": (
        bomb,
        "is over 64 MiB",
    ),
    "a page that wants a sign-in": (
        says(head(15, "Content-Type: text/html") + b"<html>Hi</html>"),
        "is a web page, not JSON",
    ),
    "a proxy's page": (
        says(head(15, status="502 Bad Gateway") + b"<html>Hi</html>"),
        "The server failed (502)",
    ),
    "a redirect to no address": (
        says(head(0, "Location: http://xn--0/v1", status="307 Go")),
        "redirect",
    ),
    "a redirect without a host": (
        says(head(0, "Location: http:///xn--0", status="307 Go")),
        "redirect",
    ),
    "a redirect to nonsense": (
        says(head(0, "Location: http://[::1", status="307 Go")),
        "broke the connection off",
    ),
    "a redirect elsewhere": (
        says(head(0, "Location: http://elsewhere.invalid/v1", status="301 Go")),
        "redirect",
    ),
}
SILENT = ("silence", "silence in the head", "silence in the body", "half a packed body")
"""What is waited for in vain."""


@pytest.mark.parametrize("what", GOOD)
async def test_a_complete_response_is_read_in_any_framing(what: str) -> None:
    async with raw_server() as server, client(server.url, patience=60) as calls:
        server.speak = GOOD[what]
        for _ in range(2):  # what is left of one answer must not become part of the next
            assert (await calls.threads.retrieve("cthr_1")).raw == BODY


async def test_a_faulty_connection_ends_in_an_error_and_the_next_request_works() -> None:
    async with raw_server() as server, client(server.url) as calls:
        for what, (speak, words) in WRONG.items():
            server.speak, before = speak, server.requests
            patience = 0.2 if what in SILENT else 60
            with pytest.raises(ChatKitError) as caught:
                await calls.threads.retrieve("cthr_1", timeout=patience)
            told = str(caught.value)
            assert words in told, f"{what}: {told}"
            assert told.isprintable()
            assert KEY not in told
            assert server.requests - before in (1, 2)
            server.speak = says(head() + BODY)
            assert (await calls.threads.retrieve("cthr_1")).raw == BODY, what


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b", f"{'a' * 64}.invalid"])
async def test_a_name_that_cannot_be_looked_up_is_reported(host: str) -> None:
    async with client(f"http://{host}/v1", patience=60) as calls:
        with pytest.raises(ChatKitError, match="its name could not be looked up"):
            await calls.threads.list()


def test_an_invalid_host_is_rejected_before_anything_is_sent() -> None:
    with pytest.raises(ConfigError, match="is not an address"):
        ChatKitClient(api_key=KEY, base_url="http://xn--0.invalid/v1")

"""Answers that arrive too slowly, or never end."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.errors import APIConnectionError, APIResponseError, APITimeoutError, ChatKitError
from chatkit_tui.sources.http.deadlines import (
    LARGEST_HEAD,
    HeadTooLargeError,
    LeastSpeed,
    TooSlowError,
    Watch,
)
from chatkit_tui.sources.openai import ChatKitClient
from tests.sources.scripted import KEY, THREAD

LEAST = LeastSpeed()
BODY = json.dumps(THREAD).encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SIZED = HEAD + b"Content-Length: 100000\r\n\r\n"

Speak: TypeAlias = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def arrive(watch: Watch, clock: Clock, *steps: tuple[float, int]) -> None:
    """So many seconds go by and so many bytes arrive, again and again."""
    for seconds, size in steps:
        clock.now += seconds
        watch.arrived(size)


def test_the_limit_is_a_kilobyte_in_half_a_minute() -> None:
    assert str(LEAST) == "less than 1 kB in 30 s"


def test_nothing_is_counted_before_the_first_byte() -> None:
    clock = Clock()
    watch = Watch(LEAST, clock)
    clock.now = 1000
    assert watch.left() is None
    watch.arrived(1)
    assert watch.left() == 30


def test_a_head_must_be_complete_in_the_first_period_however_much_arrives() -> None:
    clock = Clock()
    watch = Watch(LEAST, clock)
    arrive(watch, clock, *[(1, 3000)] * 30)
    with pytest.raises(TooSlowError):
        arrive(watch, clock, (1, 3000))


def test_a_head_has_a_largest_size() -> None:
    watch = Watch(LEAST, Clock())
    watch.arrived(LARGEST_HEAD)
    with pytest.raises(HeadTooLargeError):
        watch.arrived(1)


def test_a_body_needs_a_kilobyte_in_every_period() -> None:
    clock = Clock()
    watch = Watch(LEAST, clock)
    watch.arrived(10)
    watch.head_arrived()
    arrive(watch, clock, *[(29, 1024)] * 100)
    assert watch.left() == 30
    arrive(watch, clock, (15, 500))
    assert watch.left() == 15
    with pytest.raises(TooSlowError):
        arrive(watch, clock, (15, 500))


def test_the_next_answer_on_the_same_connection_is_counted_from_its_start() -> None:
    clock = Clock()
    watch = Watch(LEAST, clock)
    watch.arrived(LARGEST_HEAD)
    clock.now = 100
    watch.begin()
    watch.arrived(LARGEST_HEAD)


@given(st.lists(st.tuples(st.floats(0, 29.9), st.integers(0, 5000)), max_size=60), st.booleans())
def test_a_slower_response_is_aborted(steps: list[tuple[float, int]], body: bool) -> None:
    """An answer that is not given up has brought a kilobyte in the period before the last byte."""
    clock = Clock()
    watch = Watch(LEAST, clock)
    watch.arrived(1)
    if body:
        watch.head_arrived()
    arrived: list[tuple[float, int]] = []
    for seconds, size in steps:
        clock.now += seconds
        try:
            watch.arrived(size)
        except (TooSlowError, HeadTooLargeError):
            return
        arrived.append((clock.now, size))
        recent = sum(size for moment, size in arrived if moment > clock.now - 60)
        assert clock.now < 60 or (body and recent >= LEAST.size)


# -- over a socket, with a period of a tenth of a second -------------------------------------------

HURRY = LeastSpeed(seconds=0.1)


@contextlib.asynccontextmanager
async def serving(speak: Speak) -> AsyncIterator[str]:
    speaking: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            await speak(writer)
        writer.transport.abort()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        task.add_done_callback(lambda _: writer.transport.abort())
        speaking.add(task)

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        for task in speaking:
            task.cancel()
        await asyncio.gather(*speaking, return_exceptions=True)


def trickle(start: bytes, piece: bytes, pause: float) -> Speak:
    """Sends a piece every so many seconds, without end."""

    async def speak(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return speak


def client(url: str, **arguments: Any) -> ChatKitClient:
    return ChatKitClient(
        api_key=KEY,
        base_url=url,
        **{"timeout": 30, "least_speed": HURRY, "max_retries": 0, **arguments},
    )


TRICKLES: dict[str, tuple[Speak, type[ChatKitError], str]] = {
    "the status": (trickle(b"HTTP/1.1 2", b"", 0.02), APITimeoutError, "came too slowly"),
    "a header": (trickle(HEAD + b"X: ", b"a", 0.02), APITimeoutError, "came too slowly"),
    "headers": (trickle(HEAD, b"X: a\r\n", 0.02), APITimeoutError, "came too slowly"),
    "100 Continue": (
        trickle(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.02),
        APITimeoutError,
        "came too slowly",
    ),
    "100 Continue without a pause": (
        trickle(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, 0),
        APIConnectionError,
        "the head of the answer does not end",
    ),
    "103 with headers": (
        trickle(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 0.02),
        APITimeoutError,
        "came too slowly",
    ),
    "a body": (trickle(SIZED + b'{"id"', b" ", 0.02), APIResponseError, "came too slowly"),
    "a body at once, then nothing": (
        trickle(SIZED + BODY, b"", 0.02),
        APIResponseError,
        "came too slowly",
    ),
    "chunks": (
        trickle(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", 0.02),
        APIResponseError,
        "came too slowly",
    ),
    "until it is closed": (trickle(HEAD + b"\r\n", b" ", 0.02), APIResponseError, "too slowly"),
}


@pytest.mark.parametrize("what", TRICKLES)
async def test_an_answer_that_trickles_is_given_up(what: str) -> None:
    speak, kind, words = TRICKLES[what]
    least = LEAST if "does not end" in words else HURRY
    async with serving(speak) as url, client(url, least_speed=least) as calls:
        with pytest.raises(kind, match=words):
            await calls.threads.retrieve("cthr_1")


async def test_it_is_given_up_without_a_read_timeout_too() -> None:
    speak, kind, words = TRICKLES["a header"]
    async with serving(speak) as url, client(url, timeout=None) as calls:
        with pytest.raises(kind, match=words):
            await calls.threads.retrieve("cthr_1")


async def test_a_slow_response_above_the_minimum_is_read() -> None:
    async def speak(writer: asyncio.StreamWriter) -> None:
        whole = BODY + b" " * 6000
        writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % len(whole))
        for start in range(0, len(whole), 1024):
            writer.write(whole[start : start + 1024])
            await writer.drain()
            await asyncio.sleep(0.1)

    slow = LeastSpeed(seconds=0.4)
    async with serving(speak) as url, client(url, least_speed=slow) as calls:
        assert (await calls.threads.retrieve("cthr_1")).id == "cthr_1"


async def test_what_begins_late_is_not_slow() -> None:
    async def speak(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2 * HURRY.seconds)
        writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)
        await writer.drain()

    async with serving(speak) as url, client(url) as calls:
        assert (await calls.threads.retrieve("cthr_1")).id == "cthr_1"


@pytest.mark.parametrize("what", TRICKLES)
async def test_a_request_can_be_cancelled_during_a_slow_response(what: str) -> None:
    slow = LeastSpeed(seconds=60)
    async with serving(TRICKLES[what][0]) as url, client(url, least_speed=slow) as calls:
        call = asyncio.create_task(calls.threads.retrieve("cthr_1"))
        await asyncio.sleep(0.05)
        call.cancel()
        async with asyncio.timeout(60):
            with contextlib.suppress(asyncio.CancelledError, ChatKitError):
                await call
    assert call.done()

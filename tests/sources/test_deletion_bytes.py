"""Deleting over a real connection that is slow, stalls or drops at any byte."""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from chatkit_tui.errors import ChatKitError, OutcomeUnknownError
from chatkit_tui.sources.http import transport
from chatkit_tui.sources.openai import ChatKitClient
from tests.sources.test_raw_line import (
    Speak,
    client,
    head,
    resets_after,
    says,
    serving_bytes,
    silence,
)

PROOF = b'{"id":"cthr_1","object":"chatkit.thread.deleted","deleted":true}'
ERROR = b'{"error":{"message":"No thread cthr_1.","type":"invalid_request_error"}}'
THREAD = b'{"id":"cthr_1","object":"chatkit.thread"}'
PAGE = b"<html><h1>404 Not Found</h1></html>"

PROVED = len(PROOF) - 1
"""Bytes of the answer that prove the deletion: all but the brace that closes it."""


def answers(body: bytes, status: str = "200 OK", *more: str) -> Speak:
    """Sends a whole answer."""
    return says(head(len(body), *more, status=status) + body)


def trickles(body: bytes, status: str = "200 OK") -> Speak:
    """Sends a body, then one space after the other, for longer than anything waits."""

    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head(len(body) + 10_000, status=status) + body)
        while not writer.transport.is_closing():
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.01)

    return speak


class TwoFaced:
    """Answers a DELETE in one way and a GET in another."""

    def __init__(self, delete: Speak, get: Speak) -> None:
        self.delete, self.get = delete, get
        self.methods: list[str] = []

    def speak_for(self, request: bytes) -> Speak:
        method = request.split()[0].decode()
        self.methods.append(method)
        return self.delete if method == "DELETE" else self.get


@asynccontextmanager
async def facing(faced: TwoFaced, patience: float) -> AsyncIterator[ChatKitClient]:
    """A client of such a server."""
    async with serving_bytes(faced.speak_for) as url, client(url, patience) as calls:
        yield calls


async def outcome(calls: ChatKitClient) -> str:
    """The outcome of a deletion."""
    try:
        deleted = await calls.threads.delete("cthr_1")
    except OutcomeUnknownError as error:
        return f"unknown: {error.reason}"
    except ChatKitError as error:
        return f"failed: {type(error).__name__}"
    return f"deleted {deleted.proof}".strip()


LOST = "unknown: {}; still there when looked up"
CASES: dict[str, tuple[Speak, Speak, str]] = {
    "proof": (answers(PROOF), silence, "deleted"),
    "packed proof": (
        answers(gzip.compress(PROOF), "200 OK", "Content-Encoding: gzip"),
        silence,
        "deleted",
    ),
    "proof, then silence": (says(head(900) + PROOF), silence, "deleted"),
    "proof, then a reset": (resets_after(head(900) + PROOF), silence, "deleted"),
    "proof, then spaces for ever": (trickles(PROOF), silence, "deleted"),
    "nothing": (answers(b"", "204 No Content"), silence, "deleted the answer had no body"),
    "nothing, and closed": (
        says(head(None), close=True),
        silence,
        "deleted the answer had no body",
    ),
    "nothing of what was declared": (
        says(head(70), close=True),
        answers(THREAD),
        LOST.format("the answer (200) was cut short"),
    ),
    "spaces for ever": (
        trickles(b""),
        answers(THREAD),
        LOST.format("the answer (200) was cut short"),
    ),
    "an error's body that trickles": (
        trickles(PAGE, "502 Bad Gateway"),
        answers(THREAD),
        LOST.format("the server failed (502)"),
    ),
    "silence": (silence, answers(THREAD), LOST.format("no answer in time")),
    "silence, and gone": (
        silence,
        answers(ERROR, "404 Not Found"),
        "deleted not found (404) when looked up",
    ),
    "silence, and a gateway": (
        silence,
        answers(PAGE, "404 Not Found"),
        "unknown: no answer in time; could not be looked up",
    ),
    "a reset": (
        resets_after(),
        answers(THREAD),
        LOST.format("the server broke the connection off"),
    ),
    "a reset in the head": (
        resets_after(b"HTTP/1.1 200 OK\r\nContent-"),
        answers(THREAD),
        LOST.format("the server broke the connection off"),
    ),
    "the API's 404 at once": (
        answers(ERROR, "404 Not Found"),
        silence,
        "failed: NotFoundError",
    ),
    "a gateway's 404 at once": (answers(PAGE, "404 Not Found"), silence, "failed: NotFoundError"),
}


@pytest.mark.parametrize("what", CASES)
async def test_the_part_that_arrived_decides_after_a_limited_wait(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "BODY_WITHIN", 0.2)
    delete, get, expected = CASES[what]
    faced = TwoFaced(delete, get)
    begun = time.monotonic()
    async with facing(faced, patience=0.2 if delete is silence else 60) as calls:
        assert await outcome(calls) == expected
    assert time.monotonic() - begun < 10
    assert faced.methods.count("DELETE") <= 2


async def test_a_response_cut_at_any_byte_proves_the_deletion_once_complete() -> None:
    faced, found = TwoFaced(silence, answers(THREAD)), {}
    async with facing(faced, patience=60) as calls:
        for length in range(len(PROOF)):
            faced.delete = says(head(len(PROOF)) + PROOF[:length], close=True)
            found[length] = await outcome(calls)
    unknown = "unknown: the answer (200) was cut short; still there when looked up"
    assert found == {n: "deleted" if n >= PROVED else unknown for n in range(len(PROOF))}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (answers(ERROR, "409 Conflict"), answers(ERROR, "404 Not Found"), "failed: NotFoundError"),
        (
            answers(ERROR, "429 Too Many Requests"),
            answers(ERROR, "404 Not Found"),
            "failed: NotFoundError",
        ),
        (
            answers(ERROR, "500 Oops"),
            answers(ERROR, "404 Not Found"),
            "deleted not found (404) after a try of unknown outcome",
        ),
        (
            resets_after(),
            answers(ERROR, "404 Not Found"),
            "deleted not found (404) after a try of unknown outcome",
        ),
        (
            answers(ERROR, "500 Oops"),
            answers(PAGE, "404 Not Found"),
            "unknown: the server answered 404; still there when looked up",
        ),
        (
            answers(ERROR, "500 Oops"),
            answers(ERROR, "401 Unauthorized"),
            "unknown: the server answered 401; still there when looked up",
        ),
    ],
)
async def test_an_open_first_try_decides_what_the_second_proves(
    first: Speak, second: Speak, expected: str
) -> None:
    ways = [first, second]

    async def delete(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ways.pop(0)(reader, writer)

    faced = TwoFaced(delete, answers(THREAD))
    async with facing(faced, patience=60) as calls:
        assert await outcome(calls) == expected
    assert faced.methods[:2] == ["DELETE", "DELETE"]

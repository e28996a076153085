"""Connections that drop, stall or are slow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

from chatkit_tui.emulator.faults.fault import ANY, fault
from chatkit_tui.emulator.requests import ConnectionDroppedError, Handler, Request, Response

DRIP_PIECES = 10
DRIP_PAUSE = 0.1
"""Seconds between two pieces of a slow response."""


async def stall_forever() -> None:
    """Never return."""
    await asyncio.get_running_loop().create_future()


@fault(*ANY)
async def reset(_request: Request, _forward: Handler) -> Response:
    """The connection drops before the request is carried out."""
    raise ConnectionDroppedError


@fault(*ANY)
async def lost_answer(request: Request, forward: Handler) -> Response:
    """The request is carried out, then the connection drops."""
    await forward(request)
    raise ConnectionDroppedError


@fault(*ANY)
async def stall(_request: Request, _forward: Handler) -> Response:
    """The request is not carried out, and no response is ever sent."""
    await stall_forever()
    raise ConnectionDroppedError


@fault(*ANY)
async def stalled_answer(request: Request, forward: Handler) -> Response:
    """The request is carried out, and no response is ever sent."""
    await forward(request)
    return await stall(request, forward)


@fault(*ANY)
async def dropped_midway(request: Request, forward: Handler) -> Response:
    """The connection drops after half of the response."""
    response = await forward(request)
    payload = response.payload()

    async def pieces() -> AsyncIterator[bytes]:
        yield payload[: len(payload) // 2]
        raise ConnectionDroppedError

    return _streamed(response, payload, pieces())


@fault(*ANY)
async def stall_midway(request: Request, forward: Handler) -> Response:
    """The response stalls after its first half."""
    response = await forward(request)
    payload = response.payload()

    async def pieces() -> AsyncIterator[bytes]:
        yield payload[: len(payload) // 2]
        await stall_forever()

    return _streamed(response, payload, pieces())


@fault(*ANY)
async def slow_drip(request: Request, forward: Handler) -> Response:
    """The response comes in ten pieces, one every 0.1 seconds."""
    response = await forward(request)
    payload = response.payload()
    size = -(-len(payload) // DRIP_PIECES)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(payload), size):
            await asyncio.sleep(DRIP_PAUSE)
            yield payload[start : start + size]

    return _streamed(response, payload, pieces())


def _streamed(response: Response, payload: bytes, pieces: AsyncIterator[bytes]) -> Response:
    """Return the response in pieces, with the length of the whole payload declared."""
    declared = response.with_headers(content_length=str(len(payload)))
    return replace(declared, pieces=lambda: pieces)

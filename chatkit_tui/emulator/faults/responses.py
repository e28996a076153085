"""Responses that the API does not send: of other servers, broken, endless, and redirects.

Responses that are the same each time are data, in `data/responses.json`. There, `$target` is the id
in the path of the request.
"""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import AsyncIterator, Callable
from email.utils import formatdate
from functools import cache
from typing import Final
from urllib.parse import urlencode

from chatkit_tui.emulator.faults.fault import (
    ANY,
    DELETIONS,
    FaultHandler,
    content_fault,
    fault,
    register,
)
from chatkit_tui.emulator.requests import (
    JSON,
    ConnectionDroppedError,
    Handler,
    Request,
    Response,
    Row,
)
from chatkit_tui.emulator.sample_data import fill, load_data

OVERSIZE = 66 * 1024 * 1024
"""Bytes; more than a client should accept."""
OTHER_ORIGIN = "http://elsewhere.invalid"

# -- the same each time ----------------------------------------------------------------------------

_FIXED: Final[dict[str, Row]] = {row["name"]: row for row in load_data("responses")}


def fixed_response(name: str, target: str = "") -> Response:
    """Return a response of `data/responses.json`."""
    row = _FIXED[name]
    body = row["body"].encode() if "body" in row else None
    content = fill(row.get("content"), {"target": target})
    return Response(row["status"], content, body, row.get("headers", {}))


def _fixed(name: str) -> FaultHandler:
    """Send a response and do not carry out the request."""

    async def handle(request: Request, _forward: Handler) -> Response:
        return fixed_response(name, request.target)

    return handle


for _name, _row in _FIXED.items():
    register(_name, _row["summary"], _fixed(_name), tuple(_row.get("operations", ANY)))


@fault(*ANY)
async def rate_limit_date(_request: Request, _forward: Handler) -> Response:
    """429 with Retry-After as a date in 3 seconds by the real clock."""
    date = formatdate(time.time() + 3, usegmt=True)
    return fixed_response("rate-limit-bare").with_headers(retry_after=date)


# -- broken bodies ---------------------------------------------------------------------------------

_PIECE = 256 * 1024
_START, _END = b'{"object":"list","data":[],"padding":"', b'"}'


@fault(*ANY)
async def cut_short(request: Request, forward: Handler) -> Response:
    """200 with the first half of the JSON."""
    response = await forward(request)
    payload = response.payload()
    return response._replace(body=payload[: len(payload) // 2])


@fault(*ANY)
async def not_utf8(request: Request, forward: Handler) -> Response:
    """200 with JSON in UTF-16."""
    response = await forward(request)
    return response._replace(body=response.payload().decode().encode("utf-16"))


@fault(*ANY)
async def too_large(_request: Request, _forward: Handler) -> Response:
    """200 with a streamed body of 66 MiB."""

    async def pieces() -> AsyncIterator[bytes]:
        yield _START
        for _ in range(OVERSIZE // _PIECE):
            yield b" " * _PIECE
        yield _END

    return Response(pieces=pieces)


@fault(*ANY)
async def gzip_bomb(_request: Request, _forward: Handler) -> Response:
    """200 with a gzip body that inflates to 66 MiB."""
    return Response(body=_bomb(), headers={"content-encoding": "gzip"})


@cache
def _bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    packed = [packer.compress(_START)]
    packed += [packer.compress(b" " * _PIECE) for _ in range(OVERSIZE // _PIECE)]
    return b"".join((*packed, packer.compress(_END), packer.flush()))


# -- connections that drop, stall or are slow ------------------------------------------------------

DRIP_PIECES = 10
DRIP_PAUSE = 0.1
"""Seconds between two pieces of a slow response."""
TRICKLE_PAUSE = 0.02
"""Seconds between two bytes of a body without end."""


async def _stall() -> AsyncIterator[bytes]:
    await asyncio.get_running_loop().create_future()
    yield b""


async def _drop() -> AsyncIterator[bytes]:
    raise ConnectionDroppedError
    yield b""


async def _trickle() -> AsyncIterator[bytes]:
    while True:
        await asyncio.sleep(TRICKLE_PAUSE)
        yield b" "


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
    await anext(_stall())
    raise ConnectionDroppedError


@fault(*ANY)
async def stalled_answer(request: Request, forward: Handler) -> Response:
    """The request is carried out, and no response is ever sent."""
    await forward(request)
    return await stall(request, forward)


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

    return response.with_headers(content_length=str(len(payload)))._replace(pieces=pieces)


def _then(rest: Callable[[], AsyncIterator[bytes]], *, half: bool = False) -> FaultHandler:
    """Send the response or its first half, with a longer body declared, then go on with `rest`."""

    async def handle(request: Request, forward: Handler) -> Response:
        response = await forward(request)
        payload = response.payload()
        sent = payload[: len(payload) // 2] if half else payload
        declared = len(payload) + (0 if half else 1 << 20)

        async def pieces() -> AsyncIterator[bytes]:
            yield sent
            async for piece in rest():
                yield piece

        return response.with_headers(content_length=str(declared))._replace(pieces=pieces)

    return handle


_DELETED = "The thread is deleted, and"
for _name, _summary, _handle, _operations in (
    (
        "dropped-midway",
        "The connection drops after half of the response",
        _then(_drop, half=True),
        ANY,
    ),
    ("stall-midway", "The response stalls after its first half", _then(_stall, half=True), ANY),
    ("stall-after-proof", f"{_DELETED} the body stalls after the proof", _then(_stall), DELETIONS),
    (
        "stall-in-spaces",
        f"{_DELETED} spaces without end follow the proof",
        _then(_trickle),
        DELETIONS,
    ),
    (
        "dropped-after-proof",
        f"{_DELETED} the connection drops after the proof",
        _then(_drop),
        DELETIONS,
    ),
):
    register(_name, _summary, _handle, _operations)

# -- deletions -------------------------------------------------------------------------------------


@fault(*DELETIONS)
async def empty_delete_body(request: Request, forward: Handler) -> Response:
    """204 for a deletion."""
    response = await forward(request)
    return Response(204, body=b"") if response.succeeded else response


@fault(*DELETIONS)
async def odd_delete_body(request: Request, forward: Handler) -> Response:
    """202 for a deletion, with another object."""
    response = await forward(request)
    queued = Response(202, {"object": "thread.removal", "state": "queued"})
    return queued if response.succeeded else response


@fault(*DELETIONS)
async def delete_then_404(request: Request, forward: Handler) -> Response:
    """The thread is deleted and the response is 500, so that a retry gets 404."""
    response = await forward(request)
    return fixed_response("server-error") if response.succeeded else response


@content_fault(*DELETIONS)
def delete_empty_object(_content: Row) -> JSON:
    """The thread is deleted and the response is {}, as self-hosted servers send it."""
    return {}


# -- redirects -------------------------------------------------------------------------------------


@fault(*ANY)
async def redirect(request: Request, forward: Handler) -> Response:
    """307 to the same path with moved=1, which responds normally."""
    if "moved" in request.query:
        return await forward(request)
    return _moved(f"{request.path}?{urlencode({**request.query, 'moved': '1'})}")


@fault(*ANY)
async def redirect_elsewhere(request: Request, _forward: Handler) -> Response:
    """307 to another origin."""
    return _moved(f"{OTHER_ORIGIN}{request.path}")


@fault(*ANY)
async def redirect_loop(request: Request, _forward: Handler) -> Response:
    """307 to the same address, without end."""
    return _moved(f"{request.path}?{urlencode(request.query)}" if request.query else request.path)


def _moved(location: str) -> Response:
    return Response(307, body=b"", headers={"location": location})

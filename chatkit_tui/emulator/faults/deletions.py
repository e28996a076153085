"""Responses to a deletion that prove it, deny it, or leave it open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from chatkit_tui.emulator.faults.connections import stall_forever
from chatkit_tui.emulator.faults.fault import (
    ANY,
    DELETIONS,
    FaultHandler,
    content_fault,
    fault,
    register,
)
from chatkit_tui.emulator.faults.responses import gateway_page
from chatkit_tui.emulator.requests import (
    JSON,
    ConnectionDroppedError,
    Handler,
    Request,
    Response,
    Row,
    error_response,
)

TRICKLE_PAUSE = 0.02
"""Seconds between two bytes of a body without end."""


@fault(*DELETIONS)
async def empty_delete_body(request: Request, forward: Handler) -> Response:
    """204 for a deletion."""
    response = await forward(request)
    return Response(204, body=b"") if response.succeeded else response


@fault(*DELETIONS)
async def odd_delete_body(request: Request, forward: Handler) -> Response:
    """202 for a deletion, with another object."""
    response = await forward(request)
    if not response.succeeded:
        return response
    return replace(response, status=202, content={"object": "thread.removal", "state": "queued"})


@fault(*DELETIONS)
async def delete_then_404(request: Request, forward: Handler) -> Response:
    """The thread is deleted and the response is 500, so that a retry gets 404."""
    response = await forward(request)
    if not response.succeeded:
        return response
    message = "The server failed while it handled the request."
    return error_response(500, message, kind="server_error")


@content_fault(*DELETIONS)
def delete_renamed_object(content: Row) -> JSON:
    """The response to a deletion has an unknown `object`."""
    return {**content, "object": "thread.removed"}


@content_fault(*DELETIONS)
def delete_empty_object(_content: Row) -> JSON:
    """The thread is deleted and the response is {}, as self-hosted servers send it."""
    return {}


# -- nothing is deleted ----------------------------------------------------------------------------


def _not_deleted(
    name: str,
    summary: str,
    respond: Callable[[str], Response],
    operations: tuple[str, ...] = DELETIONS,
) -> None:
    """Register a fault that responds to a thread's id, and does not delete the thread."""

    async def handle(request: Request, _forward: Handler) -> Response:
        return respond(request.target)

    register(name, summary, handle, operations)


def _object(thread_id: str, *, deleted: bool) -> Row:
    return {"id": thread_id, "object": "chatkit.thread.deleted", "deleted": deleted}


_not_deleted(
    "delete-denied",
    "200 with deleted: false, and nothing is deleted",
    lambda thread_id: Response(content=_object(thread_id, deleted=False)),
)
_not_deleted(
    "delete-another-id",
    "200 that names another thread, and nothing is deleted",
    lambda thread_id: Response(content=_object(f"{thread_id}0", deleted=True)),
)
_not_deleted(
    "delete-error-object",
    "200 with an error object, and nothing is deleted",
    lambda _id: replace(error_response(500, "The thread is in use."), status=200),
)
_not_deleted(
    "delete-accepted",
    "202 with deleted: true, and nothing is deleted",
    lambda thread_id: Response(202, _object(thread_id, deleted=True)),
)
_not_deleted(
    "gateway-404",
    "404 with the HTML of a gateway",
    lambda _id: gateway_page(404, "Not Found"),
    ANY,
)
_not_deleted(
    "gateway-json-404",
    "404 with the JSON of a gateway",
    lambda _id: Response(404, {"message": "no Route matched with those values"}),
    ANY,
)


# -- the response does not end ---------------------------------------------------------------------


def _deleted_then(rest: Callable[[], AsyncIterator[bytes]]) -> FaultHandler:
    """Delete, send the response, declare a longer body and continue with `rest`."""

    async def handle(request: Request, forward: Handler) -> Response:
        response = await forward(request)
        payload = response.payload()

        async def pieces() -> AsyncIterator[bytes]:
            yield payload
            async for piece in rest():
                yield piece

        longer = response.with_headers(content_length=str(len(payload) + (1 << 20)))
        return replace(longer, pieces=pieces)

    return handle


async def _silence() -> AsyncIterator[bytes]:
    await stall_forever()
    yield b""


async def _drop() -> AsyncIterator[bytes]:
    raise ConnectionDroppedError
    yield b""


async def _trickle() -> AsyncIterator[bytes]:
    while True:
        await asyncio.sleep(TRICKLE_PAUSE)
        yield b" "


register(
    "stall-after-proof",
    "The thread is deleted, and the body stalls after the proof",
    _deleted_then(_silence),
    DELETIONS,
)
register(
    "stall-in-spaces",
    "The thread is deleted, and spaces without end follow the proof",
    _deleted_then(_trickle),
    DELETIONS,
)
register(
    "dropped-after-proof",
    "The thread is deleted, and the connection drops after the proof",
    _deleted_then(_drop),
    DELETIONS,
)

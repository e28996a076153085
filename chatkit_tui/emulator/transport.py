"""A transport that connects an httpx client to an emulator in the same process."""

from __future__ import annotations

import asyncio

import httpx

from chatkit_tui.emulator.api import read_request
from chatkit_tui.emulator.requests import ConnectionDroppedError, Responder


class EmulatorTransport(httpx.AsyncBaseTransport):
    """Respond to requests without a network; the base URL is `DEMO_URL` or `SERVER_URL`.

    The read timeout covers the whole response. A dropped connection raises `httpx.ReadError`.
    """

    def __init__(self, emulator: Responder) -> None:
        self._emulator = emulator

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response of the emulator, with its whole body."""
        timeout = request.extensions.get("timeout", {}).get("read")
        try:
            async with asyncio.timeout(timeout):
                return await self._respond(request)
        except TimeoutError as error:
            raise httpx.ReadTimeout("The read operation timed out", request=request) from error
        except ConnectionDroppedError as error:
            raise httpx.ReadError("Connection reset by peer", request=request) from error

    async def _respond(self, request: httpx.Request) -> httpx.Response:
        path, _, query = request.url.raw_path.partition(b"?")
        response = await self._emulator.respond(
            read_request(request.method, path, query, request.headers.raw, await request.aread())
        )
        if response.pieces is None:
            body = response.payload()
            headers = response.all_headers(len(body))
        else:
            body = b"".join([piece async for piece in response.pieces()])
            headers = response.all_headers()
        if request.method == "HEAD":
            body = b""
        stream = httpx.ByteStream(body)
        return httpx.Response(response.status, headers=headers, stream=stream)

"""The way to an emulator inside the process, for httpx."""

from __future__ import annotations

import asyncio

import httpx

from chatkit_tui.emulator.calls import LineDroppedError
from chatkit_tui.emulator.state import Emulator


class EmulatorTransport(httpx.ASGITransport):
    """httpx's ASGI transport, with the two things that only a network has.

    A request's read timeout counts from the request to the last byte, and a dropped line is an
    `httpx.ReadError`.
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request to the application."""
        timeout = request.extensions.get("timeout", {}).get("read")
        try:
            async with asyncio.timeout(timeout):
                return await super().handle_async_request(request)
        except TimeoutError as error:
            raise httpx.ReadTimeout("The read operation timed out", request=request) from error
        except LineDroppedError as error:
            raise httpx.ReadError("Connection reset by peer", request=request) from error


def transport(emulator: Emulator) -> httpx.AsyncBaseTransport:
    """A transport for `httpx.AsyncClient` or `ChatKitClient`; the base URL is `DEMO_URL`."""
    return EmulatorTransport(emulator.app)

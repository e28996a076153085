"""Sources that read a test server: in the process, or over a socket on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn

from chatkit_tui.emulator.server import LOOPBACK, listen
from chatkit_tui.sources.chatkit_server.source import ChatKitServerSource
from tests.chatkit_server.app import PATH, USER_HEADER, ChatServer
from tests.sources.scripted import Waits


class Guarded(httpx.AsyncBaseTransport):
    """Passes requests on; fails for any that carries what belongs to the hosted API."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        sent = " ".join([str(request.url), *(f"{it}: {to}" for it, to in request.headers.items())])
        assert "openai" not in sent.lower(), "a request has something of the hosted API"
        return await self._transport.handle_async_request(request)


def source_of(server: ChatServer, **settings: Any) -> ChatKitServerSource:
    """Return a source of a server in this process; its waits take no time."""
    transport = httpx.ASGITransport(app=server.app, raise_app_exceptions=False)
    arguments = {
        "user_header": USER_HEADER,
        "transport": Guarded(transport),
        "sleep": Waits().sleep,
        **settings,
    }
    return ChatKitServerSource(f"http://shop.example{PATH}", **arguments)


@asynccontextmanager
async def serving(server: ChatServer) -> AsyncIterator[str]:
    """Serve on loopback in the block; yield the address."""
    listening = listen(0)
    config = uvicorn.Config(server.app, log_config=None, lifespan="off")
    running = uvicorn.Server(config)
    task = asyncio.create_task(running.serve(sockets=[listening]))
    try:
        yield f"http://{LOOPBACK}:{listening.getsockname()[1]}{PATH}"
    finally:
        running.should_exit = running.force_exit = True
        await task

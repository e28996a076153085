"""Sources that read a test server in this process."""

from __future__ import annotations

from typing import Any

import httpx

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

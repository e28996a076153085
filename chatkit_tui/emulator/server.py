"""The emulator as an ASGI application and as a server on a loopback address."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from chatkit_tui.emulator.api import LARGEST_BODY, read_request
from chatkit_tui.emulator.requests import ConnectionDroppedError, Responder

LOOPBACK = "127.0.0.1"
"""The only address that the emulator listens on: its key protects nothing."""

_ENDING = (signal.SIGINT, signal.SIGTERM)

App: TypeAlias = Callable[[Any, Any, Any], Any]
"""An ASGI application."""


def create_app(emulator: Responder) -> App:
    """Return an ASGI application. It raises `ConnectionDroppedError` to drop a connection."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more and len(body) <= LARGEST_BODY:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        response = await emulator.respond(
            read_request(
                scope["method"],
                scope["raw_path"],
                scope["query_string"],
                scope["headers"],
                body,
            )
        )
        payload = b"" if response.pieces else response.payload()
        headers = response.all_headers(None if response.pieces else len(payload))
        await send(
            {
                "type": "http.response.start",
                "status": response.status,
                "headers": [(name.encode(), text.encode()) for name, text in headers.items()],
            }
        )
        if response.pieces is not None:
            async for piece in response.pieces():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": payload, "more_body": False})
        if response.disconnects:
            raise ConnectionDroppedError

    return app


class _Connections:
    """The open connections and their pending requests."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}
        self._requests: set[asyncio.Task[Any]] = set()

    def add(self, transport: asyncio.Transport) -> None:
        if peer := transport.get_extra_info("peername"):  # None if it was closed in the meantime
            self._open[peer] = transport

    def remove(self, transport: asyncio.Transport) -> None:
        self._open.pop(transport.get_extra_info("peername"), None)

    def wrap(self, app: App) -> App:
        """Return the application, with a dropped connection closed on the network."""

        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 - a coroutine runs in a task
            self._requests.add(task)
            try:
                await app(scope, receive, send)
            except (ConnectionDroppedError, asyncio.CancelledError):
                if transport := self._open.get(tuple(scope["client"])):
                    transport.abort()
                while (await receive())["type"] != "http.disconnect":
                    pass  # uvicorn sends a 500 if this returns before the connection is closed
            finally:
                self._requests.discard(task)

        return wrapped

    def cancel_requests(self) -> None:
        for task in self._requests:
            task.cancel()

    def protocol(self) -> type[asyncio.Protocol]:
        """Return uvicorn's HTTP protocol, registering its connections here."""
        connections = self

        class Protocol(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
                connections.add(transport)
                super().connection_made(transport)

            def connection_lost(self, exc: Exception | None) -> None:
                connections.remove(self.transport)
                super().connection_lost(exc)

        return Protocol


def listen(port: int) -> socket.socket:
    """Return a listening socket on the loopback address; port 0 selects a free port.

    Raise `OSError` if the port is in use or not permitted.
    """
    # asyncio sets TCP_NODELAY only if the protocol is given. Without it, each response waits
    # 40 ms for an acknowledgement.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((LOOPBACK, port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


class EmulatorServer(Server):
    """A server for an emulator. `run(sockets=[…])` returns after SIGINT or SIGTERM."""

    def __init__(self, emulator: Responder, *, started: Callable[[], None] = lambda: None) -> None:
        """Create the server; `started` is called when it accepts requests."""
        self._connections = _Connections()
        super().__init__(
            Config(
                self._connections.wrap(create_app(emulator)),
                http=self._connections.protocol(),
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=1,
            )
        )
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, and cancel pending requests: some faults never respond."""
        self._connections.cancel_requests()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM. uvicorn would raise both again afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread can handle signals
            return
        previous = {name: signal.signal(name, self.handle_exit) for name in _ENDING}
        try:
            yield
        finally:
            for name, handler in previous.items():
                signal.signal(name, handler)

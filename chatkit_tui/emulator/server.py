"""The emulator on a loopback address, through uvicorn."""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from chatkit_tui.emulator.calls import LineDroppedError
from chatkit_tui.emulator.state import Emulator

LOOPBACK = "127.0.0.1"
"""The only address that the emulator listens on: it has no password worth the name."""

_ENDING = (signal.SIGINT, signal.SIGTERM)


class _Lines:
    """The open connections and the requests on them, so that both can be cut."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}
        self._requests: set[asyncio.Task[Any]] = set()

    def opened(self, transport: asyncio.Transport) -> None:
        """A client connected."""
        if peer := transport.get_extra_info("peername"):  # None when it has left again already
            self._open[peer] = transport

    def closed(self, transport: asyncio.Transport) -> None:
        """A client left."""
        self._open.pop(transport.get_extra_info("peername"), None)

    def around(self, app: Any) -> Any:
        """The application, with its dropped lines cut in truth."""

        async def carried(scope: Any, receive: Any, send: Any) -> None:
            request = asyncio.current_task()
            assert request is not None  # noqa: S101 - a coroutine runs in a task
            self._requests.add(request)
            try:
                await app(scope, receive, send)
            except (LineDroppedError, asyncio.CancelledError):
                self._cut(scope["client"])
                while (await receive())["type"] != "http.disconnect":
                    pass  # uvicorn would send a 500 if this returned before the line is gone
            finally:
                self._requests.discard(request)

        return carried

    def stop(self) -> None:
        """End every request that is still waiting for its answer."""
        for request in self._requests:
            request.cancel()

    def _cut(self, client: tuple[str, int]) -> None:
        if transport := self._open.get((client[0], client[1])):
            transport.abort()


def _protocol(lines: _Lines) -> type[asyncio.Protocol]:
    """uvicorn's HTTP protocol, that tells which connections are open."""

    class Protocol(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
            lines.opened(transport)
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            lines.closed(self.transport)
            super().connection_lost(exc)

    return Protocol


def listen(port: int) -> socket.socket:
    """A socket on the loopback address; port 0 takes a free one.

    Raises `OSError` when the port is taken or may not be used.
    """
    # The protocol by name: only where it stands does asyncio send at once (TCP_NODELAY). Else each
    # answer waits 40 ms for an acknowledgement.
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
    """An emulator at a socket. `run(sockets=[…])` returns when it has been told to stop."""

    def __init__(self, emulator: Emulator, *, started: Callable[[], None] = lambda: None) -> None:
        """`started` is called once requests are answered."""
        self._lines = lines = _Lines()
        super().__init__(
            Config(
                cast("Any", lines.around(emulator.app)),
                http=_protocol(lines),
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
        """Begin to answer."""
        await super().startup(sockets)
        self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, without waiting for answers that never come."""
        self._lines.stop()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on Ctrl+C and SIGTERM without passing them on, so that both end the program well."""
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread is told of signals
            return
        before = {name: signal.signal(name, self.handle_exit) for name in _ENDING}
        try:
            yield
        finally:
            for name, handler in before.items():
                signal.signal(name, handler)


def serve(emulator: Emulator, listening: socket.socket, started: Callable[[], None]) -> None:
    """Answer on a socket until Ctrl+C or SIGTERM; returns without an exception on both."""
    EmulatorServer(emulator, started=started).run(sockets=[listening])

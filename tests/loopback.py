"""Servers on loopback, each in a thread of its own, that end at once.

uvicorn looks ten times a second whether to end, and then leaves clients another tenth: more than
most tests take.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from socket import socket

from uvicorn import Server

from chatkit_tui.emulator.requests import Responder
from chatkit_tui.emulator.server import LOOPBACK, EmulatorServer, listen


@contextmanager
def serving(emulator: Responder) -> Iterator[str]:
    """Serve an emulator in the block; yield the base URL of its API."""
    with running(EmulatorServer(emulator)) as origin:
        yield f"{origin}/v1"


@contextmanager
def running(server: Server) -> Iterator[str]:
    """Run a server in the block; yield its origin. Pending requests are cancelled at the end."""
    started: Future[Callable[[], object]] = Future()
    with listen(0) as listening:
        arguments = (server, listening, started.set_result)
        thread = threading.Thread(target=asyncio.run, args=[_run(*arguments)], daemon=True)
        thread.start()
        end = started.result(60)
        try:
            yield f"http://{LOOPBACK}:{listening.getsockname()[1]}"
        finally:
            end()
            thread.join(60)


async def _run(
    server: Server, listening: socket, on_started: Callable[[Callable[[], object]], None]
) -> None:
    """Serve until the function that `on_started` gets is called, on any thread."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup([listening])
    await server.on_tick(0)  # makes the headers of every response
    on_started(partial(loop.call_soon_threadsafe, ended.set))
    await ended.wait()
    # asyncio leaves open what it accepted before its server was closed and had no transport yet.
    loop.remove_reader(listening)
    for _ in range(3):
        await asyncio.sleep(0)
    for each in server.servers:
        each.close()
    for connection in [*server.server_state.connections]:
        connection.transport.abort()

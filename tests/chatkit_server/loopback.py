"""A test server on loopback, in a thread of its own, for programs that block."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from chatkit_tui.emulator.server import LOOPBACK, listen
from tests.chatkit_server.app import PATH, ChatServer


@contextmanager
def served(server: ChatServer) -> Iterator[str]:
    """Serve on loopback in the block; yield the address."""
    listening = listen(0)  # what connects before the server runs waits
    config = uvicorn.Config(server.app, log_config=None, lifespan="off")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{listening.getsockname()[1]}{PATH}"
    finally:
        running.should_exit = running.force_exit = True
        thread.join(60)
        listening.close()

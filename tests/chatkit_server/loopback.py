"""A test server on loopback, in a thread of its own, for programs that block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from tests.chatkit_server.app import PATH, ChatServer
from tests.loopback import running


@contextmanager
def served(server: ChatServer) -> Iterator[str]:
    """Serve on loopback in the block; yield the address."""
    config = uvicorn.Config(server.app, log_config=None, lifespan="off", ws="none")
    with running(uvicorn.Server(config)) as origin:
        yield f"{origin}{PATH}"

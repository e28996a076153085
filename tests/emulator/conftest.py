"""Access to the emulator: httpx in the process, and a real server on loopback."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import httpx
import pytest
import pytest_asyncio

from chatkit_tui.emulator import DEMO_KEY, DEMO_URL, Emulator
from chatkit_tui.emulator.requests import Responder
from chatkit_tui.emulator.server import EmulatorServer, listen
from chatkit_tui.emulator.transport import EmulatorTransport

HEADERS = {"authorization": f"Bearer {DEMO_KEY}", "openai-beta": "chatkit_beta=v1"}

MakeWire: TypeAlias = Callable[[Emulator], httpx.AsyncClient]


@pytest_asyncio.fixture
async def make_wire() -> AsyncIterator[MakeWire]:
    """Create httpx clients of an emulator, with the headers that every call needs."""
    made: list[httpx.AsyncClient] = []

    def make(emulator: Emulator) -> httpx.AsyncClient:
        made.append(
            httpx.AsyncClient(
                transport=EmulatorTransport(emulator), base_url=DEMO_URL, headers=HEADERS
            )
        )
        return made[-1]

    yield make
    for client in made:
        await client.aclose()


@pytest.fixture
def wire(emulator: Emulator, make_wire: MakeWire) -> httpx.AsyncClient:
    """Return an httpx client of the emulator fixture."""
    return make_wire(emulator)


@contextmanager
def serving(emulator: Responder) -> Iterator[str]:
    """Serve an emulator on loopback while the block runs; yield its base URL."""
    listening = listen(0)
    ready = threading.Event()
    server = EmulatorServer(emulator, started=ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    assert ready.wait(60)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        thread.join(60)
        listening.close()


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Emulator, str]]:
    """Yield an emulator on loopback for the whole run, and its base URL; do not delete from it."""
    emulator = Emulator()
    with serving(emulator) as url:
        yield emulator, url

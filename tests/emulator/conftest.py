"""Access to the emulator: httpx in the process, and a real server on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TypeAlias

import httpx
import pytest
import pytest_asyncio

from chatkit_tui.emulator import DEMO_KEY, DEMO_URL, Emulator
from chatkit_tui.emulator.transport import EmulatorTransport
from tests.loopback import serving

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


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[Emulator, str]]:
    """Yield an emulator on loopback for the whole run, and its base URL; do not delete from it."""
    emulator = Emulator()
    with serving(emulator) as url:
        yield emulator, url

"""The built-in API on loopback, in a thread of the benchmark, so that its log can be read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from chatkit_tui.emulator import DEMO_KEY, Emulator
from chatkit_tui.emulator.server import LOOPBACK, EmulatorServer, listen


class Api(NamedTuple):
    """A server with threads of so many items each."""

    emulator: Emulator
    base_url: str

    @property
    def environment(self) -> dict[str, str]:
        """What leads a program there."""
        return {"OPENAI_BASE_URL": self.base_url, "OPENAI_API_KEY": DEMO_KEY}


@contextmanager
def serving(emulator: Emulator) -> Iterator[Api]:
    """A server of an emulator."""
    listening = listen(0)
    started = threading.Event()
    server = EmulatorServer(emulator, started=started.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield Api(emulator, f"http://{LOOPBACK}:{listening.getsockname()[1]}/v1")
    finally:
        server.should_exit = True
        thread.join(5)
        listening.close()

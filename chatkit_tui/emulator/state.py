"""The emulator: the API in memory, with its data, settings and log of requests."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from chatkit_tui.emulator.faults import Switches
from chatkit_tui.emulator.handlers import handle
from chatkit_tui.emulator.library import Library
from chatkit_tui.emulator.requests import Request, Response
from chatkit_tui.emulator.sample_data import Clock, fixed_clock
from chatkit_tui.emulator.sessions import Sessions

_LOGGED_REQUESTS = 10_000


class Emulator:
    """A ChatKit API with its own sample data, all of it in memory.

    Two emulators with the same arguments return the same bytes.
    """

    def __init__(
        self,
        threads: int = 60,
        items: int | None = None,
        latency: float = 0,
        faults: Iterable[str] = (),
        clock: Clock = fixed_clock,
    ) -> None:
        """Create an API in its initial state.

        `threads`: their number; the 60 stories are the newest, generated threads precede them.
        `items`: the number of items of each thread; None for as many as its story has.
        `latency`: milliseconds before each response. `faults`: see `faults`. `clock`: returns Unix
        seconds, used by sessions. Raise `ValueError` for an unknown fault.
        """
        self.library = Library(threads, items)
        self.sessions = Sessions(clock)
        self.latency = latency
        self.requests: deque[Request] = deque(maxlen=_LOGGED_REQUESTS)
        """The last 10,000 requests, oldest first, without their Authorization headers."""
        self._switches = Switches(faults)
        self._received = 0

    @property
    def faults(self) -> tuple[str, ...]:
        """The active faults, each `NAME[:FIRST][@CALL]`; can be set at any time.

        `rate-limit:2@threads.list` affects the next two requests of that operation. An HTTP method
        is allowed after the @, too. Raise `ValueError` for an unknown fault.
        """
        return self._switches.names

    @faults.setter
    def faults(self, names: Iterable[str]) -> None:
        self._switches = Switches(names)

    def thread_id(self, index: int = -1) -> str:
        """Return the id of a thread; 0 is the oldest, -1 the newest. Raise `IndexError`."""
        return self.library.identifier(range(len(self.library))[index])

    def thread_titled(self, title: str) -> str:
        """Return the id of the newest story with a title. Raise `KeyError` if there is none."""
        return self.library.identifier(self.library.index_of_title(title))

    async def respond(self, request: Request) -> Response:
        """Return the response to a request, with the active faults applied.

        Raise `ConnectionDroppedError` if a fault drops the connection.
        """
        headers = {name: text for name, text in request.headers.items() if name != "authorization"}
        self.requests.append(replace(request, headers=headers))
        started = time.perf_counter()
        self._received += 1
        request_id = f"req_{self._received:032x}"
        if self.latency:
            await asyncio.sleep(self.latency / 1000)
        response = await self._switches.apply(request, self._handle)
        milliseconds = int((time.perf_counter() - started) * 1000)
        return response.with_headers(
            x_request_id=request_id,
            openai_processing_ms=str(milliseconds),
            openai_version="2020-10-01",
        )

    async def _handle(self, request: Request) -> Response:
        return handle(request, self.library, self.sessions)

"""The API in memory: its state, its settings, and one door for calls."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chatkit_tui.emulator.calls import Answer, Call
from chatkit_tui.emulator.demo import Clock, fixed_clock
from chatkit_tui.emulator.faults.switches import Switches
from chatkit_tui.emulator.handlers import answer_call
from chatkit_tui.emulator.library import Library
from chatkit_tui.emulator.sessions import Sessions

if TYPE_CHECKING:
    from starlette.applications import Starlette

_REQUESTS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request that came, without the key it came with."""

    call: str
    """The name of the call, as `threads.list`; `elsewhere` for an unknown path."""
    method: str
    path: str
    """Percent-encoded, without the query."""
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case; the Authorization header is left out."""
    body: bytes


class Emulator:
    """A ChatKit API with sample data of its own, all of it in memory.

    Two emulators with the same arguments give the same answers, to the byte.
    """

    def __init__(
        self,
        threads: int = 60,
        items: int | None = None,
        latency: float = 0,
        faults: Iterable[str] = (),
        clock: Clock = fixed_clock,
    ) -> None:
        """Make an API that nothing has happened to yet.

        `threads`: how many; the 60 stories are the newest, an archive made on demand the rest.
        `items`: how many items each thread has; None for as many as its story.
        `latency`: milliseconds before each answer. `faults`: see `faults`. `clock`: Unix seconds,
        what sessions are made and expire by; it stands still unless told otherwise.
        Raises `ValueError` for a fault that does not exist.
        """
        self.library = Library(threads, items)
        self.sessions = Sessions(clock)
        self.latency = latency
        self.requests: deque[LoggedRequest] = deque(maxlen=_REQUESTS_KEPT)
        """What came, oldest first; the last 10,000."""
        self._switches = Switches(faults)
        self._answered = 0
        self._app: Starlette | None = None

    @property
    def faults(self) -> tuple[str, ...]:
        """The faults that are switched on, each `NAME[:FIRST][@CALL]`; can be set at any time.

        `rate-limit:2@threads.list` spoils the first two requests of that call from now on;
        after the @ there can also be a method. Raises `ValueError` for one that does not exist.
        """
        return self._switches.names

    @faults.setter
    def faults(self, names: Iterable[str]) -> None:
        self._switches = Switches(names)

    @property
    def app(self) -> Any:
        """The Starlette application; made, and Starlette imported, when first asked for."""
        if self._app is None:
            from chatkit_tui.emulator.app import create_app

            self._app = create_app(self)
        return self._app

    def thread_id(self, index: int = -1) -> str:
        """The id of a thread by its place, 0 the oldest and -1 the newest; raises `IndexError`."""
        return self.library.identifier(range(len(self.library))[index])

    def thread_titled(self, title: str) -> str:
        """The id of the newest story with that title. Raises `KeyError` when there is none."""
        return self.library.identifier(self.library.index_of_title(title))

    async def answer(self, call: Call) -> Answer:
        """Take a call and give its answer, faults and all.

        Raises `LineDroppedError` where a fault drops the connection.
        """
        self.requests.append(
            LoggedRequest(
                call.name,
                call.method,
                call.path,
                dict(call.query),
                {name: text for name, text in call.headers.items() if name != "authorization"},
                call.body,
            )
        )
        begun = time.perf_counter()
        self._answered += 1
        request_id = f"req_{self._answered:032x}"
        if self.latency:
            await asyncio.sleep(self.latency / 1000)
        answer = await self._switches.carry(call, self._endpoint)
        milliseconds = int((time.perf_counter() - begun) * 1000)
        return answer.with_headers(
            x_request_id=request_id,
            openai_processing_ms=str(milliseconds),
            openai_version="2020-10-01",
        )

    async def _endpoint(self, call: Call) -> Answer:
        return answer_call(self, call)

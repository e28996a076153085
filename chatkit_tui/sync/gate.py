"""The gate that every request of a synchronization passes: concurrency, rate, budget, pauses."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

T = TypeVar("T")

_REGAIN_AFTER: Final = 100
"""Requests without a refusal after which one more may run at once."""


class BudgetUsedError(Exception):
    """The requests or the time that the user granted are used up."""


class RequestGate:
    """Limits how many requests run at once, and how many start per second.

    When the server asks to wait, all requests wait, and then half as many run at once.
    """

    def __init__(
        self,
        concurrency: int,
        *,
        rate: float | None = None,
        most_requests: int | None = None,
        seconds: float | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.requests = 0
        """Requests that passed."""
        self._concurrency = self._allowed = concurrency
        self._interval = 1 / rate if rate else 0.0
        self._most_requests = most_requests
        self._clock = clock or asyncio.get_running_loop().time
        self._end = self._clock() + seconds if seconds is not None else None
        self._running = 0
        self._since_refusal = 0
        self._opens_at = 0.0
        self._next_at = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def run(self, request: Callable[[], Awaitable[T]]) -> T:
        """Run a request when it may pass.

        Raises `BudgetUsedError` instead if the budget is used up, and what `request` raises.
        """
        while self._running >= self._allowed:
            await self._wait_for_place()
        self._running += 1
        try:
            await self._wait_for_turn()
            if self.is_used_up:
                raise BudgetUsedError
            self.requests += 1
            return await request()
        finally:
            self._running -= 1
            self._since_refusal += 1
            if self._since_refusal >= _REGAIN_AFTER and self._allowed < self._concurrency:
                self._allowed += 1
                self._since_refusal = 0
            self._wake()

    def pause(self, seconds: float) -> bool:
        """Let no request pass for some seconds, and half as many at once afterwards.

        Return False during a pause: several requests may be refused for one reason.
        """
        now = self._clock()
        is_new = now >= self._opens_at
        if is_new:
            self._allowed = max(1, self._allowed // 2)
        self._opens_at = max(self._opens_at, now + seconds)
        self._since_refusal = 0
        return is_new

    @property
    def is_used_up(self) -> bool:
        """Whether the budget is used up."""
        if self._most_requests is not None and self.requests >= self._most_requests:
            return True
        return self.is_out_of_time

    @property
    def is_out_of_time(self) -> bool:
        """Whether the time that the user granted is over."""
        return self._end is not None and self._clock() >= self._end

    async def _wait_for_place(self) -> None:
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            self._wake()  # another one may take the place
            raise

    def _wake(self) -> None:
        """Let as many go on as places are free."""
        free = self._allowed - self._running
        while free > 0 and self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                free -= 1

    async def _wait_for_turn(self) -> None:
        while (wait := max(self._opens_at, self._next_at) - self._clock()) > 0:
            if self.is_used_up:
                return
            turn = self._next_at
            left = wait if self._end is None else max(self._end - self._clock(), 0)
            await asyncio.sleep(min(wait, left))
            if turn != self._next_at:  # another request took this turn
                continue
        self._next_at = max(self._clock(), self._next_at) + self._interval

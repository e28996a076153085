"""A load that several callers can wait for, and each can leave."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")
Outcome = TypeVar("Outcome")


class SharedLoad(Generic[Answer, Outcome]):
    """One fetch under way.

    `settle` turns the answer into the outcome and is where state changes: it is called at most
    once, by the first caller that is still waiting when the answer is there, without an await
    between the two. So a load whose callers were all cancelled has changed nothing, even when
    the answer came in the same turn of the event loop. `forget` is called once, when there is
    nothing left to join: the first caller may have begun the next load when the second one wakes.
    """

    __slots__ = ("_callers", "_forget", "_has_ended", "_outcome", "_settle", "_task")

    def __init__(
        self,
        fetch: Coroutine[Any, Any, Answer],
        settle: Callable[[Answer], Outcome],
        forget: Callable[[], object],
    ) -> None:
        self._task = asyncio.ensure_future(fetch)
        # An error that comes after the last caller left is nobody's; it is not for the log.
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())
        self._settle = settle
        self._forget = forget
        self._callers = 0
        self._has_ended = False
        self._outcome: list[Outcome] = []

    async def join(self) -> Outcome:
        """Wait for the outcome. Raises what the fetch raised, the same for every caller.

        Cancelling a caller leaves the others waiting; cancelling the last one cancels the fetch.
        """
        self._callers += 1
        try:
            await asyncio.wait([self._task])
        except asyncio.CancelledError:
            self._callers -= 1
            if not self._callers:
                self._end()
                self._task.cancel()
            raise
        self._end()
        if not self._outcome:
            self._outcome.append(self._settle(self._task.result()))
        return self._outcome[0]

    def _end(self) -> None:
        if not self._has_ended:
            self._has_ended = True
            self._forget()

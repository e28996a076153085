"""Leaving the screen: what must not be broken off is finished first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from textual.worker import Worker

UNBROKEN = "unbroken"
"""The group of workers whose call changes something on the server.

Leaving waits for them: a call that is broken off may have been carried out or not, and nobody
would be left to say which.
"""
FINISH_WITHIN = 10.0
"""Seconds that unbroken work has before the program leaves all the same."""
CLOSE_WITHIN = 3.0
"""Seconds from there until everything is closed; then the program ends the hard way."""


@runtime_checkable
class StopsBetween(Protocol):
    """A screen whose work has steps and can be stopped between two of them."""

    def stop_between(self) -> None:
        """Do no further step; without work under way, nothing."""
        ...


def unbroken(workers: Iterable[Worker[Any]]) -> list[Worker[Any]]:
    """Those of the workers that leaving waits for."""
    return [worker for worker in workers if worker.group == UNBROKEN and not worker.is_finished]


async def finish(workers: Iterable[Worker[Any]]) -> None:
    """Wait until none of the workers is in the middle of something, `FINISH_WITHIN` at most.

    What is not done by then is cancelled. How they end does not matter here: who started them is
    told.
    """
    from textual.worker import WorkerError

    with suppress(TimeoutError):
        async with asyncio.timeout(FINISH_WITHIN):
            for worker in unbroken(workers):
                with suppress(WorkerError):
                    await worker.wait()

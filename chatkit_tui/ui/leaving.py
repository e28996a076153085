"""Leave the screen, once requests that change something are finished."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from textual.worker import Worker

UNBROKEN = "unbroken"
"""The group of workers whose requests change something on the server.

Leaving waits for them, because the outcome of an aborted request would be unknown.
"""
FINISH_WITHIN = 10.0
"""Seconds that these workers have to finish."""
CLOSE_WITHIN = 3.0
"""Seconds to close everything after that, before the process is killed."""


@runtime_checkable
class StopsBetween(Protocol):
    """A screen whose work can be stopped between two steps."""

    def stop_between(self) -> None:
        """Do no further step."""
        ...


def unbroken(workers: Iterable[Worker[Any]]) -> list[Worker[Any]]:
    """Return the workers that leaving waits for."""
    return [worker for worker in workers if worker.group == UNBROKEN and not worker.is_finished]


async def finish(workers: Iterable[Worker[Any]]) -> None:
    """Wait until these workers are finished, at most `FINISH_WITHIN` seconds.

    Their errors are ignored here, because they are reported where the workers were started.
    """
    from textual.worker import WorkerError

    with suppress(TimeoutError):
        async with asyncio.timeout(FINISH_WITHIN):
            for worker in unbroken(workers):
                with suppress(WorkerError):
                    await worker.wait()

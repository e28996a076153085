"""Work that nobody waits for yet, done a little at a time while no key has anything to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

AFTER: Final = 0.03
"""Seconds since it was last put off after which there is time: a key and its frame are over."""
BETWEEN: Final = 0.005
"""Seconds that are left to everything else between two steps."""


class IdleTasks:
    """Calls `step` again and again, for as long as that says that there is more to do."""

    def __init__(self, step: Callable[[], bool]) -> None:
        """`step` does a millisecond or two of the work; False when there is none left."""
        self._step = step
        self._next: asyncio.TimerHandle | None = None

    def put_off(self) -> None:
        """Begin when there is time: something else is to be done first."""
        self._call_in(AFTER)

    def stop(self) -> None:
        """Do nothing more."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do, as far as is known."""
        return self._next is None

    def _call_in(self, seconds: float) -> None:
        self.stop()
        self._next = asyncio.get_running_loop().call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        self._next = None
        if self._step():
            self._call_in(BETWEEN)

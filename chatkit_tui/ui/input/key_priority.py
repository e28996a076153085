"""Keys go first: what is loaded beside them waits until what they did is on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

LONGEST: Final = 0.05
"""Seconds that one key holds up the rest at most: not every key changes what is on the screen."""


class Timer(Protocol):
    """What was arranged for later."""

    def cancel(self) -> None:
        """Do it no more."""
        ...


CallLater: TypeAlias = Callable[[float, Callable[[], None]], Timer]
"""Calls the second argument after the seconds in the first."""


def call_later(seconds: float, callback: Callable[[], None]) -> Timer:
    """Call something on the running loop after so many seconds."""
    return asyncio.get_running_loop().call_later(seconds, callback)


class KeyPriority:
    """Says when there is time for what nobody waits for at the keyboard."""

    def __init__(self, call_later: CallLater = call_later) -> None:
        """`call_later` is the clock that ends the right of way of a key that draws nothing."""
        self._call_later = call_later
        self._clear: asyncio.Event | None = None
        """Set as soon as nobody has to be let by; None while that is so."""
        self._end: Timer | None = None

    @property
    def is_claimed(self) -> bool:
        """Whether a key is under way."""
        return self._clear is not None

    def claim(self) -> None:
        """A key was pressed."""
        if self._clear is None:  # else a key that is held down could hold up the rest for good
            self._clear = asyncio.Event()
            self._end = self._call_later(LONGEST, self.give_back)

    def give_back(self) -> None:
        """What the key did was drawn."""
        if self._end is not None:
            self._end.cancel()
            self._end = None
        if self._clear is not None:
            self._clear.set()
            self._clear = None

    async def wait(self) -> None:
        """Until the key that is under way had its turn; at once if there is none."""
        if self._clear is not None:
            await self._clear.wait()

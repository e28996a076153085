"""Keys that are typed faster than the screen follows, as they arrive over a slow line: in a heap.

The toolkit hands each key to what has the focus at that moment. Of `/refund` in one piece, all
letters would go to the list, which knows some of them as commands, before the prompt is there.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.events import Key, Paste

if TYPE_CHECKING:
    from textual.app import App

AFTERWARDS: Final = 0.015
"""Seconds after a key from which on to look whether it had its effect: it is drawn first."""
PATIENCE: Final = 0.5
"""Seconds after which a key is handed on although what the one before opened is not ready."""
STILL: Final = 2
"""Rounds through the queues in which nothing happened, until a key has had its effect."""


class KeyQueue:
    """Hands keys on one after the other, each when the one before it had its effect."""

    def __init__(self, app: App[int], hand_on: Callable[[Key | Paste], Awaitable[None]]) -> None:
        """`hand_on` is the toolkit's own way of taking a key."""
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[Key | Paste] = deque()
        self._is_free = True
        """Whether the key before had its effect."""
        self._begin: asyncio.TimerHandle | None = None
        self._turn = 0
        """Counts what was waited for, so that what comes late of it is known as that."""
        self._seen: tuple[object, object] = (None, None)
        """The screen and what had the focus, a round ago."""
        self._still = 0
        self._alarm: asyncio.TimerHandle | None = None
        self._held: asyncio.TimerHandle | None = None

    @property
    def is_behind(self) -> bool:
        """Whether there are keys that were not handed on yet."""
        return bool(self._waiting)

    def hold(self, seconds: float) -> None:
        """Hand nothing on until `release`, or for so many seconds."""
        self._is_free = False
        self._held = asyncio.get_running_loop().call_later(seconds, self.release)

    def release(self) -> None:
        """What was held for is there; nothing happens when nothing is held."""
        held, self._held = self._held, None
        if held is not None:
            held.cancel()
            self._app.call_later(self._go_on)

    async def take(self, event: Key | Paste) -> None:
        """Hand a key on, now or as soon as it is its turn."""
        if self._is_free:
            await self._take_turn(event)
        else:
            self._waiting.append(event)
            if self._begin is not None:  # nobody looks yet
                self._wait()

    async def _take_turn(self, event: Key | Paste) -> None:
        self._is_free = False
        try:
            await self._hand_on(event)
        finally:
            if self._waiting:
                self._wait()
            else:
                loop = asyncio.get_running_loop()
                self._begin = loop.call_later(AFTERWARDS, self._wait)

    def _wait(self) -> None:
        """Begin to wait for the effect of the key before: until nobody has anything left to do."""
        if self._begin is not None:
            self._begin.cancel()
            self._begin = None
        self._turn += 1
        self._still = STILL
        self._alarm = asyncio.get_running_loop().call_later(PATIENCE, self._next, self._turn)
        self._go_round(self._turn)

    def _go_round(self, turn: int) -> None:
        """Come back when what has the focus, its screen and the app did what was asked of them."""
        if not self._app.screen_stack:  # the end
            return
        screen, taker = self._app.screen, self._app.focused
        self._seen = screen, taker
        last = partial(self._app.call_later, self._look, turn)
        then = partial(screen.call_later, last) if screen.is_running else last
        if taker is None or not taker.call_later(then):
            then()

    def _look(self, turn: int) -> None:
        if turn != self._turn or not self._app.screen_stack:
            return
        screen = self._app.screen
        is_still = (screen, self._app.focused) == self._seen and not any(
            node.message_queue_size for node in screen.walk_children(with_self=True)
        )
        self._still = self._still - 1 if is_still else STILL
        if self._still:
            self._go_round(turn)
        else:
            self._next(turn)

    def _next(self, turn: int) -> None:
        """The key before had its effect, or its time."""
        if turn != self._turn:
            return
        self._turn += 1
        if self._alarm is not None:
            self._alarm.cancel()
        self._app.call_later(self._go_on)

    async def _go_on(self) -> None:
        if self._waiting:
            await self._take_turn(self._waiting.popleft())
        else:
            self._is_free = True

"""Pass on keys in order, each after the effect of the previous key.

Textual gives each key to the widget that has the focus at that moment. If `/refund` arrives in one
piece, as over a slow connection, all letters would go to the list before the prompt is open.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.events import Key, Paste

from chatkit_tui.ui.background_work import CallLater, Timer, call_later

if TYPE_CHECKING:
    from textual.app import App

CHECK_AFTER: Final = 0.015
"""Seconds after a key from which to check for its effect, which is drawn first."""
MAX_WAIT: Final = 0.5
"""Seconds after which the next key is passed on even without an effect."""
QUIET_ROUNDS: Final = 2
"""Rounds through the message queues without a change after which a key has had its effect."""


class KeyQueue:
    """Hold keys back until the previous key has had its effect."""

    def __init__(
        self,
        app: App[int],
        pass_on: Callable[[Key | Paste], Awaitable[None]],
        call_later: CallLater = call_later,
    ) -> None:
        """`pass_on` gives a key to the screen; `call_later` is the clock."""
        self._app = app
        self._pass_on = pass_on
        self._call_later = call_later
        self._waiting: deque[Key | Paste] = deque()
        self._is_free = True
        """Whether the previous key has had its effect."""
        self._check_timer: Timer | None = None
        self._turn = 0
        """Counts the waits, to ignore callbacks of an earlier one."""
        self._seen: tuple[object, object] = (None, None)
        """The screen and the focus in the previous round."""
        self._rounds_left = 0
        self._timeout: Timer | None = None
        self._hold: Timer | None = None
        self._when_free: Callable[[], None] | None = None

    @property
    def is_behind(self) -> bool:
        return bool(self._waiting)

    def hold(self, seconds: float, when_free: Callable[[], None] | None = None) -> None:
        """Pass on no keys until `release`, which is called after some seconds at the latest.

        `when_free` is called once all keys that were held back have had their effects.
        """
        self._is_free = False
        self._when_free = when_free
        self._hold = self._call_later(seconds, self.release)

    def release(self) -> None:
        """End the hold, if there is one."""
        hold, self._hold = self._hold, None
        if hold is not None:
            hold.cancel()
            self._app.call_later(self._continue)

    async def take(self, event: Key | Paste) -> None:
        """Pass on a key, now or when its turn comes."""
        if self._is_free:
            await self._take_turn(event)
        else:
            self._waiting.append(event)
            if self._check_timer is not None:
                self._start_checks()

    async def _take_turn(self, event: Key | Paste) -> None:
        self._is_free = False
        try:
            await self._pass_on(event)
        finally:
            if self._waiting:
                self._start_checks()
            else:
                self._check_timer = self._call_later(CHECK_AFTER, self._start_checks)

    def _start_checks(self) -> None:
        """Check, until all queues are empty, whether the previous key has had its effect."""
        if self._check_timer is not None:
            self._check_timer.cancel()
            self._check_timer = None
        self._turn += 1
        self._rounds_left = QUIET_ROUNDS
        self._timeout = self._call_later(MAX_WAIT, partial(self._next, self._turn))
        self._go_round(self._turn)

    def _go_round(self, turn: int) -> None:
        """Check again after focus, screen and app have handled their messages."""
        if not self._app.screen_stack:  # the app ends
            return
        screen, focused = self._app.screen, self._app.focused
        self._seen = screen, focused
        last = partial(self._app.call_later, self._check, turn)
        then = partial(screen.call_later, last) if screen.is_running else last
        if focused is None or not focused.call_later(then):
            then()

    def _check(self, turn: int) -> None:
        if turn != self._turn or not self._app.screen_stack:
            return
        screen = self._app.screen
        is_quiet = (screen, self._app.focused) == self._seen and not any(
            node.message_queue_size for node in screen.walk_children(with_self=True)
        )
        self._rounds_left = self._rounds_left - 1 if is_quiet else QUIET_ROUNDS
        if self._rounds_left:
            self._go_round(turn)
        else:
            self._next(turn)

    def _next(self, turn: int) -> None:
        """Continue after the effect of the previous key, or after the timeout."""
        if turn != self._turn:
            return
        self._turn += 1
        if self._timeout is not None:
            self._timeout.cancel()
        self._app.call_later(self._continue)

    async def _continue(self) -> None:
        if self._waiting:
            await self._take_turn(self._waiting.popleft())
        else:
            self._is_free = True
            when_free, self._when_free = self._when_free, None
            if when_free is not None:
                when_free()

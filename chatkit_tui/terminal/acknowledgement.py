"""When the terminal shows what was drawn: as it says itself, else after a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from chatkit_tui.terminal.flow_control import STALLED
from chatkit_tui.terminal.live_renderer import LiveRenderer

UNACKNOWLEDGED: Final = 0.3
"""Seconds after which a frame that was written and drained counts as shown, where the terminal
does not acknowledge it."""
_LOOK: Final = 0.02
"""Seconds between two looks at how far the terminal is."""


class ShownWatch:
    """Waits until the terminal shows what was drawn when the wait began."""

    def __init__(self, stage: LiveRenderer | None, is_drained: Callable[[], bool]) -> None:
        """`stage` asks the terminal, if there is one. `is_drained` says whether the terminal has
        taken all that was written."""
        self._stage = stage
        self._is_drained = is_drained
        self._loop = asyncio.get_running_loop()
        self._shown: Callable[[float], None] | None = None
        self._asked_at = 0.0
        self._drained_at: float | None = None
        self._next: asyncio.TimerHandle | None = None

    def wait(self, shown: Callable[[float], None], since: float) -> None:
        """Call `shown` once with the time since when all that is drawn by now is shown.

        What the terminal acknowledges for a question sent before `since` does not count. Times
        are in seconds of the loop's clock. A later wait takes the place of this one.
        """
        self.stop()
        self._shown, self._drained_at = shown, None
        self._ask(since)
        self._look()

    def stop(self) -> None:
        """Wait no longer."""
        self._shown = None
        if self._stage is not None:
            self._stage.when_shown(None)
        if self._next is not None:
            self._next.cancel()
            self._next = None

    def _ask(self, since: float, *, lost: bool = False) -> None:
        self._asked_at = self._loop.time()
        if self._stage is not None:
            self._stage.when_shown(self._end, since, lost=lost)

    def _end(self, at: float) -> None:
        shown = self._shown
        self.stop()
        if shown is not None:
            shown(at)

    def _look(self) -> None:
        now, stage = self._loop.time(), self._stage
        if stage is not None and stage.acknowledges:
            self._drained_at = None
            if now - self._asked_at >= STALLED or stage.has_lost_answer:
                self._ask(now, lost=True)
        elif (stage is not None and stage.is_behind) or not self._is_drained():
            self._drained_at = None
        elif self._drained_at is None:
            self._drained_at = now if stage is None else stage.free_at
        elif now >= self._drained_at + UNACKNOWLEDGED:
            self._end(self._drained_at + UNACKNOWLEDGED)
            return
        self._next = self._loop.call_later(_LOOK, self._look)

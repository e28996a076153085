"""How much may be under way to a terminal that has not yet said that it got it.

A terminal answers when it comes to a question, in its turn behind all that was written before. So
the answer says that all of it is on the screen, and how long that took. Frames that would have to
wait behind more than a little are not sent: by the time they came nobody would want them.
"""

from __future__ import annotations

from typing import Final

BUDGET: Final = 1500
"""Bytes that may be on their way unanswered before the next frame waits."""
ALLOWANCE: Final = 12_000
"""The same for as long as the terminal never answered: some whole screens, since it may be one that
never does, and nobody should have to wait to find that out."""
PATIENCE: Final = 1.0
"""Seconds without an answer after which a terminal that never gave one is taken for mute, and
frames go out as they come."""
STALLED: Final = 10.0
"""Seconds after which one that did answer is asked again: an answer may have got lost."""
NEAR: Final = 0.02
"""Seconds below which an answer cannot have come over a slow line. tmux and GNU screen answer
themselves, however far their own terminal is."""
GUESSED_RATE: Final = 8_000
"""Bytes a second that a slow line is thought to take where no answer comes over it."""
QUESTION: Final = "\x1b[6n"
"""Where is the cursor? Every terminal answers it."""


class Pace:
    """Keeps account of what is under way."""

    def __init__(self) -> None:
        self._unanswered = 0
        self._asked_at: float | None = None
        self._mute = False
        self._heard = False
        self.round_trip: float | None = None
        """Seconds that the quickest answer took; None before the first."""
        self.slow = False
        """Whether the line is known to be slow, whatever the answers say."""
        self._free_at = 0.0
        """When a line of the guessed rate is done with all that was sent."""

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is due."""
        return self._asked_at is not None

    @property
    def is_mute(self) -> bool:
        """Whether the terminal does not answer."""
        return self._mute

    def delay(self, length: int, now: float) -> float:
        """The seconds after which to ask again whether so many bytes may go; 0: they may now."""
        budget = BUDGET if self._heard else ALLOWANCE
        if self._mute or self._asked_at is None or self._unanswered + length <= budget:
            return self._guessed_delay(length, now)
        return self.left(now) or self._guessed_delay(length, now)

    def _guessed_delay(self, length: int, now: float) -> float:
        """The same for a slow line over which no answers come."""
        near = self.round_trip is not None and self.round_trip < NEAR
        if not self.slow or not (near or self._mute):
            return 0
        left = self._free_at - now
        return max(0.0, min(left, left + (length - BUDGET) / GUESSED_RATE))

    def left(self, now: float) -> float:
        """The seconds for which the answer that is due is still waited for; 0 where none is."""
        if self._asked_at is None:
            return 0
        left = self._asked_at + (STALLED if self._heard else PATIENCE) - now
        if left > 0:
            return left
        self._mute = not self._heard
        self._asked_at = None
        self._unanswered = 0
        return 0

    def sent(self, length: int, now: float) -> str:
        """So many bytes were sent; gives the question to send behind them, or nothing."""
        self._free_at = max(self._free_at, now) + length / GUESSED_RATE
        self._unanswered += length
        if self._mute or self._asked_at is not None:
            return ""
        self._asked_at = now
        self._unanswered = length
        return QUESTION

    def answered(self, now: float) -> float | None:
        """An answer came; gives the seconds that it took, None where nobody waited for one."""
        self._heard, self._mute = True, False
        took = None
        if self._asked_at is not None:
            took = now - self._asked_at
            self.round_trip = took if self.round_trip is None else min(self.round_trip, took)
        self._asked_at = None
        self._unanswered = 0
        return took

    def begin(self) -> None:
        """Nothing is under way: the terminal was another program's meanwhile."""
        self._asked_at = None
        self._unanswered = 0

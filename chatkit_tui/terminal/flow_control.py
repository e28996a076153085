"""How much may be under way to a terminal that has not yet said that it got it.

A terminal answers when it comes to a question, in its turn behind all that was written before. So
the answer says that all of it is on the screen, and how long that took. Frames that would have to
wait behind more than a little are not sent: by the time they came nobody would want them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from enum import Enum, auto
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
QUIET: Final = 1.0
"""Seconds without an answer, after one to an earlier question, until what is owed is lost."""
NEAR: Final = 0.02
"""Seconds below which an answer cannot have come over a slow connection. What emulates a terminal
answers itself, however far the user's terminal is: tmux, GNU screen, mosh."""
GUESSED_RATE: Final = 8_000
"""Bytes a second that a slow line is thought to take where no answer comes over it."""
QUESTION: Final = "\x1b[6n"
"""Where is the cursor? Every terminal answers it."""
_SET_BY_MULTIPLEXERS: Final = ("TMUX", "STY", "ZELLIJ")
"""Environment variables that tmux, GNU screen and Zellij set. SSH does not pass them on."""
_SET_BY_MOSH: Final = "NCURSES_NO_UTF8_ACS"
"""The only variable by which mosh can be recognized; users set it for PuTTY as well."""


class Multiplexer(Enum):
    """Whether a program between this one and the user's terminal answers in its place."""

    NONE = auto()
    POSSIBLE = auto()
    """By the name of the terminal, which SSH passes on and sudo keeps: only answers that come at
    once are the multiplexer's."""
    HERE = auto()
    """On this machine."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Multiplexer:
        """Return what the environment variables say."""
        if any(environment.get(name) for name in _SET_BY_MULTIPLEXERS):
            return cls.HERE
        named = environment.get("TERM", "").startswith(("tmux", "screen"))
        return cls.POSSIBLE if named or _SET_BY_MOSH in environment else cls.NONE


class FlowControl:
    """Keeps account of what is under way."""

    def __init__(self, multiplexer: Multiplexer = Multiplexer.NONE) -> None:
        self._multiplexer = multiplexer
        self._unanswered = 0
        self._questions: deque[float] = deque()
        """When each question was sent whose answer is still waited for."""
        self.asked = 0
        """How many questions were sent."""
        self.answers = 0
        """How many of them were answered. Answers come in the order of the questions, so question
        number n is answered once there are n answers; one that is late is not taken for the
        answer to a later question."""
        self._last_asked: float | None = None
        """When the last question was sent; None once anything was sent behind it."""
        self._asked_at = self._heard_at = 0.0
        """When the last question was sent, and when the last answer came."""
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
        return bool(self._questions)

    @property
    def is_owed(self) -> bool:
        """Whether any question has no answer yet, be it one that is not waited for any more."""
        return self.answers < self.asked

    @property
    def is_mute(self) -> bool:
        """Whether the terminal does not answer."""
        return self._mute

    def delay(self, length: int, now: float) -> float:
        """The seconds after which to ask again whether so many bytes may go; 0: they may now."""
        budget = BUDGET if self._heard else ALLOWANCE
        if self._mute or not self._questions or self._unanswered + length <= budget:
            return self._guessed_delay(length, now)
        return self.left(now) or self._guessed_delay(length, now)

    def _guessed_delay(self, length: int, now: float) -> float:
        """The same for a slow line over which no answers come."""
        if not self.slow or not (self._is_near or self._mute):
            return 0
        left = self._free_at - now
        return max(0.0, min(left, left + (length - BUDGET) / GUESSED_RATE))

    @property
    def _is_near(self) -> bool:
        """Whether answers come from this side of a slow connection."""
        if self._multiplexer is Multiplexer.HERE:
            return True
        return self.round_trip is not None and self.round_trip < NEAR

    def is_asked(self, since: float) -> bool:
        """Return whether a question was sent since then, and nothing behind it: its answer says
        that the terminal has everything."""
        return self._last_asked is not None and self._last_asked >= since

    def acknowledges(self, now: float) -> bool:
        """Return whether an answer is expected, and proves what the user's terminal shows."""
        self.left(now)
        doubtful = self.slow or self._multiplexer is not Multiplexer.NONE
        return not self._mute and not (doubtful and self._is_near)

    def free_at(self, now: float) -> float:
        """Return when all that was sent has arrived, by the guessed rate if the line is slow."""
        return max(now, self._free_at) if self.slow else now

    def left(self, now: float) -> float:
        """The seconds for which the answer that is due is still waited for; 0 where none is."""
        if not self._questions:
            return 0
        left = self._questions[0] + (STALLED if self._heard else PATIENCE) - now
        if left > 0:
            return left
        self._mute = not self._heard
        self._questions.clear()
        self._unanswered = 0
        return 0

    def sent(self, length: int, now: float, *, ask: bool = False) -> str:
        """So many bytes were sent; gives the question to send behind them, or nothing.

        With `ask`, there is a question although another one is unanswered, unless the terminal
        does not answer.
        """
        self._free_at = max(self._free_at, now) + length / GUESSED_RATE
        self._unanswered += length
        if length:
            self._last_asked = None
        if self._mute or (self._questions and not ask):
            return ""
        if not self._questions:
            self._unanswered = length
        self._questions.append(now)
        self.asked += 1
        self._last_asked = self._asked_at = now
        return QUESTION

    def answered(self, now: float) -> float | None:
        """An answer came; gives the seconds that it took, None where nobody waited for one."""
        self._heard, self._mute, self._heard_at = True, False, now
        self.answers = min(self.answers + 1, self.asked)
        took = None
        if self._questions:
            took = now - self._questions.popleft()
            self.round_trip = took if self.round_trip is None else min(self.round_trip, took)
        if not self._questions:
            self._unanswered = 0
        return took

    def is_lost(self, now: float) -> bool:
        """Return whether an answer that is owed is lost: others came since the last question, and
        then none. Answers to questions that were sent close together come close together."""
        return self.is_owed and self._asked_at < self._heard_at < now - QUIET

    def forget_owed(self) -> None:
        """Take the answers that are owed for lost; nothing waits behind them any more."""
        self.answers = self.asked
        self.begin()

    def begin(self) -> None:
        """Nothing is under way: the terminal was another program's meanwhile."""
        self._questions.clear()
        self._unanswered = 0
        self._last_asked = None

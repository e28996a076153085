"""Limit how much is in flight to a terminal that has not confirmed it yet.

A terminal replies to a query in order with everything written before. So its reply confirms that
all of that is on the screen, and measures how long it took. Frames that would queue behind more
than a little are not sent: they would be outdated on arrival. The times of the replies also tell
whether the connection is slow (`LinkSpeed`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from enum import Enum, auto
from typing import Final

BUDGET: Final = 1500
"""Unconfirmed bytes in flight above which the next frame waits, at least."""
MAX_BUDGET: Final = 6_000
"""The same at most. A fast connection with a long round trip carries that much meanwhile, so the
budget doubles for as long as frames arrive without queueing."""
QUEUED_ABOVE: Final = 1.5
"""Multiple of the fastest reply above which a frame was queued."""
INITIAL_BUDGET: Final = 15_000
"""The same before the first reply: some whole screens, since the terminal may never reply."""
FIRST_REPLY_WITHIN: Final = 1.0
"""Seconds without a first reply after which a terminal counts as mute and frames do not wait."""
STALLED_AFTER: Final = 10.0
"""Seconds after which a terminal that did reply is queried again: a reply may be lost."""
LOST_AFTER: Final = 1.0
"""Seconds without a reply, after one to an earlier query, until pending ones are lost."""
LOCAL_BELOW: Final = 0.02
"""Seconds below which a reply cannot have crossed a slow connection. Programs that emulate a
terminal reply themselves, wherever the user's terminal is: tmux, GNU screen, mosh."""
UNACKNOWLEDGED: Final = 0.3
"""Seconds after which a frame that is written and drained counts as shown, if the terminal does
not acknowledge it."""
ASSUMED_RATE: Final = 8_000
"""Bytes a second of a slow connection that carries no replies."""
QUERY: Final = "\x1b[6n"
"""The query for the cursor position, which every terminal answers."""
_SET_BY_MULTIPLEXERS: Final = ("TMUX", "STY", "ZELLIJ")
"""Environment variables that tmux, GNU screen and Zellij set. SSH does not pass them on."""
_SET_BY_MOSH: Final = "NCURSES_NO_UTF8_ACS"
"""The only variable by which mosh can be recognized; users set it for PuTTY as well."""


class Multiplexer(Enum):
    """Whether a program between this one and the user's terminal replies in its place."""

    NONE = auto()
    POSSIBLE = auto()
    """By the name of the terminal, which SSH passes on and sudo keeps: only immediate replies are
    the multiplexer's."""
    HERE = auto()
    """On this machine."""

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Multiplexer:
        """Return what the environment variables say."""
        if any(environ.get(name) for name in _SET_BY_MULTIPLEXERS):
            return cls.HERE
        named = environ.get("TERM", "").startswith(("tmux", "screen"))
        return cls.POSSIBLE if named or _SET_BY_MOSH in environ else cls.NONE


class FlowControl:
    """Track bytes and queries in flight. All times are in seconds of the caller's clock."""

    def __init__(self, multiplexer: Multiplexer = Multiplexer.NONE) -> None:
        self._multiplexer = multiplexer
        self._unconfirmed = 0
        self._budget = BUDGET
        self._pending: deque[tuple[float, int]] = deque()
        """When each query was sent whose reply has not timed out, and the bytes in flight then."""
        self.queries = 0
        """The number of queries sent."""
        self.replies = 0
        """The number of replies. They come in the order of the queries, so that query n is answered
        once there are n replies, and a late reply is not taken for one to a later query."""
        self._ended_in_query: float | None = None
        """When the last query was sent; None once something was sent behind it."""
        self._queried_at = self._replied_at = 0.0
        self.is_mute = False
        """Whether the terminal does not reply."""
        self._has_replied = False
        self.round_trip: float | None = None
        """Seconds that the fastest reply took; None before the first."""
        self.is_slow = False
        """Whether the connection is known to be slow, whatever the replies say."""
        self._free_at = 0.0
        """When a connection of the assumed rate has carried everything sent."""

    @property
    def is_waiting(self) -> bool:
        """Return whether a reply is pending."""
        return bool(self._pending)

    @property
    def is_owed(self) -> bool:
        """Return whether a query has no reply yet, even after a timeout."""
        return self.replies < self.queries

    def delay(self, length: int, now: float) -> float:
        """Return the seconds to wait before sending a number of bytes; 0 to send now."""
        budget = self._budget if self._has_replied else INITIAL_BUDGET
        if self.is_mute or not self._pending or self._unconfirmed + length <= budget:
            return self._assumed_delay(length, now)
        return self.time_left(now) or self._assumed_delay(length, now)

    def _assumed_delay(self, length: int, now: float) -> float:
        """Return the same for a slow connection that carries no replies."""
        if not self.is_slow or not (self._replies_locally or self.is_mute):
            return 0
        left = self._free_at - now
        return max(0.0, min(left, left + (length - BUDGET) / ASSUMED_RATE))

    @property
    def _replies_locally(self) -> bool:
        """Return whether replies come from this side of a slow connection."""
        if self._multiplexer is Multiplexer.HERE:
            return True
        return self.round_trip is not None and self.round_trip < LOCAL_BELOW

    def ends_in_query(self, since: float) -> bool:
        """Return whether the last thing sent is a query, sent at `since` or later."""
        return self._ended_in_query is not None and self._ended_in_query >= since

    def acknowledges(self, now: float) -> bool:
        """Return whether a reply is expected, and proves what the user's terminal shows."""
        self.time_left(now)
        is_doubtful = self.is_slow or self._multiplexer is not Multiplexer.NONE
        return not self.is_mute and not (is_doubtful and self._replies_locally)

    def free_at(self, now: float) -> float:
        """Return when everything sent has arrived, by the assumed rate on a slow connection."""
        return max(now, self._free_at) if self.is_slow else now

    def time_left(self, now: float) -> float:
        """Return the seconds until the pending reply times out; 0 if none is pending."""
        if not self._pending:
            return 0
        left = (
            self._pending[0][0] + (STALLED_AFTER if self._has_replied else FIRST_REPLY_WITHIN) - now
        )
        if left > 0:
            return left
        self.is_mute = not self._has_replied
        self._pending.clear()
        self._unconfirmed = 0
        return 0

    def sent(self, length: int, now: float, *, ask: bool = False) -> str:
        """Count bytes that are sent; return the query to send behind them, or an empty string.

        With `ask`, return a query even while another is pending, unless the terminal is mute.
        """
        self._free_at = max(self._free_at, now) + length / ASSUMED_RATE
        self._unconfirmed += length
        if length:
            self._ended_in_query = None
        if self.is_mute or (self._pending and not ask):
            return ""
        if not self._pending:
            self._unconfirmed = length
        self._pending.append((now, self._unconfirmed))
        self.queries += 1
        self._ended_in_query = self._queried_at = now
        return QUERY

    def reply_received(self, now: float) -> float | None:
        """Count a reply; return the seconds that it took, None if none was pending."""
        self._has_replied, self.is_mute, self._replied_at = True, False, now
        self.replies = min(self.replies + 1, self.queries)
        seconds = None
        if self._pending:
            sent_at, length = self._pending.popleft()
            seconds = now - sent_at
            fastest, self.round_trip = self.round_trip, min(self.round_trip or seconds, seconds)
            if seconds > QUEUED_ABOVE * self.round_trip:
                self._budget = BUDGET
            elif fastest is not None and length > BUDGET / 3:  # less shows nothing
                self._budget = min(2 * self._budget, MAX_BUDGET)
        if not self._pending:
            self._unconfirmed = 0
        return seconds

    def is_lost(self, now: float) -> bool:
        """Return whether a missing reply is lost: others came since the last query, then none.

        Replies to queries that are sent close together come close together.
        """
        return self.is_owed and self._queried_at < self._replied_at < now - LOST_AFTER

    def forget_owed(self) -> None:
        """Count missing replies as lost; nothing waits for them any more."""
        self.replies = self.queries
        self.begin()

    def begin(self) -> None:
        """Forget what is in flight: another program had the terminal meanwhile."""
        self._pending.clear()
        self._unconfirmed = 0
        self._ended_in_query = None


# -- slow connections ------------------------------------------------------------------------------

SLOW_ABOVE: Final = 0.150
"""Seconds of a round trip above which a connection is slow."""
QUICK_BELOW: Final = 0.075
"""Seconds below which a slow connection is fast again; half, so that it does not alternate."""
REPLIES: Final = 3
"""Replies that decide. A single one may have waited for a large frame or for a busy program."""
TYPING: Final = 0.3
"""Seconds without a key after which, on a slow connection, a prompt applies what was typed."""


def is_slow(replies: Collection[float], *, before: bool) -> bool:
    """Return whether a connection is slow by the seconds of its last replies.

    `before` is the result so far, which changes only if all of the last `REPLIES` agree.
    """
    if len(replies) < REPLIES:
        return before
    return max(replies) >= QUICK_BELOW if before else min(replies) > SLOW_ABOVE


class LinkSpeed:
    """The speed of the connection to the terminal, and how much to load over it."""

    def __init__(self, setting: bool | None = None) -> None:
        """`setting` is whether the user calls it slow; None to measure it."""
        self._setting = setting
        self._measured = False
        self._replies: deque[float] = deque(maxlen=REPLIES)

    @property
    def slow(self) -> bool:
        return self._measured if self._setting is None else self._setting

    def reply_received(self, seconds: float) -> bool:
        """Take the seconds that a reply took; return whether that changes the result."""
        before = self.slow
        self._replies.append(seconds)
        self._measured = is_slow(self._replies, before=self._measured)
        return self.slow is not before

    def switch(self) -> None:
        """Change the result as the user wishes; it is not measured any more."""
        self._setting = not self.slow

    @property
    def first_page(self) -> int:
        """Return the rows of the first page of a list."""
        return 20 if self.slow else 30

    @property
    def page(self) -> int:
        """Return the rows of each further page."""
        return 20 if self.slow else 100

    @property
    def ahead(self) -> int:
        """Return how many screens of rows to load in advance."""
        return 0 if self.slow else 2

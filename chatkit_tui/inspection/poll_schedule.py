"""The intervals between the polls of a thread that is followed."""

from __future__ import annotations

from typing import Final

SOONEST: Final = 1.0
"""Seconds until the next poll after something happened."""
GROWTH: Final = 1.5
"""The factor by which the interval grows while nothing happens."""
LATEST: Final = 30.0
"""Seconds between two polls at most."""
SETTLED: Final = (30.0, 120.0)
"""The same bounds for a thread that is closed or locked."""
FAILED: Final = (5.0, 120.0)
"""Seconds after a failure: at first, doubled each time, and at most."""
THREAD_EVERY: Final = 5
"""Each fifth poll asks for the title and the status of the thread, instead of its items."""


class PollSchedule:
    """The intervals between the polls of one thread."""

    def __init__(self) -> None:
        self.polls = 0
        """How many polls have ended, with or without a failure."""
        self.is_open = True
        """Whether the thread is neither closed nor locked."""
        self._interval = SOONEST
        self._failures = 0

    @property
    def asks_thread(self) -> bool:
        """Whether the next poll asks for the thread instead of its items."""
        return self.polls % THREAD_EVERY == THREAD_EVERY - 1

    def succeeded(self, *, changed: bool) -> float:
        """Return the seconds until the next poll, after one that may have changed something."""
        self.polls += 1
        self._failures = 0
        self._interval = SOONEST if changed else min(LATEST, self._interval * GROWTH)
        if self.is_open:
            return self._interval
        soonest, latest = SETTLED
        return min(latest, max(soonest, self._interval * latest / LATEST))

    def failed(self, wait: float = 0.0) -> float:
        """Return the seconds until the next poll after a failure; the server may ask to `wait`."""
        self.polls += 1
        self._failures += 1
        first, last = FAILED
        return max(wait, min(last, first * 2.0 ** min(self._failures - 1, 8)))

"""Whether the connection to the terminal is slow: set by the user, or measured."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from typing import Final

SLOW_ABOVE: Final = 0.150
"""Seconds of a round trip above which a connection is slow."""
QUICK_BELOW: Final = 0.075
"""Seconds below which a slow connection is fast again; half, so that it does not alternate."""
ANSWERS: Final = 3
"""Replies that decide. A single one may have waited for a large frame or for a busy program."""
TYPING: Final = 0.3
"""Seconds without a key after which, on a slow connection, a prompt applies what was typed."""


def is_slow(answers: Collection[float], *, before: bool) -> bool:
    """Return whether a connection is slow by the seconds of its last replies.

    `before` is the result so far, which changes only if all of the last `ANSWERS` agree.
    """
    if len(answers) < ANSWERS:
        return before
    return max(answers) >= QUICK_BELOW if before else min(answers) > SLOW_ABOVE


class LinkSpeed:
    """The speed of the connection to the terminal, and how much to load over it."""

    def __init__(self, setting: bool | None = None) -> None:
        """`setting` is whether the user calls it slow; None to measure it."""
        self._setting = setting
        self._measured = False
        self._answers: deque[float] = deque(maxlen=ANSWERS)

    @property
    def slow(self) -> bool:
        """Return whether the connection is slow."""
        return self._measured if self._setting is None else self._setting

    def answered(self, seconds: float) -> bool:
        """Take the seconds that a reply took; return whether that changes the result."""
        before = self.slow
        self._answers.append(seconds)
        self._measured = is_slow(self._answers, before=self._measured)
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

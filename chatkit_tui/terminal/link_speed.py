"""Whether the line to the terminal is slow: by what the reader says, else by what it measures."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from typing import Final

SLOW_ABOVE: Final = 0.150
"""Seconds to the terminal and back above which a line is slow."""
QUICK_BELOW: Final = 0.075
"""Seconds below which one that was slow is quick again. Half, so that it does not go to and fro."""
ANSWERS: Final = 3
"""Answers of the terminal that are looked at. A single one may have waited behind a large frame,
or for this program while it was busy starting."""
TYPING: Final = 0.3
"""Seconds without a key after which, on a slow line, what was typed is looked for."""


def is_slow(answers: Collection[float], *, before: bool) -> bool:
    """Whether a line is slow by the last answers, in seconds; `before` is what was thought so far.

    The mind is changed only when all of the last `ANSWERS` say so.
    """
    if len(answers) < ANSWERS:
        return before
    return max(answers) >= QUICK_BELOW if before else min(answers) > SLOW_ABOVE


class LinkSpeed:
    """The line to the terminal, and what is spared where it is slow."""

    def __init__(self, said: bool | None = None) -> None:
        """`said` is what the reader says of it; None to find out."""
        self._said = said
        self._measured = False
        self._answers: deque[float] = deque(maxlen=ANSWERS)

    @property
    def slow(self) -> bool:
        """Whether to spare it."""
        return self._measured if self._said is None else self._said

    def answered(self, seconds: float) -> bool:
        """The terminal answered after so many seconds; gives whether that changes anything."""
        before = self.slow
        self._answers.append(seconds)
        self._measured = is_slow(self._answers, before=self._measured)
        return self.slow is not before

    def switch(self) -> None:
        """Spare it, or do not any more, because the reader says so; nothing is measured then."""
        self._said = not self.slow

    @property
    def first_page(self) -> int:
        """Rows of a list that are asked for first."""
        return 20 if self.slow else 30

    @property
    def page(self) -> int:
        """Rows that are asked for at a time after that."""
        return 20 if self.slow else 100

    @property
    def ahead(self) -> int:
        """Windows of rows that are loaded before anybody gets there."""
        return 0 if self.slow else 2

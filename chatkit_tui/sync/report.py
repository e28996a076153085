"""What a synchronization has done so far, and what it comes to."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

from chatkit_tui.text.plain import counted

SHORTEST_PAUSE: Final = 2.0
"""Seconds: a pause that is worth a word."""


@dataclass
class SyncReport:
    """Counts of one synchronization, which change while it runs."""

    listed: int = 0
    """Threads that the source listed in this run."""
    older: int = 0
    """Listed threads that are left out, since they were created before the time that was asked
    for."""
    new_threads: int = 0
    new_items: int = 0
    changed_items: int = 0
    read: int = 0
    """Threads that were read to their end for the first time."""
    checked: int = 0
    """Known threads that were asked for new items."""
    to_read: int = 0
    """Threads that are still to be read to their end."""
    to_check: int = 0
    """Known threads that are still to be asked for new items."""
    requests: int = 0
    indexed: int = 0
    missing: int = 0
    """Threads that the source no longer has."""
    incomplete: dict[str, str] = field(default_factory=dict)
    """Why a thread that was asked for is not complete, by its id."""
    listing_complete: bool = False
    """Whether the source said that no more threads exist."""
    listing_continued: bool = False
    """Whether an earlier run had listed the threads that this one does not count."""
    listing_ended: bool = False
    """Whether the list was read as far as this run wants: with a time, to where all are older."""
    listing_reason: str = ""
    """Why it did not, if something is wrong with its list."""
    budget_used: bool = False
    paused_until: int = 0
    """Until when the server has asked to wait, in Unix seconds."""

    @property
    def done(self) -> int:
        """Threads that were read or checked."""
        return self.read + self.checked

    @property
    def to_do(self) -> int:
        """Threads that are left."""
        return self.to_read + self.to_check

    def parts(self, seconds: float) -> list[str]:
        """Return the counts in words, after some seconds; the most important one last."""
        parts = [
            f"{counted(self.listed, 'thread')} listed",
            counted(self.new_items, "item"),
            f"{self.requests / seconds:.1f} requests/s",
        ]
        if self.paused_until > time.time() + SHORTEST_PAUSE:
            until = time.strftime("%H:%M:%S", time.localtime(self.paused_until))
            parts.append(f"paused until {until}")
        return parts

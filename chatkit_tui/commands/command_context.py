"""What the screen is like at this moment: all that a rule about a command may look at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Pane(StrEnum):
    """Which half of the screen has the keys."""

    THREADS = "threads"
    TRANSCRIPT = "transcript"


@dataclass(frozen=True, slots=True)
class CommandContext:
    """The state that decides which commands work now."""

    where: Pane = Pane.THREADS
    read_only: bool = False
    missing: frozenset[str] = frozenset()
    """The capabilities that the source does not have."""
    columns: int = 80
    two_panes: bool = False
    """Both panes are on the screen."""
    threads: int = 0
    """How many threads the list shows."""
    marks: int = 0
    filtered: bool = False
    """The list shows only what matches what was typed."""
    without_id: bool = False
    """The thread under the cursor came without an id, so that nothing can be asked for by it."""
    thread_id: str | None = None
    """The thread that is open, if one is."""
    items: int = 0
    """How many items of it are loaded."""
    found: int | None = None
    """How many matches a search of the transcript has; None while nobody searches."""
    search_key: str = ""
    """The name of the key that searches."""
    working: bool = False
    """Something runs that Esc can stop, in the pane that has the keys."""
    trouble: bool = False
    """Something failed in the pane that has the keys and can be tried again."""

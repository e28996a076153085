"""Messages between the parts of the screen.

Comparison and representation are most of the time that a data class takes to define, and no
message needs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual.message import Message

from chatkit_tui.terminal.input_decoder import PASTE_LIMIT, Dropped
from chatkit_tui.ui.threads.rows import Row

if TYPE_CHECKING:
    from chatkit_tui.feed import Side
    from chatkit_tui.models.threads import Thread


DROPPED_INPUT: Final = {
    Dropped.SEQUENCE: "The input broke off and was ignored. Press the key again.",
    Dropped.PASTE: "The paste did not end and was ignored. Paste it again.",
    Dropped.LARGE_PASTE: f"The paste was over {PASTE_LIMIT >> 20} MiB and was ignored. Paste less.",
}
"""Messages about dropped input."""


class PaneChanged(Message):
    """Header, status line and footer may have to change."""


class ListStarted(Message):
    """The list of threads has its first rows, or its first failure."""


@dataclass(eq=False, repr=False)
class ThreadOpened(Message):
    """The user opens a thread."""

    row: Row


@dataclass(eq=False, repr=False)
class Reported(Message):
    """Show a text in the status line until the next key."""

    text: str
    bad: bool = False
    refreshed: bool = False
    """It is the result of a refresh."""


class PaneReloaded(Message):
    """A pane loads its content again, so ages are recomputed."""


class ListRefreshed(Message):
    """The list of threads was loaded again, so other panes may be outdated."""


@dataclass(eq=False, repr=False)
class ThreadRead(Message):
    """A thread was retrieved from the server."""

    thread: Thread


@dataclass(eq=False, repr=False)
class FindChanged(Message):
    """The search made progress, ended, or is at another match."""

    query: str
    """The text that is searched for; empty if the search has ended."""
    current: int = 0
    """The number of the current match from the top, from 1; 0 for none."""
    total: int = 0
    """How many matches were found so far."""
    searched: int = 0
    """How many items were searched."""
    loaded: int = 0
    """How many items there are to search."""
    done: bool = True
    """Whether all loaded items were searched."""
    more: bool = False
    """Whether the thread has items that are not loaded."""
    too_slow: bool = False
    """Whether an expression took too long, so that the search has ended."""


@dataclass(eq=False, repr=False)
class PageWanted(Message):
    """The window comes near the gap, or the user goes to an end that is not loaded."""

    side: Side
    """The side of the feed to load."""


class PositionChanged(Message):
    """The cursor is on another item, or its position has changed."""

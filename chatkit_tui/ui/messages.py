"""What the parts of the screen tell each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from chatkit_tui.ui.threads.rows import Row

if TYPE_CHECKING:
    from chatkit_tui.models.threads import Thread


@dataclass
class PaneChanged(Message):
    """Something that header, status line or footer show may be different now."""


@dataclass
class ListBegan(Message):
    """The list of threads has its first rows, or says why it has none."""


@dataclass
class LineChanged(Message):
    """The line to the terminal turned out to be slow, or to be quick again."""


@dataclass
class ReachChanged(Message):
    """The server is out of reach, or in reach again, whoever found out."""

    offline: bool
    """The server was not reached."""


@dataclass
class ThreadOpened(Message):
    """A thread is to be read."""

    row: Row


@dataclass
class Said(Message):
    """Something to be told in the status line, until the next key."""

    text: str
    bad: bool = False
    refreshed: bool = False
    """It says what a refresh brought."""


class AskedAgain(Message):
    """What a pane shows is asked for again: ages are told as of now."""


class ListRefreshed(Message):
    """The list of threads was asked for again and came: other panes may show what was."""


@dataclass
class ThreadSeen(Message):
    """What the server says of a thread now."""

    thread: Thread

"""The state of the screen, as far as commands depend on it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Pane(StrEnum):
    """A part of the screen that has its own keys."""

    THREADS = "threads"
    TRANSCRIPT = "transcript"
    PROMPT = "prompt"
    PAGE = "page"
    """Help, deletions, a text alone."""
    MENU = "menu"
    DIALOG = "dialog"
    SESSIONS = "sessions"
    """The list of the session panel."""
    SESSION = "session"
    """One session in the panel."""
    FORM = "form"
    """The form of the panel."""


class CommandContext(NamedTuple):
    """What decides which commands are available."""

    where: Pane = Pane.THREADS
    """The pane with the focus."""
    read_only: bool = False
    missing: frozenset[str] = frozenset()
    """The capabilities that the source does not have."""
    columns: int = 80
    threads: int = 0
    """Threads in the list, after the filter."""
    marks: int = 0
    filtered: bool = False
    without_id: bool = False
    """The thread under the cursor has no id, so no request can name it."""
    thread_id: str | None = None
    """The open thread."""
    items: int = 0
    """Loaded items of the open thread."""
    found: int | None = None
    """Matches of the search; None without a search."""
    hits: int = 0
    """Hits of the last search that can be gone through."""
    search_key: str = ""
    """The name of the key that searches."""
    working: bool = False
    """The pane with the focus is loading."""
    unread: bool = False
    """A search of the threads, one by one, has stopped before the last one."""
    trouble: bool = False
    """The last request of the pane with the focus failed and can be repeated."""
    rows: int = 0
    """Rows of the menu, or of the list of sessions."""
    secret: bool = False
    """The session in the panel has a secret."""
    cancellable: bool = False
    """There is a session to cancel."""

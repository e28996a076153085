"""The state of the screen as far as commands depend on it, and why it makes one unavailable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

TWO_PANES_FROM: Final = 100
"""The width in columns from which both panes fit side by side."""


class Pane(StrEnum):
    """A part of the screen that has its own keys."""

    THREADS = "threads"
    TRANSCRIPT = "transcript"
    PROMPT = "prompt"
    PAGE = "page"
    """Help, deletions, a text alone."""
    DETAIL = "detail"
    """The page of an item."""
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
    masked: bool = False
    """Whether personal data is hidden."""
    missing: Mapping[str, str] = MappingProxyType({})
    """The capabilities that the source does not have, and why, where that can be said."""
    columns: int = 80
    threads: int = 0
    """Threads in the list, after the filter."""
    marks: int = 0
    item_marks: int = 0
    """Marked items of the open thread."""
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
    scanning: bool = False
    """A scan for problems runs."""
    exporting: bool = False
    """An export runs."""
    unread: bool = False
    """A search has not read all threads, or not all of the open thread."""
    partial: bool = False
    """Further items of the open thread can be loaded."""
    items_filtered: bool = False
    """Only some items of the open thread are shown."""
    reading: bool = False
    """A search is reading what it has not read yet."""
    failed: bool = False
    """The last request of the pane with the focus failed and can be repeated."""
    rows: int = 0
    """Rows of the menu, or of the list of sessions."""
    secret: bool = False
    """The session in the panel has a secret."""
    session: str | None = None
    """The status of the session that is shown, or of the one under the cursor."""


Rule: TypeAlias = Callable[[CommandContext], str | None]
"""Returns why a command is not available, in a few words; None if it is."""


def _unless(is_so: Callable[[CommandContext], object], words: str) -> Rule:
    return lambda context: None if is_so(context) else words


no_threads = _unless(lambda context: context.threads, "no threads are shown")
no_thread_open = _unless(lambda context: context.thread_id, "no thread is open")
no_hits = _unless(lambda context: context.hits, "there are no hits of a search")
no_search = _unless(lambda context: context.found is not None, "there is no search")
nothing_runs = _unless(lambda context: context.working, "nothing is loading")
items_not_filtered = _unless(lambda context: context.items_filtered, "all items are shown")
nothing_read = _unless(lambda context: context.reading, "no search is reading")
nothing_left = _unless(lambda context: context.partial, "nothing is left to load")
nothing_unread = _unless(lambda context: context.unread, "there is nothing left to search")
no_scan = _unless(lambda context: context.scanning, "no scan runs")
no_export = _unless(lambda context: context.exporting, "no export runs")
nothing_failed = _unless(lambda context: context.failed, "nothing failed")
not_filtered = _unless(lambda context: context.filtered, "the list is not filtered")
no_rows = _unless(lambda context: context.rows, "the list is empty")
no_secret = _unless(lambda context: context.secret, "there is no secret")
too_narrow = _unless(
    lambda context: context.columns >= TWO_PANES_FROM,
    f"both panes fit from {TWO_PANES_FROM} columns",
)


def always(context: CommandContext) -> str | None:
    del context
    return None


def no_thread_with_id(context: CommandContext) -> str | None:
    return no_threads(context) or ("it came without an id" if context.without_id else None)


def no_items(context: CommandContext) -> str | None:
    return no_thread_open(context) or (None if context.items else "no items are loaded")


def nothing_to_move_in(context: CommandContext) -> str | None:
    if context.where is Pane.THREADS:
        return no_threads(context)
    return no_items(context) if context.where is Pane.TRANSCRIPT else None


def shows_data(context: CommandContext) -> str | None:
    """Return why a command whose texts are not of the source is not available."""
    return "not while data is masked" if context.masked else None


def nothing_marked(context: CommandContext) -> str | None:
    marks = context.item_marks if context.where is Pane.TRANSCRIPT else context.marks
    return None if marks else "nothing is marked"


def nothing_found(context: CommandContext) -> str | None:
    if context.found is None:
        return f"there is no search: {context.search_key} searches"
    return None if context.found or context.unread or context.reading else "nothing matches"


def no_thread_chosen(context: CommandContext) -> str | None:
    if context.where is Pane.TRANSCRIPT:
        return no_thread_open(context)
    return None if context.marks else no_thread_with_id(context)


def no_thread_here(context: CommandContext) -> str | None:
    return shows_data(context) or no_thread_chosen(context._replace(marks=0))


def no_session(context: CommandContext) -> str | None:
    if context.session is None:
        return "there is no session to cancel"
    return "it is cancelled already" if context.session == "cancelled" else None

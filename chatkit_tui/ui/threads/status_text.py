"""Text about the list of threads: the status line, the heading, an empty list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.document.spans import DIM, Span
from chatkit_tui.text.plain import counted, quoted, ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.styled_lines import STRONG

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed
    from chatkit_tui.ui.threads.rows import ThreadRows


def amount_words(feed: Feed, shown: int, *, filtered: bool) -> str:
    """Return how many threads are loaded and whether more exist, but never an unknown total."""
    loaded = f"{len(feed):,} loaded"
    text = f"{shown:,} of {loaded}" if filtered else loaded
    more = "" if feed.whole or feed.broken else ", more exist"
    return text + more + flaw_words(feed)


def flaw_words(feed: Feed) -> str:
    """Return what is wrong with a server's list, and how many repeated rows were left out."""
    words = "; the server's list is broken" if feed.broken else ""
    if feed.order_ignored:
        words += "; the server ignores the order"
    if feed.rows.repeats:
        words += f"; {counted(feed.rows.repeats, 'repeat')} left out"
    return words


def place_words(rows: ThreadRows, cursor: int, *, complete: bool) -> str:
    """Return the number of the cursor's thread from the top; below a gap, from the end.

    `complete` is whether `rows` has all threads of the list, so that their count is a total.
    """
    if not len(rows):
        return ""
    if complete:
        return f"{cursor + 1:,}/{len(rows):,}"
    if rows.gap is None or cursor < rows.gap:
        return f"{cursor + 1:,}"
    return from_end_words(len(rows) - cursor)


def from_end_words(number: int) -> str:
    """Return `last`, `2nd from the end`, `3rd from the end`, for a number from 1."""
    if number == 1:
        return "last"
    teens = number % 100 in {11, 12, 13}
    suffix = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{suffix} from the end"


def head_parts(*, newest_first: bool, user: str | None, needle: str, marks: int) -> list[Span]:
    """Return what the heading of the list begins with: its order, filters and marks."""
    order = "newest first" if newest_first else "oldest first"
    left: list[Span] = [Span(" Threads", STRONG), Span(f"  {order}", DIM)]
    if user:
        left += [Span("  user ", DIM), Span(sanitize(user))]
    if needle:
        left += [Span("  has ", DIM), Span(quoted(sanitize(needle)))]
    if marks:
        left.append(Span(f"  {marks:,} marked", STRONG))
    return left


def empty_words(
    feed: Feed | None,
    keys: Keymap,
    *,
    failed: bool,
    working: bool,
    user: str | None,
    needle: str,
) -> tuple[str, ...]:
    """Return why the list is empty, one sentence per line."""
    if feed is None:
        if failed:
            return ("The threads could not be loaded.",)
        if working:
            return (ui_text("Loading…"),)
        return ("Nothing is loaded.", f"{keys.first_name('refresh')} asks for the threads.")
    if not feed.whole and not len(feed):
        if feed.broken:
            return ("No threads came.", f"The server's list is broken: {feed.broken}.")
        return (ui_text("Loading…"),) if working else ("No threads came so far.", "More may exist.")
    if needle:
        more = "" if feed.whole else "; more exist"
        return (
            f"Nothing matches in {len(feed):,} loaded threads{more}.",
            f"{keys.first_name('clear_filter')} shows them all again.",
        )
    if user:
        key = keys.first_name("user")
        return ("This user has no threads.", f"{key} asks for another user, or for everybody.")
    return ("There are no threads.", f"{keys.first_name('refresh')} asks again.")

"""What is said of the list of threads: how much is loaded, where one is, why it is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.text.plain import quoted, ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.parts import Part

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed
    from chatkit_tui.models.threads import Thread
    from chatkit_tui.ui.threads.rows import ThreadRows


def amount_words(feed: Feed[Thread], shown: int, *, filtered: bool) -> str:
    """What is loaded and whether there is more; never a total that nobody knows."""
    loaded = f"{len(feed):,} loaded"
    text = f"{shown:,} of {loaded}" if filtered else loaded
    more = "" if feed.whole or feed.broken else ", more exist"
    return text + more + flaw_words(feed)


def flaw_words(feed: Feed[Any]) -> str:
    """Return what is wrong with a server's list, and how many repeated rows were left out."""
    words = "; the server's list is broken" if feed.broken else ""
    if feed.order_ignored:
        words += "; the server ignores the order"
    if feed.repeats:
        words += f"; {feed.repeats:,} {'repeat' if feed.repeats == 1 else 'repeats'} left out"
    return words


def place_words(rows: ThreadRows, cursor: int, *, complete: bool) -> str:
    """The place of the cursor from the top, or from the end below a gap.

    `complete` is whether all that the list is about is in `rows`, so that their count is a total.
    """
    if not len(rows):
        return ""
    if complete:
        return f"{cursor + 1:,}/{len(rows):,}"
    if rows.gap is None or cursor < rows.gap:
        return f"{cursor + 1:,}"
    from_end = len(rows) - 1 - cursor
    return f"last but {from_end:,}" if from_end else "last"


def head_parts(
    *, newest_first: bool, user: str | None, needle: str, marks: int
) -> tuple[list[Part], list[Part]]:
    """The line over the list: its order and filters; to the right the marks."""
    order = "newest first" if newest_first else "oldest first"
    left: list[Part] = [(" Threads", "strong"), (f"  {order}", "dim")]
    if user:
        left += [("  user ", "dim"), (sanitize(user), "plain")]
    if needle:
        left += [("  has ", "dim"), (quoted(sanitize(needle)), "plain")]
    return left, [(f"{marks:,} marked ", "busy")] if marks else []


def nothing_words(
    feed: Feed[Thread] | None,
    keys: Keymap,
    *,
    failed: bool,
    working: bool,
    user: str | None,
    needle: str,
) -> tuple[str, ...]:
    """What an empty list says, a sentence a line."""
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

"""Text about the list of threads: the status line, the heading, an empty list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.document.spans import DIM, Span
from chatkit_tui.text.plain import counted, quoted, ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.styled_lines import STRONG, empty_pane, key_hints

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed
    from chatkit_tui.ui.failures import LoadFailure
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
    """Return what the heading of the list begins with: its order, marks and filters."""
    order = "newest first" if newest_first else "oldest first"
    left: list[Span] = [Span(" Threads", STRONG), Span(f"  {order}", DIM)]
    if marks:
        left.append(Span(f"  {marks:,} marked", STRONG))
    if user:
        left += [Span("  user ", DIM), Span(sanitize(user))]
    if needle:
        left += [Span("  has ", DIM), Span(quoted(sanitize(needle)))]
    return left


def empty_lines(
    feed: Feed | None,
    keys: Keymap,
    width: int,
    *,
    failure: LoadFailure | None,
    working: bool,
    counts_down: bool,
    user: str | None,
    nearest: str | None,
    unread: int | None,
) -> tuple[list[Span], ...]:
    """Return what an empty list shows: the state, its reason, and the keys that help.

    With `counts_down`, the notice below shows the key to retry. `nearest` is the name of a user
    that is like that of `user`. `unread` counts the threads that the filter cannot know, None
    without a filter.
    """
    if feed is None and failure is not None:
        retry = {} if counts_down else {"retry": "tries again"}
        return empty_pane(
            "The threads could not be loaded.",
            sanitize(failure.text),
            key_hints(keys, **retry, go_to="goes to an id", quit="quits"),
            width,
        )
    if working and (feed is None or not (feed.whole or feed.broken or len(feed))):
        return empty_pane(ui_text("Loading…"), "", [], width)
    if feed is None:
        hints = key_hints(keys, refresh="asks for the threads")
        return empty_pane("Nothing is loaded.", "", hints, width)
    if not feed.whole and not len(feed):
        if feed.broken:
            reason = f"The server's list is broken: {feed.broken}."
            return empty_pane("The server sent no threads.", reason, [], width)
        return empty_pane("The server has sent no threads yet.", "More may exist.", [], width)
    if unread is not None:
        more = "" if feed.whole else "; more exist"
        what = f"Nothing matches in {len(feed):,} loaded threads{more}."
        shows = key_hints(keys, clear_filter="shows them all again")
        if unread:
            why = f"Not read for problems: {counted(unread, 'thread')}."
            hints = [*key_hints(keys, scan="scans them"), Span("   "), *shows]
            return empty_pane(what, why, hints, width)
        return empty_pane(what, "", shows, width)
    if user:
        hints = key_hints(keys, user="asks for another user, or for everybody")
        like = f"The nearest name that was seen is {sanitize(nearest)}." if nearest else ""
        return empty_pane("This user has no threads.", like, hints, width)
    return empty_pane("There are no threads.", "", key_hints(keys, refresh="asks again"), width)


def main_keys(keys: Keymap) -> tuple[str, ...]:
    """Return the hints for a new user, the most needed last."""
    return (
        f"{keys.pair('cursor_down', 'cursor_up', Pane.THREADS)} move",
        f"{keys.first_name('open')} reads",
        f"{keys.first_name('back')} goes back",
        f"{keys.first_name('help')} lists all keys",
    )

"""What the status line says of a transcript: how much is loaded, where one is, what was found."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.times import clock
from chatkit_tui.ui.threads.status_text import flaw_words
from chatkit_tui.ui.transcript.messages import FindChanged

if TYPE_CHECKING:
    from chatkit_tui.feed import Feed, Growth
    from chatkit_tui.models.items import Item
    from chatkit_tui.ui.transcript.transcript_state import Position


def amount_words(feed: Feed[Item]) -> str:
    """Return how many items are loaded, if more exist, and what is wrong with the server's list."""
    items = "1 item" if len(feed) == 1 else f"{len(feed):,} items"
    if not feed.broken:
        items = items if feed.whole else f"{items} loaded, more exist"
    else:
        items = f"{items} loaded"
    return items + flaw_words(feed)


def place_words(position: Position | None, zone: tzinfo = UTC) -> str:
    """The number of the item from the top, or from the end while what lies between is unknown."""
    if position is None or not position.index:
        return ""
    words = []
    if position.fresh:
        words.append(f"{position.fresh} new")
    if position.jump:
        words.append(ui_text("on the way…"))
    if position.more_before:
        from_end = position.loaded - position.index
        words.append(f"last but {from_end}" if from_end else "last")
    elif position.whole:
        words.append(f"{position.index:,}/{position.loaded:,}")
    else:
        words.append(f"{position.index:,}")
    if position.asked_at is not None:
        words.append(f"as of {clock(position.asked_at, zone)}")
    if position.percent is not None:
        words.append(f"{position.percent} %")
    return "  ".join(words)


def found_words(search: FindChanged) -> str:
    """Which match of how many, and how much was looked at while that is not all that is loaded."""
    if search.total:
        words = f"{search.current or ui_text('–')} of {search.total:,}"
    else:
        words = "not found" if search.done else ui_text("…")
    return words if search.done else f"{words}, {search.searched:,} of {search.loaded:,} searched"


def newer_words(growth: Growth) -> str:
    """Return what a refresh brought."""
    words = []
    if growth.added:
        words.append("1 newer item" if growth.added == 1 else f"{growth.added:,} newer items")
    if growth.changed:
        words.append(f"{growth.changed:,} changed")
    if growth.gone:
        words.append(f"{growth.gone:,} gone")
    return ", ".join(words) or "nothing came since"

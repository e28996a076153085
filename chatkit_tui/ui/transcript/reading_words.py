"""What the status line says of a transcript: how much is loaded, where one is, what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_tui.text.plain import own
from chatkit_tui.ui.transcript.messages import FindChanged

if TYPE_CHECKING:
    from chatkit_tui.ui.transcript.reading import Position


def amount_words(count: int, *, whole: bool, broken: str | None) -> str:
    """What is loaded and whether there is more; never a total that nobody knows."""
    items = "1 item" if count == 1 else f"{count:,} items"
    if broken:
        return f"{items} loaded; the server's list is broken"
    return items if whole else f"{items} loaded, more exist"


def place_words(position: Position | None) -> str:
    """The number of the item from the top, or from the end while what lies between is unknown."""
    if position is None or not position.index:
        return ""
    words = []
    if position.fresh:
        words.append(f"{position.fresh} new")
    if position.jump:
        words.append(own("on the way…"))
    if position.more_before:
        from_end = position.loaded - position.index
        words.append(f"last but {from_end}" if from_end else "last")
    elif position.whole:
        words.append(f"{position.index:,}/{position.loaded:,}")
    else:
        words.append(f"{position.index:,}")
    if position.percent is not None:
        words.append(f"{position.percent} %")
    return "  ".join(words)


def found_words(search: FindChanged) -> str:
    """Which match of how many, and how much was looked at while that is not all that is loaded."""
    if search.total:
        words = f"{search.current or own('–')} of {search.total:,}"
    else:
        words = "not found" if search.done else own("…")
    return words if search.done else f"{words}, {search.searched:,} of {search.loaded:,} searched"


def newer_words(count: int) -> str:
    """What came since, in words."""
    if not count:
        return "nothing came since"
    return "1 newer item" if count == 1 else f"{count:,} newer items"

"""The signs that stand in front of words, so that neither colour nor shape is the only sign."""

from __future__ import annotations

from typing import NamedTuple

from chatkit_tui.render.context import Context
from chatkit_tui.render.lines import Role


class Sign(NamedTuple):
    """One cell wide in every font, and what stands for it where only ASCII is shown."""

    sign: str
    ascii: str
    role: Role = "dim"

    def shown(self, context: Context) -> str:
        """The form that the reader's terminal can show."""
        return self.ascii if context.plain else self.sign


SPEAKER = Sign("▌", "|")
WIDGET = Sign("▦", "#", "widget")
GROUP = Sign("≡", "=", "task")
UNKNOWN = Sign("?", "?", "unknown")

DONE = Sign("✓", "+", "good")
BUSY = Sign("◐", "~", "busy")
OPEN = Sign("●", "*", "good")
CLOSED = Sign("○", "o", "bad")
STATUS_UNKNOWN = Sign("?", "?", "dim")

TASK = Sign("●", "*", "task")
THOUGHT = Sign("○", "o", "task")

WARNING = Sign("!", "!", "bad")
QUOTE = Sign("│", "|", "quote")
ATTACHED = Sign("+", "+", "user")
BULLET = Sign("•", "*")
CHOICE = Sign("▸", ">", "widget")
LEADS_TO = Sign("→", "->")
CHOSEN = Sign("●", "(x)", "widget")
NOT_CHOSEN = Sign("○", "( )")
CHECKED = Sign("☑", "[x]", "widget")
UNCHECKED = Sign("☐", "[ ]")


def ellipsis(context: Context) -> str:
    """What stands for something that is left out."""
    return "..." if context.plain else "…"


_STATUS: dict[str, Sign] = {"active": OPEN, "locked": BUSY, "closed": CLOSED}


def status_sign(status: str) -> Sign:
    """The sign of a thread's status; a question mark for a word that is not known."""
    return _STATUS.get(status, STATUS_UNKNOWN)

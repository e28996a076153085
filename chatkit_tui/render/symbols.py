"""The signs that stand in front of words, so that neither colour nor shape is the only sign."""

from __future__ import annotations

from typing import NamedTuple

from chatkit_tui.document.spans import Role
from chatkit_tui.render.context import Context


class Symbol(NamedTuple):
    """One cell wide in every font, and what stands for it where only ASCII is shown."""

    sign: str
    ascii: str
    role: Role = "dim"

    def shown(self, context: Context) -> str:
        """The form that the reader's terminal can show."""
        return self.ascii if context.plain else self.sign


SPEAKER = Symbol("▌", "|")
WIDGET = Symbol("▦", "#", "widget")
GROUP = Symbol("≡", "=", "task")
UNKNOWN = Symbol("?", "?", "unknown")

DONE = Symbol("✓", "+", "good")
BUSY = Symbol("◐", "~", "busy")
OPEN = Symbol("●", "*", "good")
CLOSED = Symbol("○", "o", "bad")
STATUS_UNKNOWN = Symbol("?", "?", "dim")

TASK = Symbol("●", "*", "task")
THOUGHT = Symbol("○", "o", "task")

WARNING = Symbol("!", "!", "bad")
QUOTE = Symbol("│", "|", "quote")
ATTACHED = Symbol("+", "+", "user")
BULLET = Symbol("•", "*")
CHOICE = Symbol("▸", ">", "widget")
LEADS_TO = Symbol("→", "->")
CHOSEN = Symbol("●", "(x)", "widget")
NOT_CHOSEN = Symbol("○", "( )")
CHECKED = Symbol("☑", "[x]", "widget")
UNCHECKED = Symbol("☐", "[ ]")


def ellipsis(context: Context) -> str:
    """What stands for something that is left out."""
    return "..." if context.plain else "…"


_STATUS: dict[str, Symbol] = {"active": OPEN, "locked": BUSY, "closed": CLOSED}


def status_symbol(status: str) -> Symbol:
    """The sign of a thread's status; a question mark for a word that is not known."""
    return _STATUS.get(status, STATUS_UNKNOWN)

"""Symbols in front of words, so that color is never the only mark."""

from __future__ import annotations

from typing import NamedTuple

from chatkit_tui.document.spans import Role, Style, SymbolSpan


class Symbol(NamedTuple):
    """A symbol of one cell, and its form in plain output."""

    sign: str
    ascii: str
    role: Role = "dim"

    def span(self, before: str = "", after: str = " ", *, style: Style | None = None) -> SymbolSpan:
        """Return the symbol in the style of its role, or another one, between other text."""
        style = Style(self.role) if style is None else style
        return SymbolSpan(f"{before}{self.sign}{after}", f"{before}{self.ascii}{after}", style)


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
ELLIPSIS = Symbol("…", "...")


_STATUS: dict[str, Symbol] = {"active": OPEN, "locked": BUSY, "closed": CLOSED}


def status_symbol(status: str) -> Symbol:
    """Return the symbol of a thread's status; a question mark for an unknown one."""
    return _STATUS.get(status, STATUS_UNKNOWN)

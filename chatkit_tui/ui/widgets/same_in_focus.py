"""Widgets whose styles are the same with the focus and without it."""

from __future__ import annotations


class SameInFocus:
    """Keeps the toolkit from looking through its style sheet again when the focus comes or goes.

    That takes longer than all else that a prompt needs to be there. The widget is drawn again all
    the same, so that it can show the focus by what it draws.
    """

    def watch_has_focus(self, _has_focus: bool) -> None:
        """No rule of the style sheet asks for the focus of this widget."""

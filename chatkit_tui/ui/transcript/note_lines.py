"""The user's own note on the open thread, between its heading and its items."""

from __future__ import annotations

from textual.strip import Strip
from textual.widget import Widget

from chatkit_tui.document.spans import BOOKMARK, DIM, NOTED, Span, Style
from chatkit_tui.inspection.notes import NO_NOTE, Note
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import shorten
from chatkit_tui.ui.theme import strip_of

INDENT = 3
"""Columns before the text."""


class NoteLines(Widget):
    """A note in at most half of the pane; hidden if there is none."""

    DEFAULT_CSS = """
    NoteLines { height: auto; display: none; }
    """

    def __init__(self, *, plain: bool) -> None:
        super().__init__()
        self._plain = plain
        self._note = NO_NOTE

    def show(self, note: Note) -> None:
        """Show a note, or hide if it is empty."""
        if note != self._note:
            self._note = note
            self.display = not note.is_empty
            self.refresh(layout=True)

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        del container, viewport
        return len(self._text_lines(width))

    def _text_lines(self, width: int) -> list[str]:
        from chatkit_tui.text.wrap import break_lines  # not needed for the first frame

        text = sanitize(" ".join(self._note.text.split())) or "bookmarked"
        room = max(10, width - INDENT)
        lines = [text[begin:end] for begin, end in break_lines(text, room)]
        most = max(1, self.app.size.height // 2 - 2)
        if len(lines) > most:
            lines[most - 1 :] = [shorten(" ".join(lines[most - 1 :]), room)]
        return lines

    def render_line(self, y: int) -> Strip:
        lines = self._text_lines(self.size.width)
        if y >= len(lines):
            return strip_of(self, [])
        symbol = BOOKMARK if self._note.is_bookmarked else NOTED
        sign = symbol.form(plain=self._plain)
        front = f" {sign} " if y == 0 else " " * INDENT
        return strip_of(self, [Span(front, Style(symbol.role)), Span(lines[y], DIM)])

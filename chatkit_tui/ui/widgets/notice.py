"""A failure below the content of a pane, with the key to retry."""

from __future__ import annotations

import math
from time import monotonic

from textual.geometry import Region
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from chatkit_tui.document.spans import DIM, Span
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import shorten
from chatkit_tui.ui.failures import LoadFailure, countdown
from chatkit_tui.ui.styled_lines import BAD, BUSY, KEY
from chatkit_tui.ui.theme import strip_of

MAX_LINES = 4
"""A longer message is shortened."""
INDENT = 3
"""Columns before the message."""


class Notice(Widget):
    """The last failure of a pane; hidden if there is none.

    The last line has the key to retry and the countdown to an automatic retry, which redraws that
    line alone.
    """

    DEFAULT_CSS = """
    Notice { height: auto; display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._failure: LoadFailure | None = None
        self._retry_key = ""
        self._again = 0.0
        self._until = 0.0
        self._timer: Timer | None = None

    def say(self, failure: LoadFailure | None, retry_key: str, *, again: float = 0.0) -> None:
        """Show a failure, or hide with None. A failure without text shows the last line only.

        `again` is the seconds until an automatic retry; 0 for none.
        """
        if failure is self._failure:
            return
        self._failure, self._retry_key = failure, retry_key
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.display = failure is not None
        if failure is not None:
            self._again = again
            self._until = monotonic() + again
            if again > 0:
                self._timer = self.set_interval(1.0, self._tick)
            self.refresh(layout=True)

    def _tick(self) -> None:
        if self._timer is not None and self._until <= monotonic():
            self._timer.stop()
            self._timer = None
        self.refresh(Region(0, self.size.height - 1, self.size.width, 1))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        del container, viewport
        return len(self._message(width)) + 1

    def _message(self, width: int) -> list[str]:
        text = sanitize(self._failure.text) if self._failure else ""
        if not text:
            return []
        from chatkit_tui.text.wrap import break_lines  # not needed for the first frame

        room = max(10, width - INDENT)
        lines = [text[begin:end] for begin, end in break_lines(text, room)]
        if len(lines) > MAX_LINES:
            lines[MAX_LINES - 1 :] = [shorten(" ".join(lines[MAX_LINES - 1 :]), room)]
        return lines

    def _retry_parts(self) -> list[Span]:
        parts: list[Span] = [
            Span(" " * INDENT),
            Span(self._retry_key, KEY),
            Span(" tries again", DIM),
        ]
        left = math.ceil(self._until - monotonic())
        if self._failure is not None and self._again and left > 0:
            asked = " as the server asks" if self._failure.wait == self._again else ""
            parts.append(Span(f"; by itself in {countdown(left)}{asked}", BUSY))
        return parts

    def render_line(self, y: int) -> Strip:
        lines = self._message(self.size.width)
        if y >= len(lines):
            return strip_of(self, self._retry_parts())
        return strip_of(self, [Span(" ! " if y == 0 else " " * INDENT, BAD), Span(lines[y])])

"""A failure, told where it happened, with the key that tries again."""

from __future__ import annotations

import math
from time import monotonic

from textual.geometry import Region
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import shorten
from chatkit_tui.text.wrap import break_lines
from chatkit_tui.ui.failures import LoadFailure, countdown
from chatkit_tui.ui.parts import Part
from chatkit_tui.ui.theme import strip_of

MAX_LINES = 4
"""A message is told whole up to so many lines."""
INDENT = 3
"""Columns before the words."""


class Notice(Widget):
    """Says what failed, and takes no room while nothing did.

    The last line has the key that tries again and, where it is tried again by itself, when; a
    second costs its cells alone.
    """

    DEFAULT_CSS = """
    Notice { height: auto; display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._trouble: LoadFailure | None = None
        self._retry_key = ""
        self._again = 0.0
        self._until = 0.0
        self._timer: Timer | None = None

    def say(self, trouble: LoadFailure | None, retry_key: str, *, again: float = 0.0) -> None:
        """Show what failed, or nothing any more. Without words only how to try again is shown.

        `again` is in how many seconds it is tried again without a key; 0 for never.
        """
        if trouble is self._trouble:
            return
        self._trouble, self._retry_key = trouble, retry_key
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.display = trouble is not None
        if trouble is not None:
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
        """As many lines as the message takes in this width, and the one below it."""
        del container, viewport
        return len(self._message(width)) + 1

    def _message(self, width: int) -> list[str]:
        text = sanitize(self._trouble.text) if self._trouble else ""
        if not text:
            return []
        room = max(10, width - INDENT)
        lines = [text[begin:end] for begin, end in break_lines(text, room)]
        if len(lines) > MAX_LINES:
            lines[MAX_LINES - 1 :] = [shorten(" ".join(lines[MAX_LINES - 1 :]), room)]
        return lines

    def _way_out(self) -> list[Part]:
        parts: list[Part] = [
            (" " * INDENT, "plain"),
            (self._retry_key, "key"),
            (" tries again", "dim"),
        ]
        left = math.ceil(self._until - monotonic())
        if self._trouble is not None and self._again and left > 0:
            asked = " as the server asks" if self._trouble.wait == self._again else ""
            parts.append((f"; by itself in {countdown(left)}{asked}", "busy"))
        return parts

    def render_line(self, y: int) -> Strip:
        """A line of the message, or the one below it."""
        lines = self._message(self.size.width)
        if y >= len(lines):
            return strip_of(self, self._way_out())
        return strip_of(self, [(" ! " if y == 0 else " " * INDENT, "bad"), (lines[y], "plain")])

    @property
    def words(self) -> str:
        """What is said; empty while nothing is."""
        return sanitize(self._trouble.text) if self._trouble else ""

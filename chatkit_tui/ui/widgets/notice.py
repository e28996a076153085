"""A failure, told where it happened, with the key that tries again."""

from __future__ import annotations

import math
from time import monotonic

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.timer import Timer

from chatkit_tui.text.visible import visible
from chatkit_tui.text.wrap import break_lines
from chatkit_tui.ui.troubles import Trouble
from chatkit_tui.ui.widgets.one_line import OneLine, Part

MOST_LINES = 4
"""A message is told whole up to so many lines, whatever the width."""


class Notice(Vertical):
    """Says what failed and takes no room while nothing did.

    The key and the countdown of a server that asked to wait are a line of their own, so that a
    second costs the cells of that line alone.
    """

    DEFAULT_CSS = """
    Notice {
        height: auto;
        display: none;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines = [OneLine() for _ in range(MOST_LINES)]
        self._last = OneLine()
        self._trouble: Trouble | None = None
        self._retry_key = ""
        self._until = 0.0
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The message, and how to try again."""
        yield from self._lines
        yield self._last

    def say(self, trouble: Trouble | None, retry_key: str) -> None:
        """Show what failed, or nothing any more. Without words only how to try again is shown."""
        if trouble is self._trouble:
            return
        self._trouble, self._retry_key = trouble, retry_key
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.display = trouble is not None
        if trouble is not None:
            self._until = monotonic() + trouble.wait
            self._arrange()
            if trouble.wait > 0:
                self._timer = self.set_interval(1.0, self._tick)

    def on_resize(self) -> None:
        """Break the message anew."""
        self._arrange()

    def _arrange(self) -> None:
        if self._trouble is None or not self.size.width:
            return
        text = visible(self._trouble.text)
        lines = [text[a:b] for a, b in break_lines(text, max(10, self.size.width - 3)) if text]
        if len(lines) > MOST_LINES:
            lines[MOST_LINES - 1] = " ".join(lines[MOST_LINES - 1 :])
        for place, widget in enumerate(self._lines):
            widget.display = place < len(lines)
            if widget.display:
                widget.show([(" ! " if place == 0 else "   ", "bad"), (lines[place], "plain")])
        self._tick()

    def _tick(self) -> None:
        parts: list[Part] = [("   ", "plain"), (self._retry_key, "key"), (" tries again", "dim")]
        if self._trouble is not None and self._trouble.wait > 0:
            left = max(0, math.ceil(self._until - monotonic()))
            if left:
                parts.append((f"; the server asks to wait {countdown(left)}", "busy"))
            elif self._timer is not None:
                self._timer.stop()
                self._timer = None
        self._last.show(parts)

    @property
    def words(self) -> str:
        """What is said; empty while nothing is."""
        if not self.display:
            return ""
        return " ".join(line.words for line in (*self._lines, self._last) if line.display)


def countdown(seconds: int) -> str:
    """Seconds as `42 s`, `12:05` or `3 h 05`."""
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes}:{seconds:02}"
    return f"{minutes // 60} h {minutes % 60:02}"

"""A failure, in one line where it happened, with the key that tries again."""

from __future__ import annotations

import math
from time import monotonic

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.timer import Timer

from chatkit_tui.text.visible import visible
from chatkit_tui.ui.troubles import Trouble
from chatkit_tui.ui.widgets.one_line import OneLine


class Notice(Horizontal):
    """Says what failed. Takes no room while nothing did.

    The countdown of a server that asked to wait is a line of its own of a few cells, so that a
    second costs those alone.
    """

    DEFAULT_CSS = """
    Notice {
        height: 1;
        display: none;
        & .notice--wait { width: 9; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = OneLine()
        self._wait = OneLine()
        self._wait.add_class("notice--wait")
        self._wait.display = False
        self._until = 0.0
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The line and its countdown."""
        yield self._text
        yield self._wait

    def say(self, trouble: Trouble | None, retry_key: str) -> None:
        """Show what failed, or nothing any more."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self.display = trouble is not None
        if trouble is None:
            return
        self._text.show(
            [("! ", "bad"), (visible(trouble.text), "plain")],
            [(retry_key, "key"), (" try again ", "dim")],
        )
        self._wait.display = trouble.wait > 0
        if trouble.wait > 0:
            self._until = monotonic() + trouble.wait
            self._tick()
            self._timer = self.set_interval(1.0, self._tick)

    def _tick(self) -> None:
        left = max(0, math.ceil(self._until - monotonic()))
        self._wait.show([(f"in {countdown(left)}" if left else "now", "busy")])
        if not left and self._timer is not None:
            self._timer.stop()
            self._timer = None

    @property
    def words(self) -> str:
        """What is said; empty while nothing is."""
        return self._text.words if self.display else ""


def countdown(seconds: int) -> str:
    """Seconds as `42 s`, `12:05` or `3 h 05`."""
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes}:{seconds:02}"
    return f"{minutes // 60} h {minutes % 60:02}"

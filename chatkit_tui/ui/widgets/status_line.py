"""The line above the footer: messages, what is loaded or in flight, and the position."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

from textual.timer import Timer

from chatkit_tui.document.spans import DIM, Span
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import cells
from chatkit_tui.ui.failures import Waiting
from chatkit_tui.ui.styled_lines import BAD, BUSY, STRONG
from chatkit_tui.ui.widgets.one_line import OneLine

COUNTED_FROM = 3
"""Seconds after which the duration of the work is shown."""


class StatusLine(OneLine):
    """The status of the pane with the focus, and a message until the next key.

    Beside a message, the other parts are shown if they fit as a whole.
    """

    def __init__(self, stop_key: str) -> None:
        """`stop_key` is the name of the key that cancels the work."""
        super().__init__(id="status")
        self._stop_key = stop_key
        self._since = 0.0
        self._timer: Timer | None = None
        self._message: Span | None = None
        self._amount = ""
        self._work = ""
        self._waiting: Waiting | None = None
        self._position = ""
        self._marks = 0

    def tell(self, text: str, *, bad: bool = False) -> None:
        """Show a message until `hush`."""
        self._message = Span(sanitize(text), BAD if bad else STRONG)
        self._arrange()

    def add(self, text: str) -> None:
        """Add a message before the one since the last key."""
        before, style = self._message or Span("", STRONG)
        self._message = Span(f"{text}; {before}" if before else text, style)
        self._arrange()

    def hush(self) -> None:
        """Remove the message."""
        if self._message is not None:
            self._message = None
            self._arrange()

    @property
    def ticks(self) -> bool:
        """Whether the line counts seconds, because something is in flight."""
        return self._timer is not None

    def say(
        self,
        *,
        amount: str,
        work: str,
        position: str,
        since: float = 0.0,
        waiting: Waiting | None = None,
        marks: int = 0,
    ) -> None:
        """Show the status of a pane, and how many threads are marked out of sight.

        `since` is when the work began, in seconds of the monotonic clock; `waiting` is the retry
        that it waits for.
        """
        self._since = since
        if work and self._timer is None:
            self._timer = self.set_interval(1.0, self._arrange)
        elif not work and self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._amount, self._work, self._position, self._marks = amount, work, position, marks
        self._waiting = waiting
        self._arrange()

    def on_resize(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        right: list[Span] = []
        if self._marks:
            right.append(Span(f"{self._marks:,} marked ", BUSY))
        if self._position:
            right.append(Span(f"{' ' if right else ''}{self._position} ", DIM))
        amount: list[Span] = [Span(self._amount, DIM)] if self._amount else []
        work = work_parts(self._work, monotonic() - self._since, self._stop_key)
        if self._waiting is not None:
            work = [Span(sanitize(self._waiting.words()), BUSY)]
        message = [self._message] if self._message else []
        room = self.size.width - _size(right) - 1
        left = _apart(message, amount, work)
        if (message or self._waiting) and _size(left) > room:
            left = _apart(message, work)
            if message and _size(left) > room:
                left = _apart(message)
        self.show(left, right)


def work_parts(work: str, seconds: float, stop_key: str) -> list[Span]:
    """Return what is in flight; after a while with its seconds, as a part of their own."""
    if not work:
        return []
    if seconds < COUNTED_FROM:
        return [Span(ui_text(f"{work}…"), BUSY)]
    return [
        Span(f"{work}, ", BUSY),
        Span(f"{int(seconds)} s", BUSY),
        Span(f", {stop_key} stops", BUSY),
    ]


def _apart(*groups: Sequence[Span]) -> list[Span]:
    """Join groups of parts with a space before the first and two between them."""
    spaced: list[Span] = []
    for group in groups:
        if group:
            spaced += [Span("  " if spaced else " "), *group]
    return spaced


def _size(parts: Sequence[Span]) -> int:
    return sum(cells(text) for text, _ in parts)

"""What a transcript shows in place of items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.strip import Strip
from textual.widget import Widget

from chatkit_tui.document.spans import Span
from chatkit_tui.ui.styled_lines import centered
from chatkit_tui.ui.theme import strip_of
from chatkit_tui.ui.transcript.status_text import empty_words, notice_lines

if TYPE_CHECKING:
    from chatkit_tui.ui.transcript.transcript_state import TranscriptState


class EmptyTranscript:
    """Why a transcript has no items: no thread, none loaded yet, none at all, or a failure."""

    def __init__(self, widget: Widget, placeholder: str, *, plain: bool) -> None:
        """`placeholder` is shown while there is no thread."""
        self._widget = widget
        self._placeholder = placeholder
        self._plain = plain
        self.failure_lines: Callable[[int], Sequence[Sequence[Span]]] | None = None
        """Makes what is shown, in a width, in place of items that could not be loaded."""

    def render(self, state: TranscriptState | None, lines: range, width: int) -> list[Strip]:
        """Return the strips of some lines of the widget; text has `width` columns."""
        text, size = self._text(state, width), self._widget.size
        return [strip_of(self._widget, centered(text, size, y)) for y in lines]

    def _text(self, state: TranscriptState | None, width: int) -> Sequence[Sequence[Span]]:
        if state is None:
            return notice_lines(self._placeholder, width, plain=self._plain)
        if self.failure_lines and shows_failure(state):
            return self.failure_lines(width)
        failure = next(iter(state.failures.values()), None)
        return notice_lines(empty_words(state.feed), width, failure=failure, plain=self._plain)


def shows_failure(state: TranscriptState | None) -> bool:
    """Return whether there are no items because loading failed."""
    return state is not None and not len(state.rows) and bool(state.failures)

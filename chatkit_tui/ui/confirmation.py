"""The gate before what cannot be undone: a confirmation counts once its question was on the screen.

What is typed before is not an answer, however it came: typed ahead, pasted without brackets, or
kept in the terminal's queue while the process was stopped. The order of the input proves it: the
terminal answers behind the keys that were typed before it showed the question.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Protocol, TypeAlias, runtime_checkable

from textual.events import Event

WhenShown: TypeAlias = Callable[[Callable[[float], None], float], None]
"""Calls the first argument with the time since when the terminal shows all that is drawn by now;
what the terminal acknowledged before the time in the second does not count."""


@runtime_checkable
class Guarded(Protocol):
    """A screen that takes input only once the terminal shows it."""

    def lets(self, event: Event) -> bool:
        """Return whether to hand on an event; one that is refused may be answered."""
        ...

    def drawn(self) -> None:
        """A frame was drawn."""
        ...

    def ask_again(self) -> None:
        """Wait until the terminal shows the screen: what it shows now is not known."""
        ...


class ConfirmationGate:
    """Tells which events were read after the terminal showed a question."""

    def __init__(self, when_shown: WhenShown, changed_at: Callable[[], float]) -> None:
        """`changed_at` is when the terminal was last resized or taken over, as `monotonic` has it:
        what was asked before proves nothing any more."""
        self._when_shown = when_shown
        self._changed_at = changed_at
        self._closed_at = 0.0
        self._shown_at: float | None = None
        self._was_asked = False

    def close(self) -> None:
        """Let nothing count before the next `ask` is answered."""
        self._closed_at, self._shown_at, self._was_asked = monotonic(), None, False

    def ask(self) -> None:
        """Wait until the terminal shows what was drawn since the gate was closed."""
        closed_at = self._closed_at
        self._was_asked = True

        def shown(at: float) -> None:
            if closed_at == self._closed_at:
                self._shown_at = at

        self._when_shown(shown, closed_at)

    @property
    def is_closed(self) -> bool:
        """Whether no answer opens the gate: the terminal was not asked, or changed since."""
        return not self._was_asked or self._closed_at <= self._changed_at()

    @property
    def is_open(self) -> bool:
        """Whether the terminal shows the question."""
        return self._shown_at is not None and not self.is_closed

    def lets(self, event: Event) -> bool:
        """Return whether an event was read after the terminal showed the question."""
        shown_at = self._shown_at
        return self.is_open and shown_at is not None and event.time > shown_at

"""A gate that accepts a confirmation only if its question was on the screen before the key.

Earlier input is not an answer: keys typed ahead, a paste without brackets, or input that the
terminal queued while the process was stopped. The order of input proves it: the terminal
acknowledges a frame after the keys that were typed before it showed that frame.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Protocol, TypeAlias, runtime_checkable

from textual.events import Event

WhenShown: TypeAlias = Callable[[Callable[[float], None], float], None]
"""Calls its first argument with the time since when the terminal shows the current frame.
Acknowledgements before the time in the second argument do not count."""


@runtime_checkable
class Guarded(Protocol):
    """A screen that takes input only once the terminal shows it."""

    def lets(self, event: Event) -> bool:
        """Return whether to pass on an event. A rejected event may get a response."""
        ...

    def drawn(self) -> None:
        """React to a drawn frame."""
        ...

    def ask_again(self) -> None:
        """Wait until the terminal shows the screen again."""
        ...


class ConfirmationGate:
    """Decides which events were read after the terminal showed a question."""

    def __init__(self, when_shown: WhenShown, changed_at: Callable[[], float]) -> None:
        """`changed_at` returns when the terminal was last resized or taken over, in seconds of the
        monotonic clock. Earlier acknowledgements do not count."""
        self._when_shown = when_shown
        self._changed_at = changed_at
        self._closed_at = 0.0
        self._shown_at: float | None = None
        self._was_asked = False

    def close(self) -> None:
        """Accept nothing before the next `ask` is acknowledged."""
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
        """Whether the terminal was not asked, or changed since it was."""
        return not self._was_asked or self._closed_at <= self._changed_at()

    @property
    def is_open(self) -> bool:
        """Whether the terminal shows the question."""
        return self._shown_at is not None and not self.is_closed

    def lets(self, event: Event) -> bool:
        """Return whether an event was read after the terminal showed the question."""
        shown_at = self._shown_at
        return self.is_open and shown_at is not None and event.time > shown_at

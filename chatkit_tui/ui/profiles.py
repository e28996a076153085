"""What the screen can show: the source of the start, and those of the profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from chatkit_tui.sessions.history import SessionHistory
    from chatkit_tui.sources.base import Connect
    from chatkit_tui.ui.options import Options


class ShownSource(NamedTuple):
    """A source, and what its screen needs."""

    options: Options
    connect: Connect
    """Opens the source; it is called again after it failed."""
    history: SessionHistory | None = None
    """The sessions created from here; None to keep them for this run."""


class ProfileChoice(NamedTuple):
    """A profile in the menu."""

    name: str | None
    """None for what the program was started with."""
    place: str
    """The host of its API, or its archive."""
    color: str = ""


class Profiles(Protocol):
    """The profiles of the configuration."""

    def choices(self) -> list[ProfileChoice]:
        """Return the profiles. Raise `ChatKitError`."""

    def resolve(self, name: str | None) -> ShownSource:
        """Return the source of a profile; may block. Raise `ChatKitError`."""

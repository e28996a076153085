"""What went wrong, in one line for a person, by the class of the error."""

from __future__ import annotations

from dataclasses import dataclass

from chatkit_tui.errors import APIConnectionError, APIStatusError, ChatKitError

LONGEST_WAIT = 24 * 3600
"""Seconds; a server that asks for more is not counted down."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A failure that is shown where it happened."""

    text: str
    """What happened and what to do, as it came: not yet fit to be shown."""
    wait: float = 0.0
    """Seconds that the server asked to wait before the next try."""
    offline: bool = False
    """The server was not reached at all."""
    request_id: str | None = None


def trouble_of(error: ChatKitError) -> Trouble:
    """The line for an error of this program."""
    wait = 0.0
    if isinstance(error, APIStatusError) and error.retry_after is not None:
        wait = max(0.0, min(error.retry_after, LONGEST_WAIT))
    return Trouble(
        str(error),
        wait=wait,
        offline=isinstance(error, APIConnectionError),
        request_id=getattr(error, "request_id", None),
    )

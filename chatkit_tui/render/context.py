"""The options of drawing an item."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import NamedTuple


class RenderContext(NamedTuple):
    """The clock and the time zone of the user, and the abilities of the terminal."""

    now: float
    """The current time in Unix seconds."""
    zone: tzinfo | None = UTC
    """The zone of absolute times."""
    relative: bool = True
    """Whether times are an age ("3 min ago") instead of a date and a time of day."""
    plain: bool = False
    """Whether symbols are ASCII."""
    user: str = ""
    """The user of the thread, for the header of user messages; "" if unknown."""
    tables: bool = False
    """Whether charts are tables, for text that leaves the terminal."""

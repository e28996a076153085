"""What drawing has to know beside the thing it draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo


@dataclass(frozen=True, slots=True)
class Context:
    """The reader's side: their clock, their zone, what their terminal can show."""

    now: float
    """The present in Unix seconds; drawing has no other clock."""
    zone: tzinfo | None = UTC
    """The zone that absolute times are told in."""
    relative: bool = True
    """Whether times are told as an age ("3 min ago") or as a date and time of day."""
    plain: bool = False
    """Whether only ASCII signs are used."""
    user: str = ""
    """Whose thread it is, as it came; stands in the head of a user message. Empty: nobody known."""
    tables: bool = False
    """Whether charts are told as tables, for text that is passed on."""

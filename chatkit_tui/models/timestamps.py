"""Times of creation: as the server states them, or from an id."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final, NamedTuple

from chatkit_tui.models.json import JSON

LAST_SECOND: Final = 253_402_300_799
"""31 December 9999, 23:59:59 UTC: the last second that a calendar can show."""

_DATED_ID = re.compile(r"(?:cthr|cthi|cti|cfile|cksess)_([0-9a-f]{8})[0-9a-f]{40}")


class Timestamp(NamedTuple):
    """A moment in Unix seconds; `approximate` if it was decoded from an id."""

    seconds: int
    approximate: bool = False


def unix_seconds(value: JSON) -> JSON:
    """Return Unix seconds from a number, a numeric string or an ISO 8601 text; else the value.

    Raise `ValueError` for what is no time between 1970 and 9999.
    """
    if isinstance(value, bool):
        raise ValueError("a truth value is no time")
    if isinstance(value, str):
        text = value.strip()
        try:
            value = float(text)
        except ValueError:
            moment = datetime.fromisoformat(text)
            value = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if isinstance(value, (int, float)):
        if not 0 <= value <= LAST_SECOND:  # also refuses NaN
            raise ValueError("not a time between 1970 and 9999")
        return int(value)
    return value


def created_second(value: JSON) -> int | None:
    """Return a `created_at` in Unix seconds; None if it is missing or no time."""
    try:
        seconds = unix_seconds(value)
    except (ValueError, OverflowError):
        return None
    return seconds if isinstance(seconds, int) else None


def time_of_id(identifier: str) -> Timestamp | None:
    """Return the time of creation in an id of the API; None for any other id.

    Ids are a prefix and 48 hexadecimal digits, the first 8 of which are Unix seconds.
    """
    match = _DATED_ID.fullmatch(identifier)
    return Timestamp(int(match[1], 16), approximate=True) if match else None


def time_of(created_at: int | None, identifier: str) -> Timestamp | None:
    """Return `created_at`, else the time in the id, else None."""
    return time_of_id(identifier) if created_at is None else Timestamp(created_at)

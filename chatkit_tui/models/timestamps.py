"""Times of creation: as the server states them, or from an id.

Servers that run on the package `openai-chatkit` write times of their own clock without a zone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Final, NamedTuple

from chatkit_tui.models.json import JSON

LAST_SECOND: Final = 253_402_300_799
"""31 December 9999, 23:59:59 UTC: the last second that a calendar can show."""

_DATED_ID = re.compile(r"(?:cthr|cthi|cti|cfile|cksess)_([0-9a-f]{8})[0-9a-f]{40}")


class Timestamp(NamedTuple):
    """A moment in Unix seconds."""

    seconds: int
    approximate: bool = False
    """Whether it may be wrong: it was decoded from an id, or is naive."""
    naive: bool = False
    """Whether the server gave no time zone, so that one was assumed."""


def zone_named(name: str) -> tzinfo:
    """Return a time zone, or UTC if there is none of that name."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # takes some milliseconds

    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # not found, a folder of zones, no name of a file
        return UTC


def unix_seconds(value: JSON) -> JSON:
    """Return Unix seconds from a number, a numeric string or an ISO 8601 text; else the value.

    Raise `ValueError` for what is not a time between 1970 and 9999.
    """
    return _read(value).seconds if isinstance(value, (str, int, float)) else value


def read_time(value: JSON, zone: tzinfo = UTC) -> Timestamp | None:
    """Return a `created_at`; None if it is missing or not a time. A naive time is in `zone`."""
    if not isinstance(value, (str, int, float)):
        return None
    try:
        return _read(value, zone)
    except ValueError:
        return None


def _read(value: str | float, zone: tzinfo = UTC) -> Timestamp:
    naive = False
    if isinstance(value, bool):
        raise ValueError("a boolean is not a time")
    if isinstance(value, str):
        text = value.strip()
        try:
            value = float(text)
        except ValueError:
            moment = datetime.fromisoformat(text)
            naive = moment.tzinfo is None
            value = (moment.replace(tzinfo=zone) if naive else moment).timestamp()
    if not 0 <= value <= LAST_SECOND:  # also refuses NaN
        raise ValueError("not a time between 1970 and 9999")
    return Timestamp(int(value), naive, naive)


def time_of_id(identifier: str) -> Timestamp | None:
    """Return the time of creation in an id of the API; None for any other id.

    Ids are a prefix and 48 hexadecimal digits, the first 8 of which are Unix seconds.
    """
    match = _DATED_ID.fullmatch(identifier)
    return Timestamp(int(match[1], 16), approximate=True) if match else None


def time_of(created_at: int | None, identifier: str, *, naive: bool = False) -> Timestamp | None:
    """Return `created_at`, which was naive or not, else the time in the id, else None."""
    return time_of_id(identifier) if created_at is None else Timestamp(created_at, naive, naive)

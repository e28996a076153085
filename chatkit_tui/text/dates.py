"""Dates as a user types them: a day, an ISO 8601 time, or an age."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from typing import Final

_AGE: Final = re.compile(r"(\d{1,6})([smhdw])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_date(text: str, zone: tzinfo | None, now: float, *, end: bool = False) -> int:
    """Return a point in time in Unix seconds.

    `2026-11-01` is midnight in `zone` (None is the machine's), and with `end` the midnight after
    it, so that the day is included. `2026-11-01T14:05` is in `zone` unless it names another. `7d`
    is that long before `now`; the units are s, m, h, d and w. Raises `ValueError` otherwise.
    """
    text = text.strip()
    if age := _AGE.fullmatch(text.lower()):
        return int(now) - int(age[1]) * _SECONDS[age[2]]
    moment = datetime.fromisoformat(text)
    if end and _DAY.fullmatch(text):
        moment += timedelta(days=1)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone) if zone else moment.astimezone()
    return int(moment.timestamp())


def parse_duration(text: str) -> int:
    """Return the seconds of a length of time such as `5m`. Raises `ValueError` otherwise."""
    if length := _AGE.fullmatch(text.strip().lower()):
        return int(length[1]) * _SECONDS[length[2]]
    raise ValueError(text)

"""Times in words (ages, moments and gaps, for any number), and dates as a user types them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

_AGE: Final = r"(\d{1,6})([smhdw])"
_DATE: Final = r"\d{4}-\d{2}-\d{2}"
_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_YEAR: Final = 365 * _DAY
_UNITS: Final = (
    (_MINUTE, 1, "s"),
    (_HOUR, _MINUTE, "min"),
    (_DAY, _HOUR, "h"),
    (60 * _DAY, _DAY, "d"),
    (2 * _YEAR, _YEAR / 12, "mo"),
    (1_000_000 * _YEAR, _YEAR, "y"),
)
"""The seconds below which a unit is used, those of the unit, and its name."""
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def span(seconds: float) -> str:
    """Return a duration in its largest unit: `42 s`, `3 min`, `2 h`, `5 d`, `4 mo`, `2 y`.

    It is rounded down, without a sign. NaN is `?`.
    """
    length = abs(seconds)
    for limit, unit, name in _UNITS:
        if length < limit:
            return f"{int(length // unit)} {name}"
    return "> 1,000,000 y" if length == length else "?"


def age(seconds: float) -> str:
    """Return an age: `now` below a minute, then `3 min`, `2 h`, `5 d`.

    The future is `in 3 min`: the clocks of two machines can differ.
    """
    if -_MINUTE < seconds < _MINUTE:
        return "now"
    return f"in {span(seconds)}" if seconds < 0 else span(seconds)


def date_or_age(seconds: float, now: float, zone: tzinfo | None = UTC) -> str:
    """Return an age of less than two days, else weekday and date: `Mon 12 Mar`.

    A time of another year is `2025-03-12`. `zone` None is the machine's time zone.
    """
    if now - seconds < 2 * _DAY:
        return age(now - seconds)
    try:
        then, today = (
            (_EPOCH + timedelta(seconds=each)).astimezone(zone) for each in (seconds, now)
        )
    except (OverflowError, ValueError):
        return age(now - seconds)
    if then.year != today.year:
        return f"{then:%Y-%m-%d}"
    return f"{_WEEKDAYS[then.weekday()]} {then.day} {_MONTHS[then.month - 1]}"


def gap(seconds: float) -> str:
    """Return the time since the previous item: `2 h later`, `3 min earlier`, or "" if short."""
    if -_MINUTE < seconds < _MINUTE or seconds != seconds:
        return ""
    return f"{span(seconds)} {'earlier' if seconds < 0 else 'later'}"


def moment(seconds: float, zone: tzinfo | None = UTC, *, precise: bool = False) -> str:
    """Return a time in Unix seconds as `2025-01-31 14:05 UTC`; with seconds if `precise`.

    `zone` None is the machine's time zone. A time outside the calendar is
    `1000000000000 s after 1970`.
    """
    try:
        local = (_EPOCH + timedelta(seconds=seconds)).astimezone(zone)
        name = local.tzname() or "local"
    except (OverflowError, ValueError):
        if seconds != seconds:
            return "unknown"
        length = f"{abs(seconds):.0f}" if abs(seconds) < 10**18 else "over 10^18"
        return f"{length} s {'before' if seconds < 0 else 'after'} 1970"
    return f"{local:%Y-%m-%d %H:%M:%S} {name}" if precise else f"{local:%Y-%m-%d %H:%M} {name}"


def clock(seconds: float, zone: tzinfo | None = UTC) -> str:
    """Return the time of day, `14:05`, or `moment` outside the calendar."""
    text = moment(seconds, zone)
    return text[11:16] if text[4:5] == "-" else text


def parse_date(text: str, zone: tzinfo | None, now: float, *, end: bool = False) -> int:
    """Return a point in time in Unix seconds.

    `2026-11-01` is midnight in `zone` (None is the machine's), and with `end` the midnight after
    it, so that the day is included. `2026-11-01T14:05` is in `zone` unless it names another. `7d`
    is that long before `now`; the units are s, m, h, d and w. Raise `ValueError` otherwise.
    """
    text = text.strip()
    if age := re.fullmatch(_AGE, text.lower()):
        return int(now) - int(age[1]) * _SECONDS[age[2]]
    when = datetime.fromisoformat(text)
    if end and re.fullmatch(_DATE, text):
        when += timedelta(days=1)
    if when.tzinfo is None:
        when = when.replace(tzinfo=zone) if zone else when.astimezone()
    return int(when.timestamp())


def parse_duration(text: str) -> int:
    """Return the seconds of a length of time such as `5m`. Raise `ValueError` otherwise."""
    if length := re.fullmatch(_AGE, text.strip().lower()):
        return int(length[1]) * _SECONDS[length[2]]
    raise ValueError(text)

"""The retry policy: whether to retry, and after what delay."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Final

FIRST_DELAY: Final = 0.5
"""Seconds before the first retry, when the server does not say; doubled for each one after."""

LONGEST_DELAY: Final = 8.0
"""Seconds that a delay chosen here never exceeds."""

LONGEST_DEMAND: Final = 120.0
"""The longest delay that the server may request; a longer one is an error for the user."""

LARGEST_DEMAND: Final = 24 * 3600.0
"""Seconds; a server that asks for more, be it 1e300 or a date in 9999, is taken to ask for this."""


def should_retry(status: int, headers: Mapping[str, str], *, repeatable: bool) -> bool:
    """Whether a call that was answered with `status` is worth another try.

    `x-should-retry` decides where the server sends it, for any status and any call: the server
    knows what it did. Else 408, 409, 429 and 5xx are tried again if the call is `repeatable`.
    `headers` are looked up in lower case.
    """
    said = headers.get("x-should-retry", "").strip().lower()
    if said in ("true", "false"):
        return said == "true"
    return repeatable and (status in (408, 409, 429) or status >= 500)


def requested_delay(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds that the server asks to wait, at most a day; None for nothing sensible.

    `retry-after-ms` goes before `Retry-After`, which holds seconds or a date; `now` is Unix
    seconds. Zero, the past and what is not a finite number are nothing sensible.
    """
    said = headers.get("retry-after", "")
    candidates = (
        _number(headers.get("retry-after-ms", "")) / 1000,
        _number(said),
        _moment(said) - now,
    )
    return next((min(delay, LARGEST_DEMAND) for delay in candidates if 0 < delay < math.inf), None)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _moment(text: str) -> float:
    """An HTTP date in Unix seconds, or NaN if it is none."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError, IndexError, OSError):
        return math.nan


def retry_delay(retries: int, demanded: float | None, random: Callable[[], float]) -> float:
    """Seconds to wait before the next try, `retries` of which were made already.

    What the server demands (over 0 and at most 120 s) is done; else the delay doubles from 0.5 s
    to 8 s, less up to a quarter at random (`random` gives 0 to 1), so that clients that failed
    together do not come back together.
    """
    if demanded is not None and 0 < demanded <= LONGEST_DEMAND:
        return demanded
    delay: float = min(FIRST_DELAY * 2.0 ** min(retries, 10), LONGEST_DELAY)
    return delay * (1 - 0.25 * random())

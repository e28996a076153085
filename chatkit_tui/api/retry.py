"""Whether to try again, and when: policy without a network, a clock or a sleep."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

FIRST_DELAY: Final = 0.5
"""Seconds before the first retry, when the server does not say; doubled for each one after."""

LONGEST_DELAY: Final = 8.0
"""Seconds that a delay chosen here never exceeds."""

LONGEST_DEMAND: Final = 120.0
"""Seconds that the server may ask for and be obeyed in silence; more is told to the person."""


@dataclass(frozen=True, slots=True)
class Retry:
    """A wait that begins now: which retry comes after it, after how many seconds, and why."""

    attempt: int
    """1 for the first retry."""
    delay: float
    """Seconds."""
    reason: str
    """A few words for a person: `the server failed (503)`."""
    most: int
    """How many retries there are at most."""


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


def demanded_delay(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds that the server asks to wait, or None when it asks for nothing sensible.

    `retry-after-ms` goes before `Retry-After`, which holds seconds or a date; `now` is Unix
    seconds. Zero, the past and what is not a number are nothing sensible.
    """
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            delay = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        return delay if delay > 0 and math.isfinite(delay) else None
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", ""))
        delay = moment.timestamp() - now
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return delay if delay > 0 else None


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

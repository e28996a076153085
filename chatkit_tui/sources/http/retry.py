"""The retry policy: whether to retry, after what delay, and how the reason is reported."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Final

from chatkit_tui.sources.http.connection_errors import ConnectionFailure
from chatkit_tui.sources.http.request import Request
from chatkit_tui.sources.http.response import RawResponse

FIRST_DELAY: Final = 0.5
"""Seconds before the first retry without a requested delay; doubled for each further one."""

LONGEST_DELAY: Final = 8.0
"""Seconds that a delay chosen here never exceeds."""

LONGEST_DEMAND: Final = 120.0
"""The longest delay that the server may request; a longer one is an error for the user."""

LARGEST_DEMAND: Final = 24 * 3600.0
"""Seconds; a longer requested delay, such as 1e300 or a date in 9999, counts as this."""


def may_retry(
    result: RawResponse | ConnectionFailure, request: Request, demanded: float | None
) -> bool:
    """Return whether to send a request again after a try; `demanded` is the requested delay."""
    if isinstance(result, ConnectionFailure):
        return result.delivery.again and (request.repeatable or not result.delivery.sent)
    if result.ok:
        return result.cut_short and request.repeatable and request.answer_needed
    if demanded is not None and demanded > LONGEST_DEMAND:
        return False
    repeatable = request.repeatable and result.status not in request.final_statuses
    return should_retry(result.status, result.headers, repeatable=repeatable)


def should_retry(status: int, headers: Mapping[str, str], *, repeatable: bool) -> bool:
    """Return whether to send a request again after a response with this status.

    The header `x-should-retry` decides for any status and any request: the server knows what it
    did. Otherwise 408, 409, 429 and 5xx are retried if the request is `repeatable`.
    """
    said = headers.get("x-should-retry", "").strip().lower()
    if said in ("true", "false"):
        return said == "true"
    return repeatable and (status in (408, 409, 429) or status >= 500)


def requested_delay(headers: Mapping[str, str], now: float) -> float | None:
    """Return the delay that the server requests, in seconds, at most a day; None without one.

    `retry-after-ms` takes precedence over `Retry-After`, which is in seconds or a date; `now` is
    Unix seconds. Zero, the past and numbers that are not finite are ignored.
    """
    said, said_ms = headers.get("retry-after", ""), headers.get("retry-after-ms", "")
    if not said and not said_ms:
        return None
    candidates = (
        _number(said_ms) / 1000,
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
    """Return an HTTP date in Unix seconds, or NaN if it is none."""
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError, OverflowError, IndexError, OSError):
        return math.nan


def retry_delay(retries: int, demanded: float | None, random: Callable[[], float]) -> float:
    """Return the seconds to wait before the next try, after this number of retries.

    A delay that the server requests is used if it is at most 120 s. Otherwise the delay doubles
    from 0.5 s to 8 s, less up to a quarter at random (`random` returns 0 to 1), so that clients
    that failed together do not return together.
    """
    if demanded is not None and 0 < demanded <= LONGEST_DEMAND:
        return demanded
    delay: float = min(FIRST_DELAY * 2.0 ** min(retries, 10), LONGEST_DELAY)
    return delay * (1 - 0.25 * random())


def retry_reason(result: RawResponse | ConnectionFailure) -> str:
    """Return why a try failed, in a few words for the user."""
    if isinstance(result, ConnectionFailure):
        return result.words
    if result.ok:
        return f"the answer {'came too slowly' if result.too_slow else 'was cut short'}"
    if result.status == 429:
        return "too many requests (429)"
    if result.status < 500:
        return f"the server answered {result.status}"
    return f"the server failed ({result.status})"

"""The retry policy as tables."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.sources.http.retry import (
    LARGEST_DEMAND,
    requested_delay,
    retry_delay,
    should_retry,
)

NOW = 1_764_000_000.0


def at(seconds: float) -> str:
    """The moment `seconds` from now as an HTTP date."""
    return format_datetime(datetime.fromtimestamp(NOW + seconds, UTC), usegmt=True)


@pytest.mark.parametrize(
    ("status", "again"),
    [
        (301, False),
        (400, False),
        (401, False),
        (403, False),
        (404, False),
        (408, True),
        (409, True),
        (418, False),
        (422, False),
        (425, False),
        (429, True),
        (500, True),
        (502, True),
        (503, True),
        (504, True),
        (529, True),
    ],
)
def test_a_status_is_retried_or_not(status: int, *, again: bool) -> None:
    assert should_retry(status, {}, repeatable=True) is again
    assert should_retry(status, {}, repeatable=False) is False


@pytest.mark.parametrize("status", [400, 404, 429, 500])
@pytest.mark.parametrize("repeatable", [True, False])
@pytest.mark.parametrize(("said", "again"), [("true", True), ("false", False), (" TRUE ", True)])
def test_the_header_of_the_server_decides(
    status: int, *, repeatable: bool, said: str, again: bool
) -> None:
    assert should_retry(status, {"x-should-retry": said}, repeatable=repeatable) is again


@pytest.mark.parametrize("said", ["", "maybe", "1"])
def test_an_unknown_value_of_the_header_is_ignored(said: str) -> None:
    assert should_retry(500, {"x-should-retry": said}, repeatable=True) is True
    assert should_retry(404, {"x-should-retry": said}, repeatable=True) is False


@pytest.mark.parametrize(
    ("headers", "delay"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after": "121"}, 121.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after": at(30)}, 30.0),
        ({"retry-after": at(7200)}, 7200.0),
        ({"retry-after": at(0)}, None),
        ({"retry-after": at(-30)}, None),
        ({"retry-after": "0"}, None),
        ({"retry-after": "-4"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "1e300"}, 86_400.0),
        ({"retry-after": "1e400"}, None),
        ({"retry-after": "-1e300"}, None),
        ({"retry-after-ms": "1e300"}, 86_400.0),
        ({"retry-after-ms": "nan", "retry-after": "9"}, 9.0),
        ({"retry-after-ms": "-1", "retry-after": at(30)}, 30.0),
        ({"retry-after": "9" * 5000}, None),
        ({"retry-after": "86401"}, 86_400.0),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, 86_400.0),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 -2359"}, 86_400.0),
        ({"retry-after": "Mon, 01 Jan 0001 00:00:00 GMT"}, None),
        ({"retry-after": "Mon, 01 Jan 0001 00:00:00 +2359"}, None),
        ({"retry-after": "Mon, 01 Jan 0001 00:00:00 -0000"}, None),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "Mon, 99 Foo 2026 99:99:99 GMT"}, None),
        ({"retry-after": "Fri, 01 Jan 99999 00:00:00 GMT"}, None),
    ],
)
def test_the_delay_that_a_server_requests(headers: dict[str, str], delay: float | None) -> None:
    assert requested_delay(headers, NOW) == delay


@given(st.text(max_size=40) | st.floats().map(str) | st.integers().map(str), st.text(max_size=20))
def test_a_requested_delay_is_positive_and_at_most_a_day(said: str, said_ms: str) -> None:
    delay = requested_delay({"retry-after": said, "retry-after-ms": said_ms}, NOW)
    assert delay is None or 0 < delay <= LARGEST_DEMAND


@pytest.mark.parametrize(
    ("retries", "most"), [(0, 0.5), (1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 8.0), (5000, 8.0)]
)
def test_without_a_requested_delay_the_delay_doubles_up_to_eight_seconds(
    retries: int, most: float
) -> None:
    assert retry_delay(retries, None, lambda: 0.0) == most
    assert retry_delay(retries, None, lambda: 1.0) == most * 0.75


@pytest.mark.parametrize("demanded", [0.001, 1.0, 119.9, 120.0])
def test_a_requested_delay_of_at_most_two_minutes_is_kept_exactly(demanded: float) -> None:
    assert retry_delay(3, demanded, lambda: 1.0) == demanded


def test_a_longer_requested_delay_is_not_used() -> None:
    assert retry_delay(0, 120.1, lambda: 0.0) == 0.5

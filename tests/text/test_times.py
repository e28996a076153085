"""Ages, gaps and moments in words."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatkit_tui.text.times import age, clock, gap, moment, span

BERLIN_SUMMER = timezone(timedelta(hours=2), "CEST")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "now"),
        (59, "now"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h"),
        (86_399, "23 h"),
        (86_400, "1 d"),
        (59 * 86_400, "59 d"),
        (61 * 86_400, "2 mo"),
        (800 * 86_400, "2 y"),
        (-30, "now"),
        (-180, "in 3 min"),
    ],
)
def test_an_age_is_reported_in_its_largest_unit(seconds: int, text: str) -> None:
    assert age(seconds) == text


def test_a_gap_has_a_direction() -> None:
    assert gap(7_300) == "2 h later"
    assert gap(-7_300) == "2 h earlier"
    assert gap(30) == ""


def test_a_moment_is_reported_in_the_requested_zone() -> None:
    assert moment(1_750_000_000, UTC) == "2025-06-15 15:06 UTC"
    assert moment(1_750_000_000, BERLIN_SUMMER) == "2025-06-15 17:06 CEST"
    assert moment(1_750_000_000, UTC, precise=True) == "2025-06-15 15:06:40 UTC"
    assert clock(1_750_000_000, BERLIN_SUMMER) == "17:06"


@pytest.fixture
def _in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.delenv("TZ")
    time.tzset()


@pytest.mark.usefixtures("_in_berlin")
@pytest.mark.parametrize(
    ("utc", "local"),
    [
        ("2026-01-15 12:00", "2026-01-15 13:00 CET"),
        ("2026-07-15 12:00", "2026-07-15 14:00 CEST"),
        ("2026-10-25 00:30", "2026-10-25 02:30 CEST"),
        ("2026-10-25 01:30", "2026-10-25 02:30 CET"),
    ],
    ids=["winter", "summer", "first repeated hour", "second repeated hour"],
)
def test_local_time_has_the_offset_of_its_moment(utc: str, local: str) -> None:
    seconds = datetime.fromisoformat(f"{utc}+00:00").timestamp()
    assert moment(seconds, None) == local


def test_a_moment_outside_the_calendar_is_reported_in_seconds() -> None:
    assert moment(10**15) == "1000000000000000 s after 1970"
    assert moment(-(10**15)) == "1000000000000000 s before 1970"
    assert clock(10**15) == "1000000000000000 s after 1970"


def test_a_time_zone_at_the_limit_of_the_calendar_does_not_raise() -> None:
    assert "1970" in moment(253_402_300_799, BERLIN_SUMMER)


@given(st.one_of(st.integers(), st.floats()))
def test_any_number_is_accepted(seconds: float) -> None:
    for tell in (age, gap, span, moment, clock):
        assert isinstance(tell(seconds), str)


@pytest.mark.parametrize("seconds", [10**5000, -(10**5000)], ids=["after", "before"])
def test_the_text_of_any_number_is_short(seconds: int) -> None:
    for tell in (age, gap, span, moment, clock):
        assert len(tell(seconds)) < 60

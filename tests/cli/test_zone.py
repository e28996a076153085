"""Local time, in summer and in winter."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from chatkit_tui.cli.zone import MachineZone


@pytest.fixture
def _in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.delenv("TZ")
    time.tzset()


@pytest.mark.usefixtures("_in_berlin")
@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 1, 15, 12, tzinfo=UTC), "2026-01-15 13:00 CET +0100"),
        (datetime(2026, 7, 15, 12, tzinfo=UTC), "2026-07-15 14:00 CEST +0200"),
    ],
    ids=["winter", "summer"],
)
def test_each_moment_has_the_offset_of_its_season(moment: datetime, said: str) -> None:
    assert f"{moment.astimezone(MachineZone()):%Y-%m-%d %H:%M %Z %z}" == said


@pytest.mark.usefixtures("_in_berlin")
def test_summer_time_is_an_hour() -> None:
    zone = MachineZone()
    assert zone.dst(datetime(2026, 7, 15)) == timedelta(hours=1)  # noqa: DTZ001 # as tzinfo gets it
    assert zone.dst(datetime(2026, 1, 15)) == timedelta(0)  # noqa: DTZ001

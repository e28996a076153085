"""A clock for code that takes its `call_later` as an argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Alarm:
    """A call at a time."""

    at: float
    callback: Callable[[], None]
    is_cancelled: bool = False

    def cancel(self) -> None:
        self.is_cancelled = True


@dataclass
class Clock:
    """A clock that stands still until it is advanced."""

    now: float = 0.0
    alarms: list[Alarm] = field(default_factory=list)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Alarm:
        self.alarms.append(Alarm(self.now + seconds, callback))
        return self.alarms[-1]

    def advance(self, seconds: float) -> None:
        self.now += seconds
        for alarm in [alarm for alarm in self.alarms if alarm.at <= self.now]:
            self.alarms.remove(alarm)
            if not alarm.is_cancelled:
                alarm.callback()

"""Keys go before what is loaded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from chatkit_tui.ui.background_work import MAX_CLAIM, KeyPriority
from tests.ui.conftest import Start


@dataclass
class Alarm:
    """Something that is called at a time."""

    at: float
    callback: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class Clock:
    """A clock that goes on when it is told to."""

    now: float = 0.0
    alarms: list[Alarm] = field(default_factory=list)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Alarm:
        self.alarms.append(Alarm(self.now + seconds, callback))
        return self.alarms[-1]

    def advance(self, seconds: float) -> None:
        self.now += seconds
        for alarm in [alarm for alarm in self.alarms if alarm.at <= self.now]:
            self.alarms.remove(alarm)
            if not alarm.cancelled:
                alarm.callback()


async def waits(way: KeyPriority) -> asyncio.Task[None]:
    """Somebody who has to let keys by, after he had the time to go on."""
    waiting = asyncio.create_task(way.wait())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return waiting


async def test_nobody_waits_while_no_key_is_under_way() -> None:
    assert (await waits(KeyPriority())).done()


async def test_one_waits_until_what_the_key_did_is_drawn() -> None:
    way = KeyPriority(Clock().call_later)
    way.claim()
    waiting = await waits(way)
    assert not waiting.done()
    way.release()
    await waiting
    assert (await waits(way)).done()


async def test_a_key_that_draws_nothing_holds_up_the_rest_for_a_moment_only() -> None:
    clock = Clock()
    way = KeyPriority(clock.call_later)
    way.claim()
    waiting = await waits(way)
    clock.advance(MAX_CLAIM * 0.9)
    assert not waiting.done()
    clock.advance(MAX_CLAIM * 0.1)
    await waiting


async def test_keys_one_after_the_other_do_not_hold_it_up_for_good() -> None:
    clock = Clock()
    way = KeyPriority(clock.call_later)
    way.claim()
    waiting = await waits(way)
    way.claim()
    way.release()
    way.claim()
    await waiting  # it went on between the two
    clock.advance(MAX_CLAIM)
    assert (await waits(way)).done()


async def test_a_key_of_the_screen_has_the_right_of_way_until_its_frame(start: Start) -> None:
    async with start(80, 24) as driver:
        way = driver.app._keys_first
        way._call_later = Clock().call_later  # however long the frame takes
        seen: list[bool] = []
        drawn = driver.app.post_display_hook

        def noted() -> None:
            seen.append(way.is_claimed)
            drawn()
            seen.append(way.is_claimed)

        driver.app.post_display_hook = noted  # type: ignore[method-assign] # looked over
        await driver.press("j")
        assert seen[:2] == [True, False]

"""Background work waits while a key is handled."""

from __future__ import annotations

import asyncio

from chatkit_tui.ui.background_work import MAX_CLAIM, KeyPriority
from chatkit_tui.ui.failures import ScreenObserver, delay_reading
from tests.clock import Clock
from tests.ui.conftest import Start


async def start_waiting(priority: KeyPriority) -> asyncio.Task[None]:
    """Return a task that waits for keys, after it had time to continue."""
    waiting = asyncio.create_task(priority.wait())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return waiting


async def test_without_a_key_nothing_waits() -> None:
    assert (await start_waiting(KeyPriority())).done()


async def test_work_waits_until_the_effect_of_a_key_is_drawn() -> None:
    priority = KeyPriority(Clock().call_later)
    priority.claim()
    waiting = await start_waiting(priority)
    assert not waiting.done()
    priority.release()
    await waiting
    assert (await start_waiting(priority)).done()


async def test_a_key_that_draws_nothing_delays_work_for_a_moment_only() -> None:
    clock = Clock()
    priority = KeyPriority(clock.call_later)
    priority.claim()
    waiting = await start_waiting(priority)
    clock.advance(MAX_CLAIM * 0.9)
    assert not waiting.done()
    clock.advance(MAX_CLAIM * 0.1)
    await waiting


async def test_repeated_keys_do_not_delay_work_for_good() -> None:
    clock = Clock()
    priority = KeyPriority(clock.call_later)
    priority.claim()
    waiting = await start_waiting(priority)
    priority.claim()
    priority.release()
    priority.claim()
    await waiting  # continues between the two keys
    clock.advance(MAX_CLAIM)
    assert (await start_waiting(priority)).done()


async def test_a_response_is_read_after_the_frame_of_a_key() -> None:
    priority = KeyPriority(Clock().call_later)
    observer = ScreenObserver(print)
    await observer.before_read()  # another task does not wait
    delay_reading(priority.wait)
    priority.claim()
    reading = asyncio.create_task(observer.before_read())
    await asyncio.sleep(0)
    assert not reading.done()
    priority.release()
    await reading


async def test_a_key_of_the_screen_has_priority_until_its_frame(start: Start) -> None:
    async with start(80, 24) as driver:
        priority = driver.app._keys_first
        priority._call_later = Clock().call_later  # however long the frame takes
        frames: list[tuple[bool, bool]] = []
        drawn = driver.app.post_display_hook

        def note() -> None:
            before = priority._released is not None
            drawn()
            frames.append((before, priority._released is not None))

        driver.app.post_display_hook = note  # type: ignore[method-assign] # observed
        await driver.press("j")
        assert (True, False) in frames
        assert not any(after for _, after in frames)

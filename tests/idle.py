"""Waiting until an app of the toolkit has nothing left to do, told by its loop and not by a pause.

The toolkit's own way is to sleep for 20 ms again and again, until the process has hardly worked
meanwhile, and to go on after a second in any case. On a busy machine that is either longer than
needed or too early.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from math import inf

import textual.app
import textual.pilot

SOON = 0.018
"""Seconds: what is due within one frame belongs to what is under way, as the frame itself does."""
THREADS_ASKED = 0.001
"""Seconds between two looks at work in threads, which the loop hears of only when it is done."""
AT_MOST = 1.0
"""Seconds after which one goes on all the same, where something moves without an end."""
STILL = 3
"""Rounds of the loop in which nothing was to be done, until it counts as idle."""


async def until_idle(min_sleep: float = 0, max_sleep: float = AT_MOST) -> None:
    """Wait until the loop has nothing to do and nothing is due soon, or for `max_sleep` seconds.

    What waits for an answer, or for a timer further away than a frame, is not waited for.
    Takes the arguments of the toolkit's function of the same purpose.
    """
    del min_sleep
    loop = asyncio.get_running_loop()
    end = loop.time() + max_sleep
    still = 0
    while still < STILL and loop.time() < end:
        await asyncio.sleep(0)
        still += 1
        if loop._ready:  # type: ignore[attr-defined] # no public name has it
            still = 0
        elif _has_work_in_threads(loop):
            still = 0
            await asyncio.sleep(THREADS_ASKED)
        elif (due := _next_due(loop)) < SOON:
            still = 0
            await asyncio.sleep(max(0.0, due))


def _next_due(loop: asyncio.AbstractEventLoop) -> float:
    """The seconds until the next timer."""
    timers: list[asyncio.TimerHandle] = loop._scheduled  # type: ignore[attr-defined] # as above
    return min((timer.when() for timer in timers if not timer.cancelled()), default=inf) - (
        loop.time()
    )


def _has_work_in_threads(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether anything that was handed to `asyncio.to_thread` is not done."""
    pool: ThreadPoolExecutor | None = loop._default_executor  # type: ignore[attr-defined] # as above
    if pool is None:
        return False
    return not pool._work_queue.empty() or pool._idle_semaphore._value < len(pool._threads)


def install() -> None:
    """Let the toolkit's pilot wait this way, wherever it waits."""
    textual.app.wait_for_idle = until_idle  # type: ignore[attr-defined] # imported by name
    textual.pilot.wait_for_idle = until_idle  # type: ignore[attr-defined]

"""Run apps of the toolkit without its pauses, and read its style sheets once.

The toolkit's pilot waits for idleness by sleeping 20 ms again and again until the process has
hardly worked meanwhile, and goes on after a second in any case. On a busy machine that is either
longer than needed or too early.

The toolkit draws a frame every 16 ms and with every layout, also in the middle of what one key
causes. Here a frame is drawn when every message is handled: a key costs one, on any machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from math import inf
from typing import Any

import pytest
import textual.app
import textual.pilot
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.timer import Timer

DUE_SOON = 0.018
"""Seconds: a timer that is due within one frame belongs to the work under way."""
THREAD_POLL_INTERVAL = 0.001
"""Seconds between two checks for work in threads, whose end alone wakes the loop."""
MAX_WAIT = 60.0
"""Seconds after which the wait ends although something moves without an end."""
IDLE_ROUNDS = 3
"""Rounds of the loop without anything to do after which it counts as idle."""
MAX_FRAME_DELAY = 0.25
"""Seconds after which a frame is drawn although messages are still handled."""

Key = tuple[str, CSSLocation, bool, int, str, frozenset[tuple[str, str]]]

_parsed: dict[Key, list[RuleSet]] = {}
"""Rules of style sheets. Each app reads the same sheets, and never changes the rules."""
_joined: dict[Hashable, tuple[list[RuleSet], dict[str, list[RuleSet]]]] = {}
"""The rules of all sheets together, in a list and by selector, which no app changes either."""
_parse = Stylesheet.parse
_parse_rules = Stylesheet._parse_rules
_wait_for_screen = Pilot._wait_for_screen
_run_timer = Timer._run
_paint = Screen._compositor_refresh


class _Idleness:
    """Who waits until the loop has nothing else to do, each taking a turn in every round."""

    frames = waits = 0

    def is_reached(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Return whether only tasks that wait for idleness are about to run."""
        return len(loop._ready) < self.frames + self.waits  # type: ignore[attr-defined] # no public name has it


_idleness = _Idleness()


@contextmanager
def quick_toolkit() -> Iterator[None]:
    """Let the toolkit's pilot wait for the loop, and apps share their parsed style sheets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(textual.app, "wait_for_idle", until_idle)
        patch.setattr(textual.pilot, "wait_for_idle", until_idle)
        patch.setattr(Pilot, "_wait_for_screen", _until_handled)
        patch.setattr(Timer, "_run", _draw_when_idle)
        patch.setattr(Screen, "_compositor_refresh", _paint_when_idle)
        patch.setattr(Stylesheet, "parse", _join_once)
        patch.setattr(Stylesheet, "_parse_rules", _parse_once)
        patch.setattr(RuleSet, "__hash__", object.__hash__)  # its own does the same in Python
        yield


def draw_every_frame(patch: pytest.MonkeyPatch) -> None:
    """Draw as the toolkit does, for a test that looks at frames which last for a moment."""
    patch.setattr(Timer, "_run", _run_timer)
    patch.setattr(Screen, "_compositor_refresh", _paint)


async def until_idle(min_sleep: float = 0, max_sleep: float = MAX_WAIT) -> None:
    """Wait until the loop has nothing to do and nothing is due soon, or for `max_sleep` seconds.

    Pending responses and timers that are further away than a frame are not waited for.
    Takes the arguments of the toolkit's function of the same purpose.
    """
    del min_sleep
    loop = asyncio.get_running_loop()
    end = loop.time() + max_sleep
    while loop.time() < end:
        await _until_nothing_ready(loop, end)
        if _has_work_in_threads(loop):
            await asyncio.sleep(THREAD_POLL_INTERVAL)
        elif (due := _next_due(loop)) < DUE_SOON:
            await asyncio.sleep(max(0.0, due))
        else:
            return


async def _until_nothing_ready(loop: asyncio.AbstractEventLoop, end: float) -> None:
    """Wait until no message is handled and no frame is to be drawn, or until `end`."""
    _idleness.waits += 1
    try:
        idle = 0
        while idle < IDLE_ROUNDS and loop.time() < end:
            await asyncio.sleep(0)
            idle = idle + 1 if _idleness.is_reached(loop) and not _idleness.frames else 0
    finally:
        _idleness.waits -= 1


async def _draw_when_idle(self: Timer) -> None:
    """Run a timer; that of the frames when the loop is idle, and not in the middle of its work."""
    if self.name != "screen_update":
        await _run_timer(self)
        return
    loop = asyncio.get_running_loop()
    while True:
        await self._active.wait()
        _idleness.frames += 1
        try:
            idle, end = 0, loop.time() + MAX_FRAME_DELAY
            while idle < IDLE_ROUNDS and loop.time() < end:
                await asyncio.sleep(0)
                idle = idle + 1 if _idleness.is_reached(loop) else 0
            if self._active.is_set():
                await self._tick(next_timer=0, count=0)
                self._active.clear()  # painting is the last part of a frame
                if isinstance(screen := self._target(), Screen) and screen.is_current:
                    _paint(screen)
        finally:
            _idleness.frames -= 1


def _paint_when_idle(self: Screen[object]) -> None:
    """Leave painting to the frame that is drawn when the loop is idle."""
    if self is self.app.screen:
        self._update_timer.resume()
    else:
        _paint(self)


async def _until_handled(self: Pilot[object], *seconds: float) -> bool:
    """Wait until every message was handled.

    The toolkit sends a message to each widget and waits for the last. That is needed only while
    a widget handles something.
    """
    await until_idle()
    screen = self.app.screen_stack[-1:]
    pumps = [self.app, *(node for top in screen for node in top.walk_children(with_self=True))]
    if screen and all(map(_is_waiting, pumps)):
        return True
    return await _wait_for_screen(self, *seconds)


def _is_waiting(pump: MessagePump) -> bool:
    """Return whether a widget has handled all of its messages, and waits for the next."""
    ready: Any = pump._message_queue.ready_event  # as above
    return not ready.is_set() and bool(ready._waiters)


def _next_due(loop: asyncio.AbstractEventLoop) -> float:
    """Return the seconds until the next timer."""
    timers: list[asyncio.TimerHandle] = loop._scheduled  # type: ignore[attr-defined] # as above
    return min((timer.when() for timer in timers if not timer.cancelled()), default=inf) - (
        loop.time()
    )


def _has_work_in_threads(loop: asyncio.AbstractEventLoop) -> bool:
    """Return whether anything that was handed to `asyncio.to_thread` is not done."""
    pool: ThreadPoolExecutor | None = loop._default_executor  # type: ignore[attr-defined] # as above
    if pool is None:
        return False
    return not pool._work_queue.empty() or pool._idle_semaphore._value < len(pool._threads)


def _join_once(self: Stylesheet) -> None:
    key = (tuple(self.source.items()), frozenset(self._variables.items()))
    if key not in _joined:
        _parse(self)
        _joined[key] = self._rules, self.rules_map
    self._rules, self._rules_map = _joined[key]
    self._require_parse = False


def _parse_once(
    self: Stylesheet,
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> list[RuleSet]:
    variables = frozenset(self._variables.items())
    key = (css, read_from, is_default_rules, tie_breaker, scope, variables)
    if key not in _parsed:
        _parsed[key] = _parse_rules(self, css, read_from, is_default_rules, tie_breaker, scope)
    return _parsed[key]

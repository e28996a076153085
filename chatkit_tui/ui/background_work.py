"""Background work that gives way to keys, imports, and garbage collection."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Lock
from typing import Final, Protocol, TypeAlias

# -- loading ---------------------------------------------------------------------------------------

MAX_CLAIM: Final = 0.05
"""Seconds that a key delays background work at most: not every key changes the screen."""


class Timer(Protocol):
    """A scheduled call."""

    def cancel(self) -> None:
        """Do not make the call."""
        ...


CallLater: TypeAlias = Callable[[float, Callable[[], None]], Timer]
"""Calls the second argument after the seconds in the first."""


def call_later(seconds: float, callback: Callable[[], None]) -> Timer:
    """Call `callback` on the running loop after so many seconds."""
    return asyncio.get_running_loop().call_later(seconds, callback)


class KeyPriority:
    """Delay background work from a key press until its frame is drawn."""

    def __init__(self, call_later: CallLater = call_later) -> None:
        self._call_later = call_later
        self._released: asyncio.Event | None = None
        """Set once the key is handled; None if there is no key."""
        self._timer: Timer | None = None

    def claim(self) -> None:
        """Delay background work for a key that was pressed."""
        if self._released is None:  # a key that is held down must not extend the claim
            self._released = asyncio.Event()
            self._timer = self._call_later(MAX_CLAIM, self.release)

    def release(self) -> None:
        """Let background work continue: the effect of the key is drawn."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._released is not None:
            self._released.set()
            self._released = None

    async def wait(self) -> None:
        """Wait until no key is being handled."""
        if self._released is not None:
            await self._released.wait()


# -- idle tasks ------------------------------------------------------------------------------------

IDLE_AFTER: Final = 0.03
"""Seconds without postponement after which to start: a key and its frame are done."""
BETWEEN_STEPS: Final = 0.005
"""Seconds for everything else between two steps."""


class IdleTasks:
    """Call `step` repeatedly while no key is being handled, until it returns False."""

    def __init__(self, step: Callable[[], bool]) -> None:
        """`step` works for a millisecond or two; it returns whether more is left."""
        self._step = step
        self._next: asyncio.TimerHandle | None = None

    def postpone(self) -> None:
        """Start, or start again, after `IDLE_AFTER`."""
        self._call_in(IDLE_AFTER)

    def stop(self) -> None:
        """Cancel the next step."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

    @property
    def is_done(self) -> bool:
        """Return whether no step is scheduled."""
        return self._next is None

    def _call_in(self, seconds: float) -> None:
        self.stop()
        self._next = asyncio.get_running_loop().call_later(seconds, self._run_step)

    def _run_step(self) -> None:
        self._next = None
        if self._step():
            self._call_in(BETWEEN_STEPS)


# -- what the user rests on ------------------------------------------------------------------------


class RestTimer:
    """Call `act` once the user has stayed at the same place for a while, and once for each stay."""

    def __init__(self, act: Callable[[], None], seconds: float) -> None:
        self.call_later: CallLater = call_later
        self._act = act
        self._seconds = seconds
        self._place = ""
        self._timer: Timer | None = None

    def follow(self, place: str) -> bool:
        """Note where the user is, with "" for nowhere; return False if that is no change."""
        if place == self._place:
            return False
        self.stop()
        self._place = place
        if place:
            self._timer = self.call_later(self._seconds, self._elapsed)
        return True

    def stop(self) -> None:
        """Forget the place, and do not call."""
        self._place = ""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _elapsed(self) -> None:
        if PRELOADED[-1] not in sys.modules:  # a tenth of a second of imports, in which keys wait
            self._timer = self.call_later(self._seconds, self._elapsed)
            return
        self._timer = None
        self._act()


# -- imports ---------------------------------------------------------------------------------------

PRELOADED: Final = (
    "chatkit_tui.ui.widgets.field",
    "chatkit_tui.models.items",
    "chatkit_tui.models.threads",
    "chatkit_tui.ui.transcript.transcript_state",
    "chatkit_tui.render.items",
    "chatkit_tui.render.threads",
    "chatkit_tui.document.from_markdown",
    "markdown_it",
    "chatkit_tui.document.code",
    "pygments.lexers",
    "chatkit_tui.render.widgets",
    "chatkit_tui.ui.transcript.search",
)
"""What the prompt and the first open thread need, in the order of need: a tenth of a second of
imports."""
HIGHLIGHTED: Final = ("json", "bash", "python", "javascript", "sql", "html", "yaml")
"""Usual languages of code. The first word of Python costs 40 ms, since Pygments compiles regular
expressions then."""
PRELOAD_AFTER: Final = 0.6
"""Seconds after the first list in which no user opens a thread yet."""


async def preload() -> None:
    """After `PRELOAD_AFTER`, import `PRELOADED` and prepare `HIGHLIGHTED`, each in a thread."""
    await asyncio.sleep(PRELOAD_AFTER)
    for name in PRELOADED:
        await asyncio.to_thread(import_module, name)
    from chatkit_tui.document.code import is_known

    for language in HIGHLIGHTED:
        await asyncio.to_thread(is_known, language)


# -- garbage collection ----------------------------------------------------------------------------

_frozen: Final[set[str]] = set()
_lock: Final = Lock()
_pauses = 0


def freeze_garbage(occasion: str) -> None:
    """Exclude all objects in memory from later garbage collections, once for each occasion.

    Imported modules stay for good, and a collection would traverse them for 50 to 150 ms. Called
    again, this would also keep real garbage.
    """
    if occasion not in _frozen:
        _frozen.add(occasion)
        gc.freeze()


@contextmanager
def pause_gc() -> Iterator[None]:
    """Disable garbage collection, in any number of threads, while many objects are created."""
    global _pauses
    with _lock:
        _pauses += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _pauses -= 1
            if not _pauses:
                gc.enable()

"""A signal in the middle of something that must not be broken off: heard, and answered later."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Self, TypeAlias, TypeVar

import click

from chatkit_tui.cli.failures import complain

T = TypeVar("T")
_Handlers: TypeAlias = dict[int, Callable[[int, FrameType | None], Any] | int | None]
"""Signals that are heard, and what handled each before."""

PATIENCE = 10.0
"""Seconds that the step under way has after a signal; then the program ends in the middle of it."""
_HEARD = ("SIGINT", "SIGTERM", "SIGHUP")


SOON = 0.7
"""Seconds that the program has to end in order after a signal that ends it."""


@contextmanager
def ends_soon() -> Iterator[None]:
    """After Ctrl+C inside, on the main thread's event loop, end the program within `SOON`.

    Cancelling does not reach a thread that looks up a name or reads an answer, and both the loop
    and the interpreter would wait for it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def hear(number: int, frame: FrameType | None) -> None:
        _end_soon(128 + number)
        if callable(before):
            before(number, frame)

    if callable(before):  # else it is ignored, as under nohup
        signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is hear:
            signal.signal(signal.SIGINT, before)


def _end_soon(code: int) -> None:
    """Exit with `code` after `SOON`, unless the program has ended in order by then."""
    alarm = threading.Timer(SOON, os._exit, [code])
    alarm.daemon = True
    alarm.start()


class Interruption:
    """Within it, on an event loop, the first signal that would end the program is only kept.

    A second one ends it at once, and so does patience that has run out. On Windows, whose loops
    hear no signals, all is as it was.
    """

    def __init__(self) -> None:
        self.code: int | None = None
        """The exit code of the signal that came, as shells have it; None before there is one."""
        self._loop = asyncio.get_running_loop()
        self._alarm: asyncio.TimerHandle | None = None
        self._heard: _Handlers = {}

    def __enter__(self) -> Self:
        self._heard = _hear(self._loop, self._stop)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        _stop_hearing(self._loop, self._heard)

    def _stop(self, code: int) -> None:
        if self.code is not None:
            os._exit(code)
        self.code = code
        complain("stopping after what is under way; a second signal ends it at once")
        self._alarm = self._loop.call_later(PATIENCE, os._exit, code)


class SignalledError(click.exceptions.Exit):
    """A signal came while a request was in flight; the command ends with its exit code."""


async def until_signal(work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns, unless a signal that would end the program comes first.

    Then `work` is cancelled, `SignalledError` is raised, and the program ends within `SOON`. A
    second signal has its usual effect. What `work` does after its last `await` is not broken off.
    On Windows only Ctrl+C is heard.
    """
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    codes: list[int] = []

    def hear(code: int) -> None:
        _stop_hearing(loop, heard)
        if task.cancel():  # else it is done, and its result is returned
            codes.append(code)
            _end_soon(code)

    heard = _hear(loop, hear)
    try:
        return await task
    except asyncio.CancelledError:
        if codes:
            raise SignalledError(codes[0]) from None
        task.cancel()
        raise
    finally:
        _stop_hearing(loop, heard)


def _hear(loop: asyncio.AbstractEventLoop, hear: Callable[[int], object]) -> _Handlers:
    """Call `hear` with the exit code of each signal that comes; return what handled them before."""
    heard: _Handlers = {}
    for name in _HEARD if sys.platform != "win32" else ():
        number = getattr(signal, name)
        before = signal.getsignal(number)
        if before is not signal.SIG_IGN:  # as under nohup
            loop.add_signal_handler(number, hear, 128 + number)
            heard[number] = before
    return heard


def _stop_hearing(loop: asyncio.AbstractEventLoop, heard: _Handlers) -> None:
    """Restore what handled the signals before."""
    while heard:
        number, before = heard.popitem()
        loop.remove_signal_handler(number)
        if before is not None:  # else it was not set by Python, which cannot restore it
            signal.signal(number, before)

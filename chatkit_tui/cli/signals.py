"""Signals during work that must not be interrupted, and a timely exit after Ctrl+C."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Self, TypeAlias, TypeVar

import click

from chatkit_tui.cli.output import report

T = TypeVar("T")
_Handlers: TypeAlias = dict[int, Callable[[int, FrameType | None], Any] | int | None]
"""Handled signals, with their previous handlers."""

FINISH_TIMEOUT = 10.0
"""Seconds that the current step has to finish after a signal."""
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


EXIT_TIMEOUT = 0.7
"""Seconds that the program has for an orderly exit after a signal."""


@contextmanager
def exit_after_interrupt() -> Iterator[None]:
    """After Ctrl+C on the main thread, end the program within `EXIT_TIMEOUT`.

    Threads that resolve a name or read a response cannot be cancelled, and both the event loop and
    the interpreter would wait for them.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def handle(number: int, frame: FrameType | None) -> None:
        _end_soon(128 + number, EXIT_TIMEOUT)
        if callable(before):
            before(number, frame)

    if callable(before):  # else it is ignored, as under nohup
        signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is handle:
            signal.signal(signal.SIGINT, before)


def _end_soon(code: int, timeout: float) -> None:
    """Exit with `code` after some seconds, unless the program has ended by then."""
    alarm = threading.Timer(timeout, os._exit, [code])
    alarm.daemon = True
    alarm.start()


class SignalWatch:
    """A context in which the first signal only sets `code`, so that the current step can finish.

    A second signal, or `FINISH_TIMEOUT`, ends the program at once. On Windows, event loops cannot
    handle signals, and this has no effect.
    """

    def __init__(self) -> None:
        self.code: int | None = None
        """The exit code for the signal; None before one was received."""
        self._loop = asyncio.get_running_loop()
        self._alarm: asyncio.TimerHandle | None = None
        self._previous: _Handlers = {}

    def __enter__(self) -> Self:
        self._previous = _handle(self._loop, self._stop)
        return self

    def __exit__(self, *error: object) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        _restore(self._loop, self._previous)

    def _stop(self, code: int) -> None:
        if self.code is not None:
            os._exit(code)
        self.code = code
        report("stopping after the current thread; a second signal stops at once")
        self._alarm = self._loop.call_later(FINISH_TIMEOUT, os._exit, code)


class SignalReceivedError(click.exceptions.Exit):
    """A signal was received while a request was in flight; the command ends with its exit code."""


async def until_signal(work: Coroutine[Any, Any, T], *, within: float | None = EXIT_TIMEOUT) -> T:
    """Return the result of `work`, unless a signal that ends the program comes first.

    The signal cancels `work`, raises `SignalReceivedError`, and the program ends `within` some
    seconds; None gives `work` the time that it needs. A second signal has its usual effect. Code of
    `work` after its last `await` is not interrupted. On Windows, only Ctrl+C is handled.
    """
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    codes: list[int] = []

    def handle(code: int) -> None:
        _restore(loop, previous)
        if task.cancel():  # else it is done already
            codes.append(code)
            if within is not None:
                _end_soon(code, within)

    previous = _handle(loop, handle)
    try:
        return await task
    except asyncio.CancelledError:
        if codes:
            raise SignalReceivedError(codes[0]) from None
        task.cancel()
        raise
    finally:
        _restore(loop, previous)


def _handle(loop: asyncio.AbstractEventLoop, callback: Callable[[int], object]) -> _Handlers:
    """Call `callback` with the exit code of each signal; return the previous handlers."""
    previous: _Handlers = {}
    for name in _SIGNALS if sys.platform != "win32" else ():
        number = getattr(signal, name)
        before = signal.getsignal(number)
        if before is not signal.SIG_IGN:  # as under nohup
            loop.add_signal_handler(number, callback, 128 + number)
            previous[number] = before
    return previous


def _restore(loop: asyncio.AbstractEventLoop, previous: _Handlers) -> None:
    while previous:
        number, before = previous.popitem()
        loop.remove_signal_handler(number)
        if before is not None:  # else it was not set from Python
            signal.signal(number, before)

"""Leaving the screen: what it waits for, and the end by force where it takes too long."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from chatkit_tui.terminal.signals import SignalWatcher

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.worker import Worker

CRASHED, INTERRUPTED = 1, 130
"""Exit codes."""

UNBROKEN: Final = "unbroken"
"""The group of workers whose requests change something on the server.

Leaving waits for them, because the outcome of an aborted request would be unknown.
"""
FINISH_WITHIN: Final = 10.0
"""Seconds that these workers have to finish."""
CLOSE_WITHIN: Final = 3.0
"""Seconds to close everything after that, before the process is killed."""


@runtime_checkable
class StopsBetween(Protocol):
    """A screen whose work can be stopped between two steps."""

    def stop_between(self) -> None:
        """Do no further step."""
        ...


def unbroken(workers: Iterable[Worker[Any]]) -> list[Worker[Any]]:
    """Return the workers that leaving waits for."""
    return [worker for worker in workers if worker.group == UNBROKEN and not worker.is_finished]


def patience(workers: Iterable[Worker[Any]]) -> float:
    """Return the seconds that the app may take to leave before the process is killed."""
    return CLOSE_WITHIN + (FINISH_WITHIN if unbroken(workers) else 0)


async def finish(workers: Iterable[Worker[Any]]) -> None:
    """Wait until these workers are finished, at most `FINISH_WITHIN` seconds.

    Their errors are ignored here, because they are reported where the workers were started.
    """
    from textual.worker import WorkerError

    with suppress(TimeoutError):
        async with asyncio.timeout(FINISH_WITHIN):
            for worker in unbroken(workers):
                with suppress(WorkerError):
                    await worker.wait()


class LeftApp(Protocol):
    """The app, as far as leaving needs it."""

    @property
    def workers(self) -> Iterable[Worker[Any]]: ...
    @property
    def screen_stack(self) -> Sequence[Screen[Any]]: ...
    @property
    def crash(self) -> BaseException | None: ...
    def exit(self, result: int | None = None, return_code: int = 0) -> None: ...


class Leaving:
    """Ends the app with an exit code, for a key, a signal, a lost terminal or a crash."""

    def __init__(self, app: LeftApp, give_terminal_back: Callable[[], None]) -> None:
        """`give_terminal_back` restores the terminal at once, on any thread."""
        self._app = app
        self._give_terminal_back = give_terminal_back
        self.signals = SignalWatcher(
            self._leave_soon, self._end_now, lambda: patience(self._app.workers)
        )
        self._loop: asyncio.AbstractEventLoop | None = None
        self._code: int | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Use the running loop; leave at once if a signal came before it."""
        self._loop = asyncio.get_running_loop()
        if self._code is not None:
            self._app.exit(None, self._code)

    def leave(self, code: int = 0) -> None:
        """End the app, once requests that change something are finished."""
        if self._task is not None:
            return
        self._code = code
        self.signals.count_down(code)
        for screen in self._app.screen_stack:
            if isinstance(screen, StopsBetween):
                screen.stop_between()
        self._task = asyncio.create_task(self._finish_and_exit(code))

    async def _finish_and_exit(self, code: int) -> None:
        await finish(self._app.workers)
        self._app.exit(None, CRASHED if self._app.crash else code)

    def _leave_soon(self, code: int) -> None:
        """Call `leave` from any thread."""
        self._code = code
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed, the app ends anyway
                self._loop.call_soon_threadsafe(self.leave, code)

    def _end_now(self, code: int) -> None:
        """Kill the process, since `leave` did not end it."""
        self._give_terminal_back()
        os._exit(code)

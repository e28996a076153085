"""Work of a feature in the background: one run at a time, which the user can stop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from time import monotonic
from typing import Final

from textual.worker import Worker, get_current_worker

from chatkit_tui.ui.actions import ActionHost

_EVERY: Final = 0.5
_EVERY_SLOW: Final = 5.0
"""Seconds between two lines of progress, and on a slow connection."""


class BackgroundRun:
    """The worker of a feature; the last start counts."""

    def __init__(self, host: ActionHost, group: str) -> None:
        self._host = host
        self._group = group
        self._worker: Worker[None] | None = None
        self.since = 0.0
        """When the last run began, in seconds of the monotonic clock."""

    @property
    def is_on(self) -> bool:
        return self._worker is not None and not self._worker.is_finished

    @property
    def interval(self) -> float:
        """Seconds between two lines of progress."""
        return _EVERY_SLOW if self._host.link.slow else _EVERY

    def start(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` in the background; the lines of the screen are updated when it ends."""
        self.since = monotonic()
        self._worker = self._host.run_worker(
            partial(self._run, work), group=self._group, exclusive=True
        )

    def stop(self) -> bool:
        """Cancel the run; return False if there is none."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.cancel()
        return worker is not None

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        worker = get_current_worker()
        try:
            await work()
        finally:
            if self._worker is worker:
                self._worker = None
            self._host.update_lines()

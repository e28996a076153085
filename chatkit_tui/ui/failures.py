"""Failures of requests in one line, and when to retry them."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from time import monotonic
from typing import Any, NamedTuple

from chatkit_tui.errors import APIConnectionError, APIStatusError, ChatKitError, ProxyRefusedError
from chatkit_tui.secrets import redact
from chatkit_tui.sources.base import Retry, SourceObserver
from chatkit_tui.text.plain import ui_text

LONGEST_WAIT = 24 * 3600
"""Seconds; a server that asks for more is not counted down."""
FIRST_AGAIN, LAST_AGAIN = 5.0, 60.0
"""Seconds until an automatic retry: at first, doubled each time, and at most."""


class LoadFailure(NamedTuple):
    """A failure that is shown where it happened."""

    text: str
    """What happened and what to do. Untrusted."""
    wait: float = 0.0
    """Seconds that the server asked to wait before the next try."""
    offline: bool = False
    """The server was not reached, and may be at another try."""
    with_wait: str = ""
    """The same with the wait in words, for where no countdown is shown."""


def load_failure(error: ChatKitError) -> LoadFailure:
    """Return the failure to show for an error."""
    wait, text = 0.0, redact(str(error))
    with_wait = text
    if isinstance(error, APIStatusError) and error.retry_after is not None:
        wait = max(0.0, min(error.retry_after, LONGEST_WAIT))
        text = redact(error.untimed) or text
    return LoadFailure(
        text,
        wait=wait,
        offline=isinstance(error, APIConnectionError) and not isinstance(error, ProxyRefusedError),
        with_wait=with_wait,
    )


def retry_delay(failure: LoadFailure, failures: int) -> float:
    """Return the seconds until the automatic retry; 0 for none.

    A request is retried if the server was not reached or asked to wait: less often each time, and
    never earlier than the server asked. `failures` is how many there were in a row, 1 or more.
    """
    if not (failure.wait or failure.offline):
        return 0.0
    return max(failure.wait, min(LAST_AGAIN, FIRST_AGAIN * 2.0 ** min(failures - 1, 8)))


class Waiting(NamedTuple):
    """A call that failed and is sent again by the client."""

    reason: str
    until: float
    """When it is sent again, in seconds of the monotonic clock."""
    attempt: int
    most: int

    @classmethod
    def of(cls, retry: Retry) -> Waiting:
        """A wait that begins now."""
        return cls(retry.reason, monotonic() + retry.delay, retry.attempt, retry.most)

    def words(self) -> str:
        """`the server failed (503) · trying again in 2 s (1 of 2)`, counted from now."""
        left = math.ceil(self.until - monotonic())
        when = f" in {countdown(left)}" if left > 0 else ""
        return f"{self.reason}{ui_text(' · ')}trying again{when} ({self.attempt} of {self.most})"


_retry_listener: ContextVar[Callable[[Retry], object] | None] = ContextVar(
    "retry_listener", default=None
)
_before_read: ContextVar[Callable[[], Awaitable[None]] | None] = ContextVar(
    "before_read", default=None
)

_is_poll: ContextVar[bool] = ContextVar("is_poll", default=False)


def begin_poll() -> None:
    """Send the requests of this task once, and after those that the user waits for."""
    _is_poll.set(True)


def is_poll() -> bool:
    """Return whether this task polls."""
    return _is_poll.get()


def listen_for_retries(listener: Callable[[Retry], object]) -> None:
    """Pass the retries of the requests of this task to `listener`."""
    _retry_listener.set(listener)


def delay_reading(wait: Callable[[], Awaitable[None]]) -> None:
    """Await `wait` before a response to a request of this task is read."""
    _before_read.set(wait)


class ScreenObserver(SourceObserver):
    """Passes retries to the part of the screen that made the request, and reachability on."""

    def __init__(self, on_reach: Callable[[bool], None]) -> None:
        self._on_reach = on_reach

    def on_retry(self, retry: Retry) -> None:
        """Pass on a wait before a retry."""
        if listener := _retry_listener.get():
            listener(retry)

    def on_reach(self, reached: bool) -> None:
        """Pass on whether a try reached the server."""
        self._on_reach(reached)

    async def before_read(self) -> None:
        """Wait as the part of the screen that made the request wants."""
        if wait := _before_read.get():
            await wait()


def countdown(seconds: int) -> str:
    """Seconds as `42 s`, `12:05` or `3 h 05`."""
    if seconds < 60:
        return f"{seconds} s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{minutes}:{seconds:02}"
    return f"{minutes // 60} h {minutes % 60:02}"


def log_stray_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log an error of an abandoned task; the log omits messages."""
    error = context.get("exception")
    logging.getLogger("chatkit_tui.ui").error("error in an abandoned task", exc_info=error)

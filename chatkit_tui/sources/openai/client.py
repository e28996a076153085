"""The client of the hosted API: key, connections and resources."""

from __future__ import annotations

import asyncio
import random as chance
import time
from collections.abc import Awaitable, Callable
from copy import copy
from types import TracebackType
from typing import Any, Self

import httpx

from chatkit_tui.sources.base import Retry
from chatkit_tui.sources.http.deadlines import LeastSpeed
from chatkit_tui.sources.http.executor import RequestExecutor, RequestOptions
from chatkit_tui.sources.http.request import TimeoutValue
from chatkit_tui.sources.http.transport import AT_ONCE, DEFAULT_TIMEOUT, Transport
from chatkit_tui.sources.openai.account import Account
from chatkit_tui.sources.openai.sessions import Sessions
from chatkit_tui.sources.openai.threads import Threads


class ChatKitClient:
    """The six calls of the ChatKit API.

    Use it as an async context manager, or call `aclose()` when done::

        async with ChatKitClient() as client:
            async for thread in client.threads.list(user="ada"):
                print(thread.id)
    """

    threads: Threads
    sessions: Sessions

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        organization: str | None = None,
        project: str | None = None,
        timeout: TimeoutValue = DEFAULT_TIMEOUT,
        max_retries: int = 2,
        transport: httpx.AsyncBaseTransport | None = None,
        read_only: bool = False,
        least_speed: LeastSpeed | None = None,
        at_once: int = AT_ONCE,
        on_retry: Callable[[Retry], object] | None = None,
        on_late: Callable[[], object] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.time,
        random: Callable[[], float] = chance.random,
    ) -> None:
        """Set up a client; nothing is sent yet.

        What is None comes from the environment of the official SDK: `OPENAI_API_KEY`,
        `OPENAI_BASE_URL`, `OPENAI_ORG_ID`, `OPENAI_PROJECT_ID`. `timeout` is in seconds for each
        step of a request, or None for no limit. `max_retries` is how often a failed request is
        sent again where that is safe. `transport` replaces the network. With `read_only`, methods
        that change something raise `ReadOnlyError`. `least_speed` is the slowest response that is
        accepted. At most `at_once` requests are in flight. `on_retry` is called before each wait;
        an exception from it ends the request. `on_late` is called when a response takes long. Waits
        use `sleep`, `clock` (Unix seconds) and `random` (0 to 1).

        Raise `ConfigError` if there is no key, or when a setting cannot be used.
        """
        account = Account(
            api_key=api_key, base_url=base_url, organization=organization, project=project
        )
        self.base_url = account.base_url
        """Without a trailing slash."""
        self.key_hint = account.key.hint
        """The last four characters of the key; empty if the key is too short to show them."""
        self.organization = account.organization
        """The organization of requests; empty for the default of the key."""
        self.project = account.project
        """The project of requests; empty for the default of the key."""
        self._transport = Transport(
            account,
            timeout=timeout,
            transport=transport,
            least_speed=least_speed,
            at_once=at_once,
        )
        self.read_only = read_only
        self._use(
            RequestOptions(
                read_only,
                max_retries,
                on_retry=on_retry,
                on_late=on_late,
                sleep=sleep,
                clock=clock,
                random=random,
            )
        )

    def _use(self, options: RequestOptions) -> None:
        self._options = options
        executor = RequestExecutor(self._transport, options)
        self.threads = Threads(executor)
        self.sessions = Sessions(executor)

    def with_options(
        self,
        *,
        max_retries: int | None = None,
        background: bool | None = None,
        on_retry: Callable[[Retry], object] | None = None,
        on_reach: Callable[[bool], object] | None = None,
        on_late: Callable[[], object] | None = None,
        before_read: Callable[[], Awaitable[object]] | None = None,
    ) -> Self:
        """Return the client with other options, over the same connections; None changes nothing.

        In the `background`, requests wait until no other is pending. `on_retry` is called before
        each wait, `on_reach` after each try with whether the server was reached, `on_late` when a
        response takes long. `before_read` is awaited before a response is read, which keeps the
        event loop busy for milliseconds. Closing one of the two clients closes both.
        """
        options: dict[str, Any] = {
            "max_retries": max_retries,
            "background": background,
            "on_retry": on_retry,
            "on_reach": on_reach,
            "on_late": on_late,
            "before_read": before_read,
        }
        changes = {name: value for name, value in options.items() if value is not None}
        other = copy(self)
        other._use(self._options._replace(**changes))  # noqa: SLF001 - of this very class
        return other

    async def aclose(self) -> None:
        """Close every connection; further requests fail."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"ChatKitClient({self.base_url!r}, key='…{self.key_hint}')"

"""A self-hosted server as a source of threads."""

from __future__ import annotations

import asyncio
import random as chance
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, tzinfo
from functools import partial
from typing import TYPE_CHECKING

import httpx

from chatkit_tui.secrets import Secret
from chatkit_tui.sources.base import (
    Capability,
    Deletion,
    ListQuery,
    SourceInfo,
    SourceObserver,
    ThreadSource,
)
from chatkit_tui.sources.chatkit_server import requests
from chatkit_tui.sources.chatkit_server.answers import read_page, read_thread
from chatkit_tui.sources.chatkit_server.endpoint import ServerEndpoint
from chatkit_tui.sources.http.endpoint import check_advice
from chatkit_tui.sources.http.executor import RequestExecutor, RequestOptions
from chatkit_tui.sources.http.request import TimeoutValue
from chatkit_tui.sources.http.transport import AT_ONCE, DEFAULT_TIMEOUT, Transport

if TYPE_CHECKING:
    from chatkit_tui.models.page import Page, RawRow


class ChatKitServerSource(ThreadSource):
    """Threads of one self-hosted server. Reading changes nothing there."""

    def __init__(
        self,
        url: str,
        *,
        token: Secret | None = None,
        headers: Mapping[str, Secret | str] | None = None,
        user_header: str = "",
        user: str | None = None,
        naive_zone: tzinfo = UTC,
        observer: SourceObserver | None = None,
        read_only: bool = False,
        timeout: TimeoutValue = DEFAULT_TIMEOUT,
        at_once: int = AT_ONCE,
        max_retries: int = 2,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.time,
        random: Callable[[], float] = chance.random,
    ) -> None:
        """Set up a source; nothing is sent yet.

        `url` is used exactly as it is written. `token` is sent as a bearer token, `headers` as they
        are. With `user_header`, the name of a header, threads can be listed for one user; `user` is
        the one for whom an id is opened before any list named another. Times without a zone are in
        `naive_zone`. `timeout` is in seconds for each step of a request. The rest is as in
        `ChatKitClient`.

        Raise `ConfigError` for an address or a header that cannot be used.
        """
        observer = observer or SourceObserver()
        endpoint = ServerEndpoint(url, token=token, headers=headers, user_header=user_header)
        transport_of = Transport(endpoint, timeout=timeout, transport=transport, at_once=at_once)
        options = RequestOptions(
            read_only,
            max_retries,
            on_retry=observer.on_retry,
            on_reach=observer.on_reach,
            on_late=observer.on_late,
            before_read=observer.before_read,
            sleep=sleep,
            clock=clock,
            random=random,
        )
        in_background = options._replace(background=True)
        self._endpoint = endpoint
        self._transport = transport_of
        self._executor = RequestExecutor(transport_of, options)
        self._background = RequestExecutor(transport_of, in_background)
        self._once = RequestExecutor(transport_of, in_background._replace(max_retries=0))
        self._zone = naive_zone
        self._user = user
        self._owners: dict[str, str | None] = {}
        """The user for whom each thread was listed last."""
        self._info = endpoint.info
        can_filter = {Capability.FILTER_BY_USER} if user_header else set()
        self._capabilities = frozenset({Capability.DELETE, Capability.LIVE, *can_filter})

    @property
    def info(self) -> SourceInfo:
        return self._info

    @property
    def capabilities(self) -> frozenset[Capability]:
        return self._capabilities

    async def list_threads(self, query: ListQuery) -> Page:
        request = requests.list_threads(
            query, self._endpoint.headers_of(query.user), check_advice(self._endpoint)
        )
        executor = self._for(query)
        answer = await executor.answer(request)
        reader = partial(read_page, order=query.order or "desc", zone=self._zone)
        page = await executor.read(answer, request, reader)
        self._user = query.user
        self._owners.update(dict.fromkeys(page.names, query.user))
        return page

    async def list_items(self, thread_id: str, query: ListQuery) -> Page:
        request = requests.list_items(thread_id, query, self._headers_for(thread_id))
        executor = self._for(query)
        answer = await executor.answer(request)
        reader = partial(
            read_page, order=query.order or "desc", zone=self._zone, thread_id=thread_id
        )
        return await executor.read(answer, request, reader)

    async def list_newer_items(self, thread_id: str, known: Sequence[RawRow]) -> Page:
        raise NotImplementedError

    async def get_thread(self, thread_id: str, *, background: bool = False) -> RawRow:
        request = requests.get_thread(thread_id, self._headers_for(thread_id))
        executor = self._background if background else self._executor
        answer = await executor.answer(request)
        page = await executor.read(answer, request, partial(read_thread, zone=self._zone))
        return page.rows[0]

    async def delete_thread(self, thread_id: str) -> Deletion:
        request = requests.delete_thread(thread_id, self._headers_for(thread_id))
        answer = await self._executor.answer(request)
        return Deletion(answer.request_id)

    async def aclose(self) -> None:
        await self._transport.aclose()

    def _headers_for(self, thread_id: str) -> requests.Headers:
        """Return the headers for the user whose list had a thread, else for the latest user."""
        return self._endpoint.headers_of(self._owners.get(thread_id, self._user))

    def _for(self, query: ListQuery) -> RequestExecutor:
        if query.once:
            return self._once
        return self._background if query.background else self._executor

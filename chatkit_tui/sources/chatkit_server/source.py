"""A self-hosted server as a source of threads."""

from __future__ import annotations

import asyncio
import random as chance
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Final

import httpx

from chatkit_tui.errors import (
    APIError,
    APIResponseError,
    APIStatusError,
    InternalServerError,
    NotFoundError,
    OutcomeUnknownError,
    UnknownCursorError,
)
from chatkit_tui.secrets import Secret
from chatkit_tui.sources.base import (
    Capability,
    Deletion,
    ListQuery,
    Outcome,
    SourceInfo,
    SourceObserver,
    ThreadSource,
)
from chatkit_tui.sources.chatkit_server import requests
from chatkit_tui.sources.chatkit_server.deletion import NOT_LISTED, ListLookup, judge
from chatkit_tui.sources.chatkit_server.endpoint import ServerEndpoint
from chatkit_tui.sources.chatkit_server.lists import LARGEST_PAGE, ListReader
from chatkit_tui.sources.chatkit_server.responses import (
    is_unexplained,
    joined,
    read_thread,
    unavailable,
)
from chatkit_tui.sources.http.endpoint import check_advice
from chatkit_tui.sources.http.executor import RequestExecutor, RequestOptions, with_item_models
from chatkit_tui.sources.http.request import TimeoutValue
from chatkit_tui.sources.http.response import RawResponse
from chatkit_tui.sources.http.transport import AT_ONCE, DEFAULT_TIMEOUT, Transport
from chatkit_tui.sources.paging import list_pages

if TYPE_CHECKING:
    from chatkit_tui.models.page import Page, RawRow

MOST_LOOKED_THROUGH: Final = 5_000
"""The most threads of the list among which one is looked for."""
_PROBE: Final = 20
"""Items of a page that shows whether a thread has any: hidden ones may come first."""


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
        info: SourceInfo | None = None,
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
        `naive_zone`. `info` is how the source is presented, instead of by its address. `timeout` is
        in seconds for each step of a request. The rest is as in `ChatKitClient`.

        Raise `ConfigError` for an address or a header that cannot be used.
        """
        observer = observer or SourceObserver()
        endpoint = ServerEndpoint(url, token=token, headers=headers, user_header=user_header)
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
        self._transport = Transport(endpoint, timeout=timeout, transport=transport, at_once=at_once)
        self._executor = RequestExecutor(self._transport, options)
        self._background = RequestExecutor(self._transport, in_background)
        self._once = RequestExecutor(self._transport, in_background._replace(max_retries=0))
        self._zone = naive_zone
        self._user = user if user_header else None
        self._owners: dict[str, str | None] = {}
        """The user for whom each thread was listed last."""
        self._lists = ListReader(naive_zone)
        self._info = info or endpoint.info
        can_filter = {Capability.FILTER_BY_USER} if user_header else set()
        self._capabilities = frozenset({Capability.DELETE, Capability.LIVE, *can_filter})

    @property
    def info(self) -> SourceInfo:
        return self._info

    @property
    def capabilities(self) -> frozenset[Capability]:
        return self._capabilities

    async def list_threads(self, query: ListQuery) -> Page:
        headers, advice = self._endpoint.headers_of(query.user), check_advice(self._endpoint)
        page = await self._lists.page(
            self._executor_for(query),
            lambda query: requests.list_threads(query, headers, advice),
            query,
        )
        self._user = query.user
        self._owners.update(dict.fromkeys(page.names, query.user))
        return page

    async def list_items(self, thread_id: str, query: ListQuery) -> Page:
        query = query._replace(user=self._user_of(thread_id))
        headers, executor = self._endpoint.headers_of(query.user), self._executor_for(query)
        try:
            return await with_item_models(
                self._lists.page(
                    executor,
                    lambda query: requests.list_items(thread_id, query, headers),
                    query,
                    thread_id,
                )
            )
        except (InternalServerError, NotFoundError) as error:
            raise await self._explained(error, executor) from error

    async def list_newer_items(self, thread_id: str, known: Sequence[RawRow]) -> Page:
        """Return the newest items, page by page, down to the first known one."""
        names = {row.name for row in known}
        newer: list[bytes] = []
        query = ListQuery(LARGEST_PAGE, "desc")
        async for step in list_pages(partial(self.list_items, thread_id), query):
            for row in step.rows:
                if row.name in names:
                    return joined(reversed(newer), thread_id=thread_id, zone=self._zone)
                newer.append(row.raw)
            if step.next.reason:
                raise APIResponseError(f"The items cannot be listed: {step.next.reason}.")
        raise UnknownCursorError("The thread no longer has the items that are known.")

    async def get_thread(self, thread_id: str, *, background: bool = False) -> RawRow:
        """Return a thread.

        Some servers create the thread that a request names. So one is requested by its id only if
        it has items; otherwise it is looked for in the list of threads. Raise `NotFoundError` if
        neither has it.
        """
        executor = self._background if background else self._executor
        if not await self._has_items(thread_id, background=background):
            return await self._listed(thread_id, background=background)
        request = requests.get_thread(thread_id, self._headers_for(thread_id))
        try:
            answer = await executor.answer(request)
        except (InternalServerError, NotFoundError) as error:
            raise await self._explained(error, executor) from error
        page = await executor.read(answer, request, partial(read_thread, zone=self._zone))
        return page.rows[0]

    async def has_item(self, thread_id: str, item_id: str) -> bool:
        """Return whether an item is in a thread, which is read to find it: ids are not cursors."""
        query = ListQuery(LARGEST_PAGE, "desc", background=True)
        with suppress(NotFoundError):
            async for step in list_pages(partial(self.list_items, thread_id), query):
                if item_id in step.page.names:
                    return True
        return False

    async def delete_thread(self, thread_id: str) -> Deletion:
        """Delete a thread. `deletion` says what proves it."""
        was_listed = thread_id in self._owners
        request = requests.delete_thread(thread_id, self._headers_for(thread_id))
        result, in_doubt = await self._executor.report(request)
        outcome, reason = judge(result, in_doubt=in_doubt)
        error = self._executor.error(result, request)
        request_id = result.request_id if isinstance(result, RawResponse) else None
        if outcome is Outcome.DELETED:
            self._owners.pop(thread_id, None)
            return Deletion(request_id)
        if outcome is Outcome.FAILED and error is not None:
            raise error
        found = await self._look_for(thread_id)
        if found is ListLookup.MISSING and was_listed:
            self._owners.pop(thread_id, None)
            return Deletion(request_id, NOT_LISTED)
        raise OutcomeUnknownError(
            f"{reason[:1].upper()}{reason[1:]}. It is not known whether the thread was deleted. "
            f"{found.value} Look again later; deleting it again does no harm.",
            request_id=request_id,
            reason=f"{reason}; {found.name.lower()} when looked up",
        ) from error

    async def aclose(self) -> None:
        await self._transport.aclose()

    # -- requests ----------------------------------------------------------------------------------

    async def _explained(
        self, error: InternalServerError | NotFoundError, executor: RequestExecutor
    ) -> APIStatusError:
        """Return the meaning of an error that a request for a thread got.

        If a request for the list of threads succeeds, the error is about the thread.
        """
        if isinstance(error, InternalServerError) and not is_unexplained(error):
            return error
        request = requests.list_threads(
            ListQuery(1), self._endpoint.headers_of(self._user), check_advice(self._endpoint)
        )
        try:
            await executor.answer(request)
        except APIError:
            return error
        if isinstance(error, InternalServerError):
            return unavailable(error)
        error.from_api = True
        return error

    # -- looking for a thread ----------------------------------------------------------------------

    async def _has_items(self, thread_id: str, *, background: bool) -> bool:
        """Return whether any item of a thread is listed."""
        query = ListQuery(_PROBE, "desc", background=background)
        async for step in list_pages(partial(self.list_items, thread_id), query):
            if step.rows:
                return True
        return False

    async def _listed(self, thread_id: str, *, background: bool) -> RawRow:
        """Return a thread from the list of threads."""
        query = ListQuery(LARGEST_PAGE, "desc", None, self._user_of(thread_id), background)
        passed, is_whole = 0, False
        async for step in list_pages(self.list_threads, query):
            for row in step.rows:
                if row.name == thread_id:
                    return row
            is_whole, passed = step.next.ended, passed + len(step.rows)
            if passed >= MOST_LOOKED_THROUGH:
                break
        raise NotFoundError(
            "There is no such thread: it has no items, and the list of threads does not have it."
            if is_whole
            else f"It has no items, and is not among the newest {passed:,} threads.",
            status=404,
            from_api=is_whole,
        )

    async def _look_for(self, thread_id: str) -> ListLookup:
        """Return whether the list of threads has a thread."""
        try:
            await self._listed(thread_id, background=False)
        except NotFoundError as error:
            return ListLookup.MISSING if error.from_api else ListLookup.UNKNOWN
        except APIError:
            return ListLookup.UNKNOWN
        return ListLookup.LISTED

    def _user_of(self, thread_id: str) -> str | None:
        """Return the user whose list had a thread, else the latest user."""
        return self._owners.get(thread_id, self._user)

    def _headers_for(self, thread_id: str) -> requests.Headers:
        return self._endpoint.headers_of(self._user_of(thread_id))

    def _executor_for(self, query: ListQuery) -> RequestExecutor:
        if query.once:
            return self._once
        return self._background if query.background else self._executor

"""Threads: list, retrieve, delete, and the items of one."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeVar

from chatkit_tui.api.answer import Answer
from chatkit_tui.api.call import (
    NOT_GIVEN,
    Body,
    Call,
    Extras,
    Headers,
    NotGiven,
    Query,
    TimeoutValue,
    identifier,
    list_query,
    make_call,
)
from chatkit_tui.api.caller import Caller, reason_of
from chatkit_tui.api.failures import CHECK_ADDRESS, Failure
from chatkit_tui.api.pagination import AsyncPage, Paginator, Trail
from chatkit_tui.errors import APIError, OutcomeUnknownError
from chatkit_tui.models.json_text import load_json

if TYPE_CHECKING:
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.threads import Thread, ThreadDeleted

_ITEMS: Final = "chatkit_tui.models.items"
"""Where their models are, with all that a list of threads does without."""

T = TypeVar("T")

Order: TypeAlias = Literal["asc", "desc"]
"""By time of creation: oldest first, or newest first."""


class Threads:
    """`client.threads`, with the names and keywords of the official SDK.

    Every method takes `extra_headers`, `extra_query` and `extra_body`, which win over what the
    method itself sends, and a `timeout` in seconds for this call alone. Each raises
    `InvalidArgumentError` before anything is sent, and an `APIError` when the call fails.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def list(
        self,
        *,
        limit: int | None = None,
        order: Order | None = None,
        after: str | None = None,
        before: str | None = None,
        user: str | None = None,
        extra_headers: Headers | None = None,
        extra_query: Query | None = None,
        extra_body: Body | None = None,
        timeout: TimeoutValue | NotGiven = NOT_GIVEN,
    ) -> Paginator[Thread]:
        """Threads, newest first unless `order` is `asc`.

        `limit` is 0 to 100 rows a page (the server's default is 20); `after` and `before` are ids
        of threads, exclusive, in the order asked for; `user` is 1 to 512 characters.
        """
        call = make_call(
            "GET",
            "/chatkit/threads",
            Extras(extra_headers, extra_query, extra_body, timeout),
            subject="the list of threads",
            if_missing=CHECK_ADDRESS,
            query=list_query(limit=limit, order=order, after=after, before=before, user=user),
        )
        return Paginator(lambda: self._page(_read_row, call))

    async def retrieve(
        self,
        thread_id: str,
        *,
        extra_headers: Headers | None = None,
        extra_query: Query | None = None,
        extra_body: Body | None = None,
        timeout: TimeoutValue | NotGiven = NOT_GIVEN,  # noqa: ASYNC109 - the SDK's word
    ) -> Thread:
        """One thread by its id. Raises `NotFoundError` when this account has no such thread."""
        call = make_call(
            "GET",
            f"/chatkit/threads/{identifier(thread_id, 'thread_id')}",
            Extras(extra_headers, extra_query, extra_body, timeout),
            subject=f"thread {thread_id}",
        )
        answer = await self._caller.answer(call)
        return await self._caller.read(answer, call, _read_thread)

    async def delete(
        self,
        thread_id: str,
        *,
        extra_headers: Headers | None = None,
        extra_query: Query | None = None,
        extra_body: Body | None = None,
        timeout: TimeoutValue | NotGiven = NOT_GIVEN,  # noqa: ASYNC109 - the SDK's word
    ) -> ThreadDeleted:
        """Delete a thread, its items and its stored attachments; nothing brings them back.

        Any 2xx means deleted, and so does a 404 on a second try. When no answer came, or the
        server failed, the thread is looked up: if it is gone it was deleted, else
        `OutcomeUnknownError` is raised, or the server's error if the thread is still there.
        Raises `ReadOnlyError` in read-only mode and `NotFoundError` when there was none.
        """
        extras = Extras(extra_headers, extra_query, extra_body, timeout)
        call = make_call(
            "DELETE",
            f"/chatkit/threads/{identifier(thread_id, 'thread_id')}",
            extras,
            subject=f"thread {thread_id}",
            effect="the thread was deleted",
            answer_needed=False,
        )
        report = await self._caller.report(call)
        result = report.result
        error = self._caller.error(result, call)
        if error is None:
            assert isinstance(result, Answer)  # noqa: S101 # what has no error is one
            return _deleted(thread_id, result.request_id, result.body)
        if isinstance(result, Answer) and result.status == 404 and report.tries > 1:
            return _deleted(thread_id, result.request_id)
        refused = isinstance(result, Answer) and result.status != 408 and result.status < 500
        if refused or not report.in_doubt:
            raise error
        return await self._look_for_deleted(thread_id, extras, error, result)

    def list_items(
        self,
        thread_id: str,
        *,
        limit: int | None = None,
        order: Order | None = None,
        after: str | None = None,
        before: str | None = None,
        extra_headers: Headers | None = None,
        extra_query: Query | None = None,
        extra_body: Body | None = None,
        timeout: TimeoutValue | NotGiven = NOT_GIVEN,
    ) -> Paginator[Item]:
        """The items of a thread, newest first unless `order` is `asc`.

        `limit` is 0 to 100 rows a page (the server's default is 20); `after` and `before` are ids
        of items, exclusive, in the order asked for.
        """
        call = make_call(
            "GET",
            f"/chatkit/threads/{identifier(thread_id, 'thread_id')}/items",
            Extras(extra_headers, extra_query, extra_body, timeout),
            subject=f"thread {thread_id}",
            query=list_query(limit=limit, order=order, after=after, before=before),
        )
        return Paginator(lambda: self._first_items(thread_id, call))

    async def _first_items(self, thread_id: str, call: Call) -> AsyncPage[Item]:
        asking = self._page(partial(_read_item, thread_id=thread_id), call)
        if _ITEMS in sys.modules:
            return await asking
        # While the server is at it, and in a thread, since a key may be pressed meanwhile.
        page, _ = await asyncio.gather(asking, asyncio.to_thread(import_module, _ITEMS))
        return page

    async def _page(
        self, read_row: Callable[[bytes], T], call: Call, trail: Trail | None = None
    ) -> AsyncPage[T]:
        answer = await self._caller.answer(call)

        def take_apart(raw: bytes) -> AsyncPage[T]:
            return AsyncPage(
                raw,
                read_row,
                call=call,
                request_id=answer.request_id,
                fetch=partial(self._page, read_row),
                trail=trail,
            )

        return await self._caller.read(answer, call, take_apart)

    async def _look_for_deleted(
        self, thread_id: str, extras: Extras, error: APIError, result: Answer | Failure
    ) -> ThreadDeleted:
        """After a deletion whose outcome is not known: is the thread still there?"""
        call = make_call(
            "GET",
            f"/chatkit/threads/{identifier(thread_id, 'thread_id')}",
            Extras(headers=extras.headers, query=extras.query, timeout=extras.timeout),
            subject=f"thread {thread_id}",
        )
        look = (await self._caller.report(call)).result
        if isinstance(look, Answer) and look.status == 404:
            return _deleted(thread_id, error.request_id or look.request_id)
        if isinstance(look, Answer) and look.ok:
            if isinstance(result, Answer):
                raise error
            seen = "It was still there a moment ago."
        else:
            seen = "Looking for it failed as well."
        raise OutcomeUnknownError(
            f"{self._caller.account.base_url}: {reason_of(result)}. It is not known whether the "
            f"thread was deleted. {seen} Look again later; deleting it again does no harm.",
            request_id=error.request_id,
        ) from error


# The models are imported where one is made: a screen opens with a list, whose rows do without.


def _read_row(raw: bytes) -> Thread:
    from chatkit_tui.models.threads import read_thread

    return read_thread(raw)


def _read_item(raw: bytes, *, thread_id: str) -> Item:
    from chatkit_tui.models.items import read_item

    return read_item(raw, thread_id=thread_id)


def _read_thread(raw: bytes) -> Thread:
    from chatkit_tui.models.threads import Thread

    return Thread.from_json(raw)


def _deleted(thread_id: str, request_id: str | None, body: bytes = b"") -> ThreadDeleted:
    """What is known of a deletion, whatever the server chose to say of it."""
    from chatkit_tui.models.threads import ThreadDeleted

    try:
        value = load_json(body)
    except (ValueError, RecursionError):
        value = None
    fields = value if isinstance(value, dict) else {}
    return ThreadDeleted.read(
        {**fields, "id": fields.get("id") or thread_id, "deleted": True}, raw=body
    ).answered_as(request_id)

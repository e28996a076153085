"""Threads: list, retrieve, delete, and the items of one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar, Unpack

from chatkit_tui.errors import APIConnectionError, APIError, APIResponseError, OutcomeUnknownError
from chatkit_tui.models.json import load_json
from chatkit_tui.models.page import RawRow
from chatkit_tui.sources.base import Order, Outcome
from chatkit_tui.sources.http.endpoint import check_advice
from chatkit_tui.sources.http.executor import RequestExecutor, with_item_models
from chatkit_tui.sources.http.request import (
    Extras,
    Request,
    build_list_query,
    build_request,
    path_segment,
)
from chatkit_tui.sources.http.response import RawResponse, parse_list_answer
from chatkit_tui.sources.openai.pagination import AsyncPage, Paginator

if TYPE_CHECKING:
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.threads import Thread, ThreadDeleted

T = TypeVar("T")


class Threads:
    """`client.threads`, with the names and keywords of the official SDK.

    Every method takes `extra_headers`, `extra_query` and `extra_body`, which win over what the
    method itself sends, and a `timeout` in seconds for this call alone. Each raises
    `InvalidArgumentError` before anything is sent, and an `APIError` when the call fails.
    """

    def __init__(self, executor: RequestExecutor) -> None:
        self._executor = executor

    def list(
        self,
        *,
        limit: int | None = None,
        order: Order | None = None,
        after: str | None = None,
        before: str | None = None,
        user: str | None = None,
        **extras: Unpack[Extras],
    ) -> Paginator[Thread]:
        """Return a list of threads, newest first unless `order` is `asc`.

        `limit` is 0 to 100 rows a page (the server's default is 20); `after` and `before` are ids
        of threads, exclusive, in the order asked for; `user` is 1 to 512 characters.
        """
        call = build_request(
            Request(
                "GET",
                "/chatkit/threads",
                subject="the list of threads",
                if_missing=check_advice(self._executor.endpoint),
            ),
            extras,
            query=build_list_query(limit=limit, order=order, after=after, before=before, user=user),
        )
        return Paginator(lambda: self._page(_read_row, call))

    async def retrieve(self, thread_id: str, **extras: Unpack[Extras]) -> Thread:
        """Return a thread. Raise `NotFoundError` if this account has no such thread."""
        call = build_request(_request("GET", thread_id), extras)
        answer = await self._executor.answer(call)
        return await self._executor.read(answer, call, _read_thread)

    async def delete(self, thread_id: str, **extras: Unpack[Extras]) -> ThreadDeleted:
        """Delete a thread, its items and its stored attachments; nothing brings them back.

        Returns only where the API proved it: see `deletion_proof`. Where it is not known what the
        call did, the thread is looked up: if it is gone it was deleted, else `OutcomeUnknownError`
        is raised. Raise the server's error when it refused, `APIResponseError` when its only
        answer says that it did not delete, `ReadOnlyError` in read-only mode.
        """
        from chatkit_tui.sources.openai.deletion_proof import judge

        request = _request("DELETE", thread_id)
        call = build_request(
            request._replace(effect="the thread was deleted", answer_needed=False), extras
        )
        report = await self._executor.report(call)
        result = report.result
        verdict = judge(result, thread_id, in_doubt=report.in_doubt)
        if verdict.outcome is Outcome.DELETED:
            assert isinstance(result, RawResponse)  # noqa: S101 # without one nothing is proved
            body = result.body if result.ok else b""
            return _deleted(thread_id, result.request_id, verdict.reason, body)
        error = self._executor.error(result, call)
        if error is None:  # a 2xx response that does not prove the deletion
            assert isinstance(result, RawResponse)  # noqa: S101 # a failure has an error of its own
            error = APIResponseError(
                f"{_sentence(verdict.reason)} Deleting it again does no harm.",
                status=result.status,
                request_id=result.request_id,
                reason=verdict.reason,
            )
        if verdict.outcome is Outcome.FAILED:
            raise error
        return await self._look_for_deleted(thread_id, extras, error, verdict.reason)

    def list_items(
        self,
        thread_id: str,
        *,
        limit: int | None = None,
        order: Order | None = None,
        after: str | None = None,
        before: str | None = None,
        **extras: Unpack[Extras],
    ) -> Paginator[Item]:
        """Return the list of items of a thread, newest first unless `order` is `asc`.

        `limit` is 0 to 100 rows a page (the server's default is 20); `after` and `before` are ids
        of items, exclusive, in the order asked for.
        """
        call = build_request(
            _request("GET", thread_id, "/items"),
            extras,
            query=build_list_query(limit=limit, order=order, after=after, before=before),
        )
        return Paginator(
            lambda: with_item_models(self._page(_read_item, call, thread_id=thread_id))
        )

    async def _page(
        self,
        read: Callable[[RawRow], T],
        call: Request,
        earlier: frozenset[str] = frozenset(),
        *,
        thread_id: str = "",
    ) -> AsyncPage[T]:
        answer = await self._executor.answer(call)
        parse = partial(parse_list_answer, thread_id=thread_id)
        return AsyncPage(
            await self._executor.read(answer, call, parse),
            read,
            call=call,
            request_id=answer.request_id,
            fetch=partial(self._page, read, thread_id=thread_id),
            earlier=earlier,
        )

    async def _look_for_deleted(
        self, thread_id: str, extras: Extras, error: APIError, reason: str
    ) -> ThreadDeleted:
        """Look up whether the thread is still there, after a deletion of unknown outcome.

        `error` and `reason` are what left it unknown. Raise `OutcomeUnknownError` unless the
        look-up proves the deletion.
        """
        from chatkit_tui.sources.openai.deletion_proof import LOOKED_UP, judge_look_up

        call = build_request(_request("GET", thread_id), extras)
        look = (await self._executor.report(call)).result
        verdict = judge_look_up(look, thread_id)
        if verdict.outcome is Outcome.DELETED:
            found = look.request_id if isinstance(look, RawResponse) else None
            return _deleted(thread_id, error.request_id or found, verdict.reason)
        happened = _sentence(reason)
        if isinstance(error, APIConnectionError):  # no answer: it matters whose
            happened = f"{self._executor.endpoint.base_url}: {reason}."
        raise OutcomeUnknownError(
            f"{happened} It is not known whether the thread was deleted. "
            f"{LOOKED_UP[verdict.reason]} Look again later; deleting it again does no harm.",
            request_id=error.request_id,
            reason=f"{reason}; {verdict.reason}",
        ) from error


def _request(method: str, thread_id: str, below: str = "") -> Request:
    path = f"/chatkit/threads/{path_segment(thread_id, 'thread_id')}{below}"
    return Request(method, path, subject=f"thread {thread_id}")


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


# The models are imported on use: the first paint needs only rows.


def _read_row(row: RawRow) -> Thread:
    from chatkit_tui.models.threads import read_thread

    return read_thread(row)


def _read_item(row: RawRow) -> Item:
    from chatkit_tui.models.items import read_item

    return read_item(row)


def _read_thread(raw: bytes) -> Thread:
    from chatkit_tui.models.threads import Thread

    return Thread.from_json(raw)


def _deleted(
    thread_id: str, request_id: str | None, proof: str, body: bytes = b""
) -> ThreadDeleted:
    """Return what is known of a proved deletion; `proof` is what proves it beside the body."""
    from chatkit_tui.models.threads import ThreadDeleted

    try:
        value = load_json(body)
    except (ValueError, RecursionError):
        value = None
    fields = value if isinstance(value, dict) else {}
    return ThreadDeleted.read(
        {**fields, "id": thread_id, "deleted": True, "request_id": request_id, "proof": proof},
        raw=body,
    )

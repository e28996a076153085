"""The typed requests of the protocol that a reader needs. All are POST to one address."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from chatkit_tui.errors import InvalidArgumentError
from chatkit_tui.models.json import is_mended
from chatkit_tui.sources.base import ListQuery
from chatkit_tui.sources.http.request import Request, build_list_query, refuse_secret

UNEXPLAINED: Final = frozenset({500})
"""The status of servers without an error object: for what is missing as well as for a failure."""

_IF_MISSING: Final = "Check the id; it may belong to another user."

Headers = tuple[tuple[str, str], ...]


def list_threads(query: ListQuery, headers: Headers, if_missing: str) -> Request:
    """Return the request for a page of threads.

    Raise `InvalidArgumentError` for a limit outside 0 to 100, and for an empty cursor.
    """
    subject = "the list of threads"
    return _request("threads.list", _list_params(query), subject, headers, if_missing)


def list_items(thread_id: str, query: ListQuery, headers: Headers) -> Request:
    """Return the request for a page of items; see `list_threads`."""
    params = {"thread_id": _checked(thread_id), **_list_params(query)}
    return _request("items.list", params, f"thread {thread_id}", headers)


def get_thread(thread_id: str, headers: Headers) -> Request:
    """Return the request for a thread. On some servers it creates the thread."""
    params = {"thread_id": _checked(thread_id)}
    return _request("threads.get_by_id", params, f"thread {thread_id}", headers)


def delete_thread(thread_id: str, headers: Headers) -> Request:
    """Return the request that deletes a thread."""
    params = {"thread_id": _checked(thread_id)}
    request = _request("threads.delete", params, f"thread {thread_id}", headers)
    return request._replace(effect="the thread was deleted", answer_needed=False)


def _request(
    kind: str,
    params: Mapping[str, object],
    subject: str,
    headers: Headers,
    if_missing: str = _IF_MISSING,
) -> Request:
    body = {"type": kind, "params": params, "metadata": {}}
    return Request(
        "POST",
        "",
        subject,
        body=json.dumps(body, separators=(",", ":")).encode(),
        headers=headers,
        if_missing=if_missing,
        may_be_redirected=True,
        final_statuses=UNEXPLAINED,
    )


def _list_params(query: ListQuery) -> dict[str, object]:
    return build_list_query(limit=query.limit, order=query.order, after=query.after, before=None)


def _checked(thread_id: str) -> str:
    if not thread_id:
        raise InvalidArgumentError("thread_id is empty: give an id.", param="thread_id")
    refuse_secret(thread_id, "thread_id")
    if is_mended(thread_id):
        raise InvalidArgumentError("thread_id holds an unpaired surrogate.", param="thread_id")
    return thread_id

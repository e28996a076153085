"""An emulator of a self-hosted server: one address for all requests, on the same sample data.

It responds as the package `openai-chatkit` behind Starlette does.
"""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final

from chatkit_tui.emulator.cursors import ListQuery, Rows, list_page
from chatkit_tui.emulator.library import Library
from chatkit_tui.emulator.requests import JSON, RejectedError, Request, Response, Row
from chatkit_tui.emulator.self_hosted_rows import (
    HIDDEN,
    ServerThreads,
    load_all_stories,
    naive_time,
    utc_time,
)

PATH: Final = "/chatkit"
"""The path of the address; it serves POST alone."""
SERVER_URL: Final = f"http://demo.invalid{PATH}"
"""The address in this process; no network can resolve the name."""
USER_HEADER: Final = "X-User-Id"
"""The header with the user whose threads the caller sees; without it, those of everybody."""

_DEFAULT_LIMIT: Final = 20
_LOGGED_REQUESTS: Final = 10_000


class SelfHostedEmulator:
    """A self-hosted server with its own sample data, all of it in memory.

    The newest thread has an item of each type of the package.
    """

    def __init__(
        self,
        threads: int = 60,
        items: int | None = None,
        latency: float = 0,
        *,
        token: str = "",
        naive: bool = True,
    ) -> None:
        """Create a server in its initial state.

        The first arguments are as for `Emulator`. With `token`, requests need it as their bearer
        token. `naive` is whether times have no zone; they are in UTC.
        """
        self.library = Library(threads, items, load_all_stories())
        self.threads = ServerThreads(self.library, naive_time if naive else utc_time)
        self.latency = latency
        self.requests: deque[Request] = deque(maxlen=_LOGGED_REQUESTS)
        """The last 10,000 requests, oldest first, without their Authorization headers."""
        self._token = token

    async def respond(self, request: Request) -> Response:
        """Return the response to a request."""
        headers = {name: text for name, text in request.headers.items() if name != "authorization"}
        self.requests.append(request._replace(headers=headers))
        if self.latency:
            await asyncio.sleep(self.latency / 1000)
        if request.path == f"{PATH}/":
            return Response(307, body=b"", headers={"location": PATH})
        if request.path != PATH:
            return _plain(404, "Not Found")
        if request.method != "POST":
            return _plain(405, "Method Not Allowed").with_headers(allow="POST")
        if self._token and request.headers.get("authorization") != f"Bearer {self._token}":
            return Response(401, {"detail": "Not authenticated"})
        try:
            return Response(content=self._answer(request))
        except (RejectedError, _RefusedError, ValueError, RecursionError):
            # The package has no error object: whatever fails is an exception of the server.
            return _plain(500, "Internal Server Error")._replace(disconnects=True)

    def _answer(self, request: Request) -> JSON:
        asked = json.loads(request.body)
        kind = asked.get("type") if isinstance(asked, dict) else None
        handler = _HANDLERS.get(kind) if isinstance(kind, str) else None
        params = asked.get("params") if handler else None
        if handler is None or not isinstance(params, dict):
            raise _RefusedError
        return handler(self, params, request.headers.get(USER_HEADER.lower()))

    def _find(self, params: Row, user: str | None) -> int:
        index = self.threads.index_of(_text(params, "thread_id"))
        if index is None or not self._may_see(index, user):
            raise _RefusedError
        return index

    def _may_see(self, index: int, user: str | None) -> bool:
        return self.library.exists(index) and user in (None, self.library.user(index))

    # -- requests ----------------------------------------------------------------------------------

    def list_threads(self, params: Row, user: str | None) -> Row:
        """Answer `threads.list`."""
        query = _list_query(params)
        if user is not None and not self.library.knows(user):  # avoids a search through all
            return {"data": [], "has_more": False}
        return _page(self.threads, query, wanted=lambda index: self._may_see(index, user))

    def get_thread(self, params: Row, user: str | None) -> Row:
        """Answer `threads.get_by_id`, with the oldest items."""
        index = self._find(params, user)
        oldest = ListQuery(_DEFAULT_LIMIT, "asc")
        return {**self.threads.row(index), "items": _page(self.threads.items(index), oldest)}

    def list_items(self, params: Row, user: str | None) -> Row:
        """Answer `items.list`."""
        index = self._find(params, user)
        return _page(self.threads.items(index), _list_query(params))

    def rename_thread(self, params: Row, user: str | None) -> Row:
        """Answer `threads.update`."""
        index = self._find(params, user)
        self.threads.rename(index, _text(params, "title"))
        return self.threads.row(index)

    def delete_thread(self, params: Row, user: str | None) -> Row:
        """Answer `threads.delete`."""
        self.library.delete(self._find(params, user))
        return {}

    def take_feedback(self, params: Row, user: str | None) -> Row:
        """Answer `items.feedback`, which cannot be read back."""
        self._find(params, user)
        if params.get("kind") not in ("positive", "negative"):
            raise _RefusedError
        return {}


_HANDLERS: Final[Mapping[str, Callable[[SelfHostedEmulator, Row, str | None], Row]]] = {
    "threads.list": SelfHostedEmulator.list_threads,
    "threads.get_by_id": SelfHostedEmulator.get_thread,
    "items.list": SelfHostedEmulator.list_items,
    "threads.update": SelfHostedEmulator.rename_thread,
    "threads.delete": SelfHostedEmulator.delete_thread,
    "items.feedback": SelfHostedEmulator.take_feedback,
}


class _RefusedError(Exception):
    """A request that the package raises an exception for."""


def _plain(status: int, text: str) -> Response:
    headers = {"content-type": "text/plain; charset=utf-8"}
    return Response(status, body=text.encode(), headers=headers)


def _text(params: Row, name: str) -> str:
    value = params.get(name)
    if not isinstance(value, str):
        raise _RefusedError
    return value


def _list_query(params: Row) -> ListQuery:
    limit, order, after = params.get("limit"), params.get("order", "desc"), params.get("after")
    if not (limit is None or type(limit) is int) or order not in ("asc", "desc"):
        raise _RefusedError
    cursor = None if after is None else urlsafe_b64decode(_text(params, "after")).decode()
    return ListQuery(limit or _DEFAULT_LIMIT, order, cursor)


def _page(rows: Rows, query: ListQuery, *, wanted: Callable[[int], bool] | None = None) -> Row:
    """Return a page; what is hidden is removed after the page was cut, as in the package."""
    found = list_page(rows, query, wanted=wanted)
    page = {
        "data": [row for row in found["data"] if row.get("type") not in HIDDEN],
        "has_more": found["has_more"],
    }
    if found["has_more"]:
        page["after"] = urlsafe_b64encode(found["last_id"].encode()).decode()
    return page

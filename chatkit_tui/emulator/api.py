"""The emulator: the operations of the API on data in memory."""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote

from chatkit_tui.emulator import requests
from chatkit_tui.emulator.cursors import list_page, read_list_query
from chatkit_tui.emulator.library import Library
from chatkit_tui.emulator.requests import (
    RejectedError,
    Request,
    Response,
    Row,
    invalid,
    not_found,
)
from chatkit_tui.emulator.sample_data import DEMO_KEY, Clock, fixed_clock
from chatkit_tui.emulator.sessions import Sessions

if TYPE_CHECKING:
    from chatkit_tui.emulator.faults import Switches

_LOGGED_REQUESTS: Final = 10_000
LARGEST_BODY: Final = 16 * 1024 * 1024
"""Bytes; more than the largest session request that the API accepts."""

_BETA: Final = "chatkit_beta=v1"
_LONGEST_USER: Final = 512

_ROUTES: Final = (
    ("GET", "/chatkit/threads", requests.THREADS_LIST),
    ("GET", "/chatkit/threads/([^/]+)", requests.THREADS_RETRIEVE),
    ("DELETE", "/chatkit/threads/([^/]+)", requests.THREADS_DELETE),
    ("GET", "/chatkit/threads/([^/]+)/items", requests.THREADS_LIST_ITEMS),
    ("POST", "/chatkit/sessions", requests.SESSIONS_CREATE),
    ("POST", "/chatkit/sessions/([^/]+)/cancel", requests.SESSIONS_CANCEL),
)


def read_request(
    method: str, path: bytes, query: bytes, headers: Iterable[tuple[bytes, bytes]], body: bytes
) -> Request:
    """Return the request that a client sent; `path` is still percent-encoded."""
    text = path.decode("latin-1")
    operation, target = requests.UNKNOWN_OPERATION, ""
    for of_method, pattern, name in _ROUTES:
        # The encoded path is matched, so that an id may hold an encoded slash.
        if of_method == method and (match := re.fullmatch(f"/v1{pattern}", text)):
            operation, target = name, unquote(match[1]) if match.groups() else ""
    return Request(
        operation,
        method,
        text,
        target,
        dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True)),
        {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers},
        body,
    )


class Emulator:
    """A ChatKit API with its own sample data, all of it in memory.

    Two emulators with the same arguments return the same bytes.
    """

    def __init__(
        self,
        threads: int = 60,
        items: int | None = None,
        latency: float = 0,
        faults: Iterable[str] = (),
        clock: Clock = fixed_clock,
    ) -> None:
        """Create an API in its initial state.

        `threads`: their number; the 60 stories are the newest, generated threads precede them.
        `items`: the number of items of each thread; None for as many as its story has.
        `latency`: milliseconds before each response. `faults`: see `faults`. `clock`: returns Unix
        seconds, used by sessions. Raise `ValueError` for an unknown fault.
        """
        self.library = Library(threads, items)
        self.sessions = Sessions(clock)
        self.latency = latency
        self.requests: deque[Request] = deque(maxlen=_LOGGED_REQUESTS)
        """The last 10,000 requests, oldest first, without their Authorization headers."""
        self._switches: Switches | None = None
        self.faults = faults
        self._received = 0

    @property
    def faults(self) -> tuple[str, ...]:
        """The active faults, each `NAME[:FIRST][@CALL]`; can be set at any time.

        `rate-limit:2@threads.list` affects the next two requests of that operation. An HTTP method
        is allowed after the @, too. Raise `ValueError` for an unknown fault.
        """
        return () if self._switches is None else self._switches.names

    @faults.setter
    def faults(self, names: Iterable[str]) -> None:
        names = tuple(names)
        self._switches = None
        if names:  # all faults take long to import, and a demonstration has none
            from chatkit_tui.emulator.faults import Switches

            self._switches = Switches(names)

    def thread_id(self, index: int = -1) -> str:
        """Return the id of a thread; 0 is the oldest, -1 the newest. Raise `IndexError`."""
        return self.library.identifier(range(len(self.library))[index])

    def thread_titled(self, title: str) -> str:
        """Return the id of the newest story with a title. Raise `KeyError` if there is none."""
        return self.library.identifier(self.library.index_of_title(title))

    async def respond(self, request: Request) -> Response:
        """Return the response to a request, with the active faults applied.

        Raise `ConnectionDroppedError` if a fault drops the connection.
        """
        headers = {name: text for name, text in request.headers.items() if name != "authorization"}
        self.requests.append(request._replace(headers=headers))
        started = time.perf_counter()
        self._received += 1
        request_id = f"req_{self._received:032x}"
        if self.latency:
            await asyncio.sleep(self.latency / 1000)
        if self._switches is None:
            response = await self._handle(request)
        else:
            response = await self._switches.apply(request, self._handle)
        milliseconds = int((time.perf_counter() - started) * 1000)
        return response.with_headers(
            x_request_id=request_id,
            openai_processing_ms=str(milliseconds),
            openai_version="2020-10-01",
        )

    async def _handle(self, request: Request) -> Response:
        try:
            _check_headers(request.headers)
            if len(request.body) > LARGEST_BODY:
                raise RejectedError(413, f"The body has more than {LARGEST_BODY} bytes.")
            if handler := _HANDLERS.get(request.operation):
                return Response(content=handler(self, request))
            raise _no_operation(request)
        except RejectedError as rejected:
            return rejected.response


# -- checks ----------------------------------------------------------------------------------------


def _check_headers(headers: Mapping[str, str]) -> None:
    """Check the key first and then the beta header, as the API does."""
    scheme, _, key = headers.get("authorization", "").partition(" ")
    key = key.strip()
    if scheme.lower() != "bearer" or not key:
        message = "No credentials in the Authorization header; send 'Bearer KEY'."
        raise RejectedError(401, message)
    if key != DEMO_KEY and not key.startswith("sk-"):
        hint = f"****{key[-4:]}" if len(key) > 8 else "****"
        message = f"Incorrect API key provided: {hint}."
        raise RejectedError(401, message, code="invalid_api_key")
    if _BETA not in [beta.strip() for beta in headers.get("openai-beta", "").split(",")]:
        message = f"The ChatKit API needs the header 'OpenAI-Beta: {_BETA}' on every request."
        raise RejectedError(400, message, code="invalid_beta")


def _no_operation(request: Request) -> RejectedError:
    """Return a 405 if the path exists with another method, else a 404."""
    method, path = request.method, request.path
    if any(re.fullmatch(f"/v1{pattern}", path) for _, pattern, _ in _ROUTES):
        message = f"Method {method} is not allowed on {path}."
        return RejectedError(405, message, code="method_not_allowed")
    return RejectedError(404, f"Invalid URL ({method} {path})", code="unknown_url")


# -- operations ------------------------------------------------------------------------------------


def _list_threads(api: Emulator, request: Request) -> Row:
    library, query = api.library, read_list_query(request.query)
    user = request.query.get("user")
    if user is None:
        return list_page(library, query, wanted=library.exists)
    if not 1 <= len(user) <= _LONGEST_USER:
        raise invalid("user", f"expected 1 to {_LONGEST_USER} characters, got {len(user)}.")
    if not library.knows(user):  # avoids a search through all threads
        query = query._replace(limit=0)
    return list_page(
        library,
        query,
        wanted=lambda index: library.exists(index) and library.user(index) == user,
    )


def _retrieve_thread(api: Emulator, request: Request) -> Row:
    return api.library.row(_find(api, request))


def _delete_thread(api: Emulator, request: Request) -> Row:
    api.library.delete(_find(api, request))
    return {"id": request.target, "object": "chatkit.thread.deleted", "deleted": True}


def _list_items(api: Emulator, request: Request) -> Row:
    query = read_list_query(request.query)
    return list_page(api.library.conversation(_find(api, request)), query)


def _find(api: Emulator, request: Request) -> int:
    index = api.library.index_of(request.target)
    if index is None:
        raise not_found("thread", request.target)
    return index


_HANDLERS: Final[Mapping[str, Callable[[Emulator, Request], Row]]] = {
    requests.THREADS_LIST: _list_threads,
    requests.THREADS_RETRIEVE: _retrieve_thread,
    requests.THREADS_DELETE: _delete_thread,
    requests.THREADS_LIST_ITEMS: _list_items,
    requests.SESSIONS_CREATE: lambda api, request: api.sessions.create(request.body),
    requests.SESSIONS_CANCEL: lambda api, request: api.sessions.cancel(request.target),
}

"""The operations of the API: their routes, and a handler for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, unquote

from chatkit_tui.emulator import requests
from chatkit_tui.emulator.cursors import list_page, read_list_query
from chatkit_tui.emulator.library import Library
from chatkit_tui.emulator.requests import RejectedError, Request, Response, invalid, not_found
from chatkit_tui.emulator.sample_data import DEMO_KEY
from chatkit_tui.emulator.sessions import Sessions

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


def handle(request: Request, library: Library, sessions: Sessions) -> Response:
    """Check a request and carry it out."""
    try:
        _check_headers(request.headers)
        if len(request.body) > LARGEST_BODY:
            raise RejectedError(413, f"The body has more than {LARGEST_BODY} bytes.")
        if handler := _THREAD_HANDLERS.get(request.operation):
            return handler(library, request)
        if request.operation == requests.SESSIONS_CREATE:
            return Response(content=sessions.create(request.body))
        if request.operation == requests.SESSIONS_CANCEL:
            return Response(content=sessions.cancel(request.target))
        raise _no_operation(request)
    except RejectedError as rejected:
        return rejected.response


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


def _list_threads(library: Library, request: Request) -> Response:
    query = read_list_query(request.query)
    user = request.query.get("user")
    if user is None:
        return Response(content=list_page(library, query, wanted=library.exists))
    if not 1 <= len(user) <= _LONGEST_USER:
        raise invalid("user", f"expected 1 to {_LONGEST_USER} characters, got {len(user)}.")
    if not library.knows(user):  # avoids a search through all threads
        query = replace(query, limit=0)
    page = list_page(
        library,
        query,
        wanted=lambda index: library.exists(index) and library.user(index) == user,
    )
    return Response(content=page)


def _retrieve_thread(library: Library, request: Request) -> Response:
    return Response(content=library.row(_find(library, request.target)))


def _delete_thread(library: Library, request: Request) -> Response:
    library.delete(_find(library, request.target))
    content = {"id": request.target, "object": "chatkit.thread.deleted", "deleted": True}
    return Response(content=content)


def _list_items(library: Library, request: Request) -> Response:
    query = read_list_query(request.query)
    conversation = library.conversation(_find(library, request.target))
    return Response(content=list_page(conversation, query))


_THREAD_HANDLERS: Final[Mapping[str, Callable[[Library, Request], Response]]] = {
    requests.THREADS_LIST: _list_threads,
    requests.THREADS_RETRIEVE: _retrieve_thread,
    requests.THREADS_DELETE: _delete_thread,
    requests.THREADS_LIST_ITEMS: _list_items,
}


def _find(library: Library, thread_id: str) -> int:
    index = library.index_of(thread_id)
    if index is None:
        raise not_found("thread", thread_id)
    return index

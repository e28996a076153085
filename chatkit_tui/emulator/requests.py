"""Requests, responses and the API's errors, independent of any web framework."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol, TypeAlias

JSON: TypeAlias = Any
"""A JSON value as `json.loads` returns it."""

Row: TypeAlias = dict[str, JSON]
"""A JSON object: a thread, an item, a page or a session."""

THREADS_LIST = "threads.list"
THREADS_RETRIEVE = "threads.retrieve"
THREADS_DELETE = "threads.delete"
THREADS_LIST_ITEMS = "threads.list_items"
SESSIONS_CREATE = "sessions.create"
SESSIONS_CANCEL = "sessions.cancel"
OPERATIONS = (
    THREADS_LIST,
    THREADS_RETRIEVE,
    THREADS_DELETE,
    THREADS_LIST_ITEMS,
    SESSIONS_CREATE,
    SESSIONS_CANCEL,
)
UNKNOWN_OPERATION = "elsewhere"
"""The operation of a request to a path or with a method that the API does not have."""


class Request(NamedTuple):
    """A request to the API."""

    operation: str
    """One of `OPERATIONS`, or `UNKNOWN_OPERATION`."""
    method: str
    path: str
    """Percent-encoded, without the query."""
    target: str = ""
    """The decoded id in the path; empty if the path has none."""
    query: Mapping[str, str] = MappingProxyType({})
    headers: Mapping[str, str] = MappingProxyType({})
    """Names are in lower case."""
    body: bytes = b""


class Response(NamedTuple):
    """A response: `content` as JSON, or `body` unchanged, or `pieces` sent one by one."""

    status: int = 200
    content: JSON = None
    body: bytes | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    pieces: Callable[[], AsyncIterator[bytes]] | None = None
    """Replaces content and body. May raise `ConnectionDroppedError`."""
    disconnects: bool = False
    """Whether the server closes the connection afterwards, without announcing it."""

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300

    def payload(self) -> bytes:
        """Return the body of a response without `pieces`."""
        if self.body is not None:
            return self.body
        return json.dumps(self.content, ensure_ascii=False, separators=(",", ":")).encode()

    def all_headers(self, length: int | None = None) -> dict[str, str]:
        """Return the headers to send; the content type defaults to JSON.

        `length` is the number of bytes of the body, if it is known.
        """
        headers = {"content-type": "application/json", **self.headers}
        if self.status == 204:
            del headers["content-type"]
        elif length is not None:
            headers.setdefault("content-length", str(length))
        return headers

    def with_headers(self, **headers: str) -> Response:
        """Return the response with more headers; underscores in names become hyphens."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._replace(headers={**self.headers, **more})


Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


class Responder(Protocol):
    """An emulator."""

    async def respond(self, request: Request) -> Response:
        """Return the response to a request. May raise `ConnectionDroppedError`."""


class ConnectionDroppedError(BaseException):
    """The connection ends without the rest of the response.

    Not an `Exception`, so that no handler of errors turns it into a response.
    """


# -- errors ----------------------------------------------------------------------------------------


class RejectedError(Exception):
    """A request that the API rejects with an error object."""

    def __init__(
        self, status: int, message: str, *, param: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.response = error_response(status, message, param=param, code=code)


def error_response(
    status: int,
    message: str,
    *,
    param: str | None = None,
    code: str | None = None,
    kind: str = "invalid_request_error",
) -> Response:
    """Return a response with an error object; `kind` is its `type`."""
    error: JSON = {"message": message, "type": kind, "param": param, "code": code}
    return Response(status, {"error": error})


def invalid(param: str, reason: str, *, code: str = "invalid_value") -> RejectedError:
    """Return a 400 for a value of the wrong type or outside its limits."""
    return RejectedError(400, f"Invalid '{param}': {reason}", param=param, code=code)


def check_range(param: str, value: int, least: int, most: int | None = None) -> None:
    """Raise a 400 if a number is outside its limits."""
    if value < least:
        reason = f"expected at least {least}, got {value}."
        raise invalid(param, reason, code="integer_below_min_value")
    if most is not None and value > most:
        reason = f"expected at most {most}, got {value}."
        raise invalid(param, reason, code="integer_above_max_value")


def not_found(noun: str, identifier: str) -> RejectedError:
    """Return a 404 for a thread or session that does not exist."""
    message = f"{noun.capitalize()} with id '{identifier}' not found."
    return RejectedError(404, message, param=f"{noun}_id")

"""A request and an answer, free of any framework."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

JSON: TypeAlias = Any
"""A JSON value as `json.loads` makes it."""

THREADS_LIST = "threads.list"
THREADS_RETRIEVE = "threads.retrieve"
THREADS_DELETE = "threads.delete"
THREADS_LIST_ITEMS = "threads.list_items"
SESSIONS_CREATE = "sessions.create"
SESSIONS_CANCEL = "sessions.cancel"
ELSEWHERE = "elsewhere"
"""The name of a call to a path that the API does not have."""

CALLS = (
    THREADS_LIST,
    THREADS_RETRIEVE,
    THREADS_DELETE,
    THREADS_LIST_ITEMS,
    SESSIONS_CREATE,
    SESSIONS_CANCEL,
)


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    name: str
    """One of `CALLS`, or `ELSEWHERE`."""
    method: str
    path: str
    """As it came, percent-encoded."""
    target: str = ""
    """The id in the path, decoded; empty where the path has none."""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: `content` as JSON, or `body` as it is, or `pieces` sent one by one."""

    status: int = 200
    content: JSON = None
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Callable[[], AsyncIterator[bytes]] | None = None
    """Replaces content and body. May raise `LineDroppedError` to end the line midway."""

    @property
    def succeeded(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def payload(self) -> bytes:
        """The body to be sent when there are no `pieces`."""
        if self.body is not None:
            return self.body
        return json.dumps(self.content, ensure_ascii=False, separators=(",", ":")).encode()

    def all_headers(self) -> dict[str, str]:
        """The headers to be sent; JSON unless something else was said."""
        return {"content-type": "application/json", **self.headers}

    def with_headers(self, **headers: str) -> Answer:
        """The same answer with more headers; underscores in the names stand for hyphens."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **more})


Next: TypeAlias = Callable[[Call], Awaitable[Answer]]
"""What carries a call on towards the endpoint."""


class LineDroppedError(BaseException):
    """The connection ends here and now, without the rest of the answer.

    Not an `Exception`, because web frameworks turn each of those into a tidy 500.
    """

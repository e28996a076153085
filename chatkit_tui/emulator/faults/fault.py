"""A fault, and the decorators that register a function as one.

The name of a fault is that of its function, its summary the docstring of the function.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from chatkit_tui.emulator.requests import (
    JSON,
    OPERATIONS,
    SESSIONS_CANCEL,
    SESSIONS_CREATE,
    THREADS_DELETE,
    THREADS_LIST,
    THREADS_LIST_ITEMS,
    THREADS_RETRIEVE,
    Handler,
    Request,
    Response,
    Row,
)

FaultHandler: TypeAlias = Callable[[Request, Handler], Awaitable[Response]]
"""Takes a request and the next handler; returns the faulty response."""

Change: TypeAlias = Callable[[Row], JSON]

ANY = OPERATIONS
LISTS = (THREADS_LIST, THREADS_LIST_ITEMS)
THREADS = (THREADS_LIST, THREADS_RETRIEVE)
ITEMS = (THREADS_LIST_ITEMS,)
THREADS_AND_ITEMS = (*THREADS, *ITEMS)
SESSIONS = (SESSIONS_CREATE, SESSIONS_CANCEL)
DELETIONS = (THREADS_DELETE,)


@dataclass(frozen=True, slots=True)
class Fault:
    """A named fault."""

    name: str
    summary: str
    """What it does, on one line."""
    operations: tuple[str, ...]
    """The operations that it affects."""
    handle: FaultHandler


_registered: dict[str, Fault] = {}
FAULTS: Mapping[str, Fault] = _registered
"""Every fault by its name."""


def register(
    name: str, summary: str, handle: FaultHandler, operations: tuple[str, ...] = ANY
) -> None:
    """Add a fault."""
    _registered[name] = Fault(name, summary, operations, handle)


def fault(*operations: str) -> Callable[[FaultHandler], FaultHandler]:
    """Register a function that handles requests."""

    def add(function: FaultHandler) -> FaultHandler:
        register(*_described(function), function, operations)
        return function

    return add


def content_fault(*operations: str) -> Callable[[Change], Change]:
    """Register a function that changes the JSON of successful responses.

    It receives a copy of the object.
    """

    def add(change: Change) -> Change:
        register(*_described(change), _changed_content(change), operations)
        return change

    return add


def row_fault(*operations: str) -> Callable[[Change], Change]:
    """Register a function that changes every thread or item, in a list or alone.

    It receives a copy of the row.
    """

    def add(change: Change) -> Change:
        def changed(content: Row) -> JSON:
            if content.get("object") != "list":
                return change(content)
            return {**content, "data": [change(dict(row)) for row in content["data"]]}

        register(*_described(change), _changed_content(changed), operations)
        return change

    return add


def _changed_content(change: Change) -> FaultHandler:
    async def handle(request: Request, forward: Handler) -> Response:
        response = await forward(request)
        if not response.succeeded:
            return response
        return replace(response, content=change(dict(response.content)))

    return handle


def _described(function: Callable[..., object]) -> tuple[str, str]:
    """Return the name and the summary of a fault; `python -OO` removes the summary."""
    lines = (function.__doc__ or "").splitlines() or [""]
    return function.__name__.replace("_", "-"), lines[0].removesuffix(".")

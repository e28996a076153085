"""A fault, and the decorators that register a function as one.

The name of a fault is that of its function, its summary the docstring of the function.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple, TypeAlias, TypeVar

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

Function = TypeVar("Function", FaultHandler, Change)

ANY = OPERATIONS
LISTS = (THREADS_LIST, THREADS_LIST_ITEMS)
THREADS = (THREADS_LIST, THREADS_RETRIEVE)
ITEMS = (THREADS_LIST_ITEMS,)
THREADS_AND_ITEMS = (*THREADS, *ITEMS)
SESSIONS = (SESSIONS_CREATE, SESSIONS_CANCEL)
DELETIONS = (THREADS_DELETE,)


class Fault(NamedTuple):
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
    _registered[name] = Fault(name, summary, operations, handle)


def fault(*operations: str) -> Callable[[FaultHandler], FaultHandler]:
    """Register a function that handles requests."""
    return _registering(operations, lambda handle: handle)


def content_fault(*operations: str) -> Callable[[Change], Change]:
    """Register a function that changes the JSON of successful responses.

    It receives a copy of the object.
    """
    return _registering(operations, changed_content)


def row_fault(*operations: str, kind: str = "") -> Callable[[Change], Change]:
    """Register a function that changes every thread or item, in a list or alone.

    It receives a copy of the row. With `kind`, only items of that type change.
    """

    return _registering(operations, lambda change: changed_rows(change, kind))


def _registering(
    operations: tuple[str, ...], handler: Callable[[Function], FaultHandler]
) -> Callable[[Function], Function]:
    """Return a decorator that registers a function; `python -OO` removes the summary."""

    def add(function: Function) -> Function:
        summary = (function.__doc__ or "").partition("\n")[0].removesuffix(".")
        register(function.__name__.replace("_", "-"), summary, handler(function), operations)
        return function

    return add


def changed_content(change: Change) -> FaultHandler:
    """Return a handler that changes the JSON of successful responses."""

    async def handle(request: Request, forward: Handler) -> Response:
        response = await forward(request)
        if not response.succeeded:
            return response
        return response._replace(content=change(dict(response.content)))

    return handle


def changed_rows(change: Change, kind: str = "") -> FaultHandler:
    """Return a handler that changes every row, or the items of a type: `user_message`."""

    def changed_row(row: Row) -> JSON:
        return change(dict(row)) if kind in row.get("type", "") else row

    def changed(content: Row) -> JSON:
        if content.get("object") != "list":
            return changed_row(content)
        return {**content, "data": [changed_row(row) for row in content["data"]]}

    return changed_content(changed)

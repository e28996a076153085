"""What the screen needs of a client, by shape alone, so that it need not import one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from chatkit_tui.models.items import Item
    from chatkit_tui.models.page import Page
    from chatkit_tui.models.sessions import Session
    from chatkit_tui.models.threads import Thread

Order: TypeAlias = Literal["asc", "desc"]
Fields: TypeAlias = Mapping[str, Any]
"""A JSON object."""


class Outcome(StrEnum):
    """What became of one thread."""

    DELETED = "deleted"
    FAILED = "failed"
    """The server said no, or was not reached: the thread is still there."""
    UNKNOWN = "unknown"
    """The request went out and nothing could be learnt of what it did."""
    NOT_TRIED = "not tried"
    """Something before it stopped the rest."""


class Deleted(Protocol):
    """What the client's call gives."""

    @property
    def request_id(self) -> str | None:
        """What the server calls the request."""
        ...

    @property
    def proof(self) -> str:
        """What proves the deletion where the body of the answer does not; else empty."""
        ...


class Threads(Protocol):
    """The calls about threads; each may raise any `APIError`."""

    def list(
        self,
        *,
        limit: int | None = None,
        order: Order | None = None,
        after: str | None = None,
        user: str | None = None,
    ) -> Awaitable[Page[Thread]]:
        """One page of threads, newest first unless asked otherwise."""
        ...

    def retrieve(self, thread_id: str) -> Awaitable[Thread]:
        """One thread."""
        ...

    def delete(self, thread_id: str) -> Awaitable[Deleted]:
        """Delete a thread, its items and stored attachments."""
        ...

    def list_items(
        self,
        thread_id: str,
        *,
        limit: int | None = None,
        order: Order | None = None,
        after: str | None = None,
    ) -> Awaitable[Page[Item]]:
        """One page of the items of a thread, newest first unless asked otherwise."""
        ...


class Sessions(Protocol):
    """The calls about sessions; each may raise any `APIError`."""

    def create(
        self,
        *,
        user: str,
        workflow: Fields,
        chatkit_configuration: Fields | None = None,
        expires_after: Fields | None = None,
        rate_limits: Fields | None = None,
    ) -> Awaitable[Session]:
        """Make a session; never asked for twice."""
        ...

    def cancel(self, session_id: str) -> Awaitable[Session]:
        """Cancel a session."""
        ...


class Retry(Protocol):
    """A wait before a call that failed is sent again."""

    @property
    def attempt(self) -> int:
        """Which retry comes after it, 1 for the first."""
        ...

    @property
    def most(self) -> int:
        """How many there are at most."""
        ...

    @property
    def delay(self) -> float:
        """Seconds."""
        ...

    @property
    def reason(self) -> str:
        """What failed, in a few words of the program's own."""
        ...


class ThreadSource(Protocol):
    """The way to the server."""

    def with_options(
        self,
        *,
        background: bool | None = None,
        on_retry: Callable[[Retry], object] | None = None,
        on_reach: Callable[[bool], object] | None = None,
    ) -> ThreadSource:
        """The same way in another manner; None leaves things be.

        Calls in the `background` wait behind all others. `on_retry` is told of each wait,
        `on_reach` after each try whether the server was reached; both on the app's event loop.
        """
        ...

    @property
    def threads(self) -> Threads:
        """Threads and their items."""
        ...

    @property
    def sessions(self) -> Sessions:
        """Sessions."""
        ...

    async def aclose(self) -> None:
        """Close every connection."""
        ...


Connect: TypeAlias = Callable[[], Awaitable[ThreadSource]]
"""Makes the gateway, once, on the app's own event loop; it may take its time."""

"""The port to conversations: what a source offers, whatever it reads them from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from chatkit_tui.models.page import Entry, Page
    from chatkit_tui.models.sessions import Session, SessionRequest
    from chatkit_tui.models.threads import Thread

Order: TypeAlias = Literal["asc", "desc"]
"""By time of creation: oldest first, or newest first."""


class Capability(StrEnum):
    """What a source may offer beyond reading. Commands that need a missing one are not offered."""

    DELETE = "delete"
    SESSIONS = "sessions"
    FILTER_BY_USER = "filter by user"
    SEARCH = "search"
    VERSIONS = "versions"
    LIVE = "live"
    """New threads and items can appear while the source is open."""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """How a source is presented."""

    name: str
    host: str = ""
    """The host of its API, with the port unless it is the default one."""
    key_hint: str = ""
    """The last four characters of the API key, never more."""
    badge: str = ""
    """A word for the header, such as `DEMO`; empty for the hosted API."""


class ListQuery(NamedTuple):
    """Which page of a list is wanted; None leaves a choice to the source."""

    limit: int | None = None
    order: Order | None = None
    """Newest first by default."""
    after: str | None = None
    """The id of the row before the page; None for the beginning of the list."""
    user: str | None = None
    """Only threads of this user, with `FILTER_BY_USER`."""
    background: bool = False
    """Whether the request waits until no other is pending."""


class Outcome(StrEnum):
    """The outcome of the deletion of a thread."""

    DELETED = "deleted"
    FAILED = "failed"
    """The server refused, or was not reached: the thread still exists."""
    UNKNOWN = "unknown"
    """The request was sent, and no response shows its effect."""
    NOT_TRIED = "not tried"
    """An earlier failure stopped the rest."""


class Deletion(NamedTuple):
    """A proved deletion."""

    request_id: str | None = None
    """The server's id of the request."""
    proof: str = ""
    """What proves the deletion if the response body does not; else empty."""


@dataclass(frozen=True, slots=True)
class Retry:
    """A wait that begins now, before a failed request is sent again."""

    attempt: int
    """1 for the first retry."""
    delay: float
    """Seconds."""
    reason: str
    """A few words: `the server failed (503)`."""
    most: int
    """The highest possible `attempt`."""


class SourceObserver:
    """Receives the events of a source on its event loop. Override what is of interest."""

    def on_retry(self, retry: Retry) -> None:
        """Handle a wait before a retry. Called in the task of the request."""

    def on_reach(self, reached: bool) -> None:
        """Handle the end of a try, which reached the server or not."""

    def on_late(self) -> None:
        """Handle a try whose response takes long."""


def _missing(capability: Capability) -> NotImplementedError:
    return NotImplementedError(f"the source does not offer: {capability}")


class ThreadSource(Protocol):
    """A source of threads and their items.

    Each method may raise `APIError`. The methods that need a capability have a default, so that a
    source without it leaves them out.
    """

    @property
    def info(self) -> SourceInfo:
        """How the source is presented."""
        ...

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the source offers."""
        ...

    async def list_threads(self, query: ListQuery) -> Page[Any]:
        """Return a page of threads. Raise `UnknownCursorError` if `after` is not in the list."""
        ...

    async def list_items(self, thread_id: str, query: ListQuery) -> Page[Any]:
        """Return a page of the items of a thread. Raise `UnknownCursorError` likewise."""
        ...

    async def list_newer_items(self, thread_id: str, known: Sequence[Entry[Any]]) -> Page[Any]:
        """Return items that came after the known ones, which are the newest, oldest first."""
        ...

    async def get_thread(self, thread_id: str) -> Entry[Any]:
        """Return a thread. Raise `NotFoundError` if there is no such thread."""
        ...

    async def aclose(self) -> None:
        """Close every connection. Further calls raise `APIError`."""
        ...

    async def delete_thread(self, thread_id: str) -> Deletion:  # noqa: ARG002
        """Delete a thread, its items and stored attachments, with `DELETE`.

        The source decides what proves a deletion. Raise `OutcomeUnknownError` if nothing does.
        """
        raise _missing(Capability.DELETE)

    async def create_session(self, request: SessionRequest) -> Session:  # noqa: ARG002
        """Create a session, with `SESSIONS`. It is never requested twice."""
        raise _missing(Capability.SESSIONS)

    async def cancel_session(self, session_id: str) -> Session:  # noqa: ARG002
        """Cancel a session, with `SESSIONS`."""
        raise _missing(Capability.SESSIONS)


Fields: TypeAlias = Mapping[str, Any]
"""A JSON object."""


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
    ) -> Awaitable[Page[Any]]:
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
    ) -> Awaitable[Page[Any]]:
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


class ClientLike(Protocol):
    """The way to the server."""

    def with_options(
        self,
        *,
        background: bool | None = None,
        on_retry: Callable[[Retry], object] | None = None,
        on_reach: Callable[[bool], object] | None = None,
    ) -> ClientLike:
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


Connect: TypeAlias = Callable[[], Awaitable[ClientLike]]
"""Makes the gateway, once, on the app's own event loop; it may take its time."""

"""The port to conversations: what a source offers, whatever it reads them from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol, TypeAlias

from chatkit_tui.errors import NotFoundError, UnknownCursorError

if TYPE_CHECKING:
    from chatkit_tui.models.page import Page, RawRow
    from chatkit_tui.models.sessions import Session, SessionRequest
    from chatkit_tui.predicates.predicate import Finding

Order: TypeAlias = Literal["asc", "desc"]
"""By time of creation: oldest first, or newest first."""


class Capability(StrEnum):
    """What a source may offer beyond reading. Commands that need a missing one are not offered."""

    DELETE = "delete"
    SESSIONS = "sessions"
    FILTER_BY_USER = "filter by user"
    SEARCH = "search"
    VERSIONS = "versions"
    PROBLEMS = "problems"
    """It knows the problems of threads without reading their items."""
    LIVE = "live"
    """New threads and items can appear while the source is open."""


_NO_REASONS: Final[Mapping[str, str]] = MappingProxyType({})


class SourceInfo(NamedTuple):
    """How a source is presented."""

    name: str
    host: str = ""
    """Where it is: the host of its API, with the port unless it is the default one; the name of a
    file."""
    key_hint: str = ""
    """The last four characters of the key or token, never more."""
    badge: str = ""
    """A word for the header, such as `DEMO`; empty for the hosted API."""
    credential: str = "key"
    """What `key_hint` is the end of."""
    why_not: Mapping[str, str] = _NO_REASONS
    """Why it does not offer capabilities, in a few words, where that can be said."""
    shows_all: bool = True
    """Whether the threads do not depend on who asks, so that one that is not there is gone."""
    names_users: bool = True
    """Whether its threads say whose they are."""
    deletes_attachments: bool = True
    """Whether the files of a thread are known to be deleted with it."""


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
    once: bool = False
    """Whether the request waits likewise, and is not retried."""


class SearchQuery(NamedTuple):
    """What to search for, in the language of the source."""

    text: str
    user: str | None = None
    """Only threads of this user."""
    kind: str | None = None
    """Only items of this kind: `user`, `assistant`, `widget`, `tool`, `task`, `other`; or `thread`
    for threads by their title, user and id."""
    since: int | None = None
    """Unix seconds, included."""
    until: int | None = None
    """Unix seconds, excluded."""
    limit: int = 50
    below: int | None = None
    """The place of the last hit that is known; None for the first hits."""
    thread_id: str | None = None
    """Only this thread."""
    order: Literal["newest", "relevance"] = "newest"
    """Newest first, or by relevance among the newest hits."""
    redact: Callable[[str], str] | None = None
    """What the text of a hit goes through before a passage is cut out of it."""

    def admits(self, hit: Hit) -> bool:
        """Return whether a hit is of the user, kind, thread and time that are searched."""
        seconds = hit.created_at or 0
        return (
            self.user in (None, hit.user)
            and self.kind in (None, hit.kind)
            and self.thread_id in (None, hit.thread_id)
            and (self.since is None or seconds >= self.since)
            and (self.until is None or seconds < self.until)
        )


class Hit(NamedTuple):
    """An item, or a thread by its title, user or id, that a search found."""

    place: int
    """Where a later search goes on: see `SearchQuery.below`."""
    thread_id: str
    item_id: str | None
    """None if the thread itself was found."""
    position: int | None
    created_at: int | None
    user: str | None
    kind: str
    passage: str
    """A part of the text, in which line breaks are spaces."""
    matches: tuple[tuple[int, int], ...]
    """Start and end of each match in the passage, in code points."""
    title: str | None = None
    """The title of the thread."""

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """Yield the passage in pieces, and whether each is a match."""
        done = 0
        for start, end in self.matches:
            yield self.passage[done:start], False
            yield self.passage[start:end], True
            done = end
        yield self.passage[done:], False


class Found(NamedTuple):
    """What a search found."""

    hits: Sequence[Hit]
    not_indexed: int = 0
    """Items that the search did not cover."""


class Version(NamedTuple):
    """An earlier JSON of a thread or an item, or a row that the original source no longer has."""

    id: str
    position: int | None
    """The item's place in its thread, from 0; None for the thread itself."""
    until: int
    """When the newer JSON was read, or the row was found missing, in Unix seconds."""
    raw: str | bytes
    is_missing: bool = False


class CopyState(NamedTuple):
    """How far a copy of a thread goes."""

    fetched_at: int | None
    """When the original was last read, in Unix seconds; None if that is not known."""
    incomplete_reason: str = ""
    """Why items are missing; empty if the copy is whole."""


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


class Retry(NamedTuple):
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

    async def before_read(self) -> None:
        """Delay the reading of a response that is there. Called in the task of the request."""


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

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the source offers."""

    async def list_threads(self, query: ListQuery) -> Page:
        """Return a page of threads. Raise `UnknownCursorError` if `after` is not in the list."""

    async def list_items(self, thread_id: str, query: ListQuery) -> Page:
        """Return a page of the items of a thread. Raise `UnknownCursorError` likewise."""

    async def list_newer_items(self, thread_id: str, known: Sequence[RawRow]) -> Page:
        """Return items that came after the known ones, which are the newest, oldest first."""

    async def get_thread(self, thread_id: str, *, background: bool = False) -> RawRow:
        """Return a thread. Raise `NotFoundError` if there is no such thread."""

    async def has_item(self, thread_id: str, item_id: str) -> bool:
        """Return whether an item is in a thread: by default, whether the thread knows its id as a
        cursor, and lists it before its next item."""
        try:
            later = await self.list_items(thread_id, ListQuery(1, "asc", item_id))
            cursor = later.rows[0].id if later.rows else None
            # A server may accept any cursor and ignore it.
            here = await self.list_items(thread_id, ListQuery(1, "desc", cursor))
        except (UnknownCursorError, NotFoundError):
            return False
        return bool(here.rows) and here.rows[0].id == item_id

    async def aclose(self) -> None:
        """Close every connection. Further calls raise `APIError`."""

    async def copy_state(self, thread_id: str) -> CopyState | None:  # noqa: ARG002
        """Return the state of a thread that is a copy; None for a source that has the original.

        Raise `NotFoundError` if there is no such thread.
        """
        return None

    async def delete_thread(self, thread_id: str) -> Deletion:  # noqa: ARG002
        """Delete a thread, its items and stored attachments, with `DELETE`.

        The source decides what proves a deletion. Raise `OutcomeUnknownError` if nothing does.
        """
        raise _missing(Capability.DELETE)

    async def search(self, query: SearchQuery) -> Found:  # noqa: ARG002
        """Return hits, newest first, with `SEARCH`. Raise `InvalidArgumentError` for a query that
        cannot be searched for."""
        raise _missing(Capability.SEARCH)

    async def versions(self, thread_id: str) -> Sequence[Version]:  # noqa: ARG002
        """Return what changed in a thread, in the order of its items, with `VERSIONS`."""
        raise _missing(Capability.VERSIONS)

    async def problems(
        self,
        thread_ids: Sequence[str],  # noqa: ARG002
        now: float,  # noqa: ARG002
    ) -> Sequence[Sequence[Finding] | None]:
        """Return the problems of each thread, with `PROBLEMS`: those that `find_problems` finds in
        all its items, or None if the source does not know. `now` is in Unix seconds."""
        raise _missing(Capability.PROBLEMS)

    async def create_session(self, request: SessionRequest) -> Session:  # noqa: ARG002
        """Create a session, with `SESSIONS`. It is never requested twice."""
        raise _missing(Capability.SESSIONS)

    async def cancel_session(self, session_id: str) -> Session:  # noqa: ARG002
        """Cancel a session, with `SESSIONS`."""
        raise _missing(Capability.SESSIONS)


Connect: TypeAlias = Callable[[SourceObserver], Awaitable[ThreadSource]]
"""Opens the source once, on the app's event loop, with the app's observer."""

GetSource: TypeAlias = Callable[[], Awaitable[ThreadSource]]
"""Returns the source as soon as it is open; may raise any `ChatKitError`."""

"""The hosted API, and servers that speak it, as a source of threads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from chatkit_tui.errors import (
    BadRequestError,
    NotFoundError,
    UnknownCursorError,
    UnprocessableEntityError,
)
from chatkit_tui.sources.base import (
    Capability,
    Deletion,
    ListQuery,
    SourceInfo,
    SourceObserver,
    ThreadSource,
)

if TYPE_CHECKING:
    from chatkit_tui.models.page import Page, RawRow
    from chatkit_tui.models.sessions import Session, SessionRequest
    from chatkit_tui.sources.openai.client import ChatKitClient

OPENAI: Final = SourceInfo("OpenAI")
LARGEST_PAGE: Final = 100


class OpenAISource(ThreadSource):
    """Threads of one account, read with a `ChatKitClient`."""

    capabilities = frozenset(
        {Capability.DELETE, Capability.SESSIONS, Capability.FILTER_BY_USER, Capability.LIVE}
    )

    def __init__(
        self,
        client: ChatKitClient,
        info: SourceInfo = OPENAI,
        observer: SourceObserver | None = None,
    ) -> None:
        """Read with `client`, which is closed with the source."""
        observer = observer or SourceObserver()
        self._client = client.with_options(
            on_retry=observer.on_retry,
            on_reach=observer.on_reach,
            on_late=observer.on_late,
            before_read=observer.before_read,
        )
        self._background = self._client.with_options(background=True)
        self._once = self._background.with_options(max_retries=0)
        self._info = info

    @property
    def info(self) -> SourceInfo:
        return self._info

    async def list_threads(self, query: ListQuery) -> Page:
        with _refused_cursor(query):
            listed = await self._for(query).threads.list(
                limit=query.limit, order=query.order, after=query.after, user=query.user
            )
        return listed.page

    async def list_items(self, thread_id: str, query: ListQuery) -> Page:
        with _refused_cursor(query):
            listed = await self._for(query).threads.list_items(
                thread_id, limit=query.limit, order=query.order, after=query.after
            )
        return listed.page

    async def list_newer_items(self, thread_id: str, known: Sequence[RawRow]) -> Page:
        """Return the items after the last known one that has an id."""
        after = next((row.id for row in reversed(known) if row.has_id), None)
        return await self.list_items(thread_id, ListQuery(LARGEST_PAGE, "asc", after))

    async def get_thread(self, thread_id: str, *, background: bool = False) -> RawRow:
        from chatkit_tui.models.page import Page

        thread = await self._for(ListQuery(background=background)).threads.retrieve(thread_id)
        return Page.of_texts([thread.raw]).rows[0]

    async def delete_thread(self, thread_id: str) -> Deletion:
        """Delete a thread. `deletion_proof` says what proves it."""
        deleted = await self._client.threads.delete(thread_id)
        return Deletion(deleted.request_id, deleted.proof)

    async def create_session(self, request: SessionRequest) -> Session:
        return await self._client.sessions.create(**request.model_dump(exclude_none=True))

    async def cancel_session(self, session_id: str) -> Session:
        return await self._client.sessions.cancel(session_id)

    async def aclose(self) -> None:
        await self._client.aclose()

    def _for(self, query: ListQuery) -> ChatKitClient:
        if query.once:
            return self._once
        return self._background if query.background else self._client


@contextmanager
def _refused_cursor(query: ListQuery) -> Iterator[None]:
    """Raise `UnknownCursorError` for the statuses with which servers refuse a cursor."""
    try:
        yield
    except (BadRequestError, NotFoundError, UnprocessableEntityError) as error:
        if query.after is None:
            raise
        raise UnknownCursorError(error.message, request_id=error.request_id) from error

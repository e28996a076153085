"""A mask over a source: what is read through it is redacted.

Whatever is made of its rows is redacted, too: lists, transcripts, searches, copies, exports. Ids
and users keep their meaning: requests name them as the rows show them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chatkit_tui.errors import APIError, InvalidArgumentError
from chatkit_tui.export.redaction.redactor import Redactor, redactor
from chatkit_tui.models.json import load_json
from chatkit_tui.models.page import Page, RawRow
from chatkit_tui.sources.base import (
    Capability,
    CopyState,
    Deletion,
    Found,
    Hit,
    ListQuery,
    SearchQuery,
    SourceInfo,
    ThreadSource,
    Version,
)

if TYPE_CHECKING:
    from chatkit_tui.models.sessions import Session, SessionRequest
    from chatkit_tui.predicates.predicate import Finding


class Mask:
    """Redacts texts, and knows which id or user a redacted one stands for."""

    def __init__(self, redactor: Redactor) -> None:
        self.redactor = redactor
        self._real: dict[str, str | None] = {}
        """Ids and users by what is shown; None where several are shown alike."""

    def hide(self, text: str) -> str:
        """Return an id or a user as it is shown."""
        hidden = self.redactor.text(text)
        if hidden != text:
            self._real[hidden] = text if self._real.get(hidden, text) == text else None
        return hidden

    def real(self, shown: str) -> str:
        """Return the id or the user that is shown so.

        Raise `InvalidArgumentError` if there are several.
        """
        real = self._real.get(shown, shown)
        if real is None:
            raise InvalidArgumentError(f"{shown} stands for several: turn the mask off.")
        return real

    def info(self, info: SourceInfo) -> SourceInfo:
        """Return how a source is presented."""
        text = self.redactor.text
        return info._replace(name=text(info.name), host=text(info.host))


def new_mask() -> Mask:
    """Return a mask; takes some tenths of a second. Raise `MissingExtraError`."""
    return Mask(redactor())


class MaskedSource(ThreadSource):
    """The rows of another source, redacted."""

    def __init__(self, source: ThreadSource, mask: Mask) -> None:
        self._source = source
        self._mask = mask

    @property
    def info(self) -> SourceInfo:
        return self._mask.info(self._source.info)

    @property
    def capabilities(self) -> frozenset[Capability]:
        return offered(self._source.capabilities)

    # -- rows --------------------------------------------------------------------------------------

    async def list_threads(self, query: ListQuery) -> Page:
        with self._redacted():
            page = await self._source.list_threads(self._query(query))
        return await asyncio.to_thread(self._page, page, has_users=True)

    async def list_items(self, thread_id: str, query: ListQuery) -> Page:
        with self._redacted():
            page = await self._source.list_items(self._mask.real(thread_id), self._query(query))
        return await asyncio.to_thread(self._page, page)

    async def list_newer_items(self, thread_id: str, known: Sequence[RawRow]) -> Page:
        rows = [RawRow(row.page, row.index, self._mask.real(row.name)) for row in known]
        with self._redacted():
            page = await self._source.list_newer_items(self._mask.real(thread_id), rows)
        return await asyncio.to_thread(self._page, page)

    async def get_thread(self, thread_id: str, *, background: bool = False) -> RawRow:
        real = self._mask.real(thread_id)
        with self._redacted():
            row = await self._source.get_thread(real, background=background)
        return (await asyncio.to_thread(self._page, _page_of(row), has_users=True)).rows[0]

    async def has_item(self, thread_id: str, item_id: str) -> bool:
        with self._redacted():
            return await self._source.has_item(self._mask.real(thread_id), self._mask.real(item_id))

    async def versions(self, thread_id: str) -> Sequence[Version]:
        with self._redacted():
            versions = await self._source.versions(self._mask.real(thread_id))
        return await asyncio.to_thread(lambda: [self._version(version) for version in versions])

    def _query(self, query: ListQuery) -> ListQuery:
        after, user = query.after, query.user
        return query._replace(
            after=after and self._mask.real(after), user=user and self._mask.real(user)
        )

    def _page(self, page: Page, *, has_users: bool = False) -> Page:
        masked = self._mask.redactor.page(page)
        for row, shown in zip(page.rows, masked.rows, strict=True):
            if shown.id is not None and row.id is not None and shown.id != row.id:
                self._mask.hide(row.id)
            if has_users and b"\xe2\x80\xb9" in shown.raw:  # ‹
                self._note_user(row)
        return masked

    def _note_user(self, row: RawRow) -> None:
        """Note whom the shown user of a thread stands for."""
        try:
            user = load_json(row.raw).get("user")
        except (ValueError, RecursionError, AttributeError):
            return
        if isinstance(user, str):
            self._mask.hide(user)

    def _version(self, version: Version) -> Version:
        raw = version.raw if isinstance(version.raw, bytes) else version.raw.encode()
        return version._replace(
            id=self._mask.hide(version.id), raw=self._mask.redactor.raw(raw).decode()
        )

    # -- the rest ----------------------------------------------------------------------------------

    async def search(self, query: SearchQuery) -> Found:
        mask = self._mask
        query = query._replace(
            user=query.user and mask.real(query.user),
            thread_id=query.thread_id and mask.real(query.thread_id),
            redact=mask.redactor.text,
        )
        with self._redacted():
            found = await self._source.search(query)
        return found._replace(hits=[self._hit(hit) for hit in found.hits])

    def _hit(self, hit: Hit) -> Hit:
        mask, text = self._mask, self._mask.redactor.text
        passage = text(hit.passage)
        return hit._replace(
            thread_id=mask.hide(hit.thread_id),
            item_id=hit.item_id and mask.hide(hit.item_id),
            user=hit.user and mask.hide(hit.user),
            title=hit.title and text(hit.title),
            passage=passage,
            matches=hit.matches if passage == hit.passage else (),
        )

    async def problems(
        self, thread_ids: Sequence[str], now: float
    ) -> list[Sequence[Finding] | None]:
        with self._redacted():
            found = await self._source.problems([self._mask.real(each) for each in thread_ids], now)
        return [problems and [self._finding(finding) for finding in problems] for problems in found]

    def _finding(self, finding: Finding) -> Finding:
        return finding._replace(
            item_id=finding.item_id and self._mask.hide(finding.item_id),
            reason=self._mask.redactor.text(finding.reason),
        )

    async def copy_state(self, thread_id: str) -> CopyState | None:
        with self._redacted():
            return await self._source.copy_state(self._mask.real(thread_id))

    async def delete_thread(self, thread_id: str) -> Deletion:
        """Delete a thread whose id is shown as it is: the journal has what is shown."""
        if self._mask.real(thread_id) != thread_id:
            raise InvalidArgumentError("Its id is masked: turn the mask off to delete it.")
        with self._redacted():
            return await self._source.delete_thread(thread_id)

    async def create_session(self, request: SessionRequest) -> Session:
        return await super().create_session(request)

    async def cancel_session(self, session_id: str) -> Session:
        return await super().cancel_session(session_id)

    async def aclose(self) -> None:
        await self._source.aclose()

    @contextmanager
    def _redacted(self) -> Iterator[None]:
        """Redact the message of an error, which may quote what was sent."""
        try:
            yield
        except APIError as error:
            text = self._mask.redactor.text
            error.message = text(error.message)
            error.args = tuple(text(part) if isinstance(part, str) else part for part in error.args)
            if hasattr(error, "detail"):
                error.detail = text(error.detail)
            raise


def offered(capabilities: frozenset[Capability]) -> frozenset[Capability]:
    """Return what is offered through a mask: no sessions, whose panel names users."""
    return capabilities - {Capability.SESSIONS}


def _page_of(row: RawRow) -> Page:
    return Page.of_texts([row.raw], thread_id=row.page.thread_id, zone=row.page.zone)

"""Threads: who a conversation belongs to and whether it goes on."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, PrivateAttr

from chatkit_tui.models.fields import JSON, FieldError, LenientModel, Seconds
from chatkit_tui.models.page import RawRow
from chatkit_tui.models.thread_summary import UNKNOWN_STATUS
from chatkit_tui.models.timestamps import Timestamp, time_of


class ThreadStatus(LenientModel):
    """`active`, `locked` or `closed`, the last two with a reason or none; other words are kept."""

    type: str = UNKNOWN_STATUS
    """The status word for word; `unknown` when there was none."""
    reason: str | None = None
    """Why the thread was locked or closed; null when nobody said."""


def _status(value: JSON) -> JSON:
    if value is None:
        return ThreadStatus()
    if isinstance(value, str):
        return ThreadStatus(type=value)
    return ThreadStatus.read(value) if isinstance(value, dict) else value


class Thread(LenientModel):
    """A conversation."""

    id: str = ""
    object: str = "chatkit.thread"
    created_at: Seconds | None = None
    """Unix seconds."""
    title: str | None = None
    """Null until the API made one; it does so from the first messages when titling is on."""
    status: Annotated[ThreadStatus, BeforeValidator(_status)] = ThreadStatus()
    user: str | None = None
    """The free-form name that the integrator gave their end user."""

    @property
    def time(self) -> Timestamp | None:
        """When the thread began."""
        return time_of(self.created_at, self.id)


def read_thread(row: RawRow) -> Thread:
    """Return the thread in a row; see `parse_thread`."""
    return parse_thread(row.raw)


def parse_thread(raw: bytes) -> Thread:
    """A thread from its JSON text. What is not an object becomes a thread with one problem."""
    try:
        return Thread.from_json(raw)
    except ValueError:
        problem = FieldError("", "not a JSON object", None)
        return Thread.read({}, raw=raw, problems=(problem,))


class ThreadDeleted(LenientModel):
    """The answer to a deletion that was proved."""

    id: str = ""
    object: str = "chatkit.thread.deleted"
    deleted: bool = True

    _request_id: str | None = PrivateAttr(default=None)
    _proof: str = PrivateAttr(default="")

    @property
    def request_id(self) -> str | None:
        """What the server calls the request that settled it; None when it did not say."""
        return self._request_id

    @property
    def proof(self) -> str:
        """What proves the deletion where the body of the answer does not; else empty."""
        return self._proof

    def answered_as(self, request_id: str | None, proof: str = "") -> Self:
        """The same, with the server's name of the request and what proves the deletion."""
        made = self.model_copy()
        made._request_id = request_id  # noqa: SLF001 - its own
        made._proof = proof  # noqa: SLF001 - its own
        return made

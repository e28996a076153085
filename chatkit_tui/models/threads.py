"""Threads."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, PrivateAttr

from chatkit_tui.models.fields import FieldError, LenientModel, Seconds
from chatkit_tui.models.json import JSON
from chatkit_tui.models.page import RawRow
from chatkit_tui.models.thread_summary import UNKNOWN_STATUS
from chatkit_tui.models.timestamps import Timestamp, time_of


class ThreadStatus(LenientModel):
    """The status of a thread: `active`, `locked`, `closed`, or unknown; a reason is optional."""

    type: str = UNKNOWN_STATUS
    """The status; `unknown` if there is none."""
    reason: str | None = None
    """The reason for locking or closing the thread."""


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
    """Null until the API creates one from the first messages, if titling is on."""
    status: Annotated[ThreadStatus, BeforeValidator(_status)] = ThreadStatus()
    user: str | None = None
    """The integrator's name for the end user, in any form."""

    @property
    def time(self) -> Timestamp | None:
        """The time of creation."""
        return time_of(self.created_at, self.id)


def read_thread(row: RawRow) -> Thread:
    """Return the thread in a row; see `parse_thread`."""
    return parse_thread(row.raw)


def parse_thread(raw: bytes) -> Thread:
    """Return the thread of JSON text. Invalid text is a thread with one problem."""
    try:
        return Thread.from_json(raw)
    except ValueError:
        problem = FieldError("", "not a JSON object", None)
        return Thread.read({}, raw=raw, problems=(problem,))


class ThreadDeleted(LenientModel):
    """The response to a deletion, which proves it."""

    id: str = ""
    object: str = "chatkit.thread.deleted"
    deleted: bool = True

    _request_id: str | None = PrivateAttr(default=None)
    _proof: str = PrivateAttr(default="")

    @property
    def request_id(self) -> str | None:
        """The server's id of the request that proved it, if there is one."""
        return self._request_id

    @property
    def proof(self) -> str:
        """The proof of the deletion, if it is not the body of the response."""
        return self._proof

    def answered_as(self, request_id: str | None, proof: str = "") -> Self:
        """Return the same with the id of the request and the proof of the deletion."""
        made = self.model_copy()
        made._request_id = request_id  # noqa: SLF001 - its own
        made._proof = proof  # noqa: SLF001 - its own
        return made

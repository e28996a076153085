"""Threads."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

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
    request_id: str | None = None
    """The server's id of the request that proved it; not from the body."""
    proof: str = ""
    """The proof of the deletion, if it is not the body; not from the body either."""

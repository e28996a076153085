"""Threads."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Annotated

from pydantic import BeforeValidator

from chatkit_tui.models.fields import DatedModel, FieldError, LenientModel
from chatkit_tui.models.json import JSON
from chatkit_tui.models.page import RawRow
from chatkit_tui.models.thread_summary import UNKNOWN_STATUS


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


class Thread(DatedModel):
    """A conversation."""

    object: str = "chatkit.thread"
    title: str | None = None
    """Null until the API creates one from the first messages, if titling is on."""
    status: Annotated[ThreadStatus, BeforeValidator(_status)] = ThreadStatus()
    user: str | None = None
    """The integrator's name for the end user, in any form."""


def read_thread(row: RawRow) -> Thread:
    """Return the thread in a row; see `parse_thread`."""
    return parse_thread(row.raw, zone=row.page.zone)


def parse_thread(raw: bytes, *, zone: tzinfo = UTC) -> Thread:
    """Return the thread of JSON text. Invalid text is a thread with one problem.

    A time without a zone is in `zone`.
    """
    try:
        return Thread.from_json(raw, zone=zone)
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

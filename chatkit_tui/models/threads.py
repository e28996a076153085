"""Threads: who a conversation belongs to and whether it goes on."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from chatkit_tui.models.wire import JSON, Seconds, Timestamp, WireModel, load_json, time_of


class ThreadStatus(WireModel):
    """`active`, `locked` or `closed`, the last two with a reason or none; other words are kept."""

    type: str = "unknown"
    """The status word for word; `unknown` when there was none."""
    reason: str | None = None
    """Why the thread was locked or closed; null when nobody said."""


def _status(value: JSON) -> JSON:
    if value is None:
        return ThreadStatus()
    if isinstance(value, str):
        return ThreadStatus(type=value)
    return ThreadStatus.read(value) if isinstance(value, dict) else value


class Thread(WireModel):
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


def read_thread(raw: bytes) -> Thread:
    """A thread from its JSON text. What is not an object becomes a thread with one problem."""
    try:
        value = load_json(raw)
    except (ValueError, RecursionError):
        value = None
    return Thread.read(value if isinstance(value, dict) else {"value": value}, raw=raw)


class ThreadDeleted(WireModel):
    """The answer to a deletion. Any 2xx means deleted, whatever stands in here."""

    id: str = ""
    object: str = "chatkit.thread.deleted"
    deleted: bool = True

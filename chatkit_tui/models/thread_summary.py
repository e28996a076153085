"""What a list shows of a thread, read without a model.

Importing the library behind the models takes longer than the server to respond. So the first paint
reads threads with the documented types of fields here, and any other through its model.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from chatkit_tui.models.json import JSON
from chatkit_tui.models.raw_json import load_fields
from chatkit_tui.models.timestamps import LAST_SECOND, Timestamp, time_of

UNKNOWN_STATUS: Final = "unknown"
"""The status of a thread without one."""
ENDED: Final = frozenset({"closed", "locked"})
"""The statuses of a thread in which little is expected to happen."""


class ThreadSummary(NamedTuple):
    """The fields of a thread that a list shows, as in the model."""

    id: str
    title: str | None
    user: str | None
    status: str
    reason: str | None
    time: Timestamp | None


def read_thread_summary(raw: bytes) -> ThreadSummary | None:
    """Return the summary of a thread; None if a field has not its documented type.

    The values are those of `models.threads.parse_thread`.
    """
    try:
        fields, too_deep = load_fields(raw)
    except ValueError:
        return None
    identifier, created_at = fields.get("id"), fields.get("created_at")
    status = _status(fields.get("status"))
    texts = (fields.get("title"), fields.get("user"))
    if (
        too_deep
        or not isinstance(identifier, str)
        or not (created_at is None or _is_second(created_at))
        or status is None
        or not all(text is None or isinstance(text, str) for text in texts)
    ):
        return None
    return ThreadSummary(identifier, *texts, *status, time_of(created_at, identifier))


def _is_second(value: JSON) -> bool:
    # A truth value is a whole number to Python.
    return type(value) is int and 0 <= value <= LAST_SECOND


def _status(value: JSON) -> tuple[str, str | None] | None:
    if value is None:
        return UNKNOWN_STATUS, None
    if isinstance(value, str):
        return value, None
    if not isinstance(value, dict):
        return None
    kind, reason = value.get("type", UNKNOWN_STATUS), value.get("reason")
    if isinstance(kind, str) and (reason is None or isinstance(reason, str)):
        return kind, reason
    return None

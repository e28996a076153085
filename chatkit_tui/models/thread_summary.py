"""What a list shows of a thread, read without a model.

Importing the library behind the models takes longer than the server to respond. So the first paint
reads threads with the documented types of fields here, and any other through its model.
"""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Final, NamedTuple

from chatkit_tui.models.json import JSON
from chatkit_tui.models.raw_json import load_fields
from chatkit_tui.models.timestamps import Timestamp, read_time, time_of_id

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


def read_thread_summary(raw: bytes, zone: tzinfo = UTC) -> ThreadSummary | None:
    """Return the summary of a thread; None if a field has not its documented type.

    The values are those of `models.threads.parse_thread`. A time without a zone is in `zone`.
    """
    try:
        fields, too_deep = load_fields(raw)
    except ValueError:
        return None
    identifier, created_at = fields.get("id"), fields.get("created_at")
    time = read_time(created_at, zone)
    status = _status(fields.get("status"))
    texts = (fields.get("title"), fields.get("user"))
    if (
        too_deep
        or not isinstance(identifier, str)
        or (created_at is not None and (time is None or isinstance(created_at, float)))
        or status is None
        or not all(text is None or isinstance(text, str) for text in texts)
    ):
        return None
    return ThreadSummary(identifier, *texts, *status, time or time_of_id(identifier))


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

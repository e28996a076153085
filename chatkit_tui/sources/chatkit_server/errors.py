"""The meaning of errors of servers that send no error object."""

from __future__ import annotations

from typing import Final

from chatkit_tui.errors import (
    APIError,
    APIStatusError,
    InternalServerError,
    NotFoundError,
    UnknownCursorError,
)
from chatkit_tui.sources.chatkit_server.requests import UNEXPLAINED

_UNAVAILABLE: Final = "No such thread, or another user's, or the server failed ({status})."


def is_unexplained(error: APIError) -> bool:
    """Return whether an error may mean that something is missing, or that the server failed."""
    return isinstance(error, InternalServerError) and error.status in UNEXPLAINED


def unavailable(error: APIStatusError) -> NotFoundError:
    """Return the error for a thread that such a response is about, while other requests work."""
    explained = NotFoundError(
        _UNAVAILABLE.format(status=error.status),
        status=error.status,
        detail=error.detail,
        request_id=error.request_id,
        from_api=False,
    )
    explained.reason = f"not available ({error.status})"
    return explained


def unknown_cursor(error: APIError) -> UnknownCursorError:
    """Return the error for a cursor that such a response is about."""
    return UnknownCursorError(error.message, request_id=error.request_id)

"""When threads that fail one after the other end an export."""

from __future__ import annotations

from typing import Final

from chatkit_tui.errors import (
    ACCOUNT_ERRORS,
    AuthenticationError,
    ChatKitError,
    InternalServerError,
    PermissionDeniedError,
)

MOST_FAILURES: Final = 5
"""Threads in a row that fail because of the server or the connection, which end an export."""


class FailureLimit:
    """Counts the threads in a row that failed for a reason that others may share."""

    def __init__(self) -> None:
        self._count = 0

    def check(self, error: ChatKitError | None) -> None:
        """Raise the error of a thread if every other thread would have it as well."""
        if isinstance(error, AuthenticationError | PermissionDeniedError):
            raise error
        if not isinstance(error, (*ACCOUNT_ERRORS, InternalServerError)):
            self._count = 0
            return
        self._count += 1
        if self._count >= MOST_FAILURES:
            raise error

"""The end of an export in which one thread after the other fails."""

from __future__ import annotations

from typing import Final

from chatkit_tui.errors import (
    ACCOUNT_ERRORS,
    AuthenticationError,
    ChatKitError,
    InternalServerError,
    PermissionDeniedError,
)

REFUSALS: Final = (AuthenticationError, PermissionDeniedError)
MOST_FAILURES: Final = 5
"""The number of threads in a row that fail because of the server or the connection, after which an
export ends."""


class FailureLimit:
    """Counts the threads in a row that failed for a reason that others may share."""

    def __init__(self) -> None:
        self._count = 0

    def check(self, error: ChatKitError | None) -> None:
        """Raise the error of a thread if it would affect every other thread as well."""
        if isinstance(error, REFUSALS):
            raise error
        if not isinstance(error, (*ACCOUNT_ERRORS, InternalServerError)):
            self._count = 0
            return
        self._count += 1
        if self._count >= MOST_FAILURES:
            raise error

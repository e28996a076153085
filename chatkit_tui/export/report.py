"""What an export has done so far, and the failures that end it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from chatkit_tui.errors import (
    ACCOUNT_ERRORS,
    AuthenticationError,
    ChatKitError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
)
from chatkit_tui.export.exported_thread import ExportedThread
from chatkit_tui.text.plain import counted

REFUSALS: Final = (AuthenticationError, PermissionDeniedError)
MOST_FAILURES: Final = 5
"""The number of threads in a row that fail because of the server or the connection, after which an
export ends."""


@dataclass(slots=True)
class ExportReport:
    """The counts of an export; they grow while it runs."""

    exported: int = 0
    """Threads whose files were written, incomplete ones included."""
    items: int = 0
    already_done: int = 0
    """Threads that an earlier run exported, and that were left alone."""
    incomplete: dict[str, str] = field(default_factory=dict)
    """The threads whose files lack items, with the reason."""
    failed: dict[str, str] = field(default_factory=dict)
    """The threads that were not exported, with the reason."""
    not_found: int = 0
    """Failed threads that the source does not have."""
    refused: set[str] = field(default_factory=set)
    """Failed threads for which the source refused the key: that ends the export."""
    listing_reason: str = ""
    """Why threads may be missing from the list; empty if none are."""
    to_do: int = 0
    """Threads that are selected and neither exported nor failed yet."""
    listing_ended: bool = False
    """Whether those are all that are left to be selected."""

    def add(self, thread_id: str, exported: ExportedThread) -> None:
        """Count a thread whose file is written."""
        self.exported += 1
        self.items += exported.item_count
        if exported.facts.incomplete_reason is not None:
            self.incomplete[thread_id] = exported.facts.incomplete_reason

    def add_failure(self, thread_id: str, reason: str, error: ChatKitError | None) -> None:
        """Count a thread that was not exported."""
        self.failed[thread_id] = reason
        self.not_found += isinstance(error, NotFoundError)
        if isinstance(error, REFUSALS):
            self.refused.add(thread_id)

    @property
    def done(self) -> int:
        """Threads that need no more work."""
        return self.exported + self.already_done + len(self.failed)

    def parts(self, seconds: float) -> list[str]:
        """Return the counts in words, after some seconds; the most important one last."""
        return [
            f"{self.exported / seconds:.1f} threads/s",
            counted(self.items, "item"),
            f"{counted(self.exported, 'thread')} exported",
            *([f"{len(self.failed):,} failed"] if self.failed else []),
        ]


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

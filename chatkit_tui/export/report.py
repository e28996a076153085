"""What an export has done so far."""

from __future__ import annotations

from dataclasses import dataclass, field


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
    listing_reason: str = ""
    """Why threads may be missing from the list; empty if none are."""
    to_do: int = 0
    """Threads that are selected and neither exported nor failed yet."""

    @property
    def done(self) -> int:
        """Threads that need no more work."""
        return self.exported + self.already_done + len(self.failed)

"""A call about a session that is under way, and what is said of it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from textual.worker import Worker

from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.failures import Waiting


@dataclass(frozen=True)
class Call:
    """A call under way."""

    worker: Worker[None]
    doing: str
    doubt: str
    """What is to be said when nobody waits for it any longer."""
    since: float
    """Unix seconds."""
    waiting: Waiting | None = None
    """What the client waits for before it sends it again."""

    def words(self, now: float, stop_key: str) -> str:
        """Return the progress at a time in Unix seconds, and the key that stops waiting."""
        if self.waiting is not None:
            return sanitize(f"{self.doing}: {self.waiting.words()}, {stop_key} stops waiting")
        waited = int(now - self.since)
        count = f"{waited} s, " if waited else ""
        return f"{self.doing} {ui_text('…')} {count}{stop_key} stops waiting"

"""A call about a session that is under way, and what is said of it meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from textual.worker import Worker

from chatkit_tui.text.plain import own
from chatkit_tui.text.visible import visible
from chatkit_tui.ui.troubles import Waiting


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

    def words(self, now: float) -> str:
        """How it stands at some Unix seconds, and how to be done with it."""
        if self.waiting is not None:
            return visible(f"{self.doing}: {self.waiting.words()}, Esc stops waiting")
        waited = int(now - self.since)
        return f"{self.doing} {own('…')} {f'{waited} s, ' if waited else ''}Esc stops waiting"

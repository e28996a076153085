"""A request about a session in flight, and the dialog before one that cancels."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.widgets import Static
from textual.worker import Worker

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.text.plain import ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.confirmation import ConfirmationGate
from chatkit_tui.ui.failures import Waiting
from chatkit_tui.ui.screens.confirming import ConfirmingScreen


@dataclass(frozen=True)
class Call:
    """A request in flight."""

    worker: Worker[None]
    doing: str
    doubt: str
    """What to report if the user stops waiting."""
    since: float
    """Unix seconds."""
    waiting: Waiting | None = None
    """The retry that the source waits for."""

    def words(self, now: float, stop_key: str) -> str:
        """Return the progress at a time in Unix seconds, and the key that stops waiting."""
        if self.waiting is not None:
            return sanitize(f"{self.doing}: {self.waiting.words()}, {stop_key} stops waiting")
        waited = int(now - self.since)
        count = f"{waited} s, " if waited else ""
        return f"{self.doing} {ui_text('…')} {count}{stop_key} stops waiting"


class CancelSessionDialog(ConfirmingScreen[bool]):
    """Asks whether to cancel a session; dismissed with the answer."""

    def __init__(self, session_id: str, about: str, gate: ConfirmationGate, keys: Keymap) -> None:
        """`about` is the owner of the session. Both texts are untrusted."""
        super().__init__(
            "Cancel this session?", gate=gate, keys=keys, confirm="Cancel", leave="Keep"
        )
        self._session_id, self._about = session_id, about

    def compose_subject(self) -> Static:
        """Return the id and the owner."""
        lines = [Content.styled(sanitize(self._session_id), "bold")]
        if self._about:
            lines.append(Content.styled(f"  {sanitize(self._about)}", "dim"))
        return Static(Content("\n").join(lines), id="subject", markup=False)

    def words(self) -> str:
        """Return the consequence."""
        return "Its secret stops working at once."

    def confirmed(self) -> None:
        self.dismiss(result=True)

    def action_decline(self) -> None:
        self.dismiss(result=False)

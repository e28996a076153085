"""The dialog that asks before a session is cancelled."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.ui.confirmation import ConfirmationGate
from chatkit_tui.ui.screens.confirming import ConfirmingScreen


class CancelSessionDialog(ConfirmingScreen[bool]):
    """Asks whether a session shall be cancelled, and is dismissed with the answer."""

    def __init__(self, session_id: str, about: str, gate: ConfirmationGate, keys: Keymap) -> None:
        """`about` says whose session it is. Both texts are as they came."""
        super().__init__(
            "Cancel this session?", gate=gate, keys=keys, confirm="Cancel", leave="Keep"
        )
        self._session_id, self._about = session_id, about

    def compose_subject(self) -> Static:
        """The id, and whose session it is."""
        lines = [Content.styled(sanitize(self._session_id), "bold")]
        if self._about:
            lines.append(Content.styled(f"  {sanitize(self._about)}", "dim"))
        return Static(Content("\n").join(lines), id="subject", markup=False)

    def words(self) -> str:
        """What it means."""
        return "Its secret stops working at once."

    def confirmed(self) -> None:
        """Leave with yes."""
        self.dismiss(result=True)

    def action_decline(self) -> None:
        """Leave with no."""
        self.dismiss(result=False)

"""Open the session panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_tui.ui.actions.copy import CopyActions
from chatkit_tui.ui.actions.host import ActionHost
from chatkit_tui.ui.confirmation import ConfirmationGate

if TYPE_CHECKING:
    from chatkit_tui.sessions.history import SessionHistory


class SessionActions:
    """Makes the panel when it is first opened, and keeps it with what it shows."""

    def __init__(
        self,
        host: ActionHost,
        history: SessionHistory | None,
        copying: CopyActions,
        gate: ConfirmationGate,
    ) -> None:
        """Without a `history` on disk, sessions are kept for this run."""
        self._host = host
        self.history = history
        self._copying = copying
        self._gate = gate

    def action_sessions(self) -> None:
        """Show the session panel."""
        host = self._host
        if not host.app.is_screen_installed("sessions"):
            from chatkit_tui.sessions.history import MemoryHistory
            from chatkit_tui.ui.sessions.panel import SessionPanel

            panel = SessionPanel(
                host.get_source,
                self.history or MemoryHistory(),
                options=host.options,
                copy=self._copying.copy,
                gate=self._gate,
                keys=host.keys,
            )
            host.app.install_screen(panel, "sessions")
        host.app.push_screen("sessions")

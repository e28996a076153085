"""Open the session panel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.confirmation import ConfirmationGate

if TYPE_CHECKING:
    from chatkit_tui.sessions.history import SessionHistory

_NAME: Final = "sessions"


class SessionActions:
    """Shows the session panel, which is made once and keeps what it shows."""

    def __init__(
        self,
        host: ActionHost,
        history: SessionHistory | None,
        copy: Callable[[str], Awaitable[str]],
        gate: ConfirmationGate,
    ) -> None:
        self._host = host
        self.history = history
        """The sessions made from here; None to keep them for this run."""
        self._copy = copy
        self._gate = gate

    def action_sessions(self) -> None:
        app = self._host.app
        if not app.is_screen_installed(_NAME):
            from chatkit_tui.sessions.history import SessionHistory
            from chatkit_tui.ui.sessions.panel import SessionPanel

            panel = SessionPanel(
                self._host.get_source,
                self.history or SessionHistory(lasting=False),
                options=self._host.options,
                copy=self._copy,
                gate=self._gate,
                keys=self._host.keys,
            )
            app.install_screen(panel, _NAME)
        app.push_screen(_NAME)

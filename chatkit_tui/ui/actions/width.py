"""How wide the panes are: one of them alone, or both."""

from __future__ import annotations

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.theme import SLOW_CLASS


class WidthActions:
    """Gives one pane the whole width, on the user's request or on a slow connection."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host
        self._wide: bool | None = None
        """Whether one pane has the whole width; None to decide by the speed of the connection."""

    @property
    def full(self) -> bool:
        """Whether one pane has the whole width, even on a wide screen."""
        return self._host.link.slow if self._wide is None else self._wide

    def action_width(self) -> None:
        self._wide = not self.full
        self._host.arrange_panes()

    def action_slow(self) -> None:
        """Send less over the connection, or all again."""
        link = self._host.link
        link.switch()
        self._wide = None
        self._adapt_to_link()
        self._host.status.report(f"slow connection: {'on' if link.slow else 'off'}")

    def link_changed(self) -> None:
        """Adapt to the speed of the connection; an open transcript keeps its width."""
        host = self._host
        if host.where is Pane.TRANSCRIPT and self._wide is None:
            self._wide = not host.link.slow
        self._adapt_to_link()

    def _adapt_to_link(self) -> None:
        host = self._host
        host.app.set_class(host.link.slow, SLOW_CLASS)
        host.transcript.link_changed()
        host.arrange_panes()

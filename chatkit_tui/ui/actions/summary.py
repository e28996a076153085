"""Show the figures of the open thread."""

from __future__ import annotations

from chatkit_tui.ui.actions import ActionHost


class SummaryActions:
    """Opens the page with the figures."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host

    def action_summary(self) -> None:
        """Count what is loaded of the open thread; the page offers to load the rest."""
        from chatkit_tui.ui.screens.summary import SummaryScreen

        host, pane = self._host, self._host.transcript
        if (feed := pane.feed) is None:
            return

        def closed(_: None) -> None:
            pane.view.feed_changed()
            pane.changed()

        options = host.options
        screen = SummaryScreen(feed, host.keys, clock=options.clock, zone=options.zone)
        host.app.push_screen(screen, closed)

"""How times are shown: as ages, which grow, or as local times or in UTC."""

from __future__ import annotations

from typing import Final

from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.options import Times

AGES_AFTER: Final = 60.0
"""Seconds after which ages are redrawn."""


class TimesActions:
    """Changes the format of times, and redraws both panes for it."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host
        self._format = host.options.times

    def action_times(self) -> None:
        """Change to the next format."""
        formats = list(Times)
        self._format = formats[(formats.index(self._format) + 1) % len(formats)]
        self.redraw()
        self._host.status.report(f"times: {self._format.value}")

    def redraw(self) -> None:
        """Show all times as of now."""
        host = self._host
        now = host.options.clock()
        host.threads.set_times(self._format, now)
        host.transcript.set_times(self._format, now)

    def let_ages_grow(self) -> None:
        """Redraw ages, at most once a minute and never on a slow connection."""
        host = self._host
        is_due = host.options.clock() - host.threads.setting.now >= AGES_AFTER
        if is_due and self._format is Times.RELATIVE and not host.link.slow:
            self.redraw()

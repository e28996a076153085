"""Preview the thread under the cursor of the list."""

from __future__ import annotations

from typing import Final

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.background_work import RestTimer

REST: Final = 0.15
"""Seconds that the cursor rests on a thread before it is previewed."""


class PreviewActions:
    """Shows a thread in the other pane as soon as the cursor of the list rests on it."""

    def __init__(self, host: ActionHost) -> None:
        self._host = host
        self.rest = RestTimer(self._show, REST)
        """Waits until the cursor rests."""

    def follow_cursor(self) -> None:
        """Note the thread under the cursor; what is loaded for another one is cancelled.

        There are no previews on a slow connection, nor for a screen reader, which would read them
        out.
        """
        host = self._host
        row = None
        if host.options.preview and host.where is Pane.THREADS and host.two_panes:
            row = None if host.link.slow or host.options.plain else host.threads.list.current
        if self.rest.follow(row.id if row else ""):
            host.transcript.cancel_preview()
            if host.where is Pane.THREADS and host.threads.list.current is None:
                host.transcript.end_preview()

    def _show(self) -> None:
        threads = self._host.threads
        if row := threads.list.current:
            self._host.transcript.preview(row, threads.words.found.get(row.id))

"""Copy the parts of an item or a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.terminal.clipboard import Source
from chatkit_tui.text.plain import counted
from chatkit_tui.text.sanitize import hidden_count, without_controls
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.messages import Said

if TYPE_CHECKING:
    from chatkit_tui.ui.copying import CopyResult


class CopyActions:
    """Opens the menu of what can be copied, and copies the choice."""

    def __init__(self, host: ActionHost, copy: Callable[[str], Awaitable[CopyResult]]) -> None:
        """`copy` brings a text without controls to the clipboard."""
        self._host = host
        self._copy = copy

    def action_copy(self) -> None:
        """Ask which part of the item or thread to copy."""
        from chatkit_tui.ui.screens.copy_menu import CopyMenu

        host = self._host
        reading = host.where is Pane.TRANSCRIPT
        sources = host.transcript.copyable() if reading else host.threads.copyable()
        expected = "item id" if reading else "thread id"
        if expected not in {source.name for source in sources}:
            host.post_message(Said(f"it came without an id: there is no {expected} to copy"))
        host.app.push_screen(CopyMenu(sources, host.keys), self._chosen)

    def _chosen(self, source: Source | None) -> None:
        if source is not None:
            self._host.run_worker(self._copy_source(source), group="copy", exclusive=True)

    async def _copy_source(self, source: Source) -> None:
        text = await asyncio.to_thread(lambda: without_controls(source.text()))
        report = await self.copy(text)
        self._host.post_message(Said(f"{source.name}: {report}"))

    async def copy(self, text: str) -> str:
        """Copy a text, or show it on a screen of its own; return a report for the status line."""
        text = without_controls(text)
        result = await self._copy(text)
        if not result.reached:
            from chatkit_tui.ui.screens.copy_menu import TextAlone

            self._host.app.push_screen(TextAlone(text, result.words, self._host.keys))
            return f"not copied, {result.words}"
        hidden = hidden_count(text)
        return result.words + (f", with {counted(hidden, 'hidden character')}" if hidden else "")

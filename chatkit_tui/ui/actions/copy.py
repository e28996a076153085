"""Copy the parts of an item or a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.terminal.clipboard import Source
from chatkit_tui.text.plain import counted
from chatkit_tui.text.sanitize import hidden_count, without_controls
from chatkit_tui.ui.actions import ActionHost
from chatkit_tui.ui.actions.outgoing import OutgoingActions
from chatkit_tui.ui.messages import Reported

if TYPE_CHECKING:
    from chatkit_tui.export.outgoing import Conversation
    from chatkit_tui.export.redaction.redactor import Redactor
    from chatkit_tui.ui.copying import CopyResult


class CopyActions:
    """Opens the menu of what can be copied, and copies the choice."""

    def __init__(
        self,
        host: ActionHost,
        copy: Callable[[str], Awaitable[CopyResult]],
        outgoing: OutgoingActions,
    ) -> None:
        """`copy` brings a text without controls to the clipboard."""
        self._host = host
        self._redactor: Redactor | None = None
        """Redacts what is copied, until the user wants it as it is: its tokens stay the same."""
        self._outgoing = outgoing
        self._copy = copy

    def action_copy(self) -> None:
        """Ask which part of the item or thread to copy."""
        from chatkit_tui.ui.actions.copy_sources import sources
        from chatkit_tui.ui.screens.copy_menu import CopyMenu

        host = self._host
        conversation = self._conversation() if host.where is Pane.TRANSCRIPT else None

        def offered(redactor: Redactor | None) -> list[Source]:
            self._redactor = redactor
            return sources(host, conversation, redactor)

        menu = CopyMenu(offered, host.keys, self._redactor, is_masked=host.options.mask is not None)
        expected = "item id" if host.where is Pane.TRANSCRIPT else "thread id"
        if expected not in {source.name for source in menu.choices}:
            host.post_message(Reported(f"it came without an id: there is no {expected} to copy"))
        host.app.push_screen(menu, self._chosen)

    def _conversation(self) -> Conversation | None:
        feed = self._host.transcript.feed
        return self._outgoing.conversation(feed) if feed is not None else None

    def _chosen(self, source: Source | None) -> None:
        from chatkit_tui.ui.actions.copy_sources import WHOLE

        feed = self._host.transcript.feed
        if source is None:
            return
        if source.name in WHOLE and feed is not None and not feed.whole:
            self._outgoing.load_rest(feed, partial(self._copy_whole, source.name))
        else:
            self._start(source)

    def _copy_whole(self, name: str) -> None:
        """Copy a conversation that is loaded by now."""
        from chatkit_tui.ui.actions.copy_sources import whole_texts

        if (conversation := self._conversation()) is not None:
            context = self._host.transcript.view.context
            if self._redactor is not None:
                context = context._replace(user=self._redactor.text(context.user))
            texts = whole_texts(conversation, context, self._redactor)
            self._start(Source(name, "", texts[name]))

    def _start(self, source: Source) -> None:
        self._host.run_worker(self._copy_source(source), group="copy", exclusive=True)

    async def _copy_source(self, source: Source) -> None:
        text = await asyncio.to_thread(lambda: without_controls(source.text()))
        report = await self.copy(text)
        how = ", redacted" if self._redactor is not None else ""
        self._host.post_message(Reported(f"{source.name}{how}: {report}"))

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

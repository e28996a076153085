"""The page with the figures of the open thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING

from textual.worker import Worker

from chatkit_tui.commands.command_context import CommandContext
from chatkit_tui.commands.commands import SUMMARY_COMMANDS
from chatkit_tui.commands.keymap import Keymap
from chatkit_tui.document.spans import DIM, PLAIN, Span
from chatkit_tui.errors import ChatKitError, error_line
from chatkit_tui.feed import Feed, LoadedCopy, Side
from chatkit_tui.inspection.problems import runs_of
from chatkit_tui.inspection.summary import Summary, summarize, summary_facts
from chatkit_tui.text.plain import counted, ui_text
from chatkit_tui.text.sanitize import sanitize
from chatkit_tui.text.width import cells, shorten
from chatkit_tui.ui.command_keys import CommandKeys
from chatkit_tui.ui.screens.pages import LinesScreen, wrapped
from chatkit_tui.ui.styled_lines import BAD, STRONG

if TYPE_CHECKING:
    from chatkit_tui.document.spans import Style

LABEL = 28
"""Columns of the names, at most."""


class SummaryScreen(LinesScreen):
    """The figures of what is loaded of a thread, and of the rest when that is asked for."""

    def __init__(
        self, feed: Feed, keys: Keymap, *, clock: Callable[[], float], zone: tzinfo | None
    ) -> None:
        super().__init__(self._lines, keys)
        self._feed = feed
        self._clock = clock
        self._zone = zone
        self._summary: Summary | None = None
        self._note: tuple[str, Style] = (ui_text("counting…"), DIM)
        self._loading: Worker[None] | None = None
        self.commands = CommandKeys(self, SUMMARY_COMMANDS, keys, self._state)

    def _state(self) -> CommandContext:
        can_grow = any(self._feed.can_grow(side) for side in Side)
        is_loading = self._loading is not None
        return CommandContext(self.pane, working=is_loading, partial=can_grow and not is_loading)

    def on_mount(self) -> None:
        _: Worker[None] = self.run_worker(self._count)

    # -- commands ----------------------------------------------------------------------------------

    def action_load_rest(self) -> None:
        """Load the items that are missing, and count them as well."""
        self._loading = self.run_worker(self._load)
        self._say(ui_text("loading…"))

    def action_stop(self) -> None:
        """Stop loading; count what came."""
        if self._loading is not None:
            self._loading.cancel()
            self._loading = None
        self._say("stopped")
        _: Worker[None] = self.run_worker(self._count)

    # -- work --------------------------------------------------------------------------------------

    async def _load(self) -> None:
        feed, problem = self._feed, ""
        try:
            await feed.load_rest(self._show_amount)
        except ChatKitError as error:
            problem = error_line(error)
        self._loading = None
        await self._count()
        if problem or feed.broken:
            self._say(problem or feed.broken or "", bad=True)

    def _show_amount(self) -> bool:
        self._say(ui_text(f"loading… {counted(len(self._feed), 'item')}"))
        return True

    async def _count(self) -> None:
        runs, now = runs_of(LoadedCopy(self._feed)), self._clock()
        self._summary = await asyncio.to_thread(summarize, runs, now)
        self._say("")

    def _say(self, note: str, *, bad: bool = False) -> None:
        self._note = note, BAD if bad else DIM
        if self.is_mounted:
            self.moves.renew()
            self._say_keys()

    # -- drawing -----------------------------------------------------------------------------------

    def _lines(self, width: int) -> list[list[Span]]:
        lines = [[Span(" Summary", STRONG)]]
        facts = summary_facts(self._summary, self._zone) if self._summary else []
        named = [(sanitize(name), value) for name, value in facts]
        room = min(LABEL, max((cells(name) for name, _ in named), default=0))
        for name, value in named:
            label = shorten(name, room)
            first = f"   {label}{' ' * (room - cells(label))}  "
            lines += wrapped(value, width, PLAIN, first, " " * (room + 5))
        text, style = self._note
        return [*lines, [], *wrapped(text, width, style, "   ")] if text else lines

"""The driver of the UI tests: presses keys in a running app, and says what is on its screen.

The fixture `start` yields one. A test asks in words and does not reach into panes:

    async with start(80, 24) as driver:
        await driver.press("j", "enter")
        assert driver.opened() == driver.thread()
        assert driver.loaded("items") == 30
        assert driver.item() == "item_000001"

`press`, `type`, `resize` and `settle` return when nothing is in flight. What is on the screen is
text: `frame()`, `line(n)`, `status`.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import groupby
from typing import Literal, TypeAlias

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.worker import WorkerCancelled, WorkerState

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.ui.app import ChatKitApp
from chatkit_tui.ui.palette import search
from chatkit_tui.ui.screens.browse import BrowseScreen
from chatkit_tui.ui.threads.pane import ThreadsPane
from chatkit_tui.ui.threads.rows import Row
from chatkit_tui.ui.transcript.pane import TranscriptPane

Rows: TypeAlias = Literal["threads", "items"]
"""The rows of one of the two panes."""


class Driver:
    """A running app: keys in, words and text out."""

    def __init__(self, app: ChatKitApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def browse(self) -> BrowseScreen:
        """The main screen, also below a dialog."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, BrowseScreen)
        return screen

    # -- input -------------------------------------------------------------------------------------

    async def press(self, *keys: str) -> None:
        """Press keys, paste the text after each `=`, and settle.

        Text that is pasted costs one key, and looks no different afterwards.
        """
        for is_text, group in groupby(keys, lambda key: key.startswith("=") and len(key) > 1):
            if is_text:
                self.app.post_message(events.Paste("".join(group)[1:]))
                await self.pilot.pause()
            else:
                await self.pilot.press(*group)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type text faster than the screen follows, and settle."""
        for letter in text:
            name = letter if letter.isalnum() else _character_to_key(letter)
            self.app.post_message(events.Key(name, letter))
        await self.settle()

    async def paste(self, text: str) -> None:
        """Paste text into the field with the focus, and settle."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def command(self, query: str, *, settled: bool = True) -> None:
        """Run the first command that the palette would find, without its screen, and settle."""
        offered = self.browse.commands.working()
        [(command, _), *_] = search([each for each in offered if each.group != "Move"], query)
        self.app.call_later(self.app._run_command, command)
        await (self.settle() if settled else self.pilot.pause())

    async def resize(self, columns: int, lines: int) -> None:
        """Resize the terminal, and settle."""
        await self.pilot.resize_terminal(columns, lines)
        await self.settle()

    async def settle(self) -> None:
        """Wait until no worker runs, no key is queued, and every message was handled.

        Twice in a row, because the last frame may start another request.
        """
        rested = 0
        while rested < 2:
            await self.pilot.pause()
            running = [worker for worker in self.app.workers if not worker.is_finished]
            for worker in running:
                if worker.state is WorkerState.RUNNING:
                    with suppress(WorkerCancelled):
                        await worker.wait()
            rested = 0 if running or self.app._type_ahead.is_behind else rested + 1

    # -- the screen as text ------------------------------------------------------------------------

    def frame(self) -> str:
        """Return the screen, without spaces at the ends of lines."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips) + "\n"

    def line(self, number: int) -> str:
        """Return a line of the screen; negative numbers count from the last."""
        return self.frame().splitlines()[number]

    @property
    def status(self) -> str:
        """The line above the footer."""
        return self.line(-2)

    def has_keys(self, where: Pane) -> bool:
        """Return whether a pane has the keys."""
        return self.browse.where is where

    def is_alone(self) -> bool:
        """Return whether no dialog or menu is over the main screen."""
        return self.app.screen_stack == [self.browse]

    # -- both panes --------------------------------------------------------------------------------

    def loaded(self, rows: Rows) -> int:
        """Return how many threads, or items of the open thread, are loaded."""
        return self._pane(rows).loaded

    def loading(self, rows: Rows) -> str:
        """Return what a pane is doing, in a word or two; empty if nothing."""
        return self._pane(rows).work

    def failure(self, rows: Rows) -> str | None:
        """Return the message of what failed in a pane; None if nothing has failed."""
        failure = self._pane(rows).failure
        return None if failure is None else failure.text

    def width(self, rows: Rows) -> int:
        """Return the columns of a pane."""
        return self._pane(rows).size.width

    def _pane(self, rows: Rows) -> ThreadsPane | TranscriptPane:
        return self.browse.threads if rows == "threads" else self.browse.transcript

    # -- the list of threads -----------------------------------------------------------------------

    def cursor(self) -> int:
        """Return the number of the thread under the cursor, from 0."""
        return self.browse.threads.list.cursor

    def thread(self, number: int | None = None) -> Row:
        """Return the thread under the cursor, or with a number, from 0."""
        threads = self.browse.threads.list
        row = threads.rows.get(threads.cursor if number is None else number)
        assert row is not None
        return row

    @property
    def title(self) -> str:
        """The title of the thread under the cursor, unsanitized."""
        return self.thread().title or ""

    def threads(self) -> list[Row]:
        """Return all threads of the list."""
        rows = self.browse.threads.list.rows
        return [row for number in range(len(rows)) if (row := rows.get(number))]

    def visible_threads(self) -> list[Row]:
        """Return the threads that are on the screen."""
        return self.browse.threads.list.in_window()

    def marked(self) -> list[str]:
        """Return the ids of the marked threads."""
        return list(self.browse.threads.marks)

    async def forget_first_words(self) -> None:
        """Draw the list as it is before the first words of its threads are known."""
        self.browse.threads.words.found.clear()
        self.browse.threads.list.refresh()
        await self.pilot.pause()

    def filter(self) -> str:
        """Return the text that the list is filtered by."""
        return self.browse.threads.filter

    # -- the transcript ----------------------------------------------------------------------------

    def opened(self) -> Row | None:
        """Return the open thread, or None."""
        return self.browse.transcript.row

    def opened_id(self) -> str | None:
        """Return the id of the open thread, or None."""
        row = self.opened()
        return None if row is None else row.id

    def item(self) -> str | None:
        """Return the id of the item under the cursor; None if there is none, or it has no id."""
        return self.browse.transcript.view.id_of_cursor()

    def position(self) -> str:
        """Return the position in the transcript as the status line shows it."""
        return self.browse.transcript.position

    def matches(self) -> int | None:
        """Return how many matches find has; None without a search."""
        return self.browse.reading.found

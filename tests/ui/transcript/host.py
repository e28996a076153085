"""An app with a transcript only, whose feed is loaded on request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from chatkit_tui.emulator import DEMO_NOW
from chatkit_tui.errors import ChatKitError
from chatkit_tui.feed import Feed, Order, Side
from chatkit_tui.models.page import Page
from chatkit_tui.render import RenderContext
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.ui.messages import FindChanged, PageWanted, PositionChanged
from chatkit_tui.ui.transcript.status_text import Position
from chatkit_tui.ui.transcript.view import TranscriptView

CONTEXT = RenderContext(now=float(DEMO_NOW), zone=UTC, relative=False, bar=True)


class TranscriptApp(App[None]):
    """Loads the pages that the view wants; they wait while `open_gate` is cleared."""

    def __init__(self, feed: Feed | None, *, newest_first: bool = False) -> None:
        super().__init__()
        self.feed = feed
        self.view = TranscriptView(CONTEXT, newest_first=newest_first)
        self.wanted: list[Side] = []
        self.found: FindChanged | None = None
        self.positions: list[Position] = []
        self.open_gate = asyncio.Event()
        self.open_gate.set()

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.focus()
        self.view.show(self.feed)

    def on_page_wanted(self, message: PageWanted) -> None:
        self.wanted.append(message.side)
        self.run_worker(self._load(message.side))

    async def _load(self, side: Side) -> None:
        await self.open_gate.wait()
        assert self.feed is not None
        try:
            await self.feed.load(side)
        except ChatKitError as error:
            self.view.page_failed(side, str(error), "r: try again")
        self.view.feed_changed()

    def on_find_changed(self, message: FindChanged) -> None:
        self.found = message

    def on_position_changed(self, _: PositionChanged) -> None:
        if self.view.position is not None:
            self.positions.append(self.view.position)


class Host:
    """The running app, and its screen as text."""

    def __init__(self, app: TranscriptApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        self.view = app.view

    async def settle(self) -> None:
        """Wait until nothing is in flight, rendered or searched."""
        await self.pilot.pause()
        while any(worker.is_running for worker in self.app.workers):
            await self.app.workers.wait_for_complete()
            await self.pilot.pause()
        await self.pilot.pause()

    async def resize(self, columns: int, lines: int) -> None:
        await self.pilot.resize_terminal(columns, lines)
        await self.settle()

    @property
    def lines(self) -> list[str]:
        """The lines of the screen, without spaces at their ends."""
        strips = self.app.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips]

    @property
    def frame(self) -> str:
        return "\n".join(self.lines) + "\n"

    def line_of(self, text: str) -> int:
        """Return the first line of the screen with a text."""
        return next(n for n, line in enumerate(self.lines) if text in line)

    @property
    def under_cursor(self) -> str:
        """The text of the item under the cursor."""
        return self.copied("text")

    def copied(self, name: str) -> str:
        """Return what is copied of the item under the cursor."""
        return next((source.text() for source in self.view.copies() if source.name == name), "")


@asynccontextmanager
async def shown(
    feed: Feed | None,
    *,
    columns: int = 80,
    lines: int = 24,
    newest_first: bool = False,
    answered: bool = True,
) -> AsyncIterator[Host]:
    """A transcript of a feed, when it has loaded what it asks for at first.

    Unless it is not `answered`: then nothing is loaded before `open_gate` is set.
    """
    app = TranscriptApp(feed, newest_first=newest_first)
    if not answered:
        app.open_gate.clear()
    async with app.run_test(size=(columns, lines)) as pilot:
        host = Host(app, pilot)
        if answered:
            await host.settle()
        yield host


def thread_feed(client: ChatKitClient, thread_id: str) -> Feed:
    """Return a feed of a thread of the emulator."""

    async def fetch(*, after: str | None, order: Order, limit: int) -> Page:
        listed = await client.threads.list_items(thread_id, after=after, order=order, limit=limit)
        return listed.page

    return Feed(fetch)

"""The screen with a thread open and a number of its items loaded.

The app loads them through its feed, without any key, and writes into a file how long that took.

    python -m tests.benchmarks.loaded BASE_URL ITEMS REPORT
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from pathlib import Path
from time import perf_counter

from chatkit_tui.__main__ import OBJECTS_PER_COLLECTION
from chatkit_tui.commands.commands import BY_ID
from chatkit_tui.emulator import DEMO_KEY, DEMO_NOW
from chatkit_tui.feed import Side
from chatkit_tui.sources.base import SourceObserver, ThreadSource
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.sources.openai.source import OpenAISource
from chatkit_tui.ui.app import ChatKitApp
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.screens.browse import BrowseScreen


class Loaded(ChatKitApp):
    """Open the first thread without a key, and load it."""

    wanted: int
    report: Path

    def on_mount(self) -> None:
        """Start with the screen."""
        self.run_worker(self._load(), name="loading")

    async def _load(self) -> None:
        screen = self.screen_stack[0]
        assert isinstance(screen, BrowseScreen)
        while screen.threads.list.current is None:  # noqa: ASYNC110 # there is no event for it
            await asyncio.sleep(0.01)
        await screen.act(BY_ID["open"])
        while not screen.transcript.loaded:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        feed = screen.transcript.feed
        assert feed is not None
        begun = perf_counter()
        before = len(feed)
        while len(feed) < self.wanted and not feed.whole:
            await feed.load(Side.OLD)
        seconds = perf_counter() - begun
        screen.transcript.view.feed_changed()
        screen.transcript.changed()
        self.report.write_text(json.dumps({"items": len(feed) - before, "seconds": seconds}))


def main() -> None:
    """Run until the terminal closes."""
    gc.set_threshold(OBJECTS_PER_COLLECTION)  # as the program, whose entry point is not used here
    base_url, items, report = sys.argv[1:]

    async def connect(observer: SourceObserver) -> ThreadSource:
        client = ChatKitClient(api_key=DEMO_KEY, base_url=base_url)
        return OpenAISource(client, observer=observer)

    app = Loaded(Options(clock=lambda: float(DEMO_NOW)), connect)
    app.wanted = int(items)
    app.report = Path(report)
    app.run()


if __name__ == "__main__":
    main()

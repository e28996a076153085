"""The real app on the emulator, driven by keys as a person would."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.worker import WorkerCancelled, WorkerState

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.emulator import DEMO_NOW, Emulator
from chatkit_tui.sources.base import SourceObserver, ThreadSource
from chatkit_tui.sources.openai.source import OpenAISource
from chatkit_tui.ui import background_work
from chatkit_tui.ui.app import ChatKitApp
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.screens.browse import BrowseScreen
from tests.quick_toolkit import quick_toolkit

if TYPE_CHECKING:
    from chatkit_tui.sources.openai import ChatKitClient

for _name in background_work.PRELOADED:  # else the first test of a process waits for these
    import_module(_name)

FRAMES = Path(__file__).parent / "frames"
"""The screen as text, one file a frame; `UPDATE_FRAMES=1` writes them anew."""
UPDATE = "UPDATE_FRAMES" in os.environ

OPTIONS = Options(host="demo.invalid", key_hint="-key", demo=True, clock=lambda: float(DEMO_NOW))


@pytest.fixture(autouse=True)
def _quick_toolkit() -> Iterator[None]:
    """Apps without the toolkit's pauses."""
    with quick_toolkit():
        yield


class Driver:
    """A running app: keys in, the screen as text out."""

    def __init__(self, app: ChatKitApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def browse(self) -> BrowseScreen:
        """The main screen, whatever lies over it."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, BrowseScreen)
        return screen

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until the screen rests and nothing is under way any more."""
        await self.pilot.press(*keys)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type text faster than the screen follows, and wait as `press` does."""
        for letter in text:
            name = letter if letter.isalnum() else _character_to_key(letter)
            self.app.post_message(events.Key(name, letter))
        await self.settle()

    async def paste(self, text: str) -> None:
        """Paste text into the field with the focus, and wait as `press` does."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def settle(self) -> None:
        """Wait until no worker runs, no key is held, and every message was handled.

        It is looked at twice: what was drawn last may be what something is asked for at last.
        """
        rested = 0
        while rested < 2:
            await self.pilot.pause()
            at_work = [worker for worker in self.app.workers if not worker.is_finished]
            for worker in at_work:
                if worker.state is WorkerState.RUNNING:
                    with suppress(WorkerCancelled):
                        await worker.wait()
            rested = 0 if at_work or self.app._type_ahead.is_behind else rested + 1

    async def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        await self.pilot.resize_terminal(columns, lines)
        await self.settle()

    def frame(self) -> str:
        """The screen as text, without spaces at the ends of lines."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips) + "\n"

    def line(self, number: int) -> str:
        """A line of the screen; negative numbers count from the last."""
        return self.frame().splitlines()[number]

    @property
    def status(self) -> str:
        """The line above the footer."""
        return self.line(-2)

    def has_keys(self, where: Pane) -> bool:
        """Whether a pane has the keys."""
        return self.browse.where is where

    @property
    def title(self) -> str:
        """The title of the thread under the cursor, as it came."""
        row = self.browse.threads.list.current
        assert row is not None
        return row.title or ""


Start: TypeAlias = "Callable[..., _Started]"


class _Started:
    """`async with` gives the driver of an app that has loaded what it loads at its start."""

    def __init__(self, make: Callable[[], AsyncIterator[Driver]]) -> None:
        self._manager = asynccontextmanager(make)()

    async def __aenter__(self) -> Driver:
        return await self._manager.__aenter__()

    async def __aexit__(self, *error: object) -> bool | None:
        return await self._manager.__aexit__(*error)  # type: ignore[arg-type] # passed on as it came


@pytest.fixture
def start(emulator: Emulator, make_client: Callable[..., ChatKitClient]) -> Start:
    """Starts the app: `start(80, 24, read_only=True)`; further names are fields of `Options`.

    As `emulator`, another one than the fixture; with `settled=False`, before anything is loaded.
    """

    def begin(
        columns: int = 80,
        lines: int = 24,
        *,
        emulator: Emulator = emulator,
        settled: bool = True,
        **options: object,
    ) -> _Started:
        async def connect(observer: SourceObserver) -> ThreadSource:
            async def at_once(seconds: float) -> None:
                del seconds

            client = make_client(emulator=emulator, sleep=at_once)
            return OpenAISource(client, observer=observer)

        async def run() -> AsyncIterator[Driver]:
            app = ChatKitApp(replace(OPTIONS, **options), connect)  # type: ignore[arg-type] # fields
            async with app.run_test(size=(columns, lines)) as pilot:
                driver = Driver(app, pilot)
                if settled:
                    await driver.settle()
                yield driver

        return _Started(run)

    return begin


@pytest.fixture
def same_frame() -> Callable[[str, str], None]:
    """Compares the screen with a frame of `tests/ui/frames/`, or writes it."""

    def compare(frame: str, name: str) -> None:
        path = FRAMES / f"{name}.txt"
        if UPDATE:
            path.parent.mkdir(exist_ok=True)
            path.write_text(frame, encoding="utf-8")
        assert frame == path.read_text(encoding="utf-8"), f"UPDATE_FRAMES=1 writes {path.name}"

    return compare

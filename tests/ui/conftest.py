"""The app on the emulator, driven by keys: `start` yields a `Driver`."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest
from textual.message_pump import MessagePump
from textual.timer import Timer

from chatkit_tui.emulator import DEMO_NOW, Emulator
from chatkit_tui.sources.base import SourceInfo, SourceObserver, ThreadSource
from chatkit_tui.sources.openai.source import OpenAISource
from chatkit_tui.ui import background_work, failures, key_queue
from chatkit_tui.ui.app import ChatKitApp
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.widgets import lines, loading_pane, prompt
from chatkit_tui.ui.widgets.loading_pane import LoadingPane
from tests.quick_toolkit import quick_toolkit
from tests.ui.driver import Driver

if TYPE_CHECKING:
    from chatkit_tui.sources.openai import ChatKitClient

for _name in background_work.PRELOADED:  # else the first test of a process waits for these
    import_module(_name)

FRAMES = Path(__file__).parent / "frames"
"""The screen as text, one file per frame; `UPDATE_FRAMES=1` writes them again."""
UPDATE = "UPDATE_FRAMES" in os.environ

SOURCE = SourceInfo("sample data", "demo.invalid", "-key", "DEMO")
OPTIONS = Options(
    source=SOURCE, capabilities=OpenAISource.capabilities, clock=lambda: float(DEMO_NOW)
)
NEVER = 3600.0
"""Seconds that no test lasts."""


@pytest.fixture(autouse=True)
def _quick_toolkit() -> Iterator[None]:
    """Apps without the toolkit's pauses."""
    with quick_toolkit():
        yield


@pytest.fixture(autouse=True)
def _nothing_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Countdowns stand still, nothing is tried again after a second, nothing is prepared idly.

    A busy machine may need longer than that between two keys of a test. The next key comes as soon
    as the one before has had its effect, without a wait for a frame.
    """

    def set_timer(pane: LoadingPane, delay: float, callback: Callable[[], None]) -> Timer:
        return MessagePump.set_timer(pane, delay if delay < 1 else NEVER, callback)

    monkeypatch.setattr(LoadingPane, "set_timer", set_timer)
    for module in (failures, lines, loading_pane):
        monkeypatch.setattr(module, "monotonic", lambda: 1000.0)
    monkeypatch.setattr(key_queue, "CHECK_AFTER", 0.0)
    monkeypatch.setattr(prompt, "FURNISHED_AFTER", NEVER)
    monkeypatch.setattr(background_work, "PRELOAD_AFTER", NEVER)
    monkeypatch.setattr(background_work, "IDLE_AFTER", NEVER)


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
            app = ChatKitApp(OPTIONS._replace(**options), connect)  # type: ignore[arg-type] # fields
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

"""Taking a picture: the app on the built-in API, its clock standing still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from copy import copy
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from rich.terminal_theme import TerminalTheme
from textual.color import Color

from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount
from chatkit_tui.emulator import DEMO_KEY, DEMO_NOW, DEMO_URL, Emulator
from chatkit_tui.emulator.transport import EmulatorTransport
from chatkit_tui.sources.base import SourceInfo, SourceObserver, ThreadSource
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.sources.openai.source import OpenAISource
from chatkit_tui.ui import background_work
from chatkit_tui.ui.app import ChatKitApp
from chatkit_tui.ui.options import Options
from tests.quick_toolkit import quick_toolkit
from tests.screenshots.drawing import DARK, LIGHT, Frame, Step, capture, recording, still
from tests.screenshots.shots import RECORDING, SCENES, Shot
from tests.ui.driver import Driver

NEVER = 3600.0
"""Seconds that no picture takes."""


def first_widget(emulator: Emulator, title: str) -> str:
    """The id of the first widget in the thread of a title."""
    library = emulator.library
    conversation = library.conversation(library.index_of_title(title))
    rows = (conversation.row(number) for number in range(len(conversation)))
    return next(str(row["id"]) for row in rows if row["type"] == "chatkit.widget")


async def take(shot: Shot) -> dict[Path, str]:
    """Return the text of each SVG of a shot."""
    pictures = {}
    async with _running(shot) as driver:
        for key in shot.keys:
            await driver.press(key)
        for theme, path in shot.paths.items():
            pictures[path] = still(await _captured(driver, theme), "chatkit-tui")
    return pictures


async def record(theme: str) -> str:
    """Return the text of the SVG of the recording in a theme."""
    steps = []
    async with _running(RECORDING) as driver:
        for scene in SCENES:
            for key in scene.keys or (None,):
                if key is not None:
                    await driver.press(key)
                steps.append(Step(await _captured(driver, theme), scene.seconds, scene.caption))
            steps[-1] = steps[-1]._replace(seconds=scene.seconds + scene.rest)
    return recording(steps)


async def _captured(driver: Driver, theme: str) -> Frame:
    driver.app.theme = theme
    await driver.settle()
    return capture(driver.app, _terminal(driver.app))


def _terminal(app: ChatKitApp) -> TerminalTheme:
    """Return the colors of a terminal that suits the theme."""
    colors = copy(DARK if app.current_theme.dark else LIGHT)
    if not app.current_theme.ansi:
        background = Color.parse(app.theme_variables["background"]).rich_color.triplet
        assert background is not None
        colors.background_color = background
    return colors


@contextmanager
def _nothing_ahead() -> Iterator[None]:
    """Draw what keys cause and no more, so that a picture is the same each time.

    The share of a transcript in the status line is estimated by the items that were drawn.
    """
    with quick_toolkit(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(background_work, "IDLE_AFTER", NEVER)
        yield


@asynccontextmanager
async def _running(shot: Shot) -> AsyncIterator[Driver]:
    emulator = Emulator()
    target = first_widget(emulator, shot.widget_of) if shot.widget_of else shot.target
    client = ChatKitClient(
        api_key=DEMO_KEY, base_url=DEMO_URL, transport=EmulatorTransport(emulator)
    )

    async def connect(observer: SourceObserver) -> ThreadSource:
        return OpenAISource(client, observer=observer)

    with _nothing_ahead(), TemporaryDirectory() as folder:
        record = Path(folder) / "record"
        options = Options(
            backups=lambda text: None,  # noqa: ARG005 # offered, and none in the profile
            source=SourceInfo("sample data", "built-in API", badge="DEMO"),
            theme=shot.themes[0],
            zone=UTC,
            target=target,
            capabilities=OpenAISource.capabilities,
            clock=lambda: float(DEMO_NOW),
            journal=DeletionJournal(JournalAccount("built-in API"), record, lasting=False),
        )
        app = ChatKitApp(options, connect)
        async with client, app.run_test(size=(shot.columns, shot.rows)) as pilot:
            driver = Driver(app, pilot)
            await driver.settle()
            yield driver

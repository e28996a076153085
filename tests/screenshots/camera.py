"""Taking a picture: the app on the built-in API, its clock standing still."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount
from chatkit_tui.emulator import DEMO_KEY, DEMO_NOW, DEMO_URL, Emulator
from chatkit_tui.emulator.transport import EmulatorTransport
from chatkit_tui.sources.base import SourceInfo, SourceObserver, ThreadSource
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.sources.openai.source import OpenAISource
from chatkit_tui.ui.app import ChatKitApp
from chatkit_tui.ui.options import Options
from tests.screenshots.drawing import DARK, LIGHT, draw
from tests.screenshots.shots import Shot
from tests.ui.driver import Driver


def first_widget(emulator: Emulator, title: str) -> str:
    """The id of the first widget in the thread of a title."""
    library = emulator.library
    conversation = library.conversation(library.index_of_title(title))
    rows = (conversation.row(number) for number in range(len(conversation)))
    return next(str(row["id"]) for row in rows if row["type"] == "chatkit.widget")


async def take(shot: Shot) -> str:
    """The text of the SVG."""
    with TemporaryDirectory() as folder:
        return await _take(shot, Path(folder))


async def _take(shot: Shot, folder: Path) -> str:
    emulator = Emulator()
    target = first_widget(emulator, shot.widget_of) if shot.widget_of else shot.target
    options = Options(
        source=SourceInfo("sample data", "built-in API", badge="DEMO"),
        theme="light" if shot.light else "dark",
        zone=UTC,
        target=target,
        clock=lambda: float(DEMO_NOW),
        journal=DeletionJournal(JournalAccount("built-in API"), folder / "record", lasting=False),
    )
    client = ChatKitClient(
        api_key=DEMO_KEY, base_url=DEMO_URL, transport=EmulatorTransport(emulator)
    )

    async def connect(observer: SourceObserver) -> ThreadSource:
        return OpenAISource(client, observer=observer)

    app = ChatKitApp(options, connect)
    async with client, app.run_test(size=(shot.columns, shot.rows)) as pilot:
        driver = Driver(app, pilot)
        await driver.settle()
        for key in shot.keys:
            await driver.press(key)
        return draw(app, LIGHT if shot.light else DARK, "chatkit-tui")

"""One long session at the screen, the same again for the same seed as far as timing lets it be."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import random
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from chatkit_tui.commands.commands import BY_ID, COMMANDS
from chatkit_tui.deletion.journal import DeletionJournal, JournalAccount
from chatkit_tui.emulator import DEMO_KEY, Emulator
from chatkit_tui.emulator.faults import FAULTS
from chatkit_tui.sessions.history import SessionHistory
from chatkit_tui.sources.base import SourceObserver, ThreadSource
from chatkit_tui.sources.openai import ChatKitClient
from chatkit_tui.sources.openai.source import OpenAISource
from chatkit_tui.ui.app import ChatKitApp
from tests.ui.conftest import OPTIONS

LEAVING = {"q", "ctrl+c", *BY_ID["pipe"].keys, *BY_ID["open_in_pager"].keys}
"""The keys that leave, or run a command that was typed at random."""
MOVES = (
    "up",
    "down",
    "j",
    "k",
    "pageup",
    "pagedown",
    "home",
    "end",
    "enter",
    "enter",
    "escape",
    "escape",
    "tab",
)
LETTERS = (*"abeynt0 -.:'", "é", "語", "backspace", "left", "right", "shift+tab", "ctrl+z")
ACTS = tuple(key for command in COMMANDS for key in command.keys if key not in LEAVING)
KINDS = ((MOVES, 5), (ACTS, 4), (LETTERS, 2))
SIZES = ((80, 24), (120, 40), (40, 12), (200, 60), (1, 1), (2, 1), (1, 50), (300, 1), (17, 5))
RESIZED_EVERY, FAULT_EVERY, SETTLED_EVERY = 9, 25, 20
"""Keys between two of them, on the average; the last one exactly."""
WAITED_OUT = 0.2
"""Seconds that the client waits for an answer, so that a stalled one does not stop the session."""


@dataclass
class Told:
    """What a session did and what it left behind."""

    keys: int = 0
    resizes: int = 0
    faults: int = 0
    apps: int = 0
    """How often the screen was left and opened again."""
    requests: int = 0
    errors: tuple[str, ...] = ()
    """Logged errors of abandoned tasks."""
    tasks: tuple[str, ...] = ()
    """Tasks that were still there after the screen was left."""
    files: int = 0
    """Open files and connections more than before."""
    growth: int = 0
    """Bytes by which the process grew after the first half of the keys."""


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(f"{record.getMessage()} {record.exc_info}")


async def use(
    emulator: Emulator, address: str, folder: Path, *, seed: int, keys: int, apps: int = 1
) -> Told:
    """Use the screen for so many keys, split over `apps` starts.

    `folder` takes the register of sessions. Raises `AssertionError` with the seed and the last
    keys when the app crashes.
    """
    chance = random.Random(seed)  # noqa: S311 # for play
    told = Told(apps=apps)
    errors = _Errors()
    logging.getLogger("chatkit_tui").addHandler(errors)
    requests = 0
    files = _files()
    half = 0

    async def at_once(seconds: float) -> None:
        del seconds

    async def connect(observer: SourceObserver) -> ThreadSource:
        client = ChatKitClient(
            api_key=DEMO_KEY, base_url=address, timeout=WAITED_OUT, max_retries=1, sleep=at_once
        )
        return OpenAISource(client, observer=observer)

    tasks = asyncio.all_tasks()
    try:
        for _ in range(apps):
            options = OPTIONS._replace(
                slow=chance.random() < 0.2,
                plain=chance.random() < 0.2,
                journal=DeletionJournal(JournalAccount("soak"), folder / "deletions.jsonl"),
            )
            app = ChatKitApp(options, connect, SessionHistory(folder / "sessions.jsonl"))
            async with app.run_test(size=(80, 24)) as pilot:
                user = _User(app, pilot, emulator, chance, told, seed)
                for _ in range(keys // apps):
                    await user.act()
                    if told.keys == keys // 2:
                        half = _memory()
                emulator.faults = ()
                await user.leave()
            requests += len(emulator.requests)
            emulator.requests.clear()
    finally:
        logging.getLogger("chatkit_tui").removeHandler(errors)
        emulator.faults = ()
    told.requests = requests
    told.growth = _memory() - half
    told.errors = tuple(errors.seen)
    told.tasks = tuple(str(task) for task in asyncio.all_tasks() - tasks)
    told.files = await _more_files(files)
    return told


class _User:
    """Somebody without a plan."""

    def __init__(
        self,
        app: ChatKitApp,
        pilot: Pilot[int],
        emulator: Emulator,
        chance: random.Random,
        told: Told,
        seed: int,
    ) -> None:
        self.app = app
        self.pilot = pilot
        self.emulator = emulator
        self.chance = chance
        self.told = told
        self.seed = seed
        self.last: deque[str] = deque(maxlen=40)

    async def act(self) -> None:
        """Press a key; before it, perhaps, pull at the window or break the network."""
        if self.chance.random() < 1 / RESIZED_EVERY:
            await self._resize()
        if self.chance.random() < 1 / FAULT_EVERY:
            self._break_or_mend()
        [keys] = self.chance.choices(
            [kind for kind, _ in KINDS], weights=[weight for _, weight in KINDS]
        )
        await self._press(self.chance.choice(keys))
        if self.told.keys % SETTLED_EVERY == 0:
            await self.pilot._wait_for_screen()
        if self.app.crash is not None:
            raise AssertionError(
                f"seed {self.seed}, key {self.told.keys}, at {self.app.size}, "
                f"{self.emulator.faults}: {' '.join(self.last)}"
            ) from self.app.crash

    async def leave(self) -> None:
        """Leave as `q` does, with whatever keys are still on their way."""
        await self.app.action_quit()
        assert self.app._task is not None
        await asyncio.wait([self.app._task])

    async def _press(self, key: str) -> None:
        self.told.keys += 1
        self.last.append(key)
        driver = self.app._driver
        assert driver is not None
        event = events.Key(key, key if len(key) == 1 else None)
        event.set_sender(self.app)
        driver.send_message(event)
        for _ in range(self.chance.choice((1, 5, 30))):
            await asyncio.sleep(0)

    async def _resize(self) -> None:
        self.told.resizes += 1
        columns, lines = self.chance.choice(SIZES)
        self.last.append(f"[{columns}x{lines}]")
        await self.pilot.resize_terminal(columns, lines)

    def _break_or_mend(self) -> None:
        if self.chance.random() < 0.4:
            self.emulator.faults = ()
        else:
            self.told.faults += 1
            self.emulator.faults = (self.chance.choice(tuple(FAULTS)),)
        self.last.append(f"[{' '.join(self.emulator.faults)}]")


async def _more_files(before: int) -> int:
    """How many more files are open than before, once the server has hung up as well."""
    end = time.monotonic() + 5
    while (more := _files() - before) > 0 and time.monotonic() < end:  # noqa: ASYNC110 # no event
        await asyncio.sleep(0.02)
    return more


def _memory() -> int:
    """Bytes of memory of this process that are in use now."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE")


def _files() -> int:
    gc.collect()
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 # a listing, nothing else

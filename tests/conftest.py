"""What every test has at hand: an emulator of its own, and none of the developer's settings."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from hypothesis import settings

from chatkit_tui import secrets
from chatkit_tui.emulator import DEMO_KEY, DEMO_URL, Emulator
from chatkit_tui.text.plain import set_plain
from tests import fork_server, markers, worker_reports
from tests.held_emulator import HeldEmulator
from tests.loopback import serving

if TYPE_CHECKING:
    from chatkit_tui.sources.openai import ChatKitClient

_HIDDEN = ("OPENAI_", "CHATKIT_", "XDG_", "TEXTUAL")
_ALSO_HIDDEN = (
    "PYTHONDONTWRITEBYTECODE",
    "NO_COLOR",
    "FORCE_COLOR",
    "COLORTERM",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "TZ",
)
_homes = count()
_MEMORY = Path("/dev/shm")  # noqa: S108 # the toolkit makes a folder for the user alone in it
_ROOM = 1 << 30
"""Bytes that runs may need there: a fifth of a gigabyte, and again for each that failed."""
_FOLDERS = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")

# The suite has the same examples in every run, so that a change is judged by what it changed;
# `make fuzz` has new ones each time, and many more.
settings.register_profile("same", derandomize=True, database=None, deadline=None, max_examples=15)
settings.register_profile("fuzz", derandomize=False, deadline=None, max_examples=300)
settings.load_profile("same")

# Else every process compiles what was changed, and every worker all of the tests again.
sys.dont_write_bytecode = False


def pytest_configure(config: pytest.Config) -> None:
    """Let the processes that run tests send less, and keep the files of tests in memory.

    A disk takes milliseconds to make sure of a file, which some tests ask of it a hundred times.
    """
    worker_reports.register(config)
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test-fast` leaves out."""
    markers.mark(items)


for _number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    # `nohup make test &` starts it without them, and what it starts inherits that.
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.SIG_DFL)

gc.disable()  # the collection makes hardly any garbage


def pytest_collection_finish() -> None:
    """Search for garbage seldom, and not in what is there from now on.

    Tests and what they import are some hundred megabytes that stay; to look them over again and
    again took a tenth of the time.
    """
    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()


def pytest_sessionfinish() -> None:
    """End what tests have started for all of them."""
    fork_server.stop()


@pytest.fixture(autouse=True)
def _alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Neither the developer's environment nor an earlier test reaches a test.

    Gives its own home folder, which is not made unless it is asked for by `tmp_path`. One fixture
    for all of that: each costs time in each test.
    """
    home = tmp_path_factory.getbasetemp() / str(next(_homes))
    with pytest.MonkeyPatch.context() as patch:
        for name in tuple(os.environ):
            if name.startswith(_HIDDEN) or name in _ALSO_HIDDEN:
                patch.delenv(name)
        for name in _FOLDERS:
            patch.setenv(name, str(home / name.lower()))
        patch.setenv("HOME", str(home))
        patch.setattr(secrets, "_known", ())
        yield home
    set_plain(False)


@pytest.fixture
def tmp_path(_alone: Path) -> Path:
    """The home folder of the test; the toolkit's own searches all folders for a free number."""
    _alone.mkdir()
    return _alone


@pytest.fixture
def emulator() -> HeldEmulator:
    """An API that nothing has happened to yet."""
    return HeldEmulator()


@pytest.fixture(scope="session")
def demo_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the sample data, to be read or copied.

    It takes a second to make, so that the processes of a run share it.
    """
    from chatkit_tui.cli.main import run

    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    path = folder / "demo.ckarchive"
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            assert run(["--demo", "archive", "sync", str(path)]) == 0
    return path


@pytest_asyncio.fixture
async def make_client(emulator: Emulator) -> AsyncIterator[Callable[..., ChatKitClient]]:
    """Makes clients over the emulator's transport; all of them are closed after the test.

    Takes the arguments of `ChatKitClient` and, as `emulator`, another emulator than the fixture.
    """
    from chatkit_tui.emulator.transport import EmulatorTransport
    from chatkit_tui.sources.openai import ChatKitClient

    made: list[ChatKitClient] = []

    def make(*, emulator: Emulator = emulator, **settings: Any) -> ChatKitClient:
        arguments: dict[str, Any] = {
            "api_key": DEMO_KEY,
            "base_url": DEMO_URL,
            "transport": EmulatorTransport(emulator),
            **settings,
        }
        made.append(ChatKitClient(**arguments))
        return made[-1]

    yield make
    for client in made:
        await client.__aexit__(None, None, None)


@pytest.fixture
def client(make_client: Callable[..., ChatKitClient]) -> ChatKitClient:
    """A client of the emulator, with the settings that users start with."""
    return make_client()


@pytest.fixture
def address(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The emulator on loopback, with the environment that leads there."""
    with serving(emulator) as address:
        monkeypatch.setenv("OPENAI_BASE_URL", address)
        monkeypatch.setenv("OPENAI_API_KEY", DEMO_KEY)
        yield address

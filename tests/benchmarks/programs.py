"""The programs to measure, each in its own terminal, and the server that they read from."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.request import Request, urlopen

from chatkit_tui.emulator import DEMO_KEY, Emulator
from chatkit_tui.emulator.server import LOOPBACK, EmulatorServer, listen
from tests.distant_terminal import DistantTerminal, Line
from tests.pty_terminal import Terminal

FIRST_THREAD: Final = "Flight TP 576"
"""The title of the newest thread."""
DOWN, PAGE_DOWN = "\x1b[B", "\x1b[6~"
LESS_DOWN, LESS_PAGE_DOWN = "j", " "
_NO_ANIMATIONS: Final = {"TEXTUAL_ANIMATIONS": "none"}


class Api(NamedTuple):
    """The emulator behind a server on loopback."""

    emulator: Emulator
    base_url: str

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that lead the program to the server."""
        return {"OPENAI_BASE_URL": self.base_url, "OPENAI_API_KEY": DEMO_KEY}

    def first_thread(self) -> str:
        """Return the id of the newest thread."""
        found: str = self._get("/chatkit/threads?limit=1")["data"][0]["id"]
        return found

    def first_words(self) -> str:
        """Return the beginning of the first message in the newest thread."""
        items = self._get(f"/chatkit/threads/{self.first_thread()}/items?order=asc&limit=1")
        text: str = items["data"][0]["content"][0]["text"]
        return " ".join(text.split())[:30]

    def _get(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {DEMO_KEY}", "OpenAI-Beta": "chatkit_beta=v1"}
        with urlopen(Request(self.base_url + path, headers=headers)) as response:  # noqa: S310 # loopback
            return json.load(response)


@contextmanager
def serving(emulator: Emulator) -> Iterator[Api]:
    """Serve an emulator from a thread, so that its log can be read."""
    socket = listen(0)
    started = threading.Event()
    server = EmulatorServer(emulator, started=started.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield Api(emulator, f"http://{LOOPBACK}:{socket.getsockname()[1]}/v1")
    finally:
        server.should_exit = True
        thread.join(5)
        socket.close()


def minimal() -> Terminal:
    """Start the baseline: a line of text that a key changes."""
    return Terminal([sys.executable, "-m", "tests.benchmarks.minimal"], environment=_NO_ANIMATIONS)


def screen(
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    line: Line | None = None,
    size: tuple[int, int] = (80, 24),
) -> Terminal:
    """Start `chatkit-tui` with these arguments, over a slow connection if there is one.

    `size` is the columns and rows of the terminal, without a slow connection.
    """
    command = [sys.executable, "-m", "chatkit_tui", *arguments]
    variables = {**_NO_ANIMATIONS, **(environment or {})}
    if line is None:
        return Terminal(command, columns=size[0], rows=size[1], environment=variables)
    return DistantTerminal(command, environment=variables, line=line)


def loaded(base_url: str, items: int, report: Path) -> Terminal:
    """Start the screen with so many items loaded; see `tests.benchmarks.loaded`."""
    return Terminal(
        [sys.executable, "-m", "tests.benchmarks.loaded", base_url, str(items), str(report)],
        environment=_NO_ANIMATIONS,
    )


@contextmanager
def opened(
    api: Api, *, environment: Mapping[str, str] | None = None, line: Line | None = None
) -> Iterator[Terminal]:
    """Start the program, and open the newest thread."""
    variables = {**api.environment, **(environment or {})}
    with screen(environment=variables, line=line) as terminal:
        terminal.wait_for(FIRST_THREAD)
        terminal.rest(0.5)
        before = len(terminal.written)
        terminal.send("\r")
        terminal.wait_for(api.first_words(), since=before)
        terminal.rest(0.8)
        yield terminal


# -- less ------------------------------------------------------------------------------------------


def has_less() -> bool:
    """Return whether `less` is installed."""
    return shutil.which("less") is not None


@contextmanager
def transcript(api: Api) -> Iterator[Path]:
    """Write the newest thread into a file, with the same lines as on the screen."""
    show = [sys.executable, "-m", "chatkit_tui", "threads", "show", api.first_thread()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "transcript.txt"
        with path.open("w") as text:
            subprocess.run(  # noqa: S603 # this program
                [*show, "--width", "80"], stdout=text, check=True, env=api.environment
            )
        yield path


@contextmanager
def less(path: Path, line: Line | None = None) -> Iterator[Terminal]:
    """Start `less` on a file, over a slow connection if there is one."""
    command = ["less", str(path)]
    with DistantTerminal(command, line=line) if line else Terminal(command) as terminal:
        terminal.rest(0.5, since=0)
        yield terminal

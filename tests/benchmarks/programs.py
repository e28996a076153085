"""The programs to measure, each in its own terminal, and the server that they read from."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.request import Request, urlopen

from chatkit_tui.emulator import DEMO_KEY, Emulator
from chatkit_tui.emulator.self_hosted import PATH, SelfHostedEmulator
from chatkit_tui.emulator.server import EmulatorServer
from tests import loopback
from tests.distant_terminal import DistantTerminal, Line
from tests.pty_terminal import Terminal

FIRST_THREAD: Final = "Flight TP 576"
"""The title of the newest thread."""
LOADED, UNTITLED = " 60 loaded", "(untitled)"
"""What the status line says of the whole list, and a thread whose first words are not known."""
READING: Final = " Esc back"
"""How the footer begins while a transcript has the keys."""
NARROW, WIDE = (80, 24), (160, 50)
"""Columns and rows of a terminal with one pane, and of one with two."""
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
    with loopback.serving(emulator) as address:
        yield Api(emulator, address)


@contextmanager
def serving_self_hosted() -> Iterator[str]:
    """Serve the emulator of a self-hosted server from a thread; yield its address."""
    with loopback.running(EmulatorServer(SelfHostedEmulator())) as origin:
        yield origin + PATH


def minimal() -> Terminal:
    """Start the baseline: a line of text that a key changes."""
    return Terminal([sys.executable, "-m", "tests.benchmarks.minimal"], environment=_NO_ANIMATIONS)


def screen(
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    line: Line | None = None,
    size: tuple[int, int] = NARROW,
) -> Terminal:
    """Start `chatkit-tui` with these arguments, over a slow connection if there is one."""
    command = [sys.executable, "-m", "chatkit_tui", *arguments]
    variables = {**_NO_ANIMATIONS, **(environment or {})}
    if line is None:
        return Terminal(command, columns=size[0], rows=size[1], environment=variables)
    columns, rows = size
    return DistantTerminal(command, columns=columns, rows=rows, environment=variables, line=line)


def loaded(base_url: str, items: int, report: Path) -> Terminal:
    """Start the screen with so many items loaded; see `tests.benchmarks.loaded`."""
    return Terminal(
        [sys.executable, "-m", "tests.benchmarks.loaded", base_url, str(items), str(report)],
        environment=_NO_ANIMATIONS,
    )


def wait_for_list(terminal: Terminal) -> None:
    """Wait until the first screen is complete, with the first words of untitled threads."""
    terminal.wait_until(
        lambda lines: (
            any(LOADED in line for line in lines) and not any(UNTITLED in line for line in lines)
        )
    )
    terminal.rest(0.5)


@contextmanager
def opened(
    api: Api,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    line: Line | None = None,
    size: tuple[int, int] = NARROW,
) -> Iterator[Terminal]:
    """Start the program, and open the newest thread."""
    variables = {**api.environment, **(environment or {})}
    words = api.first_words()
    with screen(*arguments, environment=variables, line=line, size=size) as terminal:
        wait_for_list(terminal)
        terminal.send("\r")
        terminal.wait_until(lambda lines: _is_open(lines, words))
        terminal.rest(0.8)
        yield terminal


def _is_open(lines: Sequence[str], words: str) -> bool:
    """Return whether a transcript has the keys; its preview shows the same words without them."""
    return lines[-1].startswith(READING) and any(words in line for line in lines)


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

"""Bytes on the line: what each key costs over a slow connection, beside `less`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from chatkit_tui.emulator import Emulator
from tests.benchmarks.opening import first_words
from tests.benchmarks.programs import screen
from tests.benchmarks.report import Figure
from tests.benchmarks.server import serving
from tests.benchmarks.starting import FIRST_THREAD
from tests.terminal import Terminal

TIMES = 15
IDLE = 5.0
"""Seconds."""

DOWN, PAGE_DOWN = "\x1b[B", "\x1b[6~"


def line() -> list[Figure]:
    """The screen at 80×24, in a thread of 2,000 items."""
    with serving(Emulator(items=2_000)) as api, screen(environment=api.environment) as terminal:
        terminal.wait_for(FIRST_THREAD)
        terminal.rest(0.3)
        before = len(terminal.written)
        terminal.send("\r")
        terminal.wait_for(first_words(api), since=before)
        terminal.rest(0.5)
        ours = {name: _bytes(terminal, key) for name, key in _KEYS.items()}
        terminal.rest(0.5)
        quiet = len(terminal.written)
        terminal.rest(IDLE, seconds=IDLE)
        idle = terminal.bytes_since(quiet)
    theirs = _less()
    figures = [Figure("bytes of j", ours["j"], "bytes", 700)]
    for name, bar in (("line", 3), ("page", 2)):
        if theirs:
            beside = f"{ours[name]:.0f} bytes; less {theirs[name]:.0f}"
            figures.append(
                Figure(f"bytes of a {name}", ours[name] / theirs[name], "×", bar, beside=beside)
            )
        else:
            figures.append(Figure(f"bytes of a {name}", ours[name], "bytes", beside="no less here"))
    return [*figures, Figure(f"bytes of {IDLE:.0f} idle seconds", idle, "bytes", 0)]


_KEYS = {"j": "j", "line": DOWN, "page": PAGE_DOWN}


def _bytes(terminal: Terminal, key: str) -> float:
    """Bytes for one press, in the mean of several."""
    before = len(terminal.written)
    for _ in range(TIMES):
        since = len(terminal.written)
        terminal.send(key)
        terminal.rest(0.08, since=since)
    return terminal.bytes_since(before) / TIMES


def _less() -> dict[str, float]:
    """The same text in `less`; empty when there is none."""
    if shutil.which("less") is None:
        return {}
    listed = [sys.executable, "-m", "chatkit_tui", "--demo", "threads"]
    ids = subprocess.run(  # noqa: S603 # ours
        [*listed, "list", "--limit", "40"], capture_output=True, check=True, text=True
    ).stdout
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "transcript.txt"
        with path.open("w") as text:
            for row in ids.splitlines():
                shown = [*listed, "show", row.split("\t")[0], "--width", "80"]
                subprocess.run(shown, stdout=text, check=True)  # noqa: S603
        with Terminal(["less", str(path)]) as terminal:
            terminal.rest(0.3)
            return {"line": _bytes(terminal, "j"), "page": _bytes(terminal, " ")}

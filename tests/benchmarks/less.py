"""`less`, the measure of quickness over a slow line: the same text, at the same size."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.benchmarks.opening import first_thread
from tests.benchmarks.server import Api
from tests.distant_terminal import DistantTerminal, Line
from tests.pty_terminal import Terminal

DOWN: Final = "j"
PAGE_DOWN: Final = " "


def has_less() -> bool:
    """Whether there is one on this machine."""
    return shutil.which("less") is not None


@contextmanager
def transcript(api: Api) -> Iterator[Path]:
    """A file with the newest thread as text, in lines as on the screen."""
    show = [sys.executable, "-m", "chatkit_tui", "threads", "show", first_thread(api)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "transcript.txt"
        with path.open("w") as text:
            subprocess.run(  # noqa: S603 # ours
                [*show, "--width", "80"], stdout=text, check=True, env=api.environment
            )
        yield path


@contextmanager
def less(path: Path, line: Line | None = None) -> Iterator[Terminal]:
    """`less` on its first page, at the end of a line if there is one."""
    command = ["less", str(path)]
    with DistantTerminal(command, line=line) if line else Terminal(command) as terminal:
        terminal.rest(0.5, since=0)
        yield terminal

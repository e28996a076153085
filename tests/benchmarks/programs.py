"""The programs that are measured, each in a terminal of its own."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from tests.distant_terminal import DistantTerminal, Line
from tests.pty_terminal import Terminal

_CALM = {"TEXTUAL_ANIMATIONS": "none"}


def minimal() -> Terminal:
    """The baseline: a line of text that a key changes."""
    return Terminal([sys.executable, "-m", "tests.benchmarks.minimal"], environment=_CALM)


def screen(
    *arguments: str, environment: Mapping[str, str] | None = None, line: Line | None = None
) -> Terminal:
    """`chatkit-tui` with these arguments, at the end of a line if there is one."""
    command = [sys.executable, "-m", "chatkit_tui", *arguments]
    variables = {**_CALM, **(environment or {})}
    if line is None:
        return Terminal(command, environment=variables)
    return DistantTerminal(command, environment=variables, line=line)


def loaded(base_url: str, items: int, report: Path) -> Terminal:
    """The screen in a thread of which it loads `items` at once; see `tests.benchmarks.loaded`."""
    return Terminal(
        [sys.executable, "-m", "tests.benchmarks.loaded", base_url, str(items), str(report)],
        environment=_CALM,
    )

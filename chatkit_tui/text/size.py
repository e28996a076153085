"""Sizes of a terminal, kept within what can be drawn, whatever reports them.

A terminal, or COLUMNS and LINES of the environment, can claim any number; a screen of that many
cells would take all memory.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import Final

MOST_COLUMNS: Final = 1_000
MOST_LINES: Final = 500

_VARIABLES: Final = {"COLUMNS": MOST_COLUMNS, "LINES": MOST_LINES}


def bounded(columns: int, lines: int) -> tuple[int, int]:
    """Return a size with what is too large cut down."""
    return min(columns, MOST_COLUMNS), min(lines, MOST_LINES)


def bound_environment(environ: MutableMapping[str, str]) -> None:
    """Cut COLUMNS and LINES down, for whatever reads them; take away what is no positive number."""
    for name, most in _VARIABLES.items():
        text = environ.get(name)
        if text is None:
            continue
        if not (text.isascii() and text.isdecimal()) or not (digits := text.lstrip("0")):
            del environ[name]
        elif len(digits) > len(str(most)) or int(digits) > most:
            environ[name] = str(most)


def terminal_size() -> tuple[int, int]:
    """Return columns and lines of the terminal, 80 and 24 where there is none."""
    from shutil import get_terminal_size  # costs the start some milliseconds

    return bounded(*get_terminal_size((80, 24)))


def size_of(descriptor: int) -> tuple[int, int]:
    """Return columns and lines of a terminal by its descriptor. Raises `OSError`."""
    return bounded(*os.get_terminal_size(descriptor))

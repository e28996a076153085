"""Keeping the interpreter's own pauses, its searches for garbage, below what a key would feel."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

_spared: Final[set[str]] = set()
_lock: Final = Lock()
_working = 0


def spare_lasting(occasion: str) -> None:
    """Leave what is in memory now out of every later search for garbage.

    What was imported and built stays for good, and looking it over takes 50 to 150 ms each time.
    `occasion` names what was just imported; only the first call for each does anything, so that
    what is garbage by now is not kept again and again.
    """
    if occasion not in _spared:
        _spared.add(occasion)
        gc.freeze()


@contextmanager
def collecting_later() -> Iterator[None]:
    """Work in a thread that makes very many objects: they are looked over when it is done, and
    most are gone by then. Any number of threads may be in here at once."""
    global _working
    with _lock:
        _working += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _working -= 1
            if not _working:
                gc.enable()

"""Keys pressed before Textual runs: those that move the cursor of the list are answered at once.

The answer is a prediction. The screen processes every byte again, as if it had been the first to
read it, so a wrong prediction lasts no longer than until its first frame.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from chatkit_tui.commands.command_context import Pane
from chatkit_tui.commands.commands import BY_ID
from chatkit_tui.commands.keymap import read_keys

MAX_MOVES: Final = 8
"""Movements that are answered at most: each answer takes up to 200 bytes, also on a slow
connection, where the screen leaves out frames."""
_READ_SIZE: Final = 256
_COMMANDS: Final = {"cursor_down": 1, "line_down": 1, "cursor_up": -1, "line_up": -1}
"""The commands that move the cursor by a row, and the way."""
_ARROWS: Final = {"down": (b"\x1b[B", b"\x1bOB"), "up": (b"\x1b[A", b"\x1bOA")}


def read_moves(keys: Mapping[str, str]) -> dict[bytes, int]:
    """Return the bytes of letters, digits and arrows that move the cursor, by 1 or -1.

    `keys` are the user's keys by command id.
    """
    keymap, _ = read_keys(keys)
    return {
        data: by
        for command_id, by in _COMMANDS.items()
        for key in keymap.of(BY_ID[command_id], Pane.THREADS)
        for data in _bytes_of(key)
    }


def _bytes_of(key: str) -> tuple[bytes, ...]:
    """Return what a terminal sends for a key; nothing for most keys."""
    is_letter = len(key) == 1 and key.isascii() and key.isalnum()
    return (key.encode(),) if is_letter else _ARROWS.get(key, ())


class EarlyKeys:
    """The input before the screen, and the movements that it begins with.

    Reading ends at the first byte that belongs to no movement; what follows is left to the screen.
    """

    def __init__(self, moves: Mapping[bytes, int], on_read: Callable[[], None]) -> None:
        """`on_read` is called after each read."""
        self._moves = moves
        self._on_read = on_read
        self._move = re.compile(b"|".join(map(re.escape, moves)) or b"(?!)")
        self._beginning = re.compile(b"(?:%s){0,%d}" % (self._move.pattern, MAX_MOVES))
        self._typed = b""
        self._stop: Callable[[], object] = lambda: None

    def listen(self, keyboard: int) -> None:
        """Read from a terminal on the running loop. A read must not wait for bytes."""
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError, OSError):  # the system cannot: the screen reads
            loop.add_reader(keyboard, self._read, keyboard)
            self._stop = lambda: loop.remove_reader(keyboard)

    def take(self) -> bytes:
        """Stop reading, and return all that was read."""
        self._stop()
        return self._typed

    def feed(self, data: bytes) -> bool:
        """Take bytes that were read; return whether all so far are movements."""
        self._typed += data
        return self._beginning.fullmatch(self._typed) is not None

    def cursor(self, rows: int) -> int:
        """Return the row that the movements lead to, from the first of `rows` rows.

        A movement beyond the last row, which scrolls the list, ends them.
        """
        cursor = 0
        beginning = self._beginning.match(self._typed)
        for move in self._move.findall(beginning[0] if beginning else b""):
            if cursor + self._moves[move] >= rows:
                break
            cursor = max(0, cursor + self._moves[move])
        return cursor

    def _read(self, keyboard: int) -> None:
        data = b""
        with suppress(OSError):  # the terminal is lost: the screen reports it
            data = os.read(keyboard, _READ_SIZE)
        if not (self.feed(data) and data):
            self._stop()
        self._on_read()

"""Write to the terminal: at once if it does not block, else in a thread."""

from __future__ import annotations

import codecs
import fcntl
import os
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, TextIO

_MOST_AT_ONCE: Final = 4096
"""Characters of the longest text to write at once; more is left to the thread."""
NOTHING: Final = "\x1b(B"
"""A sequence without effect: it selects the character set that is selected."""


class TerminalWriter:
    """The file of a terminal. Output to a lost terminal is dropped.

    Textual passes every frame to a thread, so that a blocked terminal does not block the app. On a
    busy machine the thread takes some milliseconds to wake, while a key waits. So the event loop
    itself writes what the terminal takes without blocking.

    The thread calls `write` and `flush`; the event loop calls `write_at_once`.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._given = 0
        """The number of texts left to the thread."""
        self._written = self._flushed = 0
        self._terminal = -1
        """The terminal, opened again with O_NONBLOCK, which on the file itself would be shared with
        the shell."""
        self._cut = b""
        """The rest of a character that the terminal took only the beginning of."""
        if codecs.lookup(file.encoding).name == "utf-8":
            with suppress(OSError, ValueError):
                flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK
                self._terminal = os.open(os.ttyname(file.fileno()), flags)

    def write_at_once(self, text: str) -> str:
        """Write without blocking; return the rest, which is for the thread."""
        rest = text
        if self._terminal >= 0 and self._flushed == self._given and len(text) <= _MOST_AT_ONCE:
            rest = self._try(text)
        self._given += bool(rest)
        return rest

    def _try(self, text: str) -> str:
        data = text.encode("utf-8", self._file.errors or "strict")
        try:
            taken = os.write(self._terminal, data)
        except OSError:  # the terminal is blocked or lost, which the thread finds out
            return text
        whole = taken
        while whole < len(data) and data[whole] & 0xC0 == 0x80:
            whole += 1
        self._cut = data[taken:whole]
        return data[whole:].decode() or (NOTHING if self._cut else "")

    @property
    def is_drained(self) -> bool:
        """Return whether the terminal has taken everything."""
        if self._flushed != self._given:
            return False
        with suppress(OSError, ValueError):
            waiting = fcntl.ioctl(self._file.fileno(), termios.TIOCOUTQ, bytes(4))
            return not int.from_bytes(waiting, sys.byteorder)
        return True  # unknown

    def close(self) -> None:
        """Leave everything to the thread from now on."""
        if self._terminal >= 0:
            os.close(self._terminal)
            self._terminal = -1

    # -- called by the thread ----------------------------------------------------------------------

    def write(self, text: str) -> int:
        """Write a text, even if that blocks."""
        with self._ignoring_loss():
            if self._cut:
                cut, self._cut = self._cut, b""
                self._file.buffer.write(cut)
            self._file.write(text)
        self._written += 1
        return len(text)

    def flush(self) -> None:
        """Wait until the terminal has taken everything."""
        written = self._written
        with self._ignoring_loss():
            self._file.flush()
        self._flushed = written

    def fileno(self) -> int:
        """Return the descriptor of the file."""
        return self._file.fileno()

    @contextmanager
    def _ignoring_loss(self) -> Iterator[None]:
        try:
            yield
        except BlockingIOError:
            return  # another process set O_NONBLOCK: the text is lost, the terminal is not
        except OSError:
            # Otherwise Python writes again at exit, fails, and changes the exit code.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._file.fileno())
            os.close(nowhere)

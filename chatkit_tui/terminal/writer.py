"""Where the screen is written to: at once if the terminal takes it, else by a thread."""

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
"""Characters up to which a frame is worth the try; more is left to the thread."""
NOTHING: Final = "\x1b[m"
"""What changes nothing at the end of a frame."""


class TerminalWriter:
    """A terminal's file. What a broken line does not take is lost in silence.

    The toolkit hands every frame to a thread, so that a terminal that takes nothing holds up
    nobody. To wake it costs some milliseconds when the machine is busy, while a key waits; so
    what the terminal takes without waiting is written from where it was made.

    `write` and `flush` are the thread's, and `write_at_once` is the event loop's.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._given = 0
        """How many texts were left to the thread, and how many of them it has written."""
        self._written = self._flushed = 0
        self._line = -1
        """The terminal opened once more, as one that does not wait. The file itself cannot be
        made so: that would be a property shared with the shell."""
        self._cut = b""
        """The rest of a character of which the terminal took the beginning only."""
        if codecs.lookup(file.encoding).name == "utf-8":
            with suppress(OSError, ValueError):
                flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK
                self._line = os.open(os.ttyname(file.fileno()), flags)

    def write_at_once(self, text: str) -> str:
        """Write what can be written without waiting; gives the rest, which goes to the thread."""
        rest = text
        if self._line >= 0 and self._flushed == self._given and len(text) <= _MOST_AT_ONCE:
            rest = self._try(text)
        self._given += bool(rest)
        return rest

    def _try(self, text: str) -> str:
        data = text.encode("utf-8", self._file.errors or "strict")
        try:
            taken = os.write(self._line, data)
        except OSError:  # the terminal takes nothing now, or is gone: the thread finds out
            return text
        whole = taken
        while whole < len(data) and data[whole] & 0xC0 == 0x80:
            whole += 1
        self._cut = data[taken:whole]
        return data[whole:].decode() or (NOTHING if self._cut else "")

    @property
    def is_drained(self) -> bool:
        """Whether the terminal has taken all that was written."""
        if self._flushed != self._given:
            return False
        with suppress(OSError, ValueError):
            waiting = fcntl.ioctl(self._file.fileno(), termios.TIOCOUTQ, bytes(4))
            return not int.from_bytes(waiting, sys.byteorder)
        return True  # it cannot say

    def close(self) -> None:
        """Write nothing at once any more."""
        if self._line >= 0:
            os.close(self._line)
            self._line = -1

    # -- the thread's ------------------------------------------------------------------------------

    def write(self, text: str) -> int:
        """Write it, however long that takes."""
        with self._nobody_left():
            if self._cut:
                cut, self._cut = self._cut, b""
                self._file.buffer.write(cut)
            self._file.write(text)
        self._written += 1
        return len(text)

    def flush(self) -> None:
        """All that was written is the terminal's."""
        written = self._written
        with self._nobody_left():
            self._file.flush()
        self._flushed = written

    def fileno(self) -> int:
        """The number of the file itself."""
        return self._file.fileno()

    @contextmanager
    def _nobody_left(self) -> Iterator[None]:
        try:
            yield
        except BlockingIOError:
            return  # somebody made the line one that does not wait: a piece is lost, it is there
        except OSError:
            # Python would try again at exit, fail, and spoil the exit code.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._file.fileno())
            os.close(nowhere)

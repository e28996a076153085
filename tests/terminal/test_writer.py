"""Write to a terminal that takes everything, a part, or nothing for a while."""

from __future__ import annotations

import os
import pty
import select
import tty
from collections.abc import Iterator

import pytest

from chatkit_tui.terminal.writer import TerminalWriter

WIDE = "日本語" * 1_000
"""3,000 characters of three bytes each."""


class Line:
    """A terminal: the file that a program writes to, and what the terminal receives."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self._far, near = pty.openpty()
        tty.setraw(near)
        os.set_blocking(self._far, False)
        self._file = os.fdopen(near, "w", encoding=encoding)
        self._seen = b""
        self.writer = TerminalWriter(self._file)

    def close(self) -> None:
        self.writer.close()
        self._file.close()
        os.close(self._far)

    def seen(self) -> str:
        """All that came out so far."""
        while select.select([self._far], [], [], 0)[0]:
            self._seen += os.read(self._far, 65_536)
        return self._seen.decode("utf-8", "ignore")  # a character may have come in half


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.close()


def test_what_the_terminal_takes_is_written_at_once(line: Line) -> None:
    assert line.writer.write_at_once("äh") == ""
    assert line.seen() == "äh"


def test_output_that_a_full_terminal_does_not_take_follows_in_order(line: Line) -> None:
    written = [WIDE]
    while not (rest := line.writer.write_at_once(WIDE)):
        written.append(WIDE)
    assert line.seen() != "".join(written)
    assert line.writer.write_at_once("later") == "later"
    for text in (rest, "later"):
        line.writer.write(text)
    line.writer.flush()
    assert line.writer.write_at_once(", at once") == ""
    assert line.seen() == "".join([*written, "later, at once"])


def test_another_encoding_is_left_to_the_thread() -> None:
    line = Line("latin-1")
    assert line.writer.write_at_once("ä") == "ä"
    line.close()

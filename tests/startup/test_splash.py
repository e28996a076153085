"""The splash screen answers keys, and leaves a keyboard to the program in which none is lost."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import select
import struct
import sys
import termios
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from chatkit_tui.startup.first_frame import FirstFrame, Size, draw_first_frame
from chatkit_tui.startup.splash import Splash
from chatkit_tui.ui.options import Options
from chatkit_tui.ui.threads.rows import Row
from tests.terminal.two_screens import Terminal

SIZE = Size(80, 12)
END = b"<end>"
"""What is written last, since a pseudo-terminal passes on the rest in pieces."""


class Line(NamedTuple):
    """The two ends of a pseudo-terminal."""

    terminal: int
    keyboard: int

    def resize(self, size: Size) -> None:
        winsize = struct.pack("HHHH", size.lines, size.columns, 0, 0)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, winsize)

    def type(self, data: bytes) -> None:
        os.write(self.terminal, data)

    def left(self) -> bytes:
        """What was typed and is not read yet; it takes a moment to arrive."""
        select.select([self.keyboard], [], [], 60)
        return os.read(self.keyboard, 1000)

    def shown(self) -> list[str]:
        """The lines that a terminal shows after all that was written."""
        os.write(self.keyboard, END)
        written = b""
        while not written.endswith(END):
            written += os.read(self.terminal, 65_536)
        terminal = Terminal(*SIZE)
        terminal.write(written.removesuffix(END).decode())
        return [terminal.line(number) for number in range(SIZE.lines)]

    def control(self, number: int) -> int:
        """A control character of the keyboard."""
        found = termios.tcgetattr(self.keyboard)[6][number]
        return found if isinstance(found, int) else ord(found)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    line = Line(*pty.openpty())
    line.resize(SIZE)
    stream = os.fdopen(line.keyboard, "r+b", buffering=0)
    monkeypatch.setattr(sys, "__stdin__", stream)
    monkeypatch.setattr(sys, "__stdout__", stream)
    monkeypatch.setattr(sys, "__stderr__", stream)
    yield line
    stream.close()
    os.close(line.terminal)


def row(number: int) -> Row:
    return Row(
        *(f"cthr_{number}", f"cthr_{number}", f"thread {number}", None, "active", None),
        seconds=1_762_000_000,
        approximate=False,
        filter_text="",
        folded="",
    )


def frame() -> FirstFrame:
    return draw_first_frame(Options(clock=lambda: 1_762_000_000.0), [row(1), row(2), row(3)], SIZE)


def listening() -> Splash:
    """A splash screen that answers keys."""
    splash = Splash()
    splash.show(["a host"])
    splash.listen({})
    return splash


async def read(splash: Splash, data: bytes) -> None:
    """Wait until the splash screen has read all of this."""
    async with asyncio.timeout(60):
        while splash._keys is None or splash._keys._typed != data:  # noqa: ASYNC110 # no event
            await asyncio.sleep(0)


def lines_of(frame: FirstFrame) -> list[str]:
    return ["".join(row.texts).rstrip() for row in frame.screen.rows]


def test_enter_stays_enter_until_the_program_has_the_keyboard(line: Line) -> None:
    before = termios.tcgetattr(line.keyboard)
    controls = [line.control(number) for number in (termios.VSUSP, termios.VMIN, termios.VTIME)]
    splash = Splash()
    splash.show(["a host"])
    taken = splash.hand_over()
    assert not termios.tcgetattr(line.keyboard)[0] & termios.ICRNL  # else Enter becomes Ctrl+J
    assert not termios.tcgetattr(line.keyboard)[3] & (termios.ECHO | termios.ICANON)
    assert taken.modes == before
    assert controls == [
        line.control(number) for number in (termios.VSUSP, termios.VMIN, termios.VTIME)
    ]
    splash.end(give_back=True)


@pytest.mark.parametrize("handed_over", [False, True])
def test_a_program_that_never_showed_leaves_the_keyboard_as_it_was(
    line: Line, *, handed_over: bool
) -> None:
    before = termios.tcgetattr(line.keyboard)
    splash = Splash()
    splash.show(["a host"])
    if handed_over:
        splash.hand_over()
    splash.end(give_back=True)
    assert termios.tcgetattr(line.keyboard) == before


async def test_a_movement_is_drawn_and_handed_on(line: Line) -> None:
    splash = listening()
    splash.draw(frame())
    line.type(b"jD")
    await read(splash, b"jD")
    line.type(b"k")  # left to the screen
    await asyncio.sleep(0)
    moved = frame().with_cursor(1)
    assert line.shown() == lines_of(moved)
    taken = splash.hand_over()
    assert taken.shown is not None
    assert taken.shown[0].rows == moved.screen.rows
    assert (taken.typed, taken.is_ahead) == (b"jD", True)
    assert line.left() == b"k"
    splash.end(give_back=True)


async def test_movements_before_the_list_are_drawn_with_it(line: Line) -> None:
    splash = listening()
    line.type(b"jj")
    await read(splash, b"jj")
    splash.draw(frame())
    assert line.shown() == lines_of(frame().with_cursor(2))
    assert splash.hand_over().is_ahead
    splash.end(give_back=True)


async def test_without_a_list_or_a_movement_nothing_is_ahead_of_the_screen(line: Line) -> None:
    for typed, has_list in ((b"j", False), (b"kD", True), (b"", True)):
        splash = listening()
        if has_list:
            splash.draw(frame())
        line.type(typed)
        await read(splash, typed)
        taken = splash.hand_over()
        assert (taken.typed, taken.is_ahead) == (typed, False)
        splash.end(give_back=True)


async def test_after_a_resize_nothing_is_drawn_over_what_the_terminal_made_of_it(
    line: Line,
) -> None:
    splash = listening()
    splash.draw(frame())
    line.resize(Size(60, 12))
    before = line.shown()
    line.type(b"j")
    await read(splash, b"j")
    splash._write("x")
    assert os.read(line.terminal, 1000) == b"x"
    assert before == lines_of(frame())
    taken = splash.hand_over()
    assert (taken.typed, taken.is_ahead) == (b"j", False)
    splash.end(give_back=True)


@pytest.mark.skipif(sys.platform != "linux", reason="made for Linux terminals")
async def test_a_terminal_that_takes_no_answer_shows_something_uncertain(line: Line) -> None:
    splash = listening()
    splash.draw(frame())
    termios.tcflow(line.keyboard, termios.TCOOFF)
    line.type(b"j")
    await read(splash, b"j")
    termios.tcflow(line.keyboard, termios.TCOON)
    taken = splash.hand_over()
    assert (taken.shown, taken.typed, taken.is_ahead) == (None, b"j", False)
    splash.end(give_back=True)

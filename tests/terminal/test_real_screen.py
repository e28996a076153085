"""The same keys give the same screens with the renderer and without it."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from time import perf_counter

from chatkit_tui.terminal.flow_control import INITIAL_BUDGET
from chatkit_tui.terminal.renderer import SWITCH
from tests.fork_server import Program
from tests.pty_terminal import Terminal
from tests.terminal.two_screens import Cell
from tests.terminal.two_screens import Terminal as Shown

Step = str | tuple[int, int]
"""A key, or the columns and rows of a resize."""
WALK: Sequence[Step] = (
    *("j", "j", "k", "G", "g", " "),
    *("\r", "j", "j", "\x1b[6~", "\x1b[6~", "\x1b[5~", "\x1b[B", "\x1b[B", "\x1b[A"),
    *("z", "i", "/", "t", "h", "\r", "n", "\x1b"),
    (160, 50),
    *("G", "\x1b[5~", "?", "\x1b", "w", "o", "s", "\x1b", "y", "\x1b"),
)
"""Keys through the list, marks, a conversation, folds, find, help and dialogs."""
MAX_WAIT = 60
"""Seconds until a screen is complete on a busy machine."""
MAX_START, MAX_MOVE, MOVES = 3_200, 280, 6
"""The most bytes of the start, and of a move in the list in the mean of `MOVES`."""
PROGRAM = Program(["--demo", "--no-slow"])  # a busy machine replies as late as a slow connection


_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]*\x1b?)?$")
"""A sequence of which the end has not come."""


class Walked:
    """The program on a terminal, and what the terminal shows."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self._shown = Shown(*terminal.size)
        self._done = 0
        self._decoder = getincrementaldecoder("utf-8")()
        self._unfinished = ""

    def take(self, step: Step) -> None:
        """Press the key, or pull at the window."""
        if isinstance(step, str):
            before = len(self.terminal.written)
            self.terminal.send(step)
            if step == "\x1b":  # alone: with the next key at once it would be Alt
                self.terminal.rest(0.03, since=before)
        else:
            self.screen()
            self.terminal.resize(*step)
            self._shown.resize(*step)

    def screen(self) -> list[list[Cell]]:
        """What is shown as soon as nothing more comes."""
        self.terminal.rest(0.03)
        new = self.terminal.written[self._done :]
        self._done += len(new)
        text = self._unfinished + self._decoder.decode(b"".join(data for _, data in new))
        unfinished = _UNFINISHED.search(text)
        end = unfinished.start() if unfinished else len(text)
        self._unfinished = text[end:]
        # Terminals draw this one as wide as Textual counts it; the test's terminal does not.
        self._shown.write(text[:end].replace("\ufe0f", " "))
        return self._shown.seen()


def test_every_key_gives_the_same_screen_as_textual_alone() -> None:
    environments: Sequence[Mapping[str, str]] = ({}, {SWITCH: "off"})
    with ExitStack() as stack:
        walked = [
            Walked(stack.enter_context(Terminal(PROGRAM, environment=environment)))
            for environment in environments
        ]
        for each in walked:
            each.terminal.wait_until(lambda lines: any("60 loaded" in line for line in lines))
        for step in WALK:
            for each in walked:
                each.take(step)
            ours, theirs = (each.screen() for each in walked)
            end = perf_counter() + MAX_WAIT
            while ours != theirs and perf_counter() < end:
                ours, theirs = (each.screen() for each in walked)
            different = [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
            texts = [["".join(cell.text for cell in row) for row in pair] for pair in different]
            assert not different, f"after {step!r}: {texts}"
        sent, direct = (each.terminal.bytes_since(0) for each in walked)
    assert sent < direct / 4


def test_a_large_mute_terminal_gets_its_first_screens_at_once() -> None:
    with Terminal(Program(["--demo"]), columns=160, rows=50) as terminal:
        terminal.wait_until(lambda lines: any("60 loaded" in line for line in lines))
        terminal.send("\r")
        terminal.wait_until(lambda lines: any(" items" in line for line in lines))
        terminal.send("\x1b[6~")
        terminal.rest(0.3)
        assert 0 < terminal.bytes_since(0) < INITIAL_BUDGET


def test_start_and_moves_in_the_list_take_few_bytes() -> None:
    with Terminal(PROGRAM) as terminal:
        terminal.wait_until(lambda lines: any("60 loaded" in line for line in lines))
        terminal.wait_until(lambda lines: not any("(untitled)" in line for line in lines))
        terminal.rest(0.3)
        assert terminal.bytes_since(0) <= MAX_START
        before = len(terminal.written)
        for number in range(2, 2 + MOVES):
            terminal.send("j")
            terminal.wait_until(partial(_is_at, number))
        assert terminal.bytes_since(before) / MOVES <= MAX_MOVE


def _is_at(number: int, lines: Sequence[str]) -> bool:
    return lines[-2].rstrip().endswith(f" {number}/60")


def test_the_screen_does_not_depend_on_how_the_output_was_cut() -> None:
    text = "टिकट नहीं आया"
    whole = Shown(20, 1)
    whole.write(text)
    assert whole.line(0) == text
    for cut in range(1, len(text)):
        pieces = Shown(20, 1)
        pieces.write(text[:cut])
        pieces.write(text[cut:])
        assert pieces.seen() == whole.seen()

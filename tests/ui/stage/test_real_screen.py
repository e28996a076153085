"""The program on a terminal, with the stage and without: the same keys, the same screens."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from time import perf_counter

import pytest

from chatkit_tui.ui.stage.live import SWITCH
from tests.terminal import Terminal
from tests.ui.stage.two_screens import Cell
from tests.ui.stage.two_screens import Terminal as Shown

KEYS: Sequence[str] = (
    *("j", "j", "k", "G", "g", " ", "j", " "),
    *("\r", "j", "j", "\x1b[6~", "\x1b[6~", "\x1b[5~", "\x1b[B", "\x1b[B", "\x1b[B", "\x1b[A"),
    *("G", "g", "z", "i", "i", "?", "\x1b[6~", "\x1b", "/", "t", "h", "\r", "n", "N", "\x1b"),
    *("w", "o", "o", "s", "\x1b", "y", "\x1b", "\x1b", "/", "z", "z", "\x1b"),
)
"""A walk over the screens: the list, marks, a conversation, folds, help, find, dialogs."""
PATIENCE = 10
"""Seconds for a screen to come to rest on a busy machine."""


class Walked:
    """The program on a terminal, and what the terminal shows."""

    def __init__(self, terminal: Terminal, size: tuple[int, int]) -> None:
        self.terminal = terminal
        self._shown = Shown(*size)
        self._done = 0

    def screen(self) -> list[list[Cell]]:
        """What is shown as soon as nothing more comes."""
        self.terminal.rest(0.04)
        new = self.terminal.written[self._done :]
        self._done += len(new)
        # Terminals draw this one as wide as the toolkit counts it; the test's terminal does not.
        text = b"".join(data for _, data in new).decode().replace("\ufe0f", " ")
        self._shown.write(text)
        return self._shown.seen()


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
def test_every_key_leaves_the_screen_that_the_toolkit_alone_leaves(size: tuple[int, int]) -> None:
    command = [sys.executable, "-m", "chatkit_tui", "--demo"]
    environments: Sequence[Mapping[str, str]] = ({}, {SWITCH: "off"})
    with ExitStack() as stack:
        walked = []
        for environment in environments:
            columns, rows = size
            terminal = stack.enter_context(
                Terminal(command, columns=columns, rows=rows, environment=environment)
            )
            walked.append(Walked(terminal, size))
        for each in walked:
            each.terminal.wait_for("60 loaded")
        for key in KEYS:
            for each in walked:
                each.terminal.send(key)
            ours, theirs = (each.screen() for each in walked)
            end = perf_counter() + PATIENCE
            while ours != theirs and perf_counter() < end:
                ours, theirs = (each.screen() for each in walked)
            assert ours == theirs, f"after {key!r}"
    assert sum(len(data) for _, data in walked[0].terminal.written) < (
        sum(len(data) for _, data in walked[1].terminal.written) / 4
    )

"""The splash screen leaves a keyboard to the program in which no key is lost."""

from __future__ import annotations

import os
import pty
import sys
import termios
from collections.abc import Iterator

import pytest

from chatkit_tui.startup.splash import Splash


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    ours, theirs = pty.openpty()
    stream = os.fdopen(theirs, "r+b", buffering=0)
    monkeypatch.setattr(sys, "__stdin__", stream)
    monkeypatch.setattr(sys, "__stdout__", stream)
    monkeypatch.setattr(sys, "__stderr__", stream)
    yield theirs
    stream.close()
    os.close(ours)


def test_enter_stays_enter_until_the_program_has_the_keyboard(keyboard: int) -> None:
    before = termios.tcgetattr(keyboard)
    splash = Splash()
    splash.show(["a host"])
    _, modes = splash.hand_over()
    assert not termios.tcgetattr(keyboard)[0] & termios.ICRNL  # else Enter becomes Ctrl+J
    assert not termios.tcgetattr(keyboard)[3] & (termios.ECHO | termios.ICANON)
    assert termios.tcgetattr(keyboard)[6][termios.VSUSP] == before[6][termios.VSUSP]
    assert modes == before
    splash.end(give_back=True)


@pytest.mark.parametrize("handed_over", [False, True])
def test_a_program_that_never_showed_leaves_the_keyboard_as_it_was(
    keyboard: int, *, handed_over: bool
) -> None:
    before = termios.tcgetattr(keyboard)
    splash = Splash()
    splash.show(["a host"])
    if handed_over:
        splash.hand_over()
    splash.end(give_back=True)
    assert termios.tcgetattr(keyboard) == before

"""A question on the terminal, and its answer, whatever standard input and output are."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import BinaryIO, TextIO

import click

from chatkit_tui.cli.output import is_terminal

_TERMINAL = "/dev/tty"
_TRIES = 5
"""Invalid answers after which the answer is no."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal to ask questions on."""

    answers: BinaryIO
    questions: TextIO

    def write(self, line: str) -> None:
        print(line, file=self.questions, flush=True)

    def confirm(self, question: str) -> bool:
        """Ask, and return whether the answer is yes.

        Lines that were typed before the question was shown are dropped. Raise `click.Abort` if the
        terminal is closed or the user interrupts.
        """
        print(question, end="", file=self.questions, flush=True)
        self._drop_typed()
        for _ in range(_TRIES):
            print(" [y/N]: ", end="", file=self.questions, flush=True)
            answer = self.answers.readline()
            if not answer:
                raise click.Abort
            word = answer.strip().lower()
            if word in (b"y", b"yes"):
                return True
            if word in (b"", b"n", b"no"):
                return False
            print("Answer y or n.", end="", file=self.questions)
        return False

    def _drop_typed(self) -> None:
        """Drop the input before the question was written to the terminal."""
        if sys.platform == "win32":
            import msvcrt

            while msvcrt.kbhit():
                msvcrt.getwch()
            return
        import termios

        with suppress(OSError, termios.error):
            termios.tcdrain(self.questions.fileno())
        with suppress(OSError, termios.error):
            termios.tcflush(self.answers.fileno(), termios.TCIFLUSH)


@contextmanager
def open_terminal(*, input_is_read: bool) -> Iterator[Terminal]:
    """Yield a terminal: standard input and standard error.

    With `input_is_read`, standard input has the ids, and the terminal is opened by its name. Raise
    `click.UsageError` if there is not a terminal.
    """
    if not input_is_read:
        if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
            raise _no_terminal()
        yield Terminal(sys.stdin.buffer, sys.stderr)
        return
    try:
        answers = open(_TERMINAL, "rb")  # noqa: PTH123, SIM115
    except OSError:
        raise _no_terminal() from None
    with answers, open(_TERMINAL, "w", encoding="utf-8", errors="backslashreplace") as questions:  # noqa: PTH123
        yield Terminal(answers, questions)


def _no_terminal() -> click.UsageError:
    return click.UsageError("There is no terminal to ask on: --yes deletes without asking.")

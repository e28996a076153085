"""Asking a person before something is done, on the terminal where they sit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, TextIO

import click

from chatkit_tui.cli.output import is_terminal

_TERMINAL = "/dev/tty"
_TRIES = 5
"""Answers that are neither yes nor no, after which the answer is no."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Two ways to the same terminal: what is asked goes out on one, the answer comes in on the
    other."""

    answers: BinaryIO
    questions: TextIO

    def tell(self, line: str) -> None:
        """Write a line of what the question is about."""
        print(line, file=self.questions, flush=True)

    def confirm(self, question: str) -> bool:
        """Return whether the answer is yes. Raise `click.Abort` at the end of input."""
        for _ in range(_TRIES):
            print(f"{question} [y/N]: ", end="", file=self.questions, flush=True)
            answer = self.answers.readline()
            if not answer:
                raise click.Abort
            word = answer.strip().lower()
            if word in (b"y", b"yes"):
                return True
            if word in (b"", b"n", b"no"):
                return False
            self.tell("Answer y or n.")
        return False


@contextmanager
def asker(*, input_is_read: bool) -> Iterator[Asker]:
    """Yield what can ask: on standard input and standard error where both are a terminal.

    With `input_is_read`, standard input has been read for something else and the terminal is opened
    by itself. Raises `click.UsageError` if there is none.
    """
    if not input_is_read:
        if not (is_terminal(sys.stdin) and is_terminal(sys.stderr)):
            raise _no_terminal()
        yield Asker(sys.stdin.buffer, sys.stderr)
        return
    try:
        terminal = open(_TERMINAL, "rb")  # noqa: PTH123, SIM115
    except OSError:
        raise _no_terminal() from None
    with terminal, open(_TERMINAL, "w", encoding="utf-8", errors="backslashreplace") as questions:  # noqa: PTH123
        yield Asker(terminal, questions)


def _no_terminal() -> click.UsageError:
    return click.UsageError("There is no terminal to ask on: --yes deletes without asking.")

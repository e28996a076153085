"""Run commands against the built-in API on loopback."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import pytest

from chatkit_tui.cli.main import run


class Ended(NamedTuple):
    """The exit code and the output of a command."""

    code: int
    raw: bytes
    errors: str

    @property
    def output(self) -> str:
        """Standard output as text."""
        return self.raw.decode()


Command: TypeAlias = Callable[..., Ended]
"""Runs `chatkit-tui` with arguments."""


@pytest.fixture
def chatkit(capfdbinary: pytest.CaptureFixture[bytes]) -> Command:
    """Run `chatkit-tui` without a terminal."""

    def command(*arguments: str) -> Ended:
        capfdbinary.readouterr()
        code = run(arguments)
        written = capfdbinary.readouterr()
        return Ended(code, written.out, written.err.decode())

    return command


@pytest.fixture
def thread_ids(chatkit: Command, address: str) -> list[str]:
    """The ids of the emulator's threads, newest first."""
    listed = chatkit("threads", "list", "--all")
    assert listed.code == 0, (address, listed.errors)
    return [line.split("\t")[0] for line in listed.output.splitlines()]

"""Run commands against the built-in API on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

from chatkit_tui.cli.main import run
from chatkit_tui.emulator import Emulator


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


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home.ckarchive"


@pytest.fixture
def archive(demo_archive: Path, file: Path) -> str:
    """A copy of the archive of the sample data."""
    shutil.copy(demo_archive, file)
    return str(file)


@pytest.fixture
def thread_id(emulator: Emulator, address: str) -> str:
    """The newest thread of the emulator, which serves at `address`."""
    assert address
    return emulator.thread_id()

"""A sync that is killed at any moment leaves a sound archive, and the next one goes on."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.sources.archive.verify import verify

THREADS, ITEMS = 40, 60


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(threads=THREADS, items=ITEMS, latency=15)


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """Start the program on the emulator of the environment."""
    command = [sys.executable, "-m", "chatkit_tui", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe)  # noqa: S603


def run(*arguments: str) -> dict[str, Any]:
    """Return the JSON object that a command writes."""
    process = start(*arguments)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    value: dict[str, Any] = json.loads(output)
    return value


def test_a_kill_at_any_moment_loses_nothing_that_was_committed(
    address: str, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    pick = random.Random(1)  # noqa: S311 - no secret
    for _ in range(4):
        process = start("archive", "sync", str(file))
        try:
            process.communicate(timeout=0.6 + pick.random())
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
        if file.exists():
            assert list(verify(file)) == []
    assert run("archive", "sync", str(file), "--json")["listing_complete"]
    compared = run("archive", "verify", str(file), "--against-api", "--json")
    assert compared["damage"] == []
    assert compared["compared"]["compared"] == THREADS


def test_an_interrupted_sync_exits_with_130_and_says_that_it_goes_on(
    address: str, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.latency = 100
    file = tmp_path / "file"
    process = start("archive", "sync", str(file))
    while len(emulator.requests) < 4:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"the next sync goes on from there" in errors
    assert b"left for the next sync" in output
    assert list(verify(file)) == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("file")] == ["file"]

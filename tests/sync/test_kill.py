"""A sync that is killed at any moment leaves a sound archive, and the next one goes on."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_tui.cli.main import run
from chatkit_tui.emulator import Emulator
from chatkit_tui.sources.archive.verify import verify

THREADS, ITEMS = 30, 60
LATENCY = 15


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(threads=THREADS, items=ITEMS, latency=LATENCY)


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """Start the program on the emulator of the environment, as `nohup` does."""
    ignoring = ["sh", "-c", "trap '' HUP; exec \"$@\"", "-"]
    command = [*ignoring, sys.executable, "-m", "chatkit_tui", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe)  # noqa: S603


def wait_until(reached: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait for the state of a process that must not end before."""
    while not reached():
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.002)


def test_a_kill_at_any_moment_loses_nothing_that_was_committed(
    address: str, emulator: Emulator, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    pick = random.Random(1)  # noqa: S311 - no secret
    for _ in range(4):
        emulator.requests.clear()
        requests = pick.randrange(1, 6)
        process = start("archive", "sync", str(file))
        wait_until(lambda: len(emulator.requests) >= requests, process)  # noqa: B023 - used here
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=pick.random() * 2 * LATENCY / 1_000)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if file.exists():
            assert list(verify(file)) == []
    emulator.latency = 0
    assert run(["archive", "sync", str(file), "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["listing_complete"]
    assert run(["archive", "verify", str(file), "--against-api", "--json"]) == 0
    compared = json.loads(capfd.readouterr().out)
    assert compared["damage"] == []
    assert compared["compared"]["compared"] == THREADS


def test_an_interrupted_sync_exits_with_130_and_says_that_it_goes_on(
    address: str, emulator: Emulator, tmp_path: Path
) -> None:
    emulator.latency = 100
    file = tmp_path / "file"
    process = start("archive", "sync", str(file))
    wait_until(lambda: len(emulator.requests) >= 4, process)
    process.send_signal(signal.SIGHUP)  # ignored, as the end of the session after `nohup`
    wait_until(lambda: len(emulator.requests) >= 6, process)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"the next sync goes on from there" in errors
    assert b"left for the next sync" in output
    assert list(verify(file)) == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("file")] == ["file"]

"""A sync that is killed at any moment leaves a sound archive, and the next one goes on."""

from __future__ import annotations

import json
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_tui.cli.main import run
from chatkit_tui.emulator import Emulator
from chatkit_tui.sources.archive.verify import verify
from tests.fork_server import Program
from tests.piped import Piped

THREADS, ITEMS = 30, 60
LATENCY = 15


@pytest.fixture
def emulator() -> Emulator:
    return Emulator(threads=THREADS, items=ITEMS, latency=LATENCY)


def wait_until(reached: Callable[[], bool], program: Piped) -> None:
    """Wait for the state of a program that must not end before."""
    while not reached():
        assert not program.has_ended()
        time.sleep(0.002)


def test_a_kill_at_any_moment_loses_nothing_that_was_committed(
    address: str, emulator: Emulator, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    sync = Program(["archive", "sync", str(file)])
    pick = random.Random(1)  # noqa: S311 - no secret
    for _ in range(4):
        emulator.requests.clear()
        requests = pick.randrange(1, 6)
        with Piped(sync) as program:
            wait_until(lambda: len(emulator.requests) >= requests, program)  # noqa: B023 # used here
            time.sleep(pick.random() * 2 * LATENCY / 1_000)
            assert not program.has_ended()
            program.send_signal(signal.SIGKILL)
            program.end()
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
    with Piped(Program(["archive", "sync", str(file)], nohup=True)) as program:
        wait_until(lambda: len(emulator.requests) >= 4, program)
        program.send_signal(signal.SIGHUP)  # ignored, as the end of the session after `nohup`
        wait_until(lambda: len(emulator.requests) >= 6, program)
        program.send_signal(signal.SIGINT)
        ended = program.end()
    assert ended.returncode == 130
    assert "the next sync continues from there" in ended.stderr
    assert "left for the next sync" in ended.stdout
    assert list(verify(file)) == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("file")] == ["file"]

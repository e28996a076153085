"""`sessions create` and `cancel`, ended by a signal while the request is in flight."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from subprocess import CompletedProcess
from types import FrameType

import pytest

from chatkit_tui.cli.signals import SignalWatch, until_signal
from chatkit_tui.emulator import Emulator
from chatkit_tui.sessions.history import SessionHistory
from tests.cli.conftest import Command
from tests.fork_server import Program
from tests.held_emulator import HeldEmulator
from tests.piped import Piped

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

CREATE = ("create", "--user", "ada", "--workflow", "wf_support")
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


def interrupt(emulator: HeldEmulator, number: int, *arguments: str) -> CompletedProcess[str]:
    """Run the command and send it a signal while its request is in flight."""
    emulator.hold()
    before = len(emulator.requests)
    with Piped(Program(["sessions", *arguments])) as program:
        end = time.monotonic() + 60
        while len(emulator.requests) == before and time.monotonic() < end:
            time.sleep(0.005)
        program.send_signal(number)
        ended = program.end()
    emulator.release()
    return ended


@pytest.mark.parametrize("number", SIGNALS[::2])
def test_an_interrupted_creation_is_recorded_as_unknown(
    chatkit: Command, address: str, emulator: HeldEmulator, number: int
) -> None:
    done = interrupt(emulator, number, *CREATE)
    assert (done.returncode, done.stdout) == (128 + number, "")
    assert "it is not known whether the session was created" in done.stderr
    assert "Create another" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    [row] = json.loads(chatkit("sessions", "list", "--json").output)["data"]
    assert (row["id"], row["status"]) == (None, "unknown")
    assert (row["user"], row["workflow"]) == ("ada", "wf_support")
    assert row["host"] in address


def test_an_interrupted_cancellation_is_recorded_as_unknown(
    chatkit: Command, address: str, emulator: HeldEmulator
) -> None:
    number = signal.SIGTERM
    made = json.loads(chatkit("sessions", *CREATE, "--json").output)
    done = interrupt(emulator, number, "cancel", made["id"], "cksess_never_tried")
    assert (done.returncode, done.stdout) == (128 + number, "")
    assert f"it is not known whether session {made['id']} was cancelled" in done.stderr
    assert "again" in done.stderr
    assert "cksess_never_tried" not in done.stderr
    assert SessionHistory().all()[0].status == "unknown"
    assert chatkit("sessions", "cancel", made["id"]).code == 0
    assert SessionHistory().all()[0].status == "cancelled"


@pytest.mark.parametrize(
    ("arguments", "number"),
    [(CREATE, signal.SIGINT), (("cancel", "cksess_1"), signal.SIGTERM)],
    ids=["create", "cancel"],
)
def test_a_signal_ends_the_command_while_a_thread_is_blocked(
    arguments: tuple[str, ...], number: int
) -> None:
    command = ["sessions", *arguments, "--base-url", "https://api.test/v1"]
    variables = {**os.environ, "OPENAI_API_KEY": "sk-demo-not-a-real-key"}
    with Piped(Program(command, module="tests.cli.hanging"), environment=variables) as program:
        assert program.stdout.readline() == b"looking up\n"
        program.send_signal(number)
        ended = program.end()
    assert ended.returncode == 128 + number
    assert ended.stderr.startswith("chatkit-tui: Stopped while the request was in flight")
    assert len(ended.stderr.splitlines()) == 1


async def test_signal_handlers_are_restored_after_the_work() -> None:
    def found() -> list[object]:
        return [signal.getsignal(number) for number in SIGNALS]

    def keep(number: int, frame: FrameType | None) -> None:
        del number, frame

    async def work() -> list[object]:
        return found()

    handlers = [signal.signal(number, keep) for number in SIGNALS]
    try:
        assert keep not in await until_signal(work())
        assert found() == [keep] * 3
        with SignalWatch():
            assert keep not in found()
        assert found() == [keep] * 3
    finally:
        for number, handler in zip(SIGNALS, handlers, strict=True):
            signal.signal(number, handler)


UNREADABLE = ["not-json", "cut-short", "empty-body", "another-shape"]


@pytest.mark.parametrize(
    "fault", ["server-error", "request-timeout", "overloaded", "lost-answer", *UNREADABLE]
)
def test_a_session_of_unknown_outcome_is_recorded(
    chatkit: Command, address: str, emulator: Emulator, fault: str
) -> None:
    emulator.faults = (fault,)
    assert chatkit("sessions", *CREATE).code == 1
    assert [record.status for record in SessionHistory().all()] == ["unknown"]


@pytest.mark.parametrize("fault", ["lost-answer:1 unauthorized", "not-json", "another-shape"])
def test_a_cancellation_of_unknown_outcome_is_recorded(
    chatkit: Command, address: str, emulator: Emulator, fault: str
) -> None:
    made = json.loads(chatkit("sessions", *CREATE, "--json").output)
    emulator.faults = tuple(fault.split())
    assert chatkit("sessions", "cancel", made["id"]).code in (1, 3)
    assert [record.status for record in SessionHistory().all()] == ["unknown"]


@pytest.mark.parametrize("fault", ["unauthorized", "rate-limit-long"])
def test_a_rejected_session_is_not_recorded(
    chatkit: Command, address: str, emulator: Emulator, fault: str
) -> None:
    emulator.faults = (fault,)
    assert chatkit("sessions", *CREATE).code in (1, 3)
    assert SessionHistory().all() == []

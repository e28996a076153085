"""The commands on a real line, with each fault at each call that they make.

What is asserted of each: one line says what happened, waits are told, the exit code is the
fault's, and what came before it was handed over.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from chatkit_tui.emulator import Emulator
from chatkit_tui.emulator.requests import Request, Response
from chatkit_tui.sources.openai import ChatKitClient
from tests.cli.conftest import Command
from tests.faults.told import LASTS, Told, tried

THREADS = 150


class Case(NamedTuple):
    """A command and the call of it that goes wrong."""

    arguments: tuple[str, ...]
    call: str
    comes_before: int = 0
    """Lines of output that are there before the fault is met."""


CASES = (
    Case(("threads", "list"), "threads.list"),
    Case(("threads", "list", "--all", "--jsonl"), "threads.list", 100),
    Case(("threads", "show", "THREAD"), "threads.retrieve"),
    Case(("threads", "show", "THREAD"), "threads.list_items"),
    Case(("threads", "items", "THREAD"), "threads.list_items"),
    Case(("threads", "delete", "--yes", "THREAD"), "threads.delete"),
    Case(("threads", "delete", "--dry-run", "THREAD"), "threads.retrieve"),
    Case(("export", "THREAD", "--output", "-"), "threads.retrieve"),
    Case(("export", "THREAD", "--output", "-", "--format", "json"), "threads.list_items"),
    Case(("sessions", "create", "--user", "ana", "--workflow", "wf_support"), "sessions.create"),
    Case(("sessions", "cancel", "SESSION"), "sessions.cancel"),
)


class LateEmulator(Emulator):
    """An API whose fault begins with a page after the first one, where that is asked for."""

    late = False

    async def respond(self, request: Request) -> Response:
        if not self.late or "after" in request.query or request.operation != "threads.list":
            return await super().respond(request)
        faults, self.faults = self.faults, ()
        try:
            return await super().respond(request)
        finally:
            self.faults = faults


@pytest.fixture
def emulator() -> LateEmulator:
    return LateEmulator(THREADS)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds to wait; nothing sleeps."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    defaults = ChatKitClient.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "sleep", sleep)
    return slept


@pytest.mark.parametrize(
    "number", range(len(CASES)), ids=[" ".join((*case.arguments, case.call)) for case in CASES]
)
def test_each_fault_is_one_line_with_its_exit_code(
    number: int,
    chatkit: Command,
    emulator: LateEmulator,
    address: str,
    waits: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = CASES[number]
    defaults = ChatKitClient.__init__.__kwdefaults__
    assert defaults is not None
    for turn, told in enumerate(tried(number, len(CASES))):
        waits.clear()
        monkeypatch.setitem(defaults, "timeout", told.patience)
        session_id = emulator.sessions.create(b'{"user":"a","workflow":{"id":"wf_support"}}')["id"]
        names = {"THREAD": emulator.thread_id(turn), "SESSION": session_id}
        emulator.late = bool(case.comes_before)
        emulator.faults = (f"{told.fault}@{case.call}",)
        ended = chatkit(*(names.get(word, word) for word in case.arguments))
        check(case, told, ended.code, ended.output, ended.errors, len(waits))


def check(case: Case, told: Told, code: int, output: str, errors: str, waited: int) -> None:
    where = f"{told.fault} @ {' '.join(case.arguments)}:\n{output[:2000]}\n{errors}"
    lines = errors.splitlines()
    assert all(line.startswith("chatkit-tui: ") for line in lines), where
    assert sum("trying again in" in line for line in lines) == waited, where
    others = [line for line in lines if "trying again in" not in line]
    if case.call == "threads.delete" and told.deleted:
        assert (code, others) == (0, []), where
        return
    assert code == told.code, where
    rehearsed = "--dry-run" in case.arguments and told.fault == "not-found"
    words = "not found" if rehearsed else told.words
    assert "\n".join([output, *others]).count(words) == 1, where
    assert len(others) <= 1, where
    assert len(output.splitlines()) >= case.comes_before, where
    if told.fault in LASTS:
        assert waited == 0, where

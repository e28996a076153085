"""The same arguments give the same bytes in any process."""

from __future__ import annotations

import os
import subprocess
import sys

from chatkit_tui.emulator import DEMO_NOW, Emulator, fixed_clock, running_clock
from tests.emulator.conftest import MakeWire

_DIGEST = """
import hashlib, json
from chatkit_tui.emulator.library import Library
digest = hashlib.sha256()
for threads, items in ((60, None), (1000, 7)):
    library = Library(threads, items)
    for index in range(0, len(library), 9):
        conversation = library.conversation(index)
        rows = [conversation.row(number) for number in range(0, len(conversation), 7)]
        digest.update(json.dumps([library.row(index), rows]).encode())
print(digest.hexdigest())
"""


def _digest(seed: str) -> str:
    return subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", _DIGEST],
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        check=True,
        text=True,
    ).stdout


def test_rows_do_not_depend_on_the_process() -> None:
    assert _digest("1") == _digest("2")


async def test_two_emulators_send_the_same_responses(make_wire: MakeWire) -> None:
    answers = []
    for _ in range(2):
        emulator = Emulator()
        wire = make_wire(emulator)
        pages = [await wire.get("chatkit/threads", params={"limit": 100})]
        pages.append(await wire.get(f"chatkit/threads/{emulator.thread_id()}/items"))
        body = {"user": "ada", "workflow": {"id": "wf_support"}}
        pages.append(await wire.post("chatkit/sessions", json=body))
        answers.append([(page.content, page.headers["x-request-id"]) for page in pages])
    assert answers[0] == answers[1]


def test_the_fixed_clock_returns_the_present_of_the_demo() -> None:
    assert fixed_clock() == DEMO_NOW == fixed_clock()


def test_the_running_clock_starts_at_the_present_of_the_demo() -> None:
    clock = running_clock()
    first = clock()
    assert DEMO_NOW <= first < DEMO_NOW + 60
    assert clock() >= first

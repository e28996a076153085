"""The README's script that saves everything: run as it stands there, interrupted, run again."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from chatkit_tui.emulator import DEMO_KEY, Emulator

README = Path(__file__).parents[1] / "README.md"
HEADERS = {"Authorization": f"Bearer {DEMO_KEY}", "OpenAI-Beta": "chatkit_beta=v1"}

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the script is for a POSIX shell"),
    pytest.mark.skipif(shutil.which("jq") is None, reason="the script needs jq"),
]


@pytest.fixture
def emulator() -> Emulator:
    """A small account: three threads of more items than one answer holds."""
    return Emulator(3, 150)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The script of the README, with `chatkit-tui` of this environment on its path."""
    found = re.search(r"<!-- save-all:.*?```sh\n(.*?)```", README.read_text(), re.DOTALL)
    assert found is not None
    path = tmp_path / "save-all"
    path.write_text(found[1])
    program = tmp_path / "bin" / "chatkit-tui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m chatkit_tui "$@"\n')
    program.chmod(0o700)
    return path


def start(script: Path) -> subprocess.Popen[str]:
    """The script, in a process group of its own."""
    path = f"{script.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.Popen(  # noqa: S603 # ours
        ["sh", script.name],  # noqa: S607 # whichever the system has
        cwd=script.parent,
        env={**os.environ, "PATH": path},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def run(script: Path) -> tuple[int, str]:
    """Run the script to its end; gives its exit code and standard error."""
    program = start(script)
    _, errors = program.communicate(timeout=60)
    return program.returncode, errors


def rows(address: str, path: str) -> Iterator[bytes]:
    """The rows of a list as the server has them, each as it writes it."""
    after = ""
    while True:
        query = {"limit": "100", **({"after": after} if after else {})}
        page = httpx.get(address + path, params=query, headers=HEADERS).raise_for_status()
        for row in page.json()["data"]:
            text = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
            assert text in page.content  # byte for byte
            yield text
        if not page.json()["has_more"]:
            return
        after = page.json()["last_id"]


def assert_whole(folder: Path, address: str) -> None:
    """Everything that the server has is in the folder, byte for byte, and nothing else."""
    threads = list(rows(address, "/chatkit/threads"))
    for listed in folder.glob("threads.*.jsonl"):
        assert listed.read_bytes().splitlines() == threads
    ids = [json.loads(thread)["id"] for thread in threads]
    saved = {path.name: path.read_bytes() for path in (folder / "items").iterdir()}
    assert saved == {
        f"{quote(name, safe='')}.jsonl": b"".join(
            row + b"\n" for row in rows(address, f"/chatkit/threads/{quote(name, safe='')}/items")
        )
        for name in ids
    }


def test_everything_is_saved_and_nothing_is_asked_for_twice(
    script: Path, address: str, emulator: Emulator
) -> None:
    assert run(script) == (0, "")
    assert_whole(script.parent / "chatkit", address)
    emulator.requests.clear()
    assert run(script) == (0, "")
    assert [request.path for request in emulator.requests] == ["/v1/chatkit/threads"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_what_was_interrupted_goes_on_where_it_was(
    script: Path, address: str, emulator: Emulator, number: int
) -> None:
    emulator.latency = 100
    program = start(script)
    end = time.monotonic() + 60
    while len(emulator.requests) < 4 and time.monotonic() < end:  # in the second thread
        time.sleep(0.002)
    os.killpg(program.pid, number)
    program.communicate(timeout=30)
    assert program.returncode != 0
    folder = script.parent / "chatkit"
    [first] = (folder / "items").iterdir()
    emulator.latency = 0
    emulator.requests.clear()
    assert run(script)[0] == 0
    assert not [request for request in emulator.requests if first.stem in request.path]
    assert_whole(folder, address)


def test_what_fails_is_named_and_saved_by_the_next_run(
    script: Path, address: str, emulator: Emulator
) -> None:
    emulator.faults = ("not-found:1@threads.list_items",)
    code, errors = run(script)
    assert code == 1
    assert "Not saved (exit code 4): cthr_" in errors
    assert len(list((script.parent / "chatkit" / "items").iterdir())) == 2
    emulator.faults = ("unauthorized",)
    assert run(script)[0] == 3
    emulator.faults = ()
    assert run(script) == (0, "")
    assert_whole(script.parent / "chatkit", address)


def test_ids_that_are_odd_have_files_of_their_own(
    script: Path, address: str, emulator: Emulator
) -> None:
    ids = ["-x", "a/../b", ' "ü" %2F']
    for thread, name in zip(emulator.library.threads, ids, strict=True):
        thread.id = name
    assert run(script) == (0, "")
    assert_whole(script.parent / "chatkit", address)

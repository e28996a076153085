"""The README's script that saves everything: run as it stands there, interrupted, run again."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote

import httpx
import pytest

from chatkit_tui.emulator import DEMO_KEY, Emulator
from tests.fork_server import Program, fork
from tests.held_emulator import HeldEmulator

README = Path(__file__).parents[1] / "README.md"
HEADERS = {"Authorization": f"Bearer {DEMO_KEY}", "OpenAI-Beta": "chatkit_beta=v1"}

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the script is for a POSIX shell"),
    pytest.mark.skipif(shutil.which("jq") is None, reason="the script needs jq"),
]


@pytest.fixture
def emulator() -> HeldEmulator:
    """A small account: two threads of more items than one answer holds."""
    return HeldEmulator(2, 150)


CLIENT = """
import json, os, signal, socket, sys

with socket.socket(fileno=int(sys.argv[1])) as line:
    request = json.dumps([sys.argv[2:], dict(os.environ), os.getcwd()])
    socket.send_fds(line, [request.encode()], [0, 1, 2])
    process = int(line.recv(64))
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: os.kill(process, number))
    sys.exit(int(line.recv(64)))
"""
"""`chatkit-tui` as the script starts it: has it forked with its streams, and ends as it does."""


def fork_for_clients(line: socket.socket) -> None:
    """Fork the program for each client, one after the other, until there is no more."""
    while (received := socket.recv_fds(line, 1 << 20, 3))[0]:
        request, streams, _, _ = received
        arguments, environment, folder = json.loads(request)
        process = fork(
            Program(arguments), environment, streams, on_terminal=False, folder=Path(folder)
        )
        for stream in streams:
            os.close(stream)
        line.send(str(process).encode())
        line.send(str(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])).encode())


@pytest.fixture
def command(tmp_path: Path) -> Iterator[str]:
    """The command line of `chatkit-tui`, in a shell."""
    if sys.platform != "linux":
        yield f"{sys.executable} -m chatkit_tui"
        return
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    its.set_inheritable(True)
    client = tmp_path / "client.py"
    client.write_text(CLIENT)
    thread = threading.Thread(target=fork_for_clients, args=(ours,))
    thread.start()
    yield f"{sys.executable} -IS {client} {its.fileno()}"
    its.close()
    thread.join(60)
    ours.close()


@pytest.fixture
def script(tmp_path: Path, command: str) -> Path:
    """The script of the README, with `chatkit-tui` of this environment on its path."""
    found = re.search(r"<!-- save-all:.*?```sh\n(.*?)```", README.read_text(), re.DOTALL)
    assert found is not None
    path = tmp_path / "save-all"
    path.write_text(found[1])
    program = tmp_path / "bin" / "chatkit-tui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
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
        close_fds=False,  # the line of `command` is inherited
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


def test_everything_is_saved_and_only_what_is_missing_is_asked_for_again(
    script: Path, address: str, emulator: Emulator
) -> None:
    emulator.faults = ("not-found:1@threads.list_items",)
    code, errors = run(script)
    assert code == 1
    assert "Not saved (exit code 4): cthr_" in errors
    folder = script.parent / "chatkit"
    assert len(list((folder / "items").iterdir())) == 1
    emulator.faults = ("unauthorized",)
    assert run(script)[0] == 3
    emulator.faults = ()
    emulator.requests.clear()
    assert run(script) == (0, "")
    assert len(emulator.requests) == 1 + 2  # the list, two pages of the thread that was missing
    assert_whole(folder, address)


def test_what_was_interrupted_goes_on_where_it_was(
    script: Path, address: str, emulator: HeldEmulator
) -> None:
    emulator.hold(passing=3)
    program = start(script)
    end = time.monotonic() + 60
    while len(emulator.requests) < 4 and time.monotonic() < end:  # in the second thread
        time.sleep(0.002)
    os.killpg(program.pid, signal.SIGINT)
    program.communicate(timeout=60)
    assert program.returncode != 0
    folder = script.parent / "chatkit"
    [first] = (folder / "items").iterdir()
    emulator.release()
    emulator.requests.clear()
    assert run(script)[0] == 0
    assert not [request for request in emulator.requests if first.stem in request.path]
    assert_whole(folder, address)


ODD_IDS = ["-x/../$(touch x)", ' "ü" %2F\u202e* ', "a\\nb'`touch y`"]
"""Ids that a self-hosted server may give."""
BAD_IDS = [None, "x" * 300]
"""Two that have no file: none at all, and one that is too long for the name of a file."""


@pytest.fixture
def odd_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server whose threads have these ids, and one item each."""
    ids = [*ODD_IDS, *BAD_IDS]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name is the base class's
            path = [unquote(part) for part in self.path.partition("?")[0].split("/")]
            rows = [{"id": name} for name in ids]
            if len(path) > 4:  # /v1/chatkit/threads/ID/items
                rows = [{"id": f"item of {path[4]}"}] if path[4] in ids else []
            page = {"object": "list", "data": rows, "has_more": False}
            body = json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode()
            self.send_response(200 if rows else 404)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", DEMO_KEY)
        yield
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("odd_server")
def test_odd_ids_have_files_of_their_own_and_what_cannot_be_saved_is_named(script: Path) -> None:
    code, errors = run(script)
    assert code == 1
    assert "Not saved (exit code 4): null" in errors
    assert "x" * 300 in errors
    items = script.parent / "chatkit" / "items"
    saved = {unquote(path.name): json.loads(path.read_text())["id"] for path in items.iterdir()}
    assert saved == {f"{name}.jsonl": f"item of {name}" for name in ODD_IDS}
    assert not {"x", "y"} & {path.name for path in script.parent.iterdir()}

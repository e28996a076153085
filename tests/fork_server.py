"""A process that has imported the program, and forks one for each run that a test asks for.

A run costs a tenth of a start: nothing is imported again. It is the program all the same, with
arguments, environment, folder, streams and terminal of its own. A test of the start itself, of the
environment as Python reads it, or of memory runs a command line instead.

The server is single-threaded. A run is made a child of the process that asked for it, so that it is
waited for like any other.
"""

from __future__ import annotations

import atexit
import ctypes
import fcntl
import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NoReturn, TextIO

ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
"""What the program has in its environment unless a test says otherwise."""
KEPT = ("PATH", "HOME", "USER", "VIRTUAL_ENV", "COVERAGE_PROCESS_CONFIG")
"""What it has of the test's own."""

_IMPORTED = (
    "chatkit_tui.cli.main",
    "chatkit_tui.cli.archive",
    "chatkit_tui.cli.search",
    "chatkit_tui.cli.sessions",
    "chatkit_tui.cli.threads",
    "chatkit_tui.emulator.transport",
    "chatkit_tui.sources.archive.source",
    "chatkit_tui.sources.openai.source",
    "chatkit_tui.startup.browse",
    "chatkit_tui.startup.first_frame",
    "chatkit_tui.startup.prefetch",
    "chatkit_tui.terminal.driver",
    "chatkit_tui.ui.app",
)
_PR_SET_CHILD_SUBREAPER = 36
_MAX_REQUEST = 1 << 20
"""Bytes."""


@dataclass(frozen=True)
class Program:
    """The program with its arguments, to be forked."""

    arguments: Sequence[str] = ()
    module: str = "chatkit_tui"
    """What `python -m` would be given."""
    limits: Mapping[str, float] = field(default_factory=dict)
    """Seconds and sizes that differ from those in the code, by module and name."""
    nohup: bool = False
    """Whether it ignores the end of its session, as by `nohup`."""

    @property
    def command(self) -> list[str]:
        """The command line that starts it instead."""
        nohup = ["nohup"] if self.nohup else []
        return [*nohup, sys.executable, "-m", self.module, *self.arguments]


def fork(
    program: Program,
    environment: Mapping[str, str],
    streams: Sequence[int],
    *,
    on_terminal: bool,
    folder: Path | None = None,
) -> int:
    """Run the program in a folder, else in this one, and return its process, a child of this one.

    `streams` are three descriptors; `on_terminal`, the first becomes its controlling terminal.
    A system other than Linux executes it in this folder, and not on a terminal.
    """
    if sys.platform != "linux":
        actions = [(os.POSIX_SPAWN_DUP2, *pair) for pair in zip(streams, range(3), strict=True)]
        command = program.command
        return os.posix_spawnp(command[0], command, environment, file_actions=actions, setpgroup=0)
    request = json.dumps(
        [asdict(program), dict(environment), str(folder or Path.cwd()), on_terminal]
    )
    line = _server()[1]
    socket.send_fds(line, [request.encode()], streams)
    return int(line.recv(64))


@cache
def _server() -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start the server of this process, on its first use."""
    if ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError("the system does not let a process adopt others")
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    variables = {name: os.environ[name] for name in KEPT if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 # ours
        [sys.executable, "-m", __name__, str(its.fileno())],
        env=variables | ENVIRONMENT,
        pass_fds=[its.fileno()],
        start_new_session=True,
    )
    its.close()
    return process, ours


def stop() -> None:
    """End the server of this process, if it has one."""
    if _server.cache_info().currsize:
        process, line = _server()
        line.close()
        process.wait(60)
        _server.cache_clear()


# -- in the server ---------------------------------------------------------------------------------


def _serve(line: socket.socket) -> str:
    """Fork for each request; return it in the child, which has its streams already."""
    while True:
        request, streams, _, _ = socket.recv_fds(line, _MAX_REQUEST, 3)
        if not request:
            sys.exit()
        reader, writer = os.pipe()
        between = os.fork()
        if not between:
            # The child of a process that ends is adopted by the one that asked.
            child = os.fork()
            if child:
                os.write(writer, str(child).encode())
                os._exit(0)
            line.close()
            os.close(reader)
            os.close(writer)
            _take(streams)
            return request.decode()
        for descriptor in (*streams, writer):
            os.close(descriptor)
        os.waitpid(between, 0)
        line.send(os.read(reader, 64))
        os.close(reader)


def _take(streams: Sequence[int]) -> None:
    """Make these the standard streams."""
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
    for descriptor in streams:
        os.close(descriptor)


def _open(descriptor: int) -> TextIO:
    """Open a standard stream as Python does at its start."""
    return open(  # stays open
        descriptor,
        "w" if descriptor else "r",
        1 if descriptor == 2 or os.isatty(descriptor) else -1,
        encoding="utf-8",
        errors="backslashreplace" if descriptor == 2 else "strict",
        closefd=False,
    )


def _run(request: str) -> NoReturn:
    """Be the program."""
    program, environment, folder, on_terminal = json.loads(request)
    os.setsid()
    if on_terminal:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    if program["nohup"]:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = _open(number)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    for place, limit in program["limits"].items():
        module, _, name = place.rpartition(".")
        setattr(import_module(module), name, limit)
    sys.argv[1:] = program["arguments"]
    code = 0
    try:
        runpy.run_module(program["module"], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if not isinstance(end.code, int):
            raise
        code = end.code
    _end(code)


def _end(code: int) -> NoReturn:
    """Do what Python does at its end, but leave the modules: to free them copies all of memory."""
    threading._shutdown()  # type: ignore[attr-defined] # waits for threads
    atexit._run_exitfuncs()
    gc.collect()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        sys.exit(code)  # Python reports it
    os._exit(code)


def _main() -> NoReturn:
    from chatkit_tui.document.code import is_known
    from chatkit_tui.ui import background_work

    for name in (*_IMPORTED, *background_work.PRELOADED):
        import_module(name)
    for language in background_work.HIGHLIGHTED:
        is_known(language)
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as line:
        request = _serve(line)
    _run(request)


if __name__ == "__main__":
    _main()

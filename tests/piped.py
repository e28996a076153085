"""The program without a terminal, forked: what it writes comes through pipes.

For all tests of a command's output, exit code and signals. A test of the start of Python, of closed
streams or of a shell executes a command line instead.
"""

from __future__ import annotations

import os
import selectors
import signal
import time
from collections.abc import Mapping
from subprocess import CompletedProcess
from types import TracebackType
from typing import Self

from tests.fork_server import Program, fork


class Piped:
    """The program as it runs, in a session of its own; it is killed when the block is left."""

    def __init__(
        self,
        program: Program,
        *,
        typed: str = "",
        output: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Run it with `typed` as its whole input, writing to the descriptor `output` if given."""
        stdin, typing = os.pipe()
        os.write(typing, typed.encode())
        os.close(typing)
        reader, stdout = os.pipe()
        error_reader, stderr = os.pipe()
        self.stdout, self.stderr = os.fdopen(reader, "rb", 0), os.fdopen(error_reader, "rb", 0)
        self._code: int | None = None
        streams = [stdin, stdout if output is None else output, stderr]
        variables = os.environ if environment is None else environment
        self.process = fork(program, variables, streams, on_terminal=False)
        for descriptor in (stdin, stdout, stderr):
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self.has_ended():
            self.send_signal(signal.SIGKILL)
            os.waitpid(self.process, 0)
        self.stdout.close()
        self.stderr.close()

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.process, number)

    def has_ended(self) -> bool:
        """Whether it has ended by now."""
        if self._code is None:
            process, status = os.waitpid(self.process, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if process else None
        return self._code is not None

    def end(self, *, seconds: float = 60) -> CompletedProcess[str]:
        """Wait for its end. Gives the rest of its output; raises `TimeoutError`."""
        until = time.monotonic() + seconds
        written = {self.stdout: b"", self.stderr: b""}
        with selectors.DefaultSelector() as readers:
            for stream in written:
                readers.register(stream, selectors.EVENT_READ, stream)
            while readers.get_map():
                ready = readers.select(max(0.0, until - time.monotonic()))
                if not ready:
                    raise TimeoutError(f"it goes on; it wrote {list(written.values())}")
                for key, _ in ready:
                    data = os.read(key.fd, 65_536)
                    written[key.data] += data
                    if not data:
                        readers.unregister(key.fd)
        while not self.has_ended():
            if time.monotonic() > until:
                raise TimeoutError("it goes on with its streams closed")
            time.sleep(0.001)
        assert self._code is not None
        output, errors = (data.decode() for data in written.values())
        return CompletedProcess([], self._code, output, errors)


def run(
    *arguments: str,
    typed: str = "",
    output: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> CompletedProcess[str]:
    """Run `chatkit-tui` to its end, as `Piped` does."""
    with Piped(Program(arguments), typed=typed, output=output, environment=environment) as program:
        return program.end()


def run_into(path: str, *arguments: str) -> CompletedProcess[str]:
    """Run `chatkit-tui` with its output in a file; "|" is a pipe without a reader."""
    if path == "|":
        reader, output = os.pipe()
        os.close(reader)
    else:
        output = os.open(path, os.O_WRONLY)
    try:
        return run(*arguments, output=output)
    finally:
        os.close(output)

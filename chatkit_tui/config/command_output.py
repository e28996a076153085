"""The output of a command of the configuration, such as one that prints a key."""

from __future__ import annotations

import os
import sys
import time

from chatkit_tui.errors import ConfigError

MOST_OUTPUT = 1 << 16
"""The largest output of a command in bytes."""


def first_line(
    command: tuple[str, ...], name: str, failure: str, *, timeout: float, at_terminal: bool
) -> str:
    """Run a command without a shell, and return the first line of its output.

    Block for up to `timeout` seconds. The command can ask for a password if it is `at_terminal`.
    Raise `ConfigError` with `failure`, the `name` of the command and the reason; the message never
    contains the output.
    """
    import subprocess  # takes some milliseconds, and few profiles have a command

    deadline = time.monotonic() + timeout
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603 # the user's own command, without a shell
            command,
            stdin=sys.__stdin__ if at_terminal else subprocess.DEVNULL,
            stdout=writing,
            # It would be drawn over the screen.
            stderr=sys.__stdout__ if at_terminal else subprocess.DEVNULL,
        )
    except (OSError, ValueError) as error:
        os.close(reading)
        reason = getattr(error, "strerror", None) or "it contains an invalid character"
        raise ConfigError(f"{failure}: {name} cannot be run ({reason}).") from None
    finally:
        os.close(writing)
    try:
        output = _read(reading, deadline)
        if len(output) > MOST_OUTPUT:
            process.kill()
        status = process.wait(max(0, deadline - time.monotonic()))
    except (TimeoutError, subprocess.TimeoutExpired):
        raise ConfigError(f"{failure}: {name} did not end within {timeout:g} seconds.") from None
    finally:
        process.kill()
        process.wait()
    if len(output) > MOST_OUTPUT:
        raise ConfigError(f"{failure}: {name} wrote more than {MOST_OUTPUT:,} bytes.")
    if status:
        raise ConfigError(f"{failure}: {name} failed with status {status}.")
    lines = output.decode("utf-8", "replace").split("\n")
    line = lines[0].strip()
    if not line:
        raise ConfigError(f"{failure}: {name} wrote nothing on its first line.")
    return line


def _read(pipe: int, deadline: float) -> bytes:
    """Return the output in a pipe, at most a little over `MOST_OUTPUT` bytes, and close it.

    Raise `TimeoutError` at the deadline: a child of the command may keep the pipe open.
    """
    import threading

    chunks: list[bytes] = []

    def read() -> None:
        try:
            while sum(map(len, chunks)) <= MOST_OUTPUT and (chunk := os.read(pipe, 1 << 16)):
                chunks.append(chunk)
        finally:
            os.close(pipe)

    # Windows cannot wait for a pipe with a timeout.
    thread = threading.Thread(target=read, name="command output", daemon=True)
    thread.start()
    thread.join(max(0, deadline - time.monotonic()))
    if thread.is_alive():
        raise TimeoutError
    return b"".join(chunks)

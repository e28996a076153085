"""Where the API key comes from: the environment, a command, the system's keyring."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import Secret

if TYPE_CHECKING:
    from chatkit_tui.config.resolve import Settings

MOST_OUTPUT = 1 << 16
"""Bytes that a command may write; the key is on its first line."""

_NO_KEY = (
    "There is no API key: set OPENAI_API_KEY, or api_key_command or api_key_keyring in a profile. "
    "(--demo needs none.)"
)


def resolve_api_key(settings: Settings, *, timeout: float = 30.0) -> Secret:
    """The key of these settings: that of the environment, else what the profile's command writes,
    else that of the system's keyring.

    Blocks for as long as command or keyring take, `timeout` seconds at most: not for an event
    loop. Raises `ConfigError` when there is no key, or what gives it fails; nothing that came from
    there is in the message.
    """
    if settings.api_key is not None:
        return settings.api_key
    if settings.api_key_command is not None:
        name = f"the api_key_command of profile {settings.profile}"
        return _run(settings.api_key_command, name, timeout)
    if settings.api_key_keyring and settings.profile:
        from chatkit_tui.config.system_keyring import keyring_key  # only for who has the key there

        return Secret(keyring_key(settings.profile, timeout))
    raise ConfigError(_NO_KEY)


def _run(command: tuple[str, ...], name: str, timeout: float) -> Secret:
    import subprocess  # only where a command gives the key: it costs the start some milliseconds

    deadline = time.monotonic() + timeout
    reading, writing = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603 # the words are the owner's own; no shell reads them
            command,
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=subprocess.DEVNULL,  # it may hold anything, and would land on the screen
        )
    except (OSError, ValueError) as error:
        os.close(reading)
        reason = getattr(error, "strerror", None) or "it has a character that cannot be passed on"
        raise ConfigError(f"There is no API key: {name} cannot be run ({reason}).") from None
    finally:
        os.close(writing)
    try:
        output = _read(reading, deadline)
        if len(output) > MOST_OUTPUT:
            process.kill()
        status = process.wait(max(0, deadline - time.monotonic()))
    except (TimeoutError, subprocess.TimeoutExpired):
        raise ConfigError(
            f"There is no API key: {name} did not end within {timeout:g} seconds."
        ) from None
    finally:
        process.kill()
        process.wait()
    if len(output) > MOST_OUTPUT:
        raise ConfigError(f"There is no API key: {name} wrote more than {MOST_OUTPUT:,} bytes.")
    if status:
        raise ConfigError(f"There is no API key: {name} failed with status {status}.")
    lines = output.decode("utf-8", "replace").split("\n")
    key = lines[0].strip()
    if not key:
        raise ConfigError(f"There is no API key: {name} wrote no key on its first line.")
    return Secret(key)


def _read(pipe: int, deadline: float) -> bytes:
    """Return what comes from a pipe until it ends, or its first bytes over `MOST_OUTPUT`.

    Closes it. Raises `TimeoutError` when it does not end in time: another program that the command
    started may keep it open.
    """
    import threading

    pieces: list[bytes] = []

    def read() -> None:
        try:
            while sum(map(len, pieces)) <= MOST_OUTPUT and (piece := os.read(pipe, 1 << 16)):
                pieces.append(piece)
        finally:
            os.close(pipe)

    # A thread, since pipes cannot be waited for with a limit on Windows.
    thread = threading.Thread(target=read, name="api key", daemon=True)
    thread.start()
    thread.join(max(0, deadline - time.monotonic()))
    if thread.is_alive():
        raise TimeoutError
    return b"".join(pieces)

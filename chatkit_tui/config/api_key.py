"""The API key: from the environment, a command or the system's keyring."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import Secret

if TYPE_CHECKING:
    from chatkit_tui.config.resolve import Settings

MOST_OUTPUT = 1 << 16
"""The largest output of a command in bytes; the key is on its first line."""

SERVICE = "chatkit-tui"
"""The service of the entries in the system's keyring; the user is a profile's name."""

_OTHERWISE = "set OPENAI_API_KEY or the profile's api_key_command"
_NO_KEY = (
    "There is no API key: set OPENAI_API_KEY, or api_key_command or api_key_keyring in a profile. "
    "(--demo needs none.)"
)


def resolve_api_key(
    settings: Settings, *, timeout: float = 30.0, at_terminal: bool = False
) -> Secret:
    """Return the key of the environment, else of the profile's command, else of the keyring.

    Block for up to `timeout` seconds. The command can ask for a password if it is `at_terminal`.
    Raise `ConfigError` if there is no key; the message never contains output of the command or
    keyring.
    """
    if settings.api_key is not None:
        return settings.api_key
    if settings.api_key_command is not None:
        name = f"the api_key_command of profile {settings.profile}"
        return _run(settings.api_key_command, name, timeout, at_terminal=at_terminal)
    if settings.api_key_keyring and settings.profile:
        return Secret(_keyring_key(settings.profile, timeout))
    raise ConfigError(_NO_KEY)


def _run(command: tuple[str, ...], name: str, timeout: float, *, at_terminal: bool) -> Secret:
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
    thread = threading.Thread(target=read, name="api key", daemon=True)
    thread.start()
    thread.join(max(0, deadline - time.monotonic()))
    if thread.is_alive():
        raise TimeoutError
    return b"".join(chunks)


def _keyring_key(profile: str, timeout: float) -> str:
    """Return the key of a profile in the system's keyring, through the package `keyring`.

    Block for up to `timeout` seconds: the keyring may ask for a password. Raise `ConfigError`
    without the keyring's own message.
    """
    import shlex
    import threading

    try:
        import keyring
        from keyring.errors import KeyringLocked, NoKeyringError
    except ImportError:
        raise ConfigError(
            f"There is no API key: profile {profile} has it in the system's keyring, but the "
            "extra `keyring` is missing. Install it (pip install '.[keyring]' in the program's "
            f"source, or pipx inject chatkit-tui keyring), or {_OTHERWISE}."
        ) from None
    found: list[str | None] = []
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            found.append(keyring.get_password(SERVICE, profile))
        except BaseException as error:  # noqa: BLE001 # a backend may raise anything
            failed.append(error)

    # A keyring that waits for a password cannot be interrupted otherwise.
    thread = threading.Thread(target=ask, name="keyring", daemon=True)
    thread.start()
    thread.join(timeout)
    no_key = "There is no API key: the system's keyring"
    if thread.is_alive():
        raise ConfigError(f"{no_key} did not answer within {timeout:g} seconds. Unlock it first.")
    if failed and isinstance(failed[0], KeyringLocked):
        raise ConfigError(f"{no_key} is locked. Unlock it, or {_OTHERWISE}.")
    if failed and isinstance(failed[0], NoKeyringError):
        raise ConfigError(f"{no_key} is not available, as is usual over SSH; {_OTHERWISE}.")
    if failed:
        name = type(failed[0]).__name__
        raise ConfigError(f"{no_key} failed ({name}). Try `keyring diagnose`, or {_OTHERWISE}.")
    key = (found[0] or "").strip()
    if not key:
        raise ConfigError(
            f"{no_key} has none for profile {profile}. To enter it: "
            f"`keyring set {SERVICE} {shlex.quote(profile)}`."
        )
    return key

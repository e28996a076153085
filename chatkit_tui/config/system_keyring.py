"""The key as the system keeps it: Keychain, Secret Service, KWallet or the Credential Manager.

Reached through the package `keyring`, which is the extra of that name. An entry has the program's
name as its service and a profile's name as its user.
"""

from __future__ import annotations

import shlex
import threading

from chatkit_tui.errors import ConfigError

SERVICE = "chatkit-tui"
"""The service that entries are kept under."""

_OTHERWISE = "set OPENAI_API_KEY or the profile's api_key_command"


def keyring_key(profile: str, timeout: float) -> str:
    """The key that the system's keyring has for a profile.

    Blocks for as long as the keyring takes, which may ask for a password; `timeout` seconds at
    most. Raises `ConfigError` when there is no key to be had; what the keyring said is never in
    the message.
    """
    try:
        import keyring
        from keyring.errors import KeyringLocked, NoKeyringError
    except ImportError:
        raise ConfigError(
            f"There is no API key: profile {profile} has it in the system's keyring, for which the "
            "extra `keyring` is missing. Install it (pip install '.[keyring]' in the program's "
            f"source, or pipx inject chatkit-tui keyring), or {_OTHERWISE}."
        ) from None
    found: list[str | None] = []
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            found.append(keyring.get_password(SERVICE, profile))
        except BaseException as error:  # noqa: BLE001 # told below, whatever a backend raises
            failed.append(error)

    # A thread, since a keyring that waits for a password that nobody can type waits for ever.
    asking = threading.Thread(target=ask, name="keyring", daemon=True)
    asking.start()
    asking.join(timeout)
    no_key = "There is no API key: the system's keyring"
    if asking.is_alive():
        raise ConfigError(f"{no_key} did not answer within {timeout:g} seconds. Unlock it first.")
    if failed and isinstance(failed[0], KeyringLocked):
        raise ConfigError(f"{no_key} is locked. Unlock it, or {_OTHERWISE}.")
    if failed and isinstance(failed[0], NoKeyringError):
        raise ConfigError(
            f"{no_key} cannot be reached: there is none here, as is usual over SSH; {_OTHERWISE}."
        )
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

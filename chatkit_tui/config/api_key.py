"""The API key: from the environment, a command or the system's keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_tui.config.command_output import first_line
from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import Secret

if TYPE_CHECKING:
    from chatkit_tui.config.settings import Settings

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
    Raise `ConfigError` if there is not a key; the message never contains output of the command or
    keyring.
    """
    if settings.api_key is not None:
        return settings.api_key
    if settings.api_key_command is not None:
        name = f"the api_key_command of profile {settings.profile}"
        written = first_line(
            settings.api_key_command,
            name,
            "There is no API key",
            timeout=timeout,
            at_terminal=at_terminal,
        )
        return Secret(written)
    if settings.api_key_keyring and settings.profile:
        return Secret(_keyring_key(settings.profile, timeout))
    raise ConfigError(_NO_KEY)


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

"""Where the API key comes from: the environment, a command, the system's keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import Secret

if TYPE_CHECKING:
    from chatkit_tui.config.settings import Settings

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

    try:
        done = subprocess.run(  # noqa: S603 # the words are the owner's own; no shell reads them
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it may hold anything, and would land on the screen
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ConfigError(
            f"There is no API key: {name} did not end within {timeout:g} seconds."
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it has a character that cannot be passed on"
        raise ConfigError(f"There is no API key: {name} cannot be run ({reason}).") from None
    if done.returncode:
        raise ConfigError(f"There is no API key: {name} failed with status {done.returncode}.")
    lines = done.stdout.decode("utf-8", "replace").split("\n")
    key = lines[0].strip()
    if not key:
        raise ConfigError(f"There is no API key: {name} wrote no key on its first line.")
    return Secret(key)

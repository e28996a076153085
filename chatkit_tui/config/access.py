"""The secrets that a source wants: a key, a token, a password, headers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from chatkit_tui.config.command_output import first_line
from chatkit_tui.config.profile_source import is_header_value
from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import ACCESS_TOKEN, DATABASE_PASSWORD, HEADER, Secret

if TYPE_CHECKING:
    from chatkit_tui.config.settings import DatabaseSettings, ServerSettings, Settings


class Access(NamedTuple):
    """What proves to a source who asks."""

    secret: Secret | None = None
    """The key of the hosted API, the token of a server or the password of a database; None if the
    source needs none."""
    headers: tuple[tuple[str, Secret], ...] = ()
    """The headers of a server that commands give."""

    @property
    def hint(self) -> str:
        """The last four characters of the secret; empty if there is none, or a short one."""
        return self.secret.hint if self.secret else ""


NO_ACCESS = Access()


def resolve_access(
    settings: Settings, *, timeout: float = 30.0, at_terminal: bool = False
) -> Access:
    """Return what the source of the settings wants.

    Each command may take `timeout` seconds, and can ask for a password if it is `at_terminal`.
    Raise `ConfigError` without any output of a command.
    """
    commands = _Commands(settings.profile or "", timeout, at_terminal)
    if settings.server:
        return commands.access_to_server(settings.server)
    if settings.database:
        return commands.access_to_database(settings.database)
    if settings.demo or settings.archive:
        return NO_ACCESS
    from chatkit_tui.config.api_key import resolve_api_key

    return Access(resolve_api_key(settings, timeout=timeout, at_terminal=at_terminal))


class _Commands(NamedTuple):
    """Runs the commands of one profile."""

    profile: str
    timeout: float
    at_terminal: bool

    def access_to_server(self, server: ServerSettings) -> Access:
        token = server.token
        if token is None and server.token_command:
            token = Secret(self._output(server.token_command, "token_command"), ACCESS_TOKEN)
        word = token.reveal() if token is not None else "none"
        if " " in word or not is_header_value(word):
            raise ConfigError("There is a space or a character that cannot be sent in the token.")
        headers: list[tuple[str, Secret]] = []
        for header in server.headers:
            if not header.command or (token is not None and header.name.lower() == "authorization"):
                continue
            value = self._output(header.command, f"command of header {header.name}")
            _remember_parts(value)
            if not is_header_value(value):
                raise ConfigError(
                    f"There is a character that cannot be sent in header {header.name}."
                )
            headers.append((header.name, Secret(value, HEADER)))
        return Access(token, tuple(headers))

    def access_to_database(self, database: DatabaseSettings) -> Access:
        if database.password_command is None:
            return Access(database.password)
        password = self._output(database.password_command, "password_command")
        return Access(Secret(password, DATABASE_PASSWORD))

    def _output(self, command: tuple[str, ...], name: str) -> str:
        of_profile = f"the {name} of profile {self.profile}"
        return first_line(
            command,
            of_profile,
            "The source is not opened",
            timeout=self.timeout,
            at_terminal=self.at_terminal,
        )


def _remember_parts(value: str) -> None:
    """Register the secrets within the value of a header, as in `a=…; b=…`, for `redact`."""
    for part in re.split(r"[;,\s]+", value):
        Secret(part, HEADER)
        Secret(part.partition("=")[2], HEADER)

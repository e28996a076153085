"""The profiles that the screen can switch to, each resolved as `--profile NAME` does it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from chatkit_tui.cli.connection import access_to, new_journal
from chatkit_tui.cli.sources import open_without_blocking
from chatkit_tui.config.address import host_of, place_of_database, place_of_server
from chatkit_tui.config.file import Placed, Profile, config_path, read_file
from chatkit_tui.config.resolve import PASSWORD, TOKEN, load_settings
from chatkit_tui.config.schema import Header, SourceKind
from chatkit_tui.config.settings import DEFAULT_BASE_URL
from chatkit_tui.errors import ConfigError
from chatkit_tui.sessions.history import SessionHistory
from chatkit_tui.storage.remembered import read_remembered, state_path
from chatkit_tui.ui.options import ProfileChoice, ShownSource

if TYPE_CHECKING:
    from chatkit_tui.cli.options import Given
    from chatkit_tui.config.access import Access
    from chatkit_tui.config.settings import Settings
    from chatkit_tui.deletion.journal import DeletionJournal
    from chatkit_tui.sources.base import SourceObserver, ThreadSource
    from chatkit_tui.ui.options import Options

_OF_ACCOUNT: Final = ("profile", "user", *SourceKind)
"""Options of the command line that are about the first source alone."""
_KEY: Final = "OPENAI_API_KEY"

MakeOptions = Callable[["Settings", "Access", "DeletionJournal | None"], "Options"]
"""Makes the options of the screen."""


class Profiles:
    """The profiles of the configuration file, and what the program was started with."""

    def __init__(
        self, given: Mapping[str, Given], started: Settings, make_options: MakeOptions
    ) -> None:
        """`given` are the options of the command line, `started` the settings made from them."""
        self._given = dict(given)
        self._started = started
        self._make_options = make_options
        self.first: ShownSource | None = None
        """What the program was started with."""

    def choices(self) -> list[ProfileChoice]:
        """Return what can be chosen. Raise `ConfigError` if the file cannot be used."""
        path = config_path(os.environ)
        file = read_file(path)
        if file.unreadable:
            raise ConfigError(file.notes[0].text(path.name))
        found = [
            ProfileChoice(
                name,
                self._place(profile.values),
                _text(profile.values.get("color")),
                _has_command(profile),
            )
            for name, profile in file.profiles.items()
        ]
        if self._started.profile is None and self.first is not None:
            found.insert(0, ProfileChoice(None, self.first.options.source.host))
        return found

    def resolve(self, name: str | None, *, at_terminal: bool = False) -> ShownSource:
        """Return the source of a profile, or with None that of the start.

        The key of the environment is used only for the profile of the start, the token and the
        password only for the server and the database of the start. Block while a command prints
        the key; it can ask for a password if it is `at_terminal`. Raise `ChatKitError`.
        """
        if name is None and self.first is not None:
            return self.first
        environ = dict(os.environ)
        of_start = {variable: environ.pop(variable, "") for variable in (TOKEN, PASSWORD)}
        is_foreign = name != self._started.profile and bool(environ.pop(_KEY, ""))
        settings = self._load(name, environ)
        is_same = settings.address == self._started.address and name == self._started.profile
        if is_same and (settings.server or settings.database):
            settings = self._load(name, {**environ, **of_start})
        if is_foreign and _has_no_key(settings):
            owner = f"profile {self._started.profile}" if self._started.profile else "the start"
            raise ConfigError(f"no key of its own: {_KEY} is for {owner}")
        access = access_to(settings, at_terminal=at_terminal)
        options = self._make_options(settings, access, new_journal(settings, access))
        options = options._replace(profiles=self)

        async def connect(observer: SourceObserver) -> ThreadSource:
            return await open_without_blocking(settings, access, observer)

        return ShownSource(options, connect, SessionHistory())

    def _load(self, name: str | None, environ: Mapping[str, str]) -> Settings:
        given = {key: value for key, value in self._given.items() if key not in _OF_ACCOUNT}
        return load_settings(
            {**given, "profile": name},
            environ,
            for_screen=True,
            remembered=read_remembered(state_path()),
        )

    @staticmethod
    def _place(values: Mapping[str, Placed]) -> str:
        """Return where the threads of a profile come from."""
        if server := _text(values.get("server")):
            return place_of_server(server)
        if database := _text(values.get("database")):
            return place_of_database(database)
        return _text(values.get("archive")) or host_of(
            _text(values.get("base_url")) or DEFAULT_BASE_URL
        )


def _text(placed: Placed | None) -> str:
    return str(placed.value) if placed is not None else ""


def _has_command(profile: Profile) -> bool:
    """Return whether a command of a profile gives a secret, and may ask for a password."""
    headers = profile.values["headers"].value if "headers" in profile.values else ()
    parts = headers if isinstance(headers, tuple) else ()
    return any(name.endswith("_command") for name in profile.values) or any(
        isinstance(header, Header) and header.command for header in parts
    )


def _has_no_key(settings: Settings) -> bool:
    """Return whether nothing in the settings gives a key that the source needs."""
    has_one = settings.api_key or settings.api_key_command or settings.api_key_keyring
    return settings.kind is SourceKind.HOSTED and not has_one

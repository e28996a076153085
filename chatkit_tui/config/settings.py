"""All settings in effect, as the program uses them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from chatkit_tui.config.address import (
    host_of,
    is_postgres,
    place_of_database,
    place_of_server,
)
from chatkit_tui.config.schema import Color, Header, SourceKind
from chatkit_tui.secrets import Secret

DEFAULT_BASE_URL: Final = "https://api.openai.com/v1"
"""The default address of the API."""

UTC: Final = "UTC"
"""The zone of times without a zone, unless `naive_times` says otherwise."""


class ServerSettings(NamedTuple):
    """A server, and what is sent with each request."""

    address: str
    """Used exactly as it is written."""
    token: Secret | None = None
    """The token of the environment; None if there is none."""
    token_command: tuple[str, ...] | None = None
    """A command whose first line of output is the token; None if `token` is set."""
    headers: tuple[Header, ...] = ()
    user_header: str | None = None
    """The header for the user whose threads are wanted; None if the server has no such header."""
    naive_times: str = UTC
    """The zone of times without a zone."""


class DatabaseSettings(NamedTuple):
    """A database, and where in it the conversations are, if that must be said."""

    address: str
    """The path of a SQLite file, or the address of a PostgreSQL database without a password."""
    password_command: tuple[str, ...] | None = None
    """A command whose first line of output is the password, before `password`."""
    threads: str | None = None
    items: str | None = None
    item_json: str | None = None
    owner: str | None = None
    naive_times: str = UTC
    """The zone of times without a zone."""
    password: Secret | None = None
    """The password of the environment; None if there is none, and for a file."""


class Settings(NamedTuple):
    """All settings in effect."""

    path: Path
    """The configuration file, which may not exist."""
    base_url: str = DEFAULT_BASE_URL
    archive: Path | None = None
    """An archive file to read instead of the API. The settings are then read-only."""
    organization: str | None = None
    project: str | None = None
    api_key: Secret | None = None
    """The key of the environment; None if there is none (see `resolve_api_key`)."""
    api_key_command: tuple[str, ...] | None = None
    """A command whose first line of output is the key; None if `api_key` is set."""
    api_key_keyring: bool = False
    """Whether the key is in the system's keyring; false if `api_key` is set."""
    server: ServerSettings | None = None
    """A server that a team runs itself, instead of the hosted API."""
    database: DatabaseSettings | None = None
    """The database of such a server. The settings are then read-only."""
    profile: str | None = None
    color: Color | None = None
    """The color of the profile's name; one of `schema.COLORS`."""
    user: str | None = None
    """Only threads of this user."""
    read_only: bool = False
    backup_before_delete: Path | None = None
    """The archive file that threads are saved in before they are deleted."""
    plain: bool = False
    slow: bool | None = None
    """None to measure the connection to the terminal."""
    copy: str = "auto"
    """How text is copied: `auto`, `osc52`, `native` or `off`."""
    no_mouse: bool = False
    no_preview: bool = False
    demo: bool = False
    protocol: str = "hosted"
    """The API of a demonstration: `hosted` is OpenAI's, `server` that of a self-hosted server."""
    log_file: Path | None = None
    theme: str = "dark"
    """One of `schema.THEMES`."""
    times: str = "relative"
    """`relative` or `absolute`."""
    zone: str = "local"
    """`local` or `utc`: the zone of absolute times."""
    text_width: int = 100
    """Cells of the longest line of an item on the screen; `schema.FULL` for the whole window."""
    keys: Mapping[str, str] = MappingProxyType({})
    """The keys of commands by their ids, separated by commas."""
    filters: Mapping[str, str] = MappingProxyType({})
    """The saved filters of the list by name."""
    first_start: bool = False
    """Whether nothing is remembered of an earlier start."""
    notes: tuple[str, ...] = ()
    """Messages for the start: mistakes at the top of the file and in the profile, the number of
    other mistakes, and settings that the environment overrides."""
    origins: Mapping[str, str] = MappingProxyType({})
    """The origin of each setting that is not a default."""

    def __repr__(self) -> str:
        """Leave out the values: the address may contain a password, rejected only later."""
        return f"Settings({self.path})"

    @property
    def kind(self) -> SourceKind:
        """The kind of the source."""
        if self.demo:
            return SourceKind.DEMO
        if self.server:
            return SourceKind.SERVER
        if self.database:
            return SourceKind.DATABASE
        return SourceKind.ARCHIVE if self.archive else SourceKind.HOSTED

    @property
    def address(self) -> str:
        """The address of the API or the server, or the path of a file."""
        source = self.server or self.database
        return source.address if source else str(self.archive or self.base_url)

    @property
    def host(self) -> str:
        """Where the source is: host and port of the API; host and path of a server or a database;
        the name of a file."""
        if self.server:
            return place_of_server(self.server.address)
        if self.database:
            place = place_of_database(self.database.address)
            return place if is_postgres(self.database.address) else Path(place).name
        return self.archive.name if self.archive else host_of(self.base_url)

    @property
    def notes_key(self) -> str:
        """The name of the source in the file of notes."""
        is_file = self.database and not is_postgres(self.database.address)
        return self.database.address if self.database and is_file else self.host

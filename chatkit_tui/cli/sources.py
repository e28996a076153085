"""The source that the settings name."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chatkit_tui.config.schema import SourceKind
from chatkit_tui.errors import ConfigError
from chatkit_tui.sources.base import Capability

if TYPE_CHECKING:
    from chatkit_tui.config.access import Access
    from chatkit_tui.config.settings import DatabaseSettings, ServerSettings, Settings
    from chatkit_tui.secrets import Secret
    from chatkit_tui.sources.base import SourceInfo, SourceObserver, ThreadSource
    from chatkit_tui.sources.database.source import DatabaseSource

BUILT_IN = "built-in API"
"""The host of a demonstration."""

_NO_USERS: Final = {
    SourceKind.SERVER: "no user_header is set for this server",
    SourceKind.DATABASE: "no column with the users was found in this database",
}
_NO_SESSIONS: Final = "only the hosted API has sessions"
_WHY_NOT_ON_SERVER: Final[Mapping[str, str]] = {
    Capability.SESSIONS: _NO_SESSIONS,
    Capability.FILTER_BY_USER: _NO_USERS[SourceKind.SERVER],
}
_WHY_NOT_IN_ARCHIVE: Final[Mapping[str, str]] = {
    Capability.SESSIONS: _NO_SESSIONS,
    Capability.DELETE: "an archive is only read: `archive remove` erases threads of it",
    Capability.LIVE: "an archive changes only when it is synchronized",
}
_WHY_NOT_IN_DATABASE: Final[Mapping[str, str]] = {
    Capability.SESSIONS: _NO_SESSIONS,
    Capability.FILTER_BY_USER: _NO_USERS[SourceKind.DATABASE],
    Capability.DELETE: "a database is only read",
}


def open_source(
    settings: Settings,
    access: Access,
    observer: SourceObserver | None = None,
    at_once: int | None = None,
) -> ThreadSource:
    """Return the source that the settings name; in a demonstration, a built-in API of its own.

    At most `at_once` requests to an API are in flight.

    Raise `ConfigError` if a key is missing, the address is invalid, or the settings have a user by
    whom the source cannot filter; `ArchiveError` if the file is not an archive.
    """
    source = _open(settings, access, observer, at_once)
    if settings.user and not settings.database:
        check_user_filter(settings, source)
    return source


def check_user_filter(settings: Settings, source: ThreadSource) -> None:
    """Raise `ConfigError` if a source cannot show the threads of one user."""
    if Capability.FILTER_BY_USER not in source.capabilities:
        raise ConfigError(
            "The threads of one user cannot be shown, since"
            f" {_NO_USERS[settings.kind]}: remove user from the settings, or use --all-users."
        )


def _open(
    settings: Settings, access: Access, observer: SourceObserver | None, at_once: int | None
) -> ThreadSource:
    if settings.archive:
        from chatkit_tui.sources.archive.source import ArchiveSource

        return ArchiveSource(settings.archive)
    if settings.server:
        return _open_server(settings, settings.server, access, observer, at_once)
    if settings.demo and settings.protocol == "server":
        return _open_demo_server(settings, access, observer, at_once)
    if settings.database:
        return _open_database(settings, settings.database, access)
    from chatkit_tui.sources.openai import AT_ONCE, ChatKitClient
    from chatkit_tui.sources.openai.source import OpenAISource

    most = at_once or AT_ONCE
    if settings.demo:
        from chatkit_tui.emulator import DEMO_KEY, DEMO_URL, Emulator
        from chatkit_tui.emulator.transport import EmulatorTransport

        client = ChatKitClient(
            api_key=DEMO_KEY,
            base_url=DEMO_URL,
            organization="",
            project="",
            transport=EmulatorTransport(Emulator(clock=clock(settings))),
            read_only=settings.read_only,
            at_once=most,
        )
    else:
        client = ChatKitClient(
            api_key=access.secret.reveal() if access.secret else "",
            base_url=settings.base_url,
            organization=settings.organization or "",
            project=settings.project or "",
            read_only=settings.read_only,
            at_once=most,
        )
    return OpenAISource(client, source_info(settings, access), observer)


def _open_server(
    settings: Settings,
    server: ServerSettings,
    access: Access,
    observer: SourceObserver | None,
    at_once: int | None,
) -> ThreadSource:
    from chatkit_tui.models.timestamps import zone_named
    from chatkit_tui.sources.chatkit_server.source import ChatKitServerSource
    from chatkit_tui.sources.http.transport import AT_ONCE

    headers: dict[str, Secret | str] = {
        header.name: header.text for header in server.headers if header.text
    }
    return ChatKitServerSource(
        server.address,
        token=access.secret,
        headers={**headers, **dict(access.headers)},
        user_header=server.user_header or "",
        user=settings.user,
        naive_zone=zone_named(server.naive_times),
        info=source_info(settings, access),
        observer=observer,
        read_only=settings.read_only,
        at_once=at_once or AT_ONCE,
    )


def _open_database(
    settings: Settings, database: DatabaseSettings, access: Access
) -> DatabaseSource:
    from chatkit_tui.models.timestamps import zone_named
    from chatkit_tui.sources.archive.schema import is_archive
    from chatkit_tui.sources.database.layout import Tables
    from chatkit_tui.sources.database.source import DatabaseSource

    if "://" not in database.address and is_archive(path := Path(database.address).expanduser()):
        raise ConfigError(f"{path} is an archive of chatkit-tui: open it with --archive.")
    source = DatabaseSource(
        database.address,
        tables=Tables(database.threads, database.items, database.item_json, database.owner),
        password=access.secret.reveal() if access.secret else "",
        naive_zone=zone_named(database.naive_times),
    )
    if settings.user:
        try:
            check_user_filter(settings, source)
        except ConfigError:
            source.close()
            raise
    return source


async def open_without_blocking(
    settings: Settings, access: Access, observer: SourceObserver | None = None
) -> ThreadSource:
    """Return what `open_source` returns, without blocking the event loop for a database."""
    if settings.database is None:
        return open_source(settings, access, observer)
    from chatkit_tui.storage.opening import open_in_thread

    opening = partial(_open_database, settings, settings.database, access)
    return await open_in_thread(opening, lambda source: source.close())


def _open_demo_server(
    settings: Settings, access: Access, observer: SourceObserver | None, at_once: int | None
) -> ThreadSource:
    from chatkit_tui.emulator.self_hosted import SERVER_URL, USER_HEADER, SelfHostedEmulator
    from chatkit_tui.emulator.transport import EmulatorTransport
    from chatkit_tui.sources.chatkit_server.source import ChatKitServerSource
    from chatkit_tui.sources.http.transport import AT_ONCE

    return ChatKitServerSource(
        SERVER_URL,
        user_header=USER_HEADER,
        user=settings.user,
        info=source_info(settings, access),
        observer=observer,
        read_only=settings.read_only,
        at_once=at_once or AT_ONCE,
        transport=EmulatorTransport(SelfHostedEmulator()),
    )


def source_info(settings: Settings, access: Access) -> SourceInfo:
    """Return how the source that the settings name is presented."""
    from chatkit_tui.sources.base import SourceInfo

    if settings.archive:
        from chatkit_tui.sources.archive.source import archive_info

        return archive_info(settings.archive)._replace(why_not=_WHY_NOT_IN_ARCHIVE)
    if settings.demo and settings.protocol == "server":
        return SourceInfo(
            "sample server",
            BUILT_IN,
            badge="DEMO",
            why_not=_WHY_NOT_ON_SERVER,
            names_users=False,
            deletes_attachments=False,
        )
    if settings.demo:
        return SourceInfo("sample data", BUILT_IN, badge="DEMO")
    if settings.server:
        return SourceInfo(
            "ChatKit server",
            settings.host,
            access.hint,
            "SERVER",
            "token",
            _WHY_NOT_ON_SERVER,
            shows_all=False,
            names_users=False,
            deletes_attachments=False,
        )
    if settings.database:
        return SourceInfo("database", settings.host, badge="DATABASE", why_not=_WHY_NOT_IN_DATABASE)
    return SourceInfo("OpenAI", settings.host, access.hint)


def clock(settings: Settings) -> Callable[[], float]:
    """Return the clock, in Unix seconds: the machine's, or that of the sample data."""
    if not settings.demo:
        return time.time
    from chatkit_tui.emulator import running_clock

    return running_clock()

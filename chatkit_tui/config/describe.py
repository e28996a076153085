"""The settings in effect and their origins, for `config show`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from chatkit_tui.config.address import showable
from chatkit_tui.config.resolve import TOKEN
from chatkit_tui.config.schema import FULL, SourceKind
from chatkit_tui.config.settings import ServerSettings, Settings
from chatkit_tui.text.plain import ui_text


class Described(NamedTuple):
    """A setting for `config show`."""

    name: str
    value: str | int | None
    origin: str


_BACKUP = "backup_before_delete"
_OF_SOURCE: dict[SourceKind, tuple[str, ...]] = {
    SourceKind.ARCHIVE: ("archive",),
    SourceKind.SERVER: ("server", "token", "user_header", "headers", "naive_times", _BACKUP),
    SourceKind.DATABASE: (
        *("database", "password_command", "threads", "items", "item_json", "owner"),
        "naive_times",
    ),
}
_OF_API = ("base_url", "organization", "project", "api_key", _BACKUP)
_OF_PROGRAM = (
    *("user", "read_only", "theme", "times", "zone", "text_width", "plain", "slow", "copy"),
    *("no_mouse", "no_preview", "log_file"),
)


def describe(settings: Settings, *, as_json: bool = False) -> list[Described]:
    """Return every setting with its value and origin. Of a key, at most the last four characters.

    The values are texts; with `as_json`, they have the types of JSON.
    """
    rows: list[Described] = []
    names = ("profile", "color", *_OF_SOURCE.get(settings.kind, _OF_API), *_OF_PROGRAM)
    described = (row for name in names for row in _described(settings, name, as_json=as_json))
    for name, value, origin in described:
        shown = value if as_json else _word(value)
        is_json = shown is None or isinstance(shown, int)
        rows.append(Described(name, shown if is_json else str(shown), origin))
    tables = {"keys": settings.keys, "filters": settings.filters}
    return rows + [
        Described(f"{table}.{name}", value, settings.path.name)
        for table, values in tables.items()
        for name, value in values.items()
    ]


def _described(settings: Settings, name: str, *, as_json: bool) -> Iterator[tuple[str, Any, str]]:
    """Yield name, value and origin of a setting, or of each header."""
    origin = settings.origins.get(name, "default")
    holder = settings.server or settings.database or settings
    value: Any = getattr(holder if hasattr(holder, name) else settings, name, None)
    if name == "headers" and settings.server:
        for header in settings.server.headers:
            yield f"headers.{header.name}", header.text or _output_of(header.command), origin
        return
    if name == "slow" and value is None:
        value = "as measured"
    elif name == "text_width":
        value = "full" if value == FULL else value
    elif name == "api_key":
        value, origin = _described_key(settings)
        if settings.api_key is not None and not as_json:
            value = ui_text("…") + value
    elif name == "token" and settings.server:
        value, origin = _described_token(settings, settings.server)
        if settings.server.token is not None and not as_json:
            value = ui_text("…") + value
    elif name == "password_command" and value:
        value = _output_of(value)
    elif name == "base_url":
        value = showable(value)
    elif name in (SourceKind.SERVER, SourceKind.DATABASE):
        value = showable(settings.address) if settings.server else settings.address
    yield name, value, origin


def _output_of(command: Sequence[str]) -> str:
    """Describe a value that a command prints; the arguments of the command may be private."""
    return f"output of {command[0]}"


def _described_token(settings: Settings, server: ServerSettings) -> tuple[str | None, str]:
    if server.token is not None:
        return server.token.hint, settings.origins["token"]
    if server.token_command:
        return _output_of(server.token_command), settings.origins["token_command"]
    return None, f"{TOKEN} or token_command, if the server wants one"


def _described_key(settings: Settings) -> tuple[Any, str]:
    if settings.demo:
        return "not needed", "--demo"
    if settings.api_key is not None:
        return settings.api_key.hint, settings.origins.get("api_key", "")
    if settings.api_key_command:
        return _output_of(settings.api_key_command), settings.origins["api_key_command"]
    if settings.api_key_keyring:
        return "in the system's keyring", settings.origins["api_key_keyring"]
    return None, "set OPENAI_API_KEY; --demo needs none"


def _word(value: object) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)

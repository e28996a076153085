"""What a profile says about its source: a mistake could send a secret to the wrong place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, NamedTuple, Protocol

from chatkit_tui.config.address import database_mistake, names_a_secret, server_mistake
from chatkit_tui.config.schema import IN_PROFILE, Header, Kind, SourceKind, Value, command_words
from chatkit_tui.secrets import holds_secret


class SettingMistake(NamedTuple):
    """A mistake in the table of a profile. It never quotes a value."""

    name: str
    """The setting or the header; empty for the whole table."""
    reason: str


class HasValue(Protocol):
    """A value of the file."""

    @property
    def value(self) -> Value: ...


_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OF_HTTP: Final = {
    *("accept-encoding", "connection", "content-encoding", "content-length", "content-type"),
    *("expect", "host", "te", "trailer", "transfer-encoding", "upgrade"),
}
"""Headers of the connection, which are the program's own."""

_GIVEN_BY_COMMAND: Final = 'a command must give it, as in { command = ["pass", "show", "shop"] }'


def _user_header_mistake(name: str) -> str | None:
    if not _is_own_header(name) or name.lower() in ("authorization", "cookie"):
        return "must be the name of a header for the user"
    return None


_MISTAKES: Final[Mapping[str, Callable[[str], str | None]]] = {
    SourceKind.SERVER: server_mistake,
    SourceKind.DATABASE: database_mistake,
    "user_header": _user_header_mistake,
}


def value_mistake(name: str, value: str) -> str | None:
    """Return what is wrong with the value of a setting, or None."""
    mistake = _MISTAKES.get(name)
    return mistake(value) if mistake else None


def read_headers(table: object) -> tuple[tuple[Header, ...], list[SettingMistake]]:
    """Return the valid headers of a profile, and the mistakes in the others."""
    if not isinstance(table, dict):
        return (), [SettingMistake("", f"headers must be {Kind.HEADERS.value}")]
    headers: list[Header] = []
    mistakes: list[SettingMistake] = []
    for name, value in table.items():
        reason = _header_mistake(name, value, [header.name for header in headers])
        if reason:
            mistakes.append(SettingMistake(name, f"headers: {name} {reason}"))
        elif isinstance(value, str):
            headers.append(Header(name, text=value))
        else:
            headers.append(Header(name, command=command_words(value["command"]) or ()))
    return tuple(headers), mistakes


def _header_mistake(name: str, value: object, known: Iterable[str]) -> str | None:
    if not _is_own_header(name):
        return "cannot be set"
    if name.lower() in map(str.lower, known):
        return "is given twice"
    if isinstance(value, str):
        if names_a_secret(name) or holds_secret(value):
            return f"contains a secret: {_GIVEN_BY_COMMAND}"
        return None if is_header_value(value) else "contains a character that cannot be sent"
    if isinstance(value, dict) and [*value] == ["command"] and command_words(value["command"]):
        return None
    return 'must be text in quotes, or { command = ["pass", "show", "shop"] }'


def _is_own_header(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and name.lower() not in _OF_HTTP


def is_header_value(text: str) -> bool:
    """Return whether a text can be sent as the value of a header."""
    return bool(text) and text.isascii() and text.isprintable() and text == text.strip()


def source_mistake(names: Collection[str], values: Mapping[str, HasValue]) -> SettingMistake | None:
    """Return why the settings of a profile do not belong together, or None.

    `names` are all settings of the profile, `values` the valid ones.
    """
    kinds = [kind for kind in SourceKind if kind in names]
    if len(kinds) > 1:
        *rest, last = sorted(kinds, key=[*names].index)
        others = ", ".join(rest)
        return SettingMistake(last, f"there are both {others} and {last}: remove one")
    kind = kinds[0] if kinds else SourceKind.HOSTED
    for name in names:
        setting = IN_PROFILE.get(name)
        if setting is None or not setting.sources or kind in setting.sources:
            continue
        new = {SourceKind.SERVER, SourceKind.DATABASE}
        if kind in new or set(setting.sources) <= new:
            needed = " or ".join(setting.sources)
            return SettingMistake(name, f"{name} belongs to {needed}, which is not in this profile")
    if kind is not SourceKind.SERVER:
        return None
    if "user" in values and "user_header" not in values:
        return SettingMistake("user", "user needs user_header: else the server sends all threads")
    return _header_conflict(values)


def _header_conflict(values: Mapping[str, HasValue]) -> SettingMistake | None:
    found = values["headers"].value if "headers" in values else ()
    headers = found if isinstance(found, tuple) else ()
    names = {header.name.lower() for header in headers if isinstance(header, Header)}
    if "token_command" in values and "authorization" in names:
        reason = "there are both token_command and a header Authorization: remove one"
        return SettingMistake("token_command", reason)
    if "user_header" in values and str(values["user_header"].value).lower() in names:
        reason = "user_header is also in headers: remove one"
        return SettingMistake("user_header", reason)
    return None

"""The configuration file: its values, and its mistakes with their lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from chatkit_tui.config.positions import key_lines, line_of
from chatkit_tui.config.profile_source import read_headers, source_mistake, value_mistake
from chatkit_tui.config.schema import (
    IN_PROFILE,
    TOP,
    Kind,
    Setting,
    SourceKind,
    Value,
    from_toml,
    nearest,
)
from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import holds_secret, redact
from chatkit_tui.storage.private_file import platform_folder, read_bounded

LARGEST = 1024 * 1024
"""Bytes; a larger file is not a configuration file and is not read."""
_KEY_NAMES = {"api_key", "apikey", "key", "openai_api_key", "password", "secret", "token"}
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

_OPEN_QUOTE = re.compile(r"""Unterminated string|Expected "'|Illegal character '\\n'""")
"""The messages of `tomllib` for a string without end."""

_KEY_SOURCES = ("api_key_command", "api_key_keyring")
_BACKUP = "backup_before_delete"
_NOTHING_DELETED = "; until that is fixed, nothing is deleted (read_only)"
"""What follows from a mistake of a user who counts on a backup."""
_GUARDED = {
    *("profile", "profiles"),
    *(name for name, each in IN_PROFILE.items() if each.sources and name != _BACKUP),
}
"""A mistake in one of these could select the wrong source."""

_NO_KEYS_HERE = "a key does not belong in this file, so it is not used. "
_INSTEAD = (
    'Set OPENAI_API_KEY, or set in a profile: api_key_command = ["pass", "show", "openai"], or '
    "api_key_keyring = true"
)
_INSTEAD_FOR: dict[str, str] = {
    SourceKind.SERVER: "Set CHATKIT_TUI_TOKEN, or set in the profile: token_command = "
    '["pass", "show", "shop"]',
    SourceKind.DATABASE: "Set PGPASSWORD, ~/.pgpass or password_command",
}

_OF_SCREEN = ("keys", "filters")
_TABLES = ("profiles", *_OF_SCREEN)

_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Note(NamedTuple):
    """A mistake in the file. It never quotes a value."""

    line: int | None
    """The line, from 1; None for the whole file."""
    message: str
    table: tuple[str, ...] = ()
    """`("profiles", NAME)`, `("keys",)`, `("filters",)`, or empty for the top of the file."""
    is_fault: bool = True
    """It is a mistake; if false, it is a consequence that the user may intend."""

    def text(self, name: str) -> str:
        """Return the note on one line, with the name of the file."""
        where = f"{name} line {self.line}" if self.line else name
        return f"{where}: {self.message}"


class Placed(NamedTuple):
    """A value of the file and its line."""

    value: Value
    line: int | None


_FALSE = Placed(value=False, line=None)


class Profile(NamedTuple):
    """One `[profiles.NAME]`."""

    name: str
    values: Mapping[str, Placed]
    doubt: str | None = None
    """The mistake in its account settings; None if there is none."""
    key_doubt: str | None = None
    """The mistake in the source of its key; None if there is none."""
    refusal: str | None = None
    """Why its source is not used at all, and no other in its place; None if it is."""


class ConfigFile(NamedTuple):
    """The valid parts of the file, and notes on the rest in the order of their lines."""

    path: Path
    top: Mapping[str, Placed] = _NOTHING
    profiles: Mapping[str, Profile] = _NOTHING
    keys: Mapping[str, str] = _NOTHING
    """Command ids and their keys, separated by commas."""
    filters: Mapping[str, str] = _NOTHING
    """The saved filters of the list by name."""
    notes: tuple[Note, ...] = ()
    doubt: str | None = None
    """The mistake in the choice of a profile; None if there is none."""
    key_doubt: str | None = None
    """The mistake of a key at the top of the file; None if there is none."""
    unreadable: bool = False
    """Whether no part of the file could be used."""


def config_path(environ: Mapping[str, str]) -> Path:
    """Return the path in `CHATKIT_TUI_CONFIG`, by default in the platform's folder.

    Raise `ConfigError` if the variable begins with a home folder that does not exist.
    """
    named = environ.get("CHATKIT_TUI_CONFIG", "").strip()
    if named:
        return expanded(named, "CHATKIT_TUI_CONFIG")
    return platform_folder("config") / "config.toml"


def expanded(path: str, name: str) -> Path:
    """Return a path with `~` and `~USER` expanded.

    Raise `ConfigError` with the `name` of the setting if there is no such home folder.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError:
        home = path.partition("/")[0]
        raise ConfigError(f"{name}: there is no home folder {home!r}.") from None


def check(path: Path, profile: str | None = None) -> list[Note]:
    """Return the mistakes in the file, in the order of its lines.

    A missing file is a mistake, and so is a missing `profile`. With a `profile`, mistakes in other
    profiles are omitted.
    """
    file = read_file(path, required=True)
    if profile is None:
        return list(file.notes)
    notes = [note for note in file.notes if concerns(note, profile)]
    if profile not in file.profiles and not file.unreadable:
        notes.append(Note(None, f"there is no profile {profile!r}{_known(file.profiles)}"))
    return notes


def concerns(note: Note, profile: str | None) -> bool:
    """Return whether a note affects this profile, or None for no profile."""
    return note.table[:1] != ("profiles",) or note.table == ("profiles", profile)


def read_file(path: Path, *, required: bool = False) -> ConfigFile:
    """Read the file. Mistakes are in the notes; nothing is raised.

    A missing file is an empty one, unless it is `required`.
    """
    try:
        raw = read_bounded(path, LARGEST)
    except FileNotFoundError:
        return _unreadable(path, None, "there is no such file") if required else ConfigFile(path)
    except OSError as error:
        return _unreadable(path, None, f"it cannot be read ({error.strerror})")
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unreadable(path, line, "there is a character that is not UTF-8")
    import tomllib  # takes some milliseconds, and many users have no file

    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, reason = _syntax_error(str(error), text)
        return _unreadable(path, line, f"this is not TOML: {reason}")
    except RecursionError:
        return _unreadable(path, None, "it is nested too deeply")
    return _Reading(path, document, key_lines(text)).file()


def _unreadable(path: Path, line: int | None, reason: str) -> ConfigFile:
    return ConfigFile(path, notes=(Note(line, redact(reason)),), unreadable=True)


def _syntax_error(message: str, text: str) -> tuple[int, str]:
    """Return the line and the reason in a message of `tomllib`."""
    found = _AT_LINE.search(message)
    line = int(found[1]) if found and found[1] else text.rstrip("\n").count("\n") + 1
    # A reason quotes at most one character of a value, or a duplicate key.
    reason = _AT_LINE.sub("", message)
    return line, "a quote is not closed" if _OPEN_QUOTE.match(reason) else reason


class _Reading:
    """One pass over a document, collecting notes."""

    def __init__(
        self,
        path: Path,
        document: dict[str, object],
        lines: dict[tuple[str, ...], int],
    ) -> None:
        self._path = path
        self._document = document
        self._lines = lines
        self._notes: list[Note] = []

    def file(self) -> ConfigFile:
        top: dict[str, Placed] = {}
        rest = {name: value for name, value in self._document.items() if name not in _TABLES}
        doubts = {
            name: self._store(top, TOP, (name,), value, [*TOP, *_TABLES])
            for name, value in rest.items()
        }
        profiles = {
            name: self._profile(name, table) for name, table in self._table("profiles").items()
        }
        keys = self._keys(self._table("keys"))
        filters = self._filters(self._table("filters"))
        if "profile" in top and top["profile"].value not in profiles:
            name = str(top.pop("profile").value)
            self._note(("profile",), f"there is no profile {name!r}{_known(profiles)}")
            doubts["profile"] = f"the file's profile {name!r} does not exist"
        notes = sorted(self._notes, key=lambda note: note.line or 0)
        return ConfigFile(self._path, top, profiles, keys, filters, tuple(notes), *_first(doubts))

    def _keys(self, table: dict[str, object]) -> dict[str, str]:
        """Return the valid entries of `[keys]`, with their keys separated by commas."""
        if not table:
            return {}
        from chatkit_tui.commands.keymap import read_keys  # not every start needs the commands

        keymap, faults = read_keys(table)
        for fault in faults:
            text = f"{fault.command_id}: {fault.reason}"
            self._note(("keys", fault.command_id), text, is_fault=fault.dropped)
        return {name: ",".join(keys) for name, keys in keymap.entries.items()}

    def _filters(self, table: dict[str, object]) -> dict[str, str]:
        """Return the valid entries of `[filters]`."""
        if not table:
            return {}
        # Not every start needs the language.
        from chatkit_tui.predicates.predicate import Predicate
        from chatkit_tui.search.thread_filter import mistake

        filters: dict[str, str] = {}
        for name, text in table.items():
            if not isinstance(text, str) or not text.strip():
                self._note(("filters", name), f"{name} must be {Kind.TEXT.value}")
            elif holds_secret(f"{name} {text}"):
                self._note(("filters", name), f"a filter contains a key: {_NO_KEYS_HERE}{_INSTEAD}")
            elif reason := mistake(name, text, [*Predicate]):
                self._note(("filters", name), f"{name}: {reason}")
            else:
                filters[name] = text
        return filters

    def _profile(self, name: str, table: object) -> Profile:
        if not isinstance(table, dict):
            self._note(("profiles", name), f"{name} must be a table: [profiles.{name}]")
            return Profile(name, {}, f"{name} is not a table")
        values: dict[str, Placed] = {}
        doubts: dict[str, str | None] = {}
        refusal: str | None = None
        for key, value in table.items():
            known = len(self._notes)
            path = ("profiles", name, key)
            doubts[key] = self._store(values, IN_PROFILE, path, value, [*IN_PROFILE])
            if doubts[key] and refusal is None:
                refusal = self._notes[known].text(self._path.name)
        mistake = source_mistake(table, values)
        if mistake:
            self._note(("profiles", name, mistake.name), mistake.reason)
            refusal = self._notes[-1].text(self._path.name)
        elif not any(map(_is_of_server_or_database, table)):
            refusal = None
        if "api_key_command" in values and values.get("api_key_keyring", _FALSE).value:
            del values["api_key_keyring"]
            both = "api_key_keyring is ignored: there is an api_key_command"
            self._note(("profiles", name, "api_key_keyring"), both)
        return Profile(name, values, *_first(doubts), refusal)

    def _store(
        self,
        values: dict[str, Placed],
        settings: Mapping[str, Setting],
        path: tuple[str, ...],
        value: object,
        names: list[str],
    ) -> str | None:
        """Store a value or note a mistake. Return a doubt about the account."""
        name = path[-1]
        setting = settings.get(name)
        instead = self._instead(path)
        if setting is None and isinstance(value, str) and _names_a_key(name):
            self._note(path, f"{name}: {_NO_KEYS_HERE}{instead}")
            return f"{name} is not used"
        if setting is None:
            return self._unknown(values, path, names)
        if setting.kind is Kind.HEADERS:
            return self._headers(values, path, value)
        taken = from_toml(setting, value)
        if taken is not None and holds_secret(str(taken)):
            self._note(path, f"{name}: {_NO_KEYS_HERE}{instead}")
            if name == _BACKUP:
                self._make_read_only(values, path)
            return f"{name} is not used" if name in _GUARDED else None
        if isinstance(taken, str) and (reason := value_mistake(name, taken)):
            self._note(path, f"{name} {reason}")
            return f"{name} is not used"
        if taken is None:
            if name == "read_only":
                self._make_read_only(values, path)
                self._note(path, f"{name} must be {setting.expected}; it is taken as true")
                return None
            if name == _BACKUP:
                self._make_read_only(values, path)
            self._note(path, _must_be(setting, path, value))
            return f"{name} is not used" if name in _GUARDED else None
        if name != "read_only" or name not in values:  # else a mistake made it true
            values[name] = Placed(taken, self._line(path))
        return None

    def _instead(self, path: tuple[str, ...]) -> str:
        """Return how to give a key that is in the file."""
        profile = self._table("profiles").get(path[1]) if len(path) > 1 else None
        names = profile if isinstance(profile, dict) else {}
        return next((advice for name, advice in _INSTEAD_FOR.items() if name in names), _INSTEAD)

    def _headers(
        self, values: dict[str, Placed], path: tuple[str, ...], value: object
    ) -> str | None:
        headers, mistakes = read_headers(value)
        for mistake in mistakes:
            self._note((*path, mistake.name) if mistake.name else path, mistake.reason)
        values["headers"] = Placed(headers, self._line(path))
        return "headers is not used" if mistakes else None

    def _unknown(
        self, values: dict[str, Placed], path: tuple[str, ...], names: list[str]
    ) -> str | None:
        *within, name = path
        elsewhere = (TOP if within else IN_PROFILE).get(name)
        closest = None if elsewhere else nearest(name, names)
        if elsewhere:
            hint = "; it belongs at the top of the file" if within else "; it belongs in a profile"
        else:
            hint = f"; did you mean {closest}?" if closest else ""
        if closest == "read_only":
            self._make_read_only(values, path)
            hint += " It is taken as true"
        if _BACKUP in (name, closest):
            self._make_read_only(values, path)
            hint += _NOTHING_DELETED
        self._note(path, f"{name} is not a setting{' of a profile' if within else ''}{hint}")
        return f"{name} is not known" if closest in _GUARDED else None

    def _make_read_only(self, values: dict[str, Placed], path: tuple[str, ...]) -> None:
        values["read_only"] = Placed(value=True, line=self._line(path))

    def _table(self, name: str) -> dict[str, object]:
        table = self._document.get(name, {})
        if isinstance(table, dict):
            return table
        self._note((name,), f"{name} must be a table: [{name}]")
        return {}

    def _note(self, path: tuple[str, ...], message: str, *, is_fault: bool = True) -> None:
        table = path[:-1] if path[0] in _OF_SCREEN else path[:2]
        about = table if path[0] in _TABLES and len(path) > 1 else ()
        self._notes.append(Note(self._line(path), redact(message), about, is_fault))

    def _line(self, path: tuple[str, ...]) -> int | None:
        return line_of(self._lines, path)


def _must_be(setting: Setting, path: tuple[str, ...], value: object) -> str:
    """Return the message for an invalid value, with the closest choice."""
    if path == ("profile",):
        return f"{setting.name} must be {setting.expected}; did you mean [profiles.NAME]?"
    closest = nearest(value, setting.choices, joint="-") if isinstance(value, str) else None
    if closest:
        return f"there is no such {setting.name}; did you mean {closest}?"
    rest = _NOTHING_DELETED if setting.name == _BACKUP else ""
    return f"{setting.name} must be {setting.expected}{rest}"


def _first(doubts: Mapping[str, str | None]) -> tuple[str | None, str | None]:
    """Return the first doubt about the account, and the first about the key."""
    found: list[str | None] = [None, None]
    for name, doubt in doubts.items():
        about_key = _names_a_key(name) or nearest(name, IN_PROFILE) in _KEY_SOURCES
        found[about_key] = found[about_key] or doubt
    return found[0], found[1]


def _names_a_key(name: str) -> bool:
    return name.lower().replace("-", "_") in _KEY_NAMES


def _is_of_server_or_database(name: str) -> bool:
    """Return whether a setting makes no sense for the hosted API or an archive."""
    setting = IN_PROFILE.get(name)
    return bool(setting and set(setting.sources) & {SourceKind.SERVER, SourceKind.DATABASE})


def _known(profiles: Mapping[str, Profile]) -> str:
    return f"; there are {', '.join(profiles)}" if profiles else "; there is none"

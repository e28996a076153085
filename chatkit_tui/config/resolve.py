"""The settings in effect: from flags, the environment, a profile, the file or choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from chatkit_tui.config.address import (
    database_mistake,
    is_postgres,
    server_mistake,
    unencrypted,
)
from chatkit_tui.config.file import (
    ConfigFile,
    Placed,
    Profile,
    concerns,
    config_path,
    expanded,
    read_file,
)
from chatkit_tui.config.schema import (
    BY_NAME,
    SETTINGS,
    Setting,
    SourceKind,
    Value,
    from_text,
    from_toml,
    nearest,
)
from chatkit_tui.config.settings import DatabaseSettings, ServerSettings, Settings
from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import ACCESS_TOKEN, DATABASE_PASSWORD, Secret, holds_secret
from chatkit_tui.sources.http.proxies import is_exposed
from chatkit_tui.storage.remembered import REMEMBERED, Remembered
from chatkit_tui.text.plain import counted

TOKEN: Final = "CHATKIT_TUI_TOKEN"  # noqa: S105 # the name of a variable
PASSWORD: Final = "PGPASSWORD"  # noqa: S105

Given = str | int | None
"""The value of a flag; None if it is absent."""

_OF_SCREEN = (("keys",), ("filters",))
"""The tables of the file whose mistakes matter to the screen only."""


def load_settings(
    given: Mapping[str, Given],
    environ: Mapping[str, str],
    path: Path | None = None,
    *,
    for_screen: bool = False,
    remembered: Remembered = Remembered(),  # noqa: B008 # immutable
) -> Settings:
    """Resolve every setting from flags, the environment and the configuration file.

    `given` has the flags by their names with underscores. `path` is the file, by default
    `config_path`. The notes report mistakes in `[keys]` only if `for_screen`. `remembered` are
    choices made in the program, which count where nothing else sets them.

    Mistakes in the file are in `notes` and are not used. If one may concern the account, the
    settings are read-only. With `demo`, profiles and keys are ignored. Raise `ConfigError` if a
    requested profile does not exist.
    """
    named = path is not None or bool(environ.get("CHATKIT_TUI_CONFIG", "").strip())
    file = read_file(path or config_path(environ), required=named)
    return _Resolution(given, environ, file, remembered, for_screen=for_screen).settings()


_OVER_HTTP = (SourceKind.HOSTED, SourceKind.SERVER)
_OF_ONE_ADDRESS = (SourceKind.SERVER, SourceKind.DATABASE)
"""Sources whose settings in a profile belong to its address alone, not to that of a flag."""
_READ_ONLY = {
    SourceKind.ARCHIVE: "an archive is read-only",
    SourceKind.DATABASE: "a database is read-only",
}

_PROFILE_CHOSEN_BY = (BY_NAME["profile"].flag, BY_NAME["profile"].variable)


class _Resolution:
    """One resolution of settings, collecting values, origins and notes."""

    def __init__(
        self,
        given: Mapping[str, Given],
        environ: Mapping[str, str],
        file: ConfigFile,
        remembered: Remembered,
        *,
        for_screen: bool,
    ) -> None:
        self._given = given
        self._environ = environ
        self._file = file
        self._remembered = remembered
        self._values: dict[str, Value] = {}
        self._origins: dict[str, str] = {}
        self._notes: list[str] = []
        self._for_screen = for_screen
        self._kind = SourceKind.HOSTED
        self._is_of_profile = True
        """Whether the settings of the profile are about the source."""

    def settings(self) -> Settings:
        self._resolve(BY_NAME["profile"], None)
        chosen_here = self._origins.get("profile") in _PROFILE_CHOSEN_BY
        profile = self._profile()
        self._add_notes(profile)
        self._kind, self._is_of_profile = self._source(profile)
        if self._given.get("protocol") and self._kind is not SourceKind.DEMO:
            raise ConfigError("--protocol is for --demo alone.")
        # No variable of the hosted API is read for another source.
        is_hosted = self._kind is SourceKind.HOSTED
        secret = Secret(self._environ.get("OPENAI_API_KEY", "").strip() if is_hosted else "")
        for setting in SETTINGS:
            if setting.name != "profile" and (not setting.sources or self._kind in setting.sources):
                self._resolve(setting, profile)
        values: dict[str, Any] = dict(self._values)
        for name in ("log_file", "archive", "backup_before_delete"):
            if name in values:
                values[name] = expanded(values[name], self._origins[name])
        if secret:
            values["api_key"] = secret
            self._origins["api_key"] = "OPENAI_API_KEY"
            self._override_commands("OPENAI_API_KEY", values, "api_key_command", "api_key_keyring")
        self._add_source(values)
        self._guard(profile, values, chosen_here=chosen_here)
        if self._remembered.note:
            self._notes.append(self._remembered.note)
        settings = Settings(
            path=self._file.path,
            demo=self._kind is SourceKind.DEMO,
            keys=self._file.keys,
            filters=self._file.filters,
            first_start=self._remembered == Remembered(),
            origins=self._origins,
            **values,
        )
        if self._kind in _OVER_HTTP and is_exposed(settings.address, self._environ):
            self._notes.insert(0, unencrypted(settings.address))
        return settings._replace(notes=tuple(self._notes))

    def _source(self, profile: Profile | None) -> tuple[SourceKind, bool]:
        """Return the kind of the source, and whether settings of the profile are about it.

        Raise `ConfigError` for several sources, and for a profile whose source is refused.
        """
        flags = [kind for kind in SourceKind if self._given.get(kind)]
        if len(flags) > 1:
            names = " and ".join(kind.flag for kind in flags)
            raise ConfigError(f"{names} exclude each other.")
        named = [kind for kind in SourceKind if profile and kind in profile.values]
        if flags:
            [kind] = flags
            is_same = profile and _is_same(profile, kind, self._given[kind])
            return kind, kind not in _OF_ONE_ADDRESS or bool(is_same)
        archive = BY_NAME[SourceKind.ARCHIVE].variable
        if self._environ.get(archive, "").strip():
            if named and named != [SourceKind.ARCHIVE]:
                self._overridden(archive, named[0])
            return SourceKind.ARCHIVE, True
        if profile and profile.refusal:
            raise ConfigError(f"Profile {profile.name} cannot be used: {profile.refusal}.")
        if not named or (profile and profile.doubt):
            return SourceKind.HOSTED, True
        return named[0], True

    def _add_source(self, values: dict[str, Any]) -> None:
        """Add the server or database, and make settings of what cannot be changed read-only."""
        if self._kind is SourceKind.SERVER:
            self._check(values[self._kind], server_mistake)
            token = self._environ.get(TOKEN, "").strip()
            if token:
                values["token"] = Secret(token, ACCESS_TOKEN)
                self._origins["token"] = TOKEN
                self._override_commands(TOKEN, values, "token_command")
                headers = values.get("headers", ())
                if any(header.name.lower() == "authorization" for header in headers):
                    self._overridden(TOKEN, "the header Authorization")
            values["server"] = ServerSettings(**_taken(values, ServerSettings, "server"))
        elif self._kind is SourceKind.DATABASE:
            self._check(values[self._kind], database_mistake)
            if not is_postgres(values["database"]):
                path = expanded(values["database"], self._origins["database"])
                values["database"] = str(path.absolute())
            elif password := self._environ.get(PASSWORD):
                values["password"] = Secret(password, DATABASE_PASSWORD)
            values["database"] = DatabaseSettings(**_taken(values, DatabaseSettings, "database"))
        if self._kind in _READ_ONLY:
            values["read_only"] = True
            self._origins["read_only"] = _READ_ONLY[self._kind]

    def _check(self, address: str, mistake: Callable[[str], str | None]) -> None:
        """Raise `ConfigError` if an address of the command line cannot be used."""
        if reason := mistake(address):
            raise ConfigError(f"{self._kind.flag} {reason}.")

    def _override_commands(self, variable: str, values: dict[str, Any], *names: str) -> None:
        """Let a secret of the environment replace what would print it."""
        for name in names:
            self._origins.pop(name, None)
            if values.pop(name, None):
                self._overridden(variable, name)

    def _profile(self) -> Profile | None:
        """Return the profile in effect. Raise `ConfigError` if it does not exist."""
        name = self._values.pop("profile", None)
        origin = self._origins.pop("profile", "")
        if self._given.get(SourceKind.DEMO) or not isinstance(name, str):
            return None
        profile = self._file.profiles.get(name)
        if profile is None:
            raise ConfigError(self._no_profile(name))
        self._values["profile"] = name
        self._origins["profile"] = origin
        return profile

    def _no_profile(self, name: str) -> str:
        if self._file.unreadable:
            reason = self._file.notes[0].text(self._file.path.name)
            return f"There is no profile {name!r}, since {reason}."
        closest = nearest(name, self._file.profiles)
        hint = f" Did you mean {closest}?" if closest else ""
        return f"There is no profile {name!r} in {self._file.path}.{hint}"

    def _resolve(self, setting: Setting, profile: Profile | None) -> None:
        """Use the first of: flag, variable, profile, top of the file, choice in the program."""
        name = setting.name
        of_profile = profile.values.get(name) if profile else None
        if profile and setting.sources and (profile.doubt or not self._is_of_profile):
            of_profile = None  # a part of the settings may be about another source
        value = self._given.get(name) if setting.flag else None
        if value is not None:
            self._set(setting, value, setting.flag)
            return
        text = self._environ.get(setting.variable, "").strip() if setting.variable else ""
        if holds_secret(text):
            raise ConfigError(f"{setting.variable} contains a key: set only OPENAI_API_KEY to it.")
        found = from_text(setting, text) if text else None
        if found is not None:
            self._set(setting, found, setting.variable)
            if of_profile and of_profile.value != found:
                self._overridden(setting.variable, name)
        elif text:
            self._invalid(setting)
        elif of_profile and profile:
            self._set(
                setting, of_profile.value, f"profile {profile.name}, {self._place(of_profile)}"
            )
        elif name in self._file.top:
            placed = self._file.top[name]
            self._set(setting, placed.value, self._place(placed))
        elif setting.remembered:
            chosen = from_toml(setting, self._remembered.values.get(name))
            if chosen is not None:
                self._set(setting, chosen, REMEMBERED)

    def _place(self, placed: Placed) -> str:
        return f"{self._file.path.name} line {placed.line}"

    def _set(self, setting: Setting, value: Value, origin: str) -> None:
        if value != "":  # an empty flag selects the default
            self._values[setting.name] = value
        self._origins[setting.name] = origin

    def _invalid(self, setting: Setting) -> None:
        note = f"{setting.variable} must be {setting.expected}"
        if setting.name == "read_only":
            self._set(setting, value=True, origin=setting.variable)
            note += "; it is taken as true"
        self._notes.append(note)

    def _overridden(self, variable: str, name: str) -> None:
        self._notes.append(
            f"{variable} is set and overrides {name} of profile {self._values['profile']}"
        )

    def _add_notes(self, profile: Profile | None) -> None:
        """Add the file's notes on the settings in effect, and the number of the others."""
        name = profile.name if profile else None
        faults = [note for note in self._file.notes if note.is_fault]
        relevant = [
            note.text(self._file.path.name)
            for note in faults
            if concerns(note, name) and (self._for_screen or note.table[:1] not in _OF_SCREEN)
        ]
        more = len(faults) - len(relevant)
        if more:
            where = f"on {self._file.path.name}: chatkit-tui config check"
            relevant.append(f"{counted(more, 'more note')} {where}")
        self._notes[:0] = relevant

    def _guard(self, profile: Profile | None, values: dict[str, Any], *, chosen_here: bool) -> None:
        """Make the settings read-only if the account is in doubt.

        `chosen_here` means that a flag or a variable chose the profile, not the file.
        """
        if self._kind is SourceKind.DEMO or "read_only" in values:
            return
        key_doubt = profile.key_doubt if profile else None
        reason = None
        if not chosen_here:
            reason, key_doubt = self._file.doubt, key_doubt or self._file.key_doubt
        if self._file.unreadable:
            reason = "the configuration file cannot be used"
        elif profile and profile.doubt:
            reason = f"the account of profile {profile.name} is not used ({profile.doubt})"
        elif key_doubt and not reason and "api_key" in values:
            reason = f"{key_doubt}, and the key of OPENAI_API_KEY may belong to another account"
        if reason:
            values["read_only"] = True
            self._origins["read_only"] = "a mistake in the configuration file"
            self._notes.append(f"Read-only: {reason}")


def _is_same(profile: Profile, kind: SourceKind, address: object) -> bool:
    """Return whether a profile has this very source."""
    return kind in profile.values and profile.values[kind].value == address


def _taken(values: dict[str, Any], kind: type[NamedTuple], address: str) -> dict[str, Any]:
    """Move the values of a server or database out of those of the settings."""
    taken = {name: values.pop(name) for name in kind._fields if name in values}
    return {"address": values.pop(address), **taken}

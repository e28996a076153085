"""The settings in effect: from flags, the environment, a profile, the file or choices."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from chatkit_tui.config.address import host_of, unencrypted
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
    Color,
    Setting,
    Value,
    from_text,
    from_toml,
    nearest,
)
from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import Secret, holds_secret
from chatkit_tui.sources.http.proxies import is_exposed
from chatkit_tui.storage.remembered import REMEMBERED, Remembered
from chatkit_tui.text.plain import counted

DEFAULT_BASE_URL: Final = "https://api.openai.com/v1"
"""The default address of the API."""

Given = str | int | None
"""The value of a flag; None if it is absent."""

_OF_SCREEN = (("keys",), ("filters",))
"""The tables of the file whose mistakes matter to the screen only."""


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
    profile: str | None = None
    color: Color | None = None
    """The color of the profile's name; one of `schema.COLORS`."""
    user: str | None = None
    """Only threads of this user."""
    read_only: bool = False
    plain: bool = False
    slow: bool | None = None
    """None to measure the connection to the terminal."""
    copy: str = "auto"
    """How text is copied: `auto`, `osc52`, `native` or `off`."""
    no_mouse: bool = False
    no_preview: bool = False
    demo: bool = False
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
    def host(self) -> str:
        """The host of the API, with a non-default port; the name of an archive file."""
        return self.archive.name if self.archive else host_of(self.base_url)


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
        self._demo = bool(given.get("demo"))

    def settings(self) -> Settings:
        key = self._environ.get("OPENAI_API_KEY", "").strip()
        secret = Secret(key)  # first: no other setting may contain it
        self._resolve(BY_NAME["profile"], None)
        chosen_here = self._origins.get("profile") in _PROFILE_CHOSEN_BY
        profile = self._profile()
        self._add_notes(profile)
        for setting in SETTINGS:
            if setting.name != "profile":
                self._resolve(setting, profile)
        values: dict[str, Any] = dict(self._values)
        for name in ("log_file", "archive"):
            if name in values:
                values[name] = expanded(values[name], self._origins[name])
        self._choose_source(profile, values)
        if key and not self._demo:
            values["api_key"] = secret
            self._origins["api_key"] = "OPENAI_API_KEY"
            for source in ("api_key_command", "api_key_keyring"):
                self._origins.pop(source, None)
                if values.pop(source, None):
                    self._overridden("OPENAI_API_KEY", source)
        self._guard(profile, values, chosen_here=chosen_here)
        address = values.get("base_url", DEFAULT_BASE_URL)
        if not self._demo and "archive" not in values and is_exposed(address, self._environ):
            self._notes.insert(0, unencrypted(address))
        if self._remembered.note:
            self._notes.append(self._remembered.note)
        return Settings(
            path=self._file.path,
            demo=self._demo,
            keys=self._file.keys,
            filters=self._file.filters,
            first_start=self._remembered == Remembered(),
            notes=tuple(self._notes),
            origins=self._origins,
            **values,
        )

    def _choose_source(self, profile: Profile | None, values: dict[str, Any]) -> None:
        """Keep one of archive and address, that of the flag first. Raise `ConfigError` for two."""
        flags = [flag for flag in ("archive", "base_url", "demo") if self._given.get(flag)]
        if len(flags) > 1 and "archive" in flags:
            names = " and ".join(f"--{flag.replace('_', '-')}" for flag in flags)
            raise ConfigError(f"{names} exclude each other.")
        if profile and not flags and {"archive", "base_url"} <= profile.values.keys():
            raise ConfigError(f"Profile {profile.name} has both archive and base_url: remove one.")
        if "archive" not in values:
            return
        if flags and flags != ["archive"]:
            del values["archive"], self._origins["archive"]
            return
        values.pop("base_url", None)
        self._origins.pop("base_url", None)
        values["read_only"] = True
        self._origins["read_only"] = "an archive is read-only"

    def _profile(self) -> Profile | None:
        """Return the profile in effect. Raise `ConfigError` if it does not exist."""
        name = self._values.pop("profile", None)
        origin = self._origins.pop("profile", "")
        if self._demo or not isinstance(name, str):
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
        if profile and profile.doubt and setting.account:
            of_profile = None  # a part of the account settings may be another account
        value = self._given.get(name) if setting.flag else None
        if value is not None:
            self._set(setting, value, setting.flag)
            return
        is_ignored = not setting.variable or (self._demo and setting.account)
        text = "" if is_ignored else self._environ.get(setting.variable, "").strip()
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
        if self._demo or "read_only" in values:
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

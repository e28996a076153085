"""What the program runs with: flags before environment before profile before defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from chatkit_tui.config.address import host_of, is_local, showable
from chatkit_tui.config.file import (
    ConfigFile,
    Placed,
    Profile,
    concerns,
    config_path,
    expanded,
    read_file,
)
from chatkit_tui.config.keymap import KeyUse
from chatkit_tui.config.schema import BY_NAME, SETTINGS, Setting, Value, from_text, nearest
from chatkit_tui.errors import ConfigError
from chatkit_tui.secrets import Secret, holds_secret
from chatkit_tui.sources.http.proxies import LOOPBACK_TOO, is_exposed
from chatkit_tui.text.plain import ui_text

DEFAULT_BASE_URL: Final = "https://api.openai.com/v1"
"""Where calls go when nobody says otherwise."""

Given = str | bool | None
"""What was given for a flag; None when it was not."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, settled. Its `repr` holds no key."""

    path: Path
    """The configuration file, whether it is there or not."""
    base_url: str = field(default=DEFAULT_BASE_URL, repr=False)
    """Not in the `repr`, since a password may stand in it, which is refused only later."""
    organization: str | None = None
    project: str | None = None
    api_key: Secret | None = None
    """The key of the environment; None when there is none (see `resolve_api_key`)."""
    api_key_command: tuple[str, ...] | None = None
    """The words of a command whose first line of output is the key; None when a key is there."""
    api_key_keyring: bool = False
    """The system's keyring has the key, under the profile's name; false when a key is there."""
    profile: str | None = None
    user: str | None = None
    """Only threads of this user."""
    read_only: bool = False
    plain: bool = False
    slow: bool | None = None
    """None to find out by the line to the terminal."""
    copy: str = "auto"
    """Which way copied texts go: `auto`, `osc52`, `native` or `off`."""
    no_mouse: bool = False
    demo: bool = False
    log_file: Path | None = None
    theme: str = "dark"
    """One of `schema.THEMES`."""
    times: str = "relative"
    """`relative` or `absolute`."""
    zone: str = "local"
    """`local` or `utc`: the zone of absolute times."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Command ids and the keys that replace theirs, separated by commas."""
    notes: tuple[str, ...] = ()
    """What is to be said at the start, a line each: what is wrong at the top of the file and in the
    profile in force, how much more is wrong elsewhere in it, and what the environment overrides."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """Where each setting came from; those that are not here have their default."""

    @property
    def host(self) -> str:
        """The host of the API, with the port where it is not the usual one; never a user name."""
        return host_of(self.base_url)


class Described(NamedTuple):
    """A setting for `config show`."""

    name: str
    value: str
    origin: str


def load_settings(
    given: Mapping[str, Given],
    environ: Mapping[str, str],
    path: Path | None = None,
    commands: Mapping[str, KeyUse] | None = None,
) -> Settings:
    """Settle every setting from the flags given, the environment and the configuration file.

    `given` has the flags by their names with underscores; what is None was not given. `path` is
    the file, else `CHATKIT_TUI_CONFIG` or the platform's folder says it. `commands` are those that
    `[keys]` can name; without them the table is taken as it is and nothing is said of it.

    What is wrong in the file stands in `notes` and is left out; where that could mean another
    account than the one that was meant, the settings are read-only. With `demo`, profiles and keys
    are left alone. Raises `ConfigError` when a profile asked for by flag or variable is not there.
    """
    named = path is not None or bool(environ.get("CHATKIT_TUI_CONFIG", "").strip())
    file = read_file(path or config_path(environ), commands, required=named)
    return _Settling(given, environ, file, with_keys=commands is not None).settings()


class _Settling:
    """One settlement, which gathers values, where they came from, and notes."""

    def __init__(
        self,
        given: Mapping[str, Given],
        environ: Mapping[str, str],
        file: ConfigFile,
        *,
        with_keys: bool,
    ) -> None:
        self._given = given
        self._environ = environ
        self._file = file
        self._values: dict[str, Value] = {}
        self._origins: dict[str, str] = {}
        self._notes: list[str] = []
        self._with_keys = with_keys
        self._demo = bool(given.get("demo"))

    def settings(self) -> Settings:
        key = self._environ.get("OPENAI_API_KEY", "").strip()
        secret = Secret(key)  # first of all: no other setting may hold it
        self._settle(BY_NAME["profile"], None)
        chosen_here = self._origins.get("profile") in _PROFILE_CHOSEN_BY
        profile = self._profile()
        self._take_notes(profile)
        for setting in SETTINGS:
            if setting.name != "profile":
                self._settle(setting, profile)
        values: dict[str, Any] = dict(self._values)
        if "log_file" in values:
            values["log_file"] = expanded(values["log_file"], self._origins["log_file"])
        if key and not self._demo:
            values["api_key"] = secret
            self._origins["api_key"] = "OPENAI_API_KEY"
            for source in ("api_key_command", "api_key_keyring"):
                self._origins.pop(source, None)
                if values.pop(source, None):
                    self._overridden("OPENAI_API_KEY", source)
        self._guard(profile, values, chosen_here=chosen_here)
        address = values.get("base_url", DEFAULT_BASE_URL)
        if not self._demo and is_exposed(address, self._environ):
            self._notes.insert(0, _unencrypted(address))
        return Settings(
            path=self._file.path,
            demo=self._demo,
            keys=self._file.keys,
            notes=tuple(self._notes),
            origins=self._origins,
            **values,
        )

    def _profile(self) -> Profile | None:
        """The profile in force. Raises `ConfigError` for one asked for that is not there."""
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
        meant = nearest(name, self._file.profiles)
        hint = f" Did you mean {meant}?" if meant else ""
        return f"There is no profile {name!r} in {self._file.path}.{hint}"

    def _settle(self, setting: Setting, profile: Profile | None) -> None:
        """Take the first that is given: flag, variable, profile, top of the file."""
        name = setting.name
        of_profile = profile.values.get(name) if profile else None
        if profile and profile.doubt and setting.account:
            of_profile = None  # all of the account or nothing: half of it is another account
        value = self._given.get(name) if setting.flag else None
        if value is not None:
            self._take(setting, value, setting.flag)
            return
        text = self._environ.get(setting.variable, "").strip() if setting.variable else ""
        if text and not self._not_for_demo(setting) and holds_secret(text):
            raise ConfigError(f"{setting.variable} holds a key: set OPENAI_API_KEY alone to it.")
        found = from_text(setting, text) if text and not self._not_for_demo(setting) else None
        if found is not None:
            self._take(setting, found, setting.variable)
            if of_profile and of_profile.value != found:
                self._overridden(setting.variable, name)
        elif text and not self._not_for_demo(setting):
            self._misfit(setting)
        elif of_profile and profile:
            self._take(
                setting, of_profile.value, f"profile {profile.name}, {self._place(of_profile)}"
            )
        elif name in self._file.top:
            placed = self._file.top[name]
            self._take(setting, placed.value, self._place(placed))

    def _place(self, placed: Placed) -> str:
        return f"{self._file.path.name} line {placed.line}"

    def _take(self, setting: Setting, value: Value, origin: str) -> None:
        if value != "":  # a flag given as "" asks for the default
            self._values[setting.name] = value
        self._origins[setting.name] = origin

    def _not_for_demo(self, setting: Setting) -> bool:
        return self._demo and setting.account

    def _misfit(self, setting: Setting) -> None:
        note = f"{setting.variable} must be {setting.expected}"
        if setting.name == "read_only":
            self._take(setting, value=True, origin=setting.variable)
            note += "; it is taken as true"
        self._notes.append(note)

    def _overridden(self, variable: str, name: str) -> None:
        self._notes.append(
            f"{variable} is set and is used instead of {name} of profile {self._values['profile']}"
        )

    def _take_notes(self, profile: Profile | None) -> None:
        """Take over what the file's notes say of the settings in force; the rest is counted."""
        name = profile.name if profile else None
        said = [
            note.text(self._file.path.name)
            for note in self._file.notes
            if concerns(note, name) and (self._with_keys or note.table != ("keys",))
        ]
        more = len(self._file.notes) - len(said)
        if more:
            which = "more note" if more == 1 else "more notes"
            said.append(f"{more} {which} on {self._file.path.name}: chatkit-tui config check")
        self._notes[:0] = said

    def _guard(self, profile: Profile | None, values: dict[str, Any], *, chosen_here: bool) -> None:
        """Change nothing while it is in doubt whose account this is.

        What the top of the file says is without effect when flag or variable chose the profile.
        """
        if self._demo or "read_only" in values:
            return
        key_doubt = profile.key_doubt if profile else None
        reason = None
        if not chosen_here:
            reason, key_doubt = self._file.doubt, key_doubt or self._file.key_doubt
        if self._file.unreadable:
            reason = "nothing of the configuration file is used"
        elif profile and profile.doubt:
            reason = f"the account of profile {profile.name} is not used ({profile.doubt})"
        elif key_doubt and not reason and "api_key" in values:
            reason = f"{key_doubt}, and the key of OPENAI_API_KEY may be another account's"
        if reason:
            values["read_only"] = True
            self._origins["read_only"] = "what is wrong in the configuration file"
            self._notes.append(f"Read-only: {reason}")


def _unencrypted(address: str) -> str:
    read_along = "anybody on the way can read the key and the conversations"
    if is_local(address):
        return (
            f"http://{host_of(address)} is asked through a proxy without encryption: {read_along}. "
            f"Take {LOOPBACK_TOO} out of NO_PROXY"
        )
    return f"http://{host_of(address)} is not encrypted: {read_along}. Use https://"


_PROFILE_CHOSEN_BY = (BY_NAME["profile"].flag, BY_NAME["profile"].variable)


def describe(settings: Settings) -> list[Described]:
    """Every setting, its value and where it came from. Of a key, the last four at most."""
    dots = ui_text("…") if settings.api_key is not None else ""
    return [
        Described(name, (dots if name == "api_key" else "") + _word(value), origin)
        for name, value, origin in describe_values(settings)
    ]


def describe_values(settings: Settings) -> list[tuple[str, str | bool | None, str]]:
    """Return name, value and origin of every setting, as `describe` has them, for JSON.

    The value of a key is its last four characters at most.
    """
    rows: list[tuple[str, str | bool | None, str]] = []
    for name in ("profile", "base_url", "organization", "project", "api_key", *_OTHERS):
        value = getattr(settings, name)
        if name == "slow" and value is None:
            value = "as measured"
        origin = settings.origins.get(name, "default")
        if name == "api_key":
            value, origin = _described_key(settings)
        elif name == "base_url":
            value = showable(value)
        plain = value is None or isinstance(value, bool)
        rows.append((name, value if plain else str(value), origin))
    rows += [
        (f"keys.{command}", keys, settings.path.name) for command, keys in settings.keys.items()
    ]
    return rows


_OTHERS = (
    *("user", "read_only", "theme", "times", "zone"),
    *("plain", "slow", "copy", "no_mouse", "log_file"),
)


def _described_key(settings: Settings) -> tuple[str | None, str]:
    if settings.demo:
        return "not needed", "--demo"
    if settings.api_key is not None:
        return settings.api_key.hint, settings.origins.get("api_key", "")
    if settings.api_key_command:
        # Its other words may name what is nobody's business.
        return f"what {settings.api_key_command[0]} writes", settings.origins["api_key_command"]
    if settings.api_key_keyring:
        return "in the system's keyring", settings.origins["api_key_keyring"]
    return None, "set OPENAI_API_KEY; --demo needs none"


def _word(value: object) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)
